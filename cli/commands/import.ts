/** `pluresdb import <database> <file>`. */
import { statSync } from 'node:fs';
import Database from 'pluresdb';
import type { ImportFormat } from '../import/load-table.ts';
import { importFile } from './import-file.ts';

export interface ImportOptions {
  readonly table?: string;
  readonly format?: ImportFormat;
}

export async function importCommand(path: string, file: string, options: ImportOptions): Promise<void> {
  // A file that is not there should leave no database behind.
  statSync(file);
  const database = new Database(path);
  try {
    const { rows, table, seconds } = await importFile(database, file, { table: options.table, format: options.format });
    process.stdout.write(`${rows.toLocaleString('en-US')} rows into ${table} in ${seconds.toFixed(1)} s\n`);
  } finally {
    database.close();
  }
}

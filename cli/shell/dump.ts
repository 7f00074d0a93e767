/**
 * A database as SQL that makes it again: tables with their rows first, then indexes, triggers and views, so that a
 * trigger does not fire and an index is filled once.
 */

import { quoteName } from '../import/load-table.ts';
import { type Cell, cellToSql } from '../output/cell.ts';
import type { Session } from '../session.ts';
import { nameFilter } from './schema.ts';

interface CatalogRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

async function writeRows(session: Session, table: string): Promise<void> {
  const { database, output } = session;
  // Generated columns have hidden > 1; they take no values.
  const columns = database
    .prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden < 1')
    .pluck()
    .all(table)
    .map((name) => quoteName(name as string))
    .join(', ');
  const rows = database
    .prepare(`SELECT ${columns} FROM ${quoteName(table)}`)
    .raw()
    .safeIntegers()
    .iterate();
  for (const row of rows) {
    output.write(`INSERT INTO ${quoteName(table)} (${columns}) VALUES (${(row as Cell[]).map(cellToSql).join(', ')});\n`);
    if (output.isFull) await output.flush();
  }
}

export async function writeDump(session: Session, pattern: string | undefined): Promise<void> {
  const { database, output } = session;
  const matches = nameFilter(pattern);
  const catalog = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid').all() as CatalogRow[];
  const objects = catalog.filter(({ name, tbl_name, sql }) => sql !== null && !name.startsWith('sqlite_') && matches(tbl_name));
  output.write('PRAGMA foreign_keys=OFF;\nBEGIN;\n');
  for (const { type, name, sql } of objects) {
    if (type !== 'table') continue;
    output.write(`${sql};\n`);
    await writeRows(session, name);
  }
  for (const { type, sql } of objects) {
    if (type !== 'table') output.write(`${sql};\n`);
  }
  output.write('COMMIT;\n');
}

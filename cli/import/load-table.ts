/** A source becomes a table: types inferred, table created, rows inserted in transactions. */
import { basename, extname } from 'node:path';
import { openCsv } from './csv.ts';
import { type ColumnType, inferTypes } from './infer.ts';
import { openJson, openNdjson } from './json.ts';
import { openParquet } from './parquet.ts';
import type { ImportSource, Row } from './source.ts';

export type ImportFormat = 'csv' | 'json' | 'ndjson' | 'parquet';

/** As much of a database as an import needs: better-sqlite3's and ours alike. */
export interface ImportTarget {
  exec(sql: string): unknown;
  prepare(sql: string): { run(...params: unknown[]): unknown };
  // biome-ignore lint/suspicious/noExplicitAny: the two libraries' types differ in their generics only
  transaction(fn: (rows: Row[]) => void): any;
}

export interface TablePlan {
  readonly table: string;
  readonly source: ImportSource;
  readonly types: readonly ColumnType[];
}

const FORMATS: Readonly<Record<string, ImportFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.parquet': 'parquet',
};

export function formatOf(path: string): ImportFormat {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format === undefined) throw new Error(`cannot tell the format of ${basename(path)}; name it with --format`);
  return format;
}

export async function openSource(path: string, format: ImportFormat): Promise<ImportSource> {
  switch (format) {
    case 'csv':
      return openCsv(path);
    case 'json':
      return openJson(path);
    case 'ndjson':
      return openNdjson(path);
    case 'parquet':
      return openParquet(path);
  }
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `flights-3m.parquet` → `flights_3m`. */
export function tableNameOf(path: string): string {
  const name = basename(path, extname(path)).replaceAll(/[^\p{L}\p{N}_]+/gu, '_');
  return /^\d/.test(name) || name === '' ? `t_${name}` : name;
}

export async function planTable(path: string, options: { table?: string; format?: ImportFormat } = {}): Promise<TablePlan> {
  const source = await openSource(path, options.format ?? formatOf(path));
  return { table: options.table ?? tableNameOf(path), source, types: await inferTypes(source) };
}

/** Creates the table, unless it is there already. */
export function createTable(target: ImportTarget, { table, source, types }: TablePlan): void {
  const columns = source.columns.map((column, index) => `${quoteName(column)} ${types[index]}`);
  target.exec(`CREATE TABLE IF NOT EXISTS ${quoteName(table)} (${columns.join(', ')})`);
}

/** A function that inserts one batch in a transaction. */
export function createInserter(target: ImportTarget, { table, source }: TablePlan): (rows: Row[]) => void {
  const columns = source.columns.map(quoteName).join(', ');
  const marks = source.columns.map(() => '?').join(', ');
  const insert = target.prepare(`INSERT INTO ${quoteName(table)} (${columns}) VALUES (${marks})`);
  return target.transaction((rows: Row[]) => {
    for (const row of rows) insert.run(row);
  }) as (rows: Row[]) => void;
}

/** Imports everything; returns the number of rows. `onProgress` hears of each batch. */
export async function loadTable(target: ImportTarget, plan: TablePlan, onProgress?: (rows: number) => void): Promise<number> {
  createTable(target, plan);
  const insertBatch = createInserter(target, plan);
  let rows = 0;
  for await (const batch of plan.source.batches()) {
    insertBatch(batch);
    rows += batch.length;
    onProgress?.(rows);
  }
  return rows;
}

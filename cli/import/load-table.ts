/** A source becomes a table: types inferred, table created, rows inserted in transactions. */
import { basename, extname } from 'node:path';
import { openCsv } from './csv.ts';
import { inferTypes } from './infer.ts';
import { openJson, openNdjson } from './json.ts';
import { openParquet } from './parquet.ts';
import type { Cell, ColumnType, ImportSource, Row } from './source.ts';

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
  const { types, rowCount } = await inferTypes(source);
  return { table: options.table ?? tableNameOf(path), source: { ...source, rowCount }, types };
}

/** Creates the table, unless it is there already. */
export function createTable(target: ImportTarget, { table, source, types }: TablePlan): void {
  const columns = source.columns.map((column, index) => `${quoteName(column)} ${types[index]}`);
  target.exec(`CREATE TABLE IF NOT EXISTS ${quoteName(table)} (${columns.join(', ')})`);
}

const asText = (value: Cell): Cell => (typeof value === 'number' || typeof value === 'bigint' ? String(value) : value);

/** A function that inserts one batch in a transaction. */
export function createInserter(target: ImportTarget, { table, source, types }: TablePlan): (rows: Row[]) => void {
  // A JavaScript number is bound as a REAL: left to SQL, 300 among texts would become '300.0'.
  const textColumns = source.isTextOnly ? [] : types.flatMap((type, index) => (type === 'TEXT' ? [index] : []));
  const columns = source.columns.map(quoteName).join(', ');
  const marks = source.columns.map(() => '?').join(', ');
  const insert = target.prepare(`INSERT INTO ${quoteName(table)} (${columns}) VALUES (${marks})`);
  return target.transaction((rows: Row[]) => {
    for (const row of rows) {
      for (const index of textColumns) row[index] = asText(row[index] as Cell);
      insert.run(row);
    }
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

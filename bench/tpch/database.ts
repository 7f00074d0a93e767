/** One engine with TPC-H's tables in it: what asks the queries, how long the load took and how large it became. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection, Engine, EngineName, SqlValue } from '../drivers/engine.ts';
import { sizeOf } from '../size-on-disk.ts';
import { readRows } from './data.ts';
import { sqliteIndexes, sqliteTable, TABLES, type Table } from './schema.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface TpchDatabase {
  readonly engine: { readonly name: EngineName; readonly version: string };
  /** Milliseconds inside the engine. */
  readonly load: { readonly rowsMs: number; readonly indexesMs: number; readonly bytes: number };
  prepare(sql: string): () => Row[] | Promise<Row[]>;
  close(): void;
}

/** Of an engine with better-sqlite3's face. */
export interface SqliteDatabase extends TpchDatabase {
  exec(sql: string): void;
}

/** Rows that are made before the clock starts. */
const CHUNK = 10_000;

/** All files of a database: SQLite keeps its log beside it. */
export function sizeOfDatabase(folder: string, name: string): number {
  const files = readdirSync(folder).filter((file) => file === name || file.startsWith(`${name}-`));
  return files.reduce((sum, file) => sum + sizeOf(join(folder, file)), 0);
}

export function clocked(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** Milliseconds in the engine; the table is filled in one transaction. */
export function loadTable(db: Connection, folder: string, table: Table): number {
  const insert = db.prepare(`INSERT INTO ${table.name} VALUES (${table.columns.map(() => '?').join(', ')})`);
  let ms = 0;
  const insertAll = (rows: readonly SqlValue[][]) => {
    ms += clocked(() => {
      for (const row of rows) insert.run(...row);
    });
  };
  ms += clocked(() => db.exec('BEGIN'));
  let chunk: SqlValue[][] = [];
  for (const row of readRows(folder, table)) {
    if (chunk.push(row) < CHUNK) continue;
    insertAll(chunk);
    chunk = [];
  }
  insertAll(chunk);
  return ms + clocked(() => db.exec('COMMIT'));
}

/** In a folder of its own. */
export function buildDatabase(engine: Engine, data: string, folder: string, analyze: boolean): SqliteDatabase {
  const db = engine.open(join(folder, 'tpch'));
  let rowsMs = 0;
  for (const table of TABLES) {
    db.exec(sqliteTable(table));
    rowsMs += loadTable(db, data, table);
  }
  const indexesMs = clocked(() => {
    for (const sql of TABLES.flatMap(sqliteIndexes)) db.exec(sql);
    if (analyze) db.exec('ANALYZE');
  });
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return {
    engine,
    load: { rowsMs, indexesMs, bytes: sizeOfDatabase(folder, 'tpch') },
    prepare(sql) {
      const statement = db.prepare(sql);
      return () => statement.all() as Row[];
    },
    exec: (sql) => db.exec(sql),
    close: () => db.close(),
  };
}

/** Bytes of `lineitem` alone, with its primary key, after VACUUM. */
export function lineitemBytes(engine: Engine, data: string, folder: string): number {
  const table = TABLES.find(({ name }) => name === 'lineitem') as Table;
  const db = engine.open(join(folder, 'lineitem'));
  db.exec('PRAGMA foreign_keys = OFF');
  db.exec(sqliteTable(table));
  loadTable(db, data, table);
  db.exec('VACUUM');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return sizeOfDatabase(folder, 'lineitem');
}

/** The door through which the benchmark reaches an engine: the calls that all of them have, with nothing in between. */

export type SqlValue = null | number | bigint | string | Uint8Array;

export interface Statement {
  run(...parameters: SqlValue[]): unknown;
  get(...parameters: SqlValue[]): unknown;
  all(...parameters: SqlValue[]): unknown[];
  iterate(...parameters: SqlValue[]): Iterable<unknown>;
}

export interface Connection {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

/** `pluresdb` keeps a directory, `pluresdb-file` one file; `pluresdb-threads` is the first with a thread for each core. */
export const ENGINE_NAMES = ['pluresdb', 'pluresdb-file', 'better-sqlite3', 'node:sqlite', 'pluresdb-threads'] as const;
/** Who is compared where nobody is named: each has one thread. */
export const DEFAULT_ENGINES = ENGINE_NAMES.filter((name) => name !== 'pluresdb-threads');
/** `duckdb` runs TPC-H only. */
export type EngineName = (typeof ENGINE_NAMES)[number] | 'duckdb';

export interface Engine {
  readonly name: EngineName;
  /** As the report names it. */
  readonly version: string;
  open(path: string): Connection;
}

export interface Settings {
  /** Of every connection, in KiB. */
  readonly cacheKib: number;
}

/** The same durability and memory for everyone. */
export function applySettings<C extends Connection>(db: C, { cacheKib }: Settings): C {
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = ${-cacheKib}`);
  return db;
}

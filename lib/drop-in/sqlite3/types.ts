/** The types of `pluresdb/sqlite3`: what code written for the package `sqlite3` compiles against. */
import type { EventEmitter } from 'node:events';

// biome-ignore lint/suspicious/noExplicitAny: a parameter is whatever can be bound
type Parameter = any;

export interface RunResult extends Statement {
  /** The rowid of the last row inserted by this connection. */
  lastID: number;
  /** Rows changed by the last INSERT, UPDATE or DELETE. */
  changes: number;
}

export interface Statement extends EventEmitter {
  readonly sql: string;

  bind(callback?: (err: Error | null) => void): this;
  bind(...params: Parameter[]): this;

  reset(callback?: (err: null) => void): this;

  finalize(callback?: (err: Error) => void): Database;

  run(callback?: (err: Error | null) => void): this;
  run(params: Parameter, callback?: (this: RunResult, err: Error | null) => void): this;
  run(...params: Parameter[]): this;

  get<T>(callback?: (err: Error | null, row?: T) => void): this;
  get<T>(params: Parameter, callback?: (this: RunResult, err: Error | null, row?: T) => void): this;
  get(...params: Parameter[]): this;

  all<T>(callback?: (err: Error | null, rows: T[]) => void): this;
  all<T>(params: Parameter, callback?: (this: RunResult, err: Error | null, rows: T[]) => void): this;
  all(...params: Parameter[]): this;

  each<T>(callback?: (err: Error | null, row: T) => void, complete?: (err: Error | null, count: number) => void): this;
  each<T>(
    params: Parameter,
    callback?: (this: RunResult, err: Error | null, row: T) => void,
    complete?: (err: Error | null, count: number) => void,
  ): this;
  each(...params: Parameter[]): this;

  map(...params: Parameter[]): this;
}

export interface Database extends EventEmitter {
  /** Whether it has been opened and not yet closed. */
  readonly open: boolean;
  readonly filename: string;
  readonly mode: number;

  close(callback?: (err: Error | null) => void): void;

  run(sql: string, callback?: (this: RunResult, err: Error | null) => void): this;
  run(sql: string, params: Parameter, callback?: (this: RunResult, err: Error | null) => void): this;
  run(sql: string, ...params: Parameter[]): this;

  get<T>(sql: string, callback?: (this: Statement, err: Error | null, row: T) => void): this;
  get<T>(sql: string, params: Parameter, callback?: (this: Statement, err: Error | null, row: T) => void): this;
  get(sql: string, ...params: Parameter[]): this;

  all<T>(sql: string, callback?: (this: Statement, err: Error | null, rows: T[]) => void): this;
  all<T>(sql: string, params: Parameter, callback?: (this: Statement, err: Error | null, rows: T[]) => void): this;
  all(sql: string, ...params: Parameter[]): this;

  each<T>(
    sql: string,
    callback?: (this: Statement, err: Error | null, row: T) => void,
    complete?: (err: Error | null, count: number) => void,
  ): this;
  each<T>(
    sql: string,
    params: Parameter,
    callback?: (this: Statement, err: Error | null, row: T) => void,
    complete?: (err: Error | null, count: number) => void,
  ): this;
  each(sql: string, ...params: Parameter[]): this;

  /** `{ first column: second column }`, or the row where there are more. */
  map(sql: string, ...params: Parameter[]): this;

  exec(sql: string, callback?: (this: Statement, err: Error | null) => void): this;

  prepare(sql: string, callback?: (this: Statement, err: Error | null) => void): Statement;
  prepare(sql: string, params: Parameter, callback?: (this: Statement, err: Error | null) => void): Statement;
  prepare(sql: string, ...params: Parameter[]): Statement;

  serialize(callback?: () => void): void;
  parallelize(callback?: () => void): void;

  on(event: 'trace', listener: (sql: string) => void): this;
  on(event: 'profile', listener: (sql: string, time: number) => void): this;
  on(event: 'change', listener: (type: string, database: string, table: string, rowid: number) => void): this;
  on(event: 'error', listener: (err: Error) => void): this;
  on(event: 'open' | 'close', listener: () => void): this;
  // biome-ignore lint/suspicious/noExplicitAny: an event's arguments are its own
  on(event: string, listener: (...args: any[]) => void): this;

  configure(option: 'busyTimeout', value: number): void;
  configure(option: 'limit', id: number, value: number): void;
  configure(option: 'trace' | 'profile' | 'change', value: boolean): void;

  /** Extensions are libraries made for SQLite's own memory layout: they cannot be loaded. */
  loadExtension(filename: string, callback?: (err: Error | null) => void): this;

  wait(callback?: (param: null) => void): this;

  /** Makes the running statements fail with SQLITE_INTERRUPT. */
  interrupt(): void;

  backup(filename: string, callback?: (err: Error | null) => void): Backup;
  backup(
    filename: string,
    destinationName: string,
    sourceName: string,
    filenameIsDestination: boolean,
    callback?: (err: Error | null) => void,
  ): Backup;
}

export interface Backup extends EventEmitter {
  readonly idle: boolean;
  readonly completed: boolean;
  readonly failed: boolean;
  readonly remaining: number;
  readonly pageCount: number;
  retryErrors: number[];
  step(pages: number, callback?: (err: Error | null, completed: boolean) => void): this;
  finish(callback?: () => void): this;
}

export interface StatementConstructor {
  new (database: Database, sql: string, callback?: (err: Error | null) => void): Statement;
  readonly prototype: Statement;
}

export interface DatabaseConstructor {
  new (filename: string, callback?: (err: Error | null) => void): Database;
  new (filename: string, mode?: number, callback?: (err: Error | null) => void): Database;
  readonly prototype: Database;
}

export interface BackupConstructor {
  new (
    database: Database,
    filename: string,
    sourceName: string,
    destinationName: string,
    filenameIsDestination: boolean,
    callback?: (err: Error | null) => void,
  ): Backup;
  readonly prototype: Backup;
}

export interface CachedDatabases {
  /** The database of that file, opened once for everybody. */
  Database(filename: string, callback?: (this: Database, err: Error | null) => void): Database;
  Database(filename: string, mode?: number, callback?: (this: Database, err: Error | null) => void): Database;
  readonly objects: Record<string, Database>;
}

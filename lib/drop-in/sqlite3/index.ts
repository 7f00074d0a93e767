/** `pluresdb/sqlite3`: the face of the package `sqlite3` (node-sqlite3). */
import { addonPath } from '../../native/load.ts';
import { Backup as BackupClass } from './backup.ts';
import { cached as cachedDatabases } from './cached.ts';
import { LIMIT, OPEN, RELEASE, RESULT } from './constants.ts';
import { Database as DatabaseClass } from './database.ts';
import { extendTraces } from './long-traces.ts';
import { Statement as StatementClass } from './statement.ts';
import type * as types from './types.ts';

export type { RunResult } from './types.ts';

export const Database = DatabaseClass as unknown as types.DatabaseConstructor;
export type Database = types.Database;
export const Statement = StatementClass as unknown as types.StatementConstructor;
export type Statement = types.Statement;
export const Backup = BackupClass as unknown as types.BackupConstructor;
export type Backup = types.Backup;

export const { OPEN_READONLY, OPEN_READWRITE, OPEN_CREATE, OPEN_FULLMUTEX, OPEN_URI, OPEN_SHAREDCACHE, OPEN_PRIVATECACHE } = OPEN;
export const { VERSION, SOURCE_ID, VERSION_NUMBER } = RELEASE;
export const { OK, ERROR, INTERNAL, PERM, ABORT, BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, NOTFOUND } = RESULT;
export const { FULL, CANTOPEN, PROTOCOL, EMPTY, SCHEMA, TOOBIG, CONSTRAINT, MISMATCH, MISUSE, NOLFS, AUTH, FORMAT } = RESULT;
export const { RANGE, NOTADB } = RESULT;
export const { LIMIT_LENGTH, LIMIT_SQL_LENGTH, LIMIT_COLUMN, LIMIT_EXPR_DEPTH, LIMIT_COMPOUND_SELECT, LIMIT_VDBE_OP } = LIMIT;
export const { LIMIT_FUNCTION_ARG, LIMIT_ATTACHED, LIMIT_LIKE_PATTERN_LENGTH, LIMIT_VARIABLE_NUMBER } = LIMIT;
export const { LIMIT_TRIGGER_DEPTH, LIMIT_WORKER_THREADS } = LIMIT;

export const cached = cachedDatabases as unknown as types.CachedDatabases;

type Numbers = typeof OPEN & typeof RELEASE & typeof RESULT & typeof LIMIT;

/** The package: what `require` gives, and the default export. */
export interface sqlite3 extends Numbers {
  readonly Database: types.DatabaseConstructor;
  readonly Statement: types.StatementConstructor;
  readonly Backup: types.BackupConstructor;
  /** The addon's file. */
  readonly path: string;
  readonly cached: types.CachedDatabases;
  verbose(): sqlite3;
}

/** Errors tell from now on where their call was made. */
export function verbose(): sqlite3 {
  extendTraces();
  return sqlite3;
}

const numbers = { ...OPEN, ...RELEASE, ...RESULT, ...LIMIT };
export const path = addonPath();
const sqlite3: sqlite3 = { Database, Statement, Backup, ...numbers, path, cached, verbose };
for (const [name, value] of Object.entries(numbers)) Object.defineProperty(sqlite3, name, { value, writable: false });

export default sqlite3;

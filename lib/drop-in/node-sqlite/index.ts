/**
 * `pluresdb/node-sqlite`: the face of Node's `node:sqlite`, as Node 26 has it.
 *
 *     Database ─► Connection ─► addon          what is open, and with which options
 *     Statement, SQLTagStore ─► Execution ─► addon      reset, bind, step
 *
 * A new database is one file, and a SQLite file that stands at the path is converted and kept as `<path>.sqlite-backup`.
 */
import { backup as copy } from './backup.ts';
import { type Constants, constants as values } from './constants.ts';
import { Database as DatabaseClass } from './database.ts';
import { SessionFace } from './session.ts';
import { StatementFace } from './statement.ts';
import type * as types from './types.ts';

export type * from './types.ts';

interface NoConstructor<Instance> {
  readonly prototype: Instance;
}

export const Database: types.DatabaseConstructor = DatabaseClass;
export type Database = types.Database;
export const DatabaseSync: types.DatabaseConstructor = DatabaseClass;
export type DatabaseSync = types.Database;
export const Statement = StatementFace as unknown as NoConstructor<types.Statement>;
export type Statement = types.Statement;
export const StatementSync = StatementFace as unknown as NoConstructor<types.Statement>;
export type StatementSync = types.Statement;
export const Session = SessionFace as unknown as NoConstructor<types.Session>;
export type Session = types.Session;
export const constants: Constants = values;
export const backup: (sourceDb: types.Database, path: types.PathLike, options?: types.BackupOptions) => Promise<number> = copy;

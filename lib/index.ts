/** `pluresdb`: the public face. */
import type * as backup from './backup.ts';
import type * as callbacks from './callbacks.ts';
import type * as database from './database.ts';
import { Database as DatabaseClass } from './database.ts';
import type * as errors from './errors.ts';
import type * as options from './options.ts';
import type * as statement from './statement.ts';
import type * as transaction from './transaction.ts';

export type { BackupMetadata, BackupOptions } from './backup.ts';
export type { AggregateOptions, FunctionOptions, SqlFunction } from './callbacks.ts';
export type {
  BlobColumn,
  ColumnarResult,
  IntegerColumn,
  MixedColumn,
  NullColumn,
  RealColumn,
  ResultColumn,
  TextColumn,
} from './columnar.ts';
export type { PragmaOptions, SerializeOptions } from './database.ts';
export { SqliteError } from './errors.ts';
export type { MigrationProgress, Options } from './options.ts';
export type { ColumnDefinition, RunResult, Statement } from './statement.ts';
export type { Transaction } from './transaction.ts';
export type { TableContext, TableDefinition, TableFactory } from './virtual-table.ts';

export const Database: database.DatabaseConstructor = DatabaseClass;
export interface Database extends database.Database {}

/** The types under the names that `@types/better-sqlite3` gives them: `Database.Statement` and its like. */
export declare namespace Database {
  type Database = database.Database;
  // biome-ignore lint/complexity/noBannedTypes: one parameter alone may have any type, as better-sqlite3 declares it
  type Statement<BindParameters extends unknown[] | {} = unknown[], Result = unknown> = BindParameters extends unknown[]
    ? statement.Statement<BindParameters, Result>
    : statement.Statement<[BindParameters], Result>;
  type Transaction<F extends callbacks.SqlFunction = callbacks.SqlFunction> = transaction.Transaction<F>;
  type Options = options.Options;
  type RunResult = statement.RunResult;
  type ColumnDefinition = statement.ColumnDefinition;
  type PragmaOptions = database.PragmaOptions;
  type SerializeOptions = database.SerializeOptions;
  type RegistrationOptions = callbacks.FunctionOptions;
  type AggregateOptions<T = unknown> = callbacks.AggregateOptions<T>;
  type BackupOptions = backup.BackupOptions;
  type BackupMetadata = backup.BackupMetadata;
  type SqliteError = typeof errors.SqliteError;
}

export default Database;

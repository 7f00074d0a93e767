/** `pluresdb`: the public face. */
import { Database } from './database.ts';

export type { BackupMetadata, BackupOptions } from './backup.ts';
export type { AggregateOptions, FunctionOptions, SqlFunction } from './callbacks.ts';
export type { PragmaOptions } from './database.ts';
export { Database } from './database.ts';
export { SqliteError } from './errors.ts';
export type { MigrationProgress, Options } from './options.ts';
export type { ColumnDefinition, RunResult, Statement } from './statement.ts';
export type { Transaction } from './transaction.ts';
export type { TableContext, TableDefinition, TableFactory } from './virtual-table.ts';

export default Database;

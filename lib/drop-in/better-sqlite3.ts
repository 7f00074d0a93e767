/**
 * `pluresdb/better-sqlite3`: the package `better-sqlite3`, for applications whose database is one file among others.
 *
 * The class of `pluresdb` with other defaults: a new database is one file, and a SQLite file that stands at the path is
 * converted and kept as `<path>.sqlite-backup`. Options that are given win.
 */
import { type Options, Database as PluresDatabase, SqliteError } from 'pluresdb';

export { SqliteError } from 'pluresdb';

const DEFAULTS = { store: 'file', migrate: true } as const;

function withDefaults(options: unknown): unknown {
  if (options != null && typeof options !== 'object') return options;
  // What is inherited counts as given, as with better-sqlite3.
  const given = Object.create(options ?? null) as Options;
  if (given.store === undefined) given.store = DEFAULTS.store;
  if (given.migrate === undefined) given.migrate = DEFAULTS.migrate;
  return given;
}

type DatabaseClass = typeof PluresDatabase;

const named: { readonly Database: DatabaseClass } = {
  // Named by its key: a bundler renames a function that shares its name with a variable.
  Database: function (path?: string | Buffer | null, options?: Options | null): PluresDatabase {
    return Reflect.construct(PluresDatabase, [path, withDefaults(options)], new.target ?? Database) as PluresDatabase;
  } as unknown as DatabaseClass,
};

export const Database: DatabaseClass = named.Database;
export type Database = PluresDatabase;

const prototype = Object.create(PluresDatabase.prototype, {
  constructor: { value: Database, writable: true, configurable: true },
});
Object.defineProperty(Database, 'prototype', { value: prototype, writable: false });
Object.assign(Database, { SqliteError });

export default Database;

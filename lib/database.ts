/** A database connection: better-sqlite3's `Database`, and `run`, `get` and `all` on the connection itself. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { type BackupMetadata, type BackupOptions, backup } from './backup.ts';
import {
  type AggregateOptions,
  defineAggregate,
  defineCollation,
  defineFunction,
  type FunctionOptions,
  type SqlFunction,
} from './callbacks.ts';
import { SqliteError } from './errors.ts';
import type { ConnectionHandle } from './native/binding.ts';
import { binding, requireBinding } from './native/load.ts';
import { type CheckedOptions, checkDescriptor, checkOptions, type Options } from './options.ts';
import type { PreparedTexts } from './prepared.ts';
import { ConnectionState, switchArgument } from './state.ts';
import { createStatement, type RunResult, type Statement } from './statement.ts';
import { createTransaction, type Transaction } from './transaction.ts';
import { defineTable, type TableDefinition, type TableFactory } from './virtual-table.ts';

export interface SerializeOptions {
  /** The name of the database to write: `main` or an attached one's. */
  attached?: string | undefined;
}

export interface PragmaOptions {
  /** Return the first column of the first row instead of all rows. */
  simple?: boolean | undefined;
}

/** Statements kept for `db.run`, `db.get` and `db.all`. */
const MAX_CACHED_STATEMENTS = 100;

/** How every SQLite file starts. */
const SQLITE_MAGIC = 'SQLite format 3\0';

/** What the addon calls when a conversion goes on. */
function watchOf(migrate: CheckedOptions['migrate']): Parameters<typeof binding.open>[6] {
  return typeof migrate === 'function' ? (phase, table, rows) => migrate({ phase, table, rows }) : migrate;
}

/** Where a SQLite file stands that may not be converted, say what it is: often a database of the same application. */
function refuseSqliteFile(path: string): void {
  if (!existsSync(path) || !statSync(path).isFile()) return;
  const head = Buffer.alloc(SQLITE_MAGIC.length);
  try {
    const file = openSync(path, 'r');
    readSync(file, head, 0, head.length, 0);
    closeSync(file);
  } catch {
    // One that cannot be read is the engine's to refuse.
    return;
  }
  if (head.toString('latin1') !== SQLITE_MAGIC) return;
  const found = `${path} is a SQLite file; { migrate: true } converts it and keeps it as ${path}.sqlite-backup`;
  throw new SqliteError(`file is not a database: ${found}`, 'SQLITE_NOTADB');
}

/** What is left of a database that nobody refers to. */
interface Forgotten {
  readonly connection: ConnectionHandle;
  readonly prepared: PreparedTexts;
}

/** Closes connections that were forgotten. */
const finalizer = new FinalizationRegistry<Forgotten>(({ connection, prepared }) => {
  try {
    prepared.clear();
    binding.close(connection);
  } catch {
    // Nobody is left to hear of it; what was committed is in the log.
  }
});

interface Opened {
  readonly connection: ConnectionHandle;
  readonly name: string;
  readonly isMemory: boolean;
}

/** better-sqlite3 opens databases in file descriptors too; a store of ours is more than one open file. */
function refuseDescriptor(descriptor: number, options: unknown): never {
  checkOptions(options, { isEmptyForGood: false, isDescriptor: true });
  const error = new SqliteError('unable to open database file', 'SQLITE_CANTOPEN');
  throw Object.defineProperty(error, 'cause', { value: `descriptor ${descriptor}: pluresdb opens databases by their path` });
}

/** A database in memory that starts as a SQLite file's bytes say. */
function openImage(bytes: Buffer, options: CheckedOptions): Opened {
  const connection = binding.openBytes(bytes, options.isReadOnly, options.timeoutMs);
  return { connection, name: ':memory:', isMemory: true };
}

/** Without a place that lasts: in memory, or temporary. */
const isAnonymousPlace = (place: string): boolean => place === '' || place === ':memory:';

function openPlace(name: string, { isReadOnly, mustExist, timeoutMs, store, migrate }: CheckedOptions): Opened {
  const place = name.trim();
  const isAnonymous = isAnonymousPlace(place);
  if (!isAnonymous && !existsSync(dirname(place))) {
    throw new TypeError('Cannot open database because the directory does not exist');
  }
  if (!isAnonymous && migrate === false) refuseSqliteFile(place);
  const kind = place === '' ? 2 : place === ':memory:' ? 1 : 0;
  return {
    connection: binding.open(place, kind, isReadOnly, mustExist, timeoutMs, store === 'file', watchOf(migrate)),
    name,
    isMemory: isAnonymous,
  };
}

class DatabaseConnection {
  /** As given to the constructor. */
  declare readonly name: string;
  declare readonly open: boolean;
  declare readonly inTransaction: boolean;
  declare readonly readonly: boolean;
  declare readonly memory: boolean;

  readonly #state: ConnectionState;
  readonly #statements = new Map<string, Statement>();

  /** Own properties of every database, in better-sqlite3's order. */
  static readonly #getters: PropertyDescriptorMap & ThisType<DatabaseConnection> = {
    name: {
      get() {
        return this.#state.name;
      },
      enumerable: true,
    },
    open: {
      get() {
        return this.#state.isOpen;
      },
      enumerable: true,
    },
    inTransaction: {
      get() {
        return this.#state.inTransaction;
      },
      enumerable: true,
    },
    readonly: {
      get() {
        return this.#state.isReadOnly;
      },
      enumerable: true,
    },
    memory: {
      get() {
        return this.#state.isMemory;
      },
      enumerable: true,
    },
  };

  /** `path`: a database's place, `:memory:`, or empty for a temporary one; or the bytes of a SQLite file. */
  constructor(path?: string | Buffer | null, options?: Options | null) {
    const isImage = Buffer.isBuffer(path);
    if (typeof path === 'number') {
      checkDescriptor(path);
      refuseDescriptor(path, options);
    }
    if (path != null && typeof path !== 'string' && !isImage) throw new TypeError('Expected first argument to be a string');
    const isEmptyForGood = !isImage && isAnonymousPlace((path ?? '').trim());
    const checked = checkOptions(options, { isEmptyForGood, isDescriptor: false });
    requireBinding(checked.nativeBinding);
    const { connection, name, isMemory } = isImage ? openImage(path, checked) : openPlace(path ?? '', checked);
    this.#state = new ConnectionState(this as unknown as Database, connection, name, isMemory, checked);
    Object.defineProperties(this, DatabaseConnection.#getters);
    finalizer.register(this, { connection, prepared: this.#state.prepared }, this.#state);
  }

  /** Compiles one statement; its parameters and rows may be given types. */
  // biome-ignore lint/complexity/noBannedTypes: one parameter alone may have any type, as better-sqlite3 declares it
  prepare<BindParameters extends unknown[] | {} = unknown[], Result = unknown>(
    sql: string,
  ): BindParameters extends unknown[] ? Statement<BindParameters, Result> : Statement<[BindParameters], Result>;
  prepare(sql: string): Statement {
    if (typeof sql !== 'string') throw new TypeError('Expected first argument to be a string');
    const state = this.#state;
    state.requireOpen();
    state.requireNotBusy();
    return createStatement(state, state.prepared.take(state, sql), sql);
  }

  /** Runs every statement of a text; rows are dropped. */
  exec(sql: string): this {
    if (typeof sql !== 'string') throw new TypeError('Expected first argument to be a string');
    const state = this.#state;
    state.requireOpen();
    state.requireNotBusy();
    state.requireNoIterators();
    if (state.verbose === null) binding.exec(state.connection, sql);
    else this.#execTraced(sql);
    return this;
  }

  /** `verbose` is told of each statement before it runs. */
  #execTraced(sql: string): void {
    const state = this.#state;
    let rest = sql;
    for (;;) {
      const split = binding.splitFirst(state.connection, rest);
      if (split === null) return;
      const [first, following] = split;
      state.trace(first);
      binding.exec(state.connection, first);
      rest = following;
    }
  }

  /** A function that runs `fn` inside a transaction. */
  // biome-ignore lint/suspicious/noExplicitAny: callers' functions take whatever they like
  transaction<F extends (...args: any[]) => unknown>(fn: F): Transaction<F> {
    if (typeof fn === 'function') this.#state.requireOpen();
    return createTransaction(this as unknown as Database, fn);
  }

  /** Runs `PRAGMA source`. */
  pragma(source: string, options?: PragmaOptions | null): unknown {
    if (typeof source !== 'string') throw new TypeError('Expected first argument to be a string');
    if (options != null && typeof options !== 'object') throw new TypeError('Expected second argument to be an options object');
    const simple = options != null && 'simple' in options ? options.simple : false;
    if (typeof simple !== 'boolean') throw new TypeError('Expected the "simple" option to be a boolean');
    const state = this.#state;
    state.requireOpen();
    state.requireNotBusy();
    state.requireNoIterators();
    const statement = this.prepare(`PRAGMA ${source}`);
    if (!statement.reader) {
      statement.run();
      return simple ? undefined : [];
    }
    if (!simple) return statement.all();
    // All of it runs, though only one value is wanted.
    return statement.pluck().all()[0];
  }

  /** The rows of `EXPLAIN source`; parameters need no values. */
  explain(source: string): unknown[] {
    if (typeof source !== 'string') throw new TypeError('Expected first argument to be a string');
    const state = this.#state;
    state.requireOpen();
    state.requireNotBusy();
    const text = `EXPLAIN ${source}`;
    return createStatement(state, state.prepared.lasting(state, text), text, true).all();
  }

  /** Runs a statement, prepared once for each text. */
  run(sql: string, ...params: unknown[]): RunResult {
    return this.#cached(sql).run(...params);
  }

  /** The first row of a query, prepared once for each text. */
  get(sql: string, ...params: unknown[]): unknown {
    return this.#cached(sql).get(...params);
  }

  /** All rows of a query, prepared once for each text. */
  all(sql: string, ...params: unknown[]): unknown[] {
    return this.#cached(sql).all(...params);
  }

  #cached(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined && !known.busy) return known;
    const statement = this.prepare(sql);
    if (this.#statements.size >= MAX_CACHED_STATEMENTS) {
      const [oldest] = this.#statements.keys();
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  /** The database as the bytes of a SQLite file. */
  serialize(options?: SerializeOptions | null): Buffer {
    if (options != null && typeof options !== 'object') throw new TypeError('Expected first argument to be an options object');
    const attached = options != null && 'attached' in options ? options.attached : 'main';
    if (typeof attached !== 'string') throw new TypeError('Expected the "attached" option to be a string');
    if (attached === '') throw new TypeError('The "attached" option cannot be an empty string');
    const state = this.#state;
    state.requireOpen();
    state.requireNotBusy();
    state.requireNoIteratorsAtAll();
    const bytes = binding.serialize(state.connection, attached);
    // better-sqlite3's word for a name that no database has.
    if (bytes === null) throw new Error('Out of memory');
    return bytes;
  }

  /** Writes the database to a SQLite file, a few pages at a time. */
  backup(filename: string, options?: BackupOptions | null): Promise<BackupMetadata> {
    return backup(this.#state, filename, options);
  }

  /** Makes `fn` a function of SQL. */
  function(name: string, fn: SqlFunction): this;
  function(name: string, options: FunctionOptions | null | undefined, fn: SqlFunction): this;
  function(name: string, options: unknown, fn?: unknown): this {
    defineFunction(this.#state, name, options, fn);
    return this;
  }

  /** Makes an aggregate function of SQL; with `inverse` it may have an OVER clause. */
  aggregate<T>(name: string, options: AggregateOptions<T>): this {
    defineAggregate(this.#state, name, options);
    return this;
  }

  /** Makes tables of SQL whose rows a generator computes: one table, or with a factory those of CREATE VIRTUAL TABLE. */
  table(name: string, definition: TableDefinition | TableFactory): this {
    defineTable(this.#state, name, definition);
    return this;
  }

  /** Makes an order of text for COLLATE: `compare` answers a number below, above or equal to zero. */
  collation(name: string, compare: (a: string, b: string) => number): this {
    defineCollation(this.#state, name, compare);
    return this;
  }

  /** Makes the running statement fail with SQLITE_INTERRUPT; can be called from inside a function it calls. */
  interrupt(): this {
    this.#state.requireOpen();
    binding.interrupt(this.#state.connection);
    return this;
  }

  /** Extensions are libraries made for SQLite's own memory layout: they cannot be loaded. */
  loadExtension(...args: [path: string, entryPoint?: string]): this {
    if (typeof args[0] !== 'string') throw new TypeError('Expected first argument to be a string');
    if (args.length > 1 && typeof args[1] !== 'string') throw new TypeError('Expected second argument to be a string');
    const state = this.#state;
    state.requireOpen();
    state.requireNotBusy();
    state.requireNoIteratorsAtAll();
    throw new SqliteError('not authorized', 'SQLITE_ERROR');
  }

  /** Whether new statements return integers as bigints. */
  defaultSafeIntegers(...toggle: [isOn?: boolean]): this {
    this.#state.safeIntegers = switchArgument(toggle);
    return this;
  }

  /** Allows writing while an iterator is open, and SQL what can damage a database: journal_mode OFF, writable_schema. */
  unsafeMode(...toggle: [isOn?: boolean]): this {
    this.#state.requireOpen();
    const isUnsafe = switchArgument(toggle);
    this.#state.isUnsafe = isUnsafe;
    if (!this.#state.isBusy) binding.setOption(this.#state.connection, 'defensive', Number(!isUnsafe));
    return this;
  }

  /** Ends the connection; an open transaction is rolled back. */
  close(): this {
    const state = this.#state;
    if (!state.isOpen) return this;
    state.requireNotBusy();
    state.requireNoIteratorsAtAll();
    state.isOpen = false;
    this.#statements.clear();
    state.prepared.clear();
    finalizer.unregister(state);
    binding.close(state.connection);
    state.buffer.release();
    return this;
  }

  [inspect.custom](): object {
    return Object.assign(new DatabaseInspection(), this);
  }
}

/** What `util.inspect` shows for a database: its properties under its name. */
const { Database: DatabaseInspection } = { Database: class {} };

export interface DatabaseConstructor {
  new (path?: string | Buffer | null, options?: Options | null): DatabaseConnection;
  (path?: string | Buffer | null, options?: Options | null): DatabaseConnection;
  readonly prototype: DatabaseConnection;
  readonly SqliteError: typeof SqliteError;
}

/** A database connection. */
export interface Database extends DatabaseConnection {}

/** Opens a database; works with and without `new`, and as a base class: a class of its own could not do all three. */
export const { Database } = {
  // Named by its key: a bundler renames a function that shares its name with a variable.
  Database: function (path?: string | Buffer | null, options?: Options | null): DatabaseConnection {
    return Reflect.construct(DatabaseConnection, [path, options], new.target ?? Database) as DatabaseConnection;
  } as DatabaseConstructor,
};

Object.defineProperty(Database, 'prototype', { value: DatabaseConnection.prototype, writable: false });
Object.defineProperty(DatabaseConnection.prototype, 'constructor', { value: Database, writable: true, configurable: true });
Object.assign(Database, { SqliteError });
// As the original calls its own.
for (const [method, name] of [
  [DatabaseConnection.prototype.function, 'defineFunction'],
  [DatabaseConnection.prototype.aggregate, 'defineAggregate'],
  [DatabaseConnection.prototype.table, 'defineTable'],
] as const) {
  Object.defineProperty(method, 'name', { value: name });
}

/** `Database` (`DatabaseSync` by its first name). */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { binding } from '../../native/load.ts';
import { requireBoolean, requireObject, requireString, stringOption } from './arguments.ts';
import { checkAuthorizer } from './authorizer.ts';
import { Connection } from './connection.ts';
import { extensionError, invalidArgType, invalidArgValue, invalidState, native, sqliteError } from './errors.ts';
import { Execution } from './execution.ts';
import { getter, nodeClass, receiverAs, refuseClones, requireNew } from './face.ts';
import { defineAggregate, defineFunction, defineModule } from './functions.ts';
import { checkOptions, checkPath, checkPrepareOptions } from './options.ts';
import { applyChangeset, createSession, type Session } from './session.ts';
import { createStatement, type Statement } from './statement.ts';
import { createTagStore, type SQLTagStore } from './tag-store.ts';
import type { DatabaseConstructor } from './types.ts';

let isDatabase: (value: object) => boolean;
/** The connection behind a database; a method called on anything else is refused. */
export let connectionOf: (receiver: unknown) => Connection;

const GETTERS: PropertyDescriptorMap = {
  isOpen: getter(function () {
    return connectionOf(this).isOpen;
  }),
  isTransaction: getter(function () {
    return connectionOf(this).opened.isTransaction;
  }),
  limits: getter(function () {
    const connection = connectionOf(this);
    void connection.opened;
    return connection.limits.object;
  }),
};

/** What tells libraries that this is no other SQLite. */
const TYPE_SYMBOL = Symbol.for('sqlite-type');

/** SQLite asks how many pages a database has before it copies them, and the application whether it may. */
function isAllowedToCount(connection: Connection, schema: string): boolean {
  if (!connection.hasAuthorizer || binding.databaseFile(connection.ready.handle, schema) === null) return true;
  // The application is told the name as SQLite has it.
  const isOwn = /^(?:main|temp)$/i.test(schema);
  const name = (isOwn ? schema.toLowerCase() : schema).replaceAll('"', '""');
  const count = new Execution(connection, `PRAGMA "${name}".page_count`, connection.options);
  try {
    return count.get() !== undefined;
  } finally {
    count.close();
  }
}

class DatabaseFace {
  readonly #connection: Connection;

  static {
    isDatabase = (value) => #connection in value;
    connectionOf = (receiver) => receiverAs<DatabaseFace>(receiver, isDatabase).#connection;
  }

  constructor(...args: readonly unknown[]) {
    refuseClones(this);
    const location = checkPath(args[0], 'path');
    const options = checkOptions(args.length > 1 ? requireObject(args[1], 'options') : {});
    this.#connection = new Connection(location, options);
    Object.defineProperties(this, GETTERS);
    Object.defineProperty(this, TYPE_SYMBOL, { value: 'node:sqlite', writable: true, enumerable: true, configurable: true });
  }

  open(..._args: unknown[]): void {
    connectionOf(this).open();
  }

  close(..._args: unknown[]): void {
    connectionOf(this).close();
  }

  prepare(...args: unknown[]): Statement {
    const connection = connectionOf(this);
    void connection.opened;
    const sql = requireString(args[0], 'sql');
    const switches = checkPrepareOptions(args[1], connection.options);
    return createStatement(new Execution(connection, sql, switches));
  }

  exec(...args: unknown[]): void {
    const connection = connectionOf(this);
    void connection.opened;
    const sql = requireString(args[0], 'sql');
    const { handle } = connection.ready;
    native(() => binding.exec(handle, sql));
  }

  function(...args: unknown[]): void {
    defineFunction(connectionOf(this), args);
  }

  createTagStore(...args: unknown[]): SQLTagStore {
    return createTagStore({ connection: connectionOf(this), database: this }, args[0]);
  }

  location(...args: unknown[]): string | null {
    const connection = connectionOf(this);
    void connection.opened;
    const wanted = args[0] === undefined ? 'main' : requireString(args[0], 'dbName');
    return locationOf(connection, wanted);
  }

  aggregate(...args: unknown[]): void {
    defineAggregate(connectionOf(this), args);
  }

  createSession(...args: unknown[]): Session {
    return createSession(connectionOf(this), args);
  }

  applyChangeset(...args: unknown[]): boolean {
    return applyChangeset(connectionOf(this), args);
  }

  enableLoadExtension(...args: unknown[]): void {
    const connection = connectionOf(this);
    void connection.opened;
    const isAllowed = requireBoolean(args[0], 'allow');
    if (isAllowed && !connection.options.allowExtension) {
      throw invalidState('Cannot enable extension loading because it was disabled at database creation.');
    }
    connection.extensionsEnabled = isAllowed;
  }

  enableDefensive(...args: unknown[]): void {
    const connection = connectionOf(this);
    void connection.opened;
    connection.setOption('defensive', Number(requireBoolean(args[0], 'active')));
  }

  /** Extensions are libraries made for SQLite's own memory layout: they cannot be loaded. */
  loadExtension(...args: unknown[]): void {
    const connection = connectionOf(this);
    void connection.opened;
    if (!connection.extensionsEnabled) throw invalidState('extension loading is not allowed');
    const path = requireString(args[0], 'path');
    throw extensionError(`${path}: extensions of SQLite cannot be loaded`);
  }

  serialize(...args: unknown[]): Uint8Array {
    const connection = connectionOf(this);
    void connection.opened;
    const name = args[0] === undefined ? 'main' : requireString(args[0], 'dbName');
    const { handle } = connection.ready;
    const bytes = isAllowedToCount(connection, name) ? native(() => binding.serialize(handle, name)) : null;
    if (bytes === null) throw sqliteError('not an error', 'SQLITE_OK');
    return Uint8Array.from(bytes);
  }

  deserialize(...args: unknown[]): void {
    const connection = connectionOf(this);
    if (connection.opened.isInCallback) throw invalidState('database cannot be deserialized while in a callback');
    const [bytes, given] = args;
    if (!(bytes instanceof Uint8Array)) throw invalidArgType('The "buffer" argument must be a Uint8Array.');
    if (bytes.length === 0) throw invalidArgValue('The "buffer" argument must not be empty.');
    const name = given === undefined ? 'main' : (stringOption(requireObject(given, 'options'), 'dbName') ?? 'main');
    const { handle } = connection.ready;
    if (!native(() => binding.replaceDatabase(handle, name, bytes))) throw sqliteError('not an error', 'SQLITE_OK');
    connection.forgetStatements();
  }

  setAuthorizer(...args: unknown[]): void {
    const connection = connectionOf(this);
    void connection.opened;
    connection.setAuthorizer(checkAuthorizer(args[0]));
  }

  createModule(...args: unknown[]): void {
    defineModule(connectionOf(this), args);
  }

  [Symbol.dispose](..._args: unknown[]): void {
    const connection = connectionOf(this);
    if (connection.isOpen && !connection.opened.isInCallback) connection.close();
  }
}

/** The file of a database of the connection; null where it has none. Main's is known while the connection is busy, too. */
function locationOf(connection: Connection, name: string): string | null {
  const isMain = name.toLowerCase() === 'main';
  const file = isMain ? connection.opened.mainFile : native(() => binding.databaseFile(connection.ready.handle, name));
  if (file === null || file === '') return null;
  const path = resolve(file);
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const named = {
  // Named by its key: a bundler renames what shares its name with a class, and V8 shows the name in its own messages.
  Database: function (...args: unknown[]): unknown {
    requireNew(new.target);
    return Reflect.construct(DatabaseFace, args, new.target);
  },
};

/** With `new`, and as a base class. */
export const Database = nodeClass(DatabaseFace.prototype, named.Database) as unknown as DatabaseConstructor;

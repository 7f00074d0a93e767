/** node-sqlite3's `Database`: calls return at once, work is done in a worker thread, callbacks tell of it. */
import { Backup } from './backup.ts';
import { Connection, connectionOf, refusal, setConnection } from './connection.ts';
import { OPEN, RESULT } from './constants.ts';
import { createError } from './error.ts';
import { addEvents, type Callback, callbackArgument, type Emitter, report, stringArgument } from './event-source.ts';
import { limitOption } from './limit.ts';
import * as protocol from './protocol.ts';
import { Statement } from './statement.ts';

const DEFAULT_MODE = OPEN.OPEN_READWRITE | OPEN.OPEN_CREATE | OPEN.OPEN_FULLMUTEX;

/** Events that cost something: told of only while somebody listens. */
const WATCHED_EVENTS: ReadonlySet<unknown> = new Set(['trace', 'profile', 'change']);

const isInt32 = (value: unknown): value is number => typeof value === 'number' && (value | 0) === value;

export class Database {
  declare readonly filename: string;
  declare readonly mode: number;
  readonly #connection: Connection;

  constructor(...args: unknown[]) {
    const [filename] = args;
    if (typeof filename !== 'string') throw new TypeError('String expected');
    const hasMode = isInt32(args[1]);
    const mode = hasMode ? (args[1] as number) : DEFAULT_MODE;
    const callback = args[hasMode ? 2 : 1];
    Object.defineProperties(this, { filename: { value: filename }, mode: { value: mode } });
    const connection = new Connection(this.#emitter);
    this.#connection = connection;
    setConnection(this, connection);
    this.#open(typeof callback === 'function' ? (callback as Callback) : undefined);
  }

  get open(): boolean {
    return this.#connection.schedule.isOpen;
  }

  close(...args: unknown[]): this {
    const callback = callbackArgument(args, 0);
    const connection = this.#connection;
    const { schedule } = connection;
    const start = () => {
      connection.isClosing = true;
      connection.request([protocol.CLOSE, connection.id], (error) => {
        connection.isClosing = false;
        if (error === undefined) connection.closed();
        if (callback !== undefined) callback.call(this, error ?? null);
        else if (error !== undefined) this.#emitter.emit('error', error);
        if (!schedule.isOpen) this.#emitter.emit('close');
      });
    };
    schedule.add({ start, refuse: refusal(this, callback) }, true);
    return this;
  }

  exec(...args: unknown[]): this {
    const sql = stringArgument(args, 0);
    const callback = callbackArgument(args, 1);
    const connection = this.#connection;
    const start = () => {
      connection.request([protocol.EXEC, connection.id, sql], (error) => {
        if (error !== undefined) report(this.#emitter, callback, error);
        else callback?.call(this, null);
      });
    };
    connection.schedule.add({ start, refuse: refusal(this, callback) }, true);
    return this;
  }

  /** Calls back when everything called before has ended. */
  wait(...args: unknown[]): this {
    const callback = callbackArgument(args, 0);
    const { schedule } = this.#connection;
    schedule.add({ start: () => callback?.call(this, null), refuse: refusal(this, callback) }, true);
    schedule.proceed();
    return this;
  }

  loadExtension(...args: unknown[]): this {
    const filename = stringArgument(args, 0);
    const callback = callbackArgument(args, 1);
    const { schedule } = this.#connection;
    const refused = createError(RESULT.ERROR, `${filename}: extensions of SQLite cannot be loaded`);
    const start = () => {
      schedule.begin();
      setImmediate(() => {
        schedule.end();
        try {
          report(this.#emitter, callback, refused);
        } finally {
          schedule.proceed();
        }
      });
    };
    schedule.add({ start, refuse: refusal(this, callback) }, true);
    return this;
  }

  serialize(...args: unknown[]): this {
    return this.#switch(true, args);
  }

  parallelize(...args: unknown[]): this {
    return this.#switch(false, args);
  }

  /** With a callback the mode holds for what that calls. */
  #switch(isSerialized: boolean, args: readonly unknown[]): this {
    const callback = callbackArgument(args, 0);
    const { schedule } = this.#connection;
    const before = schedule.isSerialized;
    schedule.isSerialized = isSerialized;
    if (callback !== undefined) {
      try {
        callback.call(this);
      } finally {
        schedule.isSerialized = before;
      }
    }
    schedule.proceed();
    return this;
  }

  configure(...args: unknown[]): this {
    if (args.length < 2) throw new TypeError('Expected 2arguments');
    const [option, value, limit] = args;
    switch (option) {
      case 'trace':
      case 'profile':
      case 'change':
        this.#set(option, value ? 1 : 0);
        break;
      case 'busyTimeout':
        if (typeof value !== 'number') throw new TypeError('Value must be an integer');
        this.#set('busyTimeoutMs', Math.max(value | 0, 0));
        break;
      case 'limit':
        if (args.length < 3) throw new TypeError('Expected 3arguments');
        if (typeof value !== 'number') throw new TypeError('limit id must be an integer');
        if (typeof limit !== 'number') throw new TypeError('limit value must be an integer');
        this.#limit(value | 0, limit | 0);
        break;
      default:
        throw new TypeError(`${String(option)} is not a valid configuration option`);
    }
    this.#connection.schedule.proceed();
    return this;
  }

  #limit(id: number, value: number): void {
    const option = limitOption(id, value);
    if (option !== undefined) this.#set(option.name, option.value);
  }

  #set(setting: string, value: number): void {
    const { schedule, thread, id } = this.#connection;
    const start = () => thread.send([protocol.CONFIGURE, id, setting, value]);
    schedule.add({ start, refuse: refusal(this, undefined) });
  }

  interrupt(): this {
    const connection = this.#connection;
    if (!connection.schedule.isOpen) throw new Error('Database is not open');
    if (connection.isClosing) throw new Error('Database is closing');
    connection.interrupt();
    return this;
  }

  prepare(sql: string, ...args: unknown[]): Statement {
    const statement = this.#statement(sql, args);
    return args.length > 0 ? statement.bind(...args) : statement;
  }

  run(sql: string, ...args: unknown[]): this {
    this.#statement(sql, args)
      .run(...args)
      .finalize();
    return this;
  }

  get(sql: string, ...args: unknown[]): this {
    this.#statement(sql, args)
      .get(...args)
      .finalize();
    return this;
  }

  all(sql: string, ...args: unknown[]): this {
    this.#statement(sql, args)
      .all(...args)
      .finalize();
    return this;
  }

  each(sql: string, ...args: unknown[]): this {
    this.#statement(sql, args)
      .each(...args)
      .finalize();
    return this;
  }

  map(sql: string, ...args: unknown[]): this {
    this.#statement(sql, args)
      .map(...args)
      .finalize();
    return this;
  }

  /** A statement whose failure to be prepared goes to the call's callback. */
  #statement(sql: string, args: readonly unknown[]): Statement {
    const callback = args[args.length - 1];
    if (typeof callback !== 'function') return new Statement(this, sql);
    return new Statement(this, sql, (error: Error | null) => {
      if (error) callback(error);
    });
  }

  backup(...args: unknown[]): Backup {
    const [file, second, sourceName, filenameIsDestination, callback] = args;
    const backup =
      args.length <= 2
        ? new Backup(this, file, 'main', 'main', true, second)
        : new Backup(this, file, second, sourceName, filenameIsDestination, callback);
    backup.retryErrors = [RESULT.BUSY, RESULT.LOCKED];
    return backup;
  }

  #open(callback: Callback | undefined): void {
    const connection = this.#connection;
    const { schedule, id } = connection;
    connection.request([protocol.OPEN, id, this.filename, this.mode], (error, [interruptId]) => {
      if (error === undefined) connection.opened(interruptId as number);
      else connection.failed();
      if (callback !== undefined) callback.call(this, error ?? null);
      else if (error !== undefined) this.#emitter.emit('error', error);
      if (schedule.isOpen) this.#emitter.emit('open');
    });
  }

  get #emitter(): Emitter & object {
    return this as unknown as Emitter & object;
  }
}

addEvents(Database);

type Listening = (this: object, type: string, ...args: unknown[]) => unknown;

/** Listening to an event switches its telling on, the last listener's leaving switches it off. */
function watchListeners(
  name: string,
  isWanted: (database: { listenerCount(type: string): number }, type: string) => boolean,
): void {
  const prototype = Database.prototype as unknown as Record<string, Listening>;
  const original = prototype[name] as Listening;
  prototype[name] = function (this: object, type: string, ...args: unknown[]) {
    const result = original.call(this, type, ...args);
    if (WATCHED_EVENTS.has(type) && connectionOf(this) !== undefined) {
      const database = this as Database & { listenerCount(type: string): number };
      database.configure(type, isWanted(database, type));
    }
    return result;
  };
}

for (const name of ['addListener', 'on']) watchListeners(name, () => true);
for (const name of ['removeListener', 'off', 'removeAllListeners']) {
  watchListeners(name, (database, type) => database.listenerCount(type) > 0);
}

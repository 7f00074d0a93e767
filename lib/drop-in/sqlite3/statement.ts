/**
 * A prepared statement of node-sqlite3's.
 *
 * Its calls stand in a line and are answered one after the other. They are sent as soon as the statement's own `prepare`
 * was, without waiting for the answers in between: the worker keeps the order, and drops them when the statement could
 * not be prepared. What follows a `finalize` is not sent but fails when its turn comes.
 */
import { type Connection, connectionOf } from './connection.ts';
import { DONE, RESULT, ROW } from './constants.ts';
import type { Database } from './database.ts';
import { createError } from './error.ts';
import { addEvents, type Callback, callbackArgument, type Emitter, report } from './event-source.ts';
import { Fifo } from './fifo.ts';
import { collectFields } from './parameters.ts';
import * as protocol from './protocol.ts';
import { RowReader } from './row-reader.ts';

interface Call {
  readonly callback: Callback | undefined;
  /** Undefined for `finalize`, which needs no answer. */
  readonly request: protocol.Request | undefined;
  readonly rows?: (block: protocol.Block) => void;
  readonly succeed: (counters: readonly number[]) => void;
  /** Told after the callback, whatever came of the call. */
  readonly ended?: () => void;
  /** The status that counts as success. */
  readonly isSuccess: (status: number) => boolean;
}

const isOk = (status: number) => status === RESULT.OK;
const isDone = (status: number) => status === DONE;
const isRowOrDone = (status: number) => status === ROW || status === DONE;

/** Ends statements that nobody refers to any more. */
const forgotten = new FinalizationRegistry<{ connection: Connection; id: number }>(({ connection, id }) => {
  connection.thread.send([protocol.FINALIZE, connection.id, id]);
});

export class Statement {
  declare readonly sql: string;
  readonly #database: Database;
  readonly #connection: Connection;
  readonly #id: number;
  readonly #reader = new RowReader();
  readonly #line = new Fifo<Call>();
  #isSent = false;
  #isPrepared = false;
  #isFinalized = false;
  /** A `finalize` stands in the line. */
  #isEnding = false;

  constructor(database: Database, sql: string, callback?: Callback) {
    const connection = connectionOf(database);
    if (connection === undefined) throw new TypeError('Database object expected');
    if (typeof sql !== 'string') throw new TypeError('SQL query expected');
    if (callback !== undefined && typeof callback !== 'function') throw new TypeError('Callback expected');
    this.#database = database;
    this.#connection = connection;
    this.#id = connection.nextStatement();
    Object.defineProperty(this, 'sql', { value: sql });
    connection.schedule.add({
      start: () => this.#prepare(callback),
      refuse: (reason) => {
        this.#isFinalized = true;
        this.#dropAll();
        callback?.call(database, createError(RESULT.MISUSE, reason));
        return callback !== undefined;
      },
    });
  }

  bind(...args: unknown[]): this {
    const { fields, callback } = this.#read(args);
    return this.#add({
      callback,
      request: [protocol.BIND, this.#connection.id, this.#id, fields],
      isSuccess: isOk,
      succeed: () => callback?.call(this, null),
    });
  }

  run(...args: unknown[]): this {
    const { fields, callback } = this.#read(args);
    return this.#add({
      callback,
      request: [protocol.RUN, this.#connection.id, this.#id, fields],
      isSuccess: isRowOrDone,
      succeed: ([lastID, changes]) => {
        if (callback === undefined) return;
        Object.assign(this, { lastID, changes });
        callback.call(this, null);
      },
    });
  }

  get(...args: unknown[]): this {
    const { fields, callback } = this.#read(args);
    let row: unknown;
    return this.#add({
      callback,
      request: [protocol.GET, this.#connection.id, this.#id, fields],
      rows: (block) =>
        this.#reader.read(block, (found) => {
          row = found;
        }),
      isSuccess: isRowOrDone,
      succeed: () => {
        if (row === undefined) callback?.call(this, null);
        else callback?.call(this, null, row);
      },
    });
  }

  all(...args: unknown[]): this {
    const { fields, callback } = this.#read(args);
    const rows: unknown[] = [];
    return this.#add({
      callback,
      request: [protocol.ALL, this.#connection.id, this.#id, fields],
      rows: (block) =>
        this.#reader.read(block, (row) => {
          rows.push(row);
        }),
      isSuccess: isDone,
      succeed: () => callback?.call(this, null, rows),
    });
  }

  each(...args: unknown[]): this {
    const [beforeLast, last] = args.slice(-2);
    const hasCompletion = args.length >= 2 && typeof beforeLast === 'function' && typeof last === 'function';
    const complete = hasCompletion ? (args.pop() as Callback) : undefined;
    const { fields, callback } = this.#read(args);
    let count = 0;
    return this.#add({
      callback,
      request: [protocol.EACH, this.#connection.id, this.#id, fields],
      rows: (block) =>
        this.#reader.read(block, (row) => {
          // As in node-sqlite3, rows that nobody takes are not counted.
          if (callback === undefined) return;
          count++;
          callback.call(this, null, row);
        }),
      isSuccess: isDone,
      succeed: () => {},
      ended: () => complete?.call(this, null, count),
    });
  }

  reset(...args: unknown[]): this {
    const callback = callbackArgument(args, 0);
    return this.#add({
      callback,
      request: [protocol.RESET, this.#connection.id, this.#id],
      isSuccess: isOk,
      succeed: () => callback?.call(this, null),
    });
  }

  finalize(...args: unknown[]): Database {
    const callback = callbackArgument(args, 0);
    this.#add({ callback, request: undefined, isSuccess: isOk, succeed: () => callback?.call(this) });
    return this.#database;
  }

  map(...args: unknown[]): this {
    const callback = args.pop() as Callback;
    return this.all(...args, (error: Error | null, rows: Record<string, unknown>[]) => {
      if (error) callback(error);
      else callback(error, mapOf(rows));
    });
  }

  #read(args: readonly unknown[]): { fields: readonly protocol.Field[]; callback: Callback | undefined } {
    const last = args[args.length - 1];
    const callback = typeof last === 'function' ? (last as Callback) : undefined;
    const fields = collectFields(callback === undefined ? args : args.slice(0, -1));
    return { fields: fields as readonly protocol.Field[], callback };
  }

  #add(call: Call): this {
    this.#line.push(call);
    if (this.#isFinalized) this.#dropAll();
    else if (this.#isSent) {
      this.#send(call);
      this.#advance();
    }
    return this;
  }

  #prepare(callback: Callback | undefined): void {
    const { schedule, thread, id } = this.#connection;
    this.#isSent = true;
    schedule.begin();
    thread.send([protocol.PREPARE, id, this.#id, this.sql], {
      answer: (status, message) => {
        try {
          if (status === RESULT.OK) {
            this.#isPrepared = true;
            forgotten.register(this, { connection: this.#connection, id: this.#id }, this);
            callback?.call(this, null);
          } else {
            this.#isFinalized = true;
            report(this.#emitter, callback, createError(status, message));
          }
        } finally {
          schedule.end();
          if (this.#isFinalized) this.#dropAll();
          else this.#advance();
          schedule.proceed();
        }
      },
    });
    const waiting = this.#line.length;
    for (let at = 0; at < waiting; at++) {
      const call = this.#line.shift() as Call;
      this.#line.push(call);
      this.#send(call);
    }
  }

  /** Nothing is sent behind a `finalize`. */
  #send(call: Call): void {
    const { schedule, thread, id } = this.#connection;
    if (this.#isEnding) return;
    if (call.request === undefined) {
      this.#isEnding = true;
      thread.send([protocol.FINALIZE, id, this.#id]);
      return;
    }
    schedule.begin();
    const { rows } = call;
    thread.send(call.request, {
      ...(rows === undefined ? {} : { rows }),
      answer: (status, message, counters) => {
        try {
          if (status === protocol.DROPPED) return;
          this.#finish(call, status, message, counters);
        } finally {
          schedule.end();
          if (status !== protocol.DROPPED) this.#line.shift();
          this.#advance();
          schedule.proceed();
        }
      },
    });
  }

  #finish(call: Call, status: number, message: string, counters: readonly number[]): void {
    try {
      if (call.isSuccess(status)) call.succeed(counters);
      else report(this.#emitter, call.callback, createError(status, message));
    } finally {
      call.ended?.();
    }
  }

  /** Lets a `finalize` at the head of the line happen. */
  #advance(): void {
    const { first } = this.#line;
    if (!this.#isPrepared || this.#isFinalized || first === undefined || first.request !== undefined) return;
    this.#line.shift();
    this.#isFinalized = true;
    forgotten.unregister(this);
    try {
      this.#dropAll();
    } finally {
      first.succeed([]);
    }
  }

  /** What still stands in line fails; of a statement that could not be prepared everybody was told already. */
  #dropAll(): void {
    if (this.#line.length === 0) return;
    let isHeard = !this.#isPrepared;
    const error = createError(RESULT.MISUSE, 'Statement is already finalized');
    for (let call = this.#line.shift(); call !== undefined; call = this.#line.shift()) {
      if (!this.#isPrepared || call.callback === undefined) continue;
      isHeard = true;
      call.callback.call(this, error);
    }
    if (!isHeard) this.#emitter.emit('error', error);
  }

  get #emitter(): Emitter & object {
    return this as unknown as Emitter & object;
  }
}

/** `{ first column: second column }`, or the whole row where there are more. */
function mapOf(rows: readonly Record<string, unknown>[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const [key, value, ...more] = Object.keys(rows[0] ?? {});
  for (const row of rows) result[String(row[key as string])] = more.length > 0 ? row : row[value as string];
  return result;
}

addEvents(Statement);

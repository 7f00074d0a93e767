/**
 * node-sqlite3's `Backup`: writes a database into a file, some pages a step, as a SQLite file.
 *
 * Its calls stand in a line of their own behind the database's queue: each starts when the one before has ended.
 */
import { type Connection, connectionOf } from './connection.ts';
import { DONE, RESULT } from './constants.ts';
import { createError } from './error.ts';
import { addEvents, type Callback, callbackArgument, type Emitter, report } from './event-source.ts';
import { Fifo } from './fifo.ts';
import * as protocol from './protocol.ts';

interface Call {
  readonly callback: Callback | undefined;
  start(): void;
}

let lastId = 0;

export class Backup {
  declare readonly filename: string;
  declare readonly sourceName: string;
  declare readonly destName: string;
  declare readonly filenameIsDest: boolean;
  readonly #connection: Connection;
  readonly #id = ++lastId;
  readonly #line = new Fifo<Call>();
  #retryErrors: number[] = [];
  #isReady = false;
  #isRunning = true;
  #isCompleted = false;
  #hasFailed = false;
  #isFinished = false;
  #remaining = -1;
  #pageCount = -1;

  constructor(...args: unknown[]) {
    const [database, filename, sourceName, destName, filenameIsDest, callback] = args;
    const connection = connectionOf(database);
    if (connection === undefined) throw new TypeError('Database object expected');
    if (typeof filename !== 'string') throw new TypeError('Filename expected');
    if (typeof sourceName !== 'string') throw new TypeError('Source database name expected');
    if (typeof destName !== 'string') throw new TypeError('Destination database name expected');
    if (typeof filenameIsDest !== 'boolean') throw new TypeError('Direction flag expected');
    if (callback !== undefined && typeof callback !== 'function') throw new TypeError('Callback expected');
    for (const [name, value] of Object.entries({ filename, sourceName, destName, filenameIsDest })) {
      Object.defineProperty(this, name, { value });
    }
    this.#connection = connection;
    connection.schedule.add({
      start: () => this.#begin(callback as Callback | undefined),
      refuse: (reason) => {
        this.#finish();
        (callback as Callback | undefined)?.call(this, createError(RESULT.MISUSE, reason));
        return callback !== undefined;
      },
    });
  }

  /** Ready, and nothing to do. */
  get idle(): boolean {
    return this.#isReady && !this.#isRunning && this.#line.length === 0;
  }

  get completed(): boolean {
    return this.#isCompleted;
  }

  get failed(): boolean {
    return this.#hasFailed;
  }

  get remaining(): number {
    return this.#remaining;
  }

  get pageCount(): number {
    return this.#pageCount;
  }

  /** The result codes that do not end the backup: the step can be tried again. */
  get retryErrors(): number[] {
    return this.#retryErrors;
  }

  set retryErrors(codes: number[]) {
    if (!Array.isArray(codes)) throw new Error('retryErrors must be an array');
    this.#retryErrors = codes;
  }

  step(...args: unknown[]): this {
    const [pages] = args;
    if (typeof pages !== 'number') throw new TypeError('Argument 0 must be an integer');
    const callback = callbackArgument(args, 1);
    const retried = this.#retryErrors.filter((code) => typeof code === 'number');
    this.#add({ callback, start: () => this.#step(pages | 0, retried, callback) });
    return this;
  }

  finish(...args: unknown[]): this {
    const callback = callbackArgument(args, 0);
    this.#add({ callback, start: () => this.#end(callback) });
    return this;
  }

  #begin(callback: Callback | undefined): void {
    const { id } = this.#connection;
    const direction = this.filenameIsDest ? 1 : 0;
    this.#request([protocol.BACKUP_BEGIN, id, this.#id, this.filename, this.sourceName, direction], (status, message) => {
      if (status === RESULT.OK) {
        this.#isReady = true;
        callback?.call(this, null);
        return;
      }
      report(this.#emitter, callback, createError(status, message));
      this.#finish();
    });
  }

  #step(pages: number, retried: readonly number[], callback: Callback | undefined): void {
    const { id } = this.#connection;
    this.#request([protocol.BACKUP_STEP, id, this.#id, pages, retried], (status, message, counters) => {
      const [remaining = -1, pageCount = -1, isActive = 0] = counters;
      this.#remaining = remaining;
      this.#pageCount = pageCount;
      if (status === DONE) this.#isCompleted = true;
      else if (isActive === 0) this.#hasFailed = true;
      if (status === RESULT.OK || status === DONE) callback?.call(this, null, status === DONE);
      else report(this.#emitter, callback, createError(status, message));
    });
  }

  #end(callback: Callback | undefined): void {
    this.#request([protocol.BACKUP_FINISH, this.#connection.id, this.#id], () => {
      this.#finish();
      callback?.call(this);
    });
  }

  #request(request: protocol.Request, done: (status: number, message: string, counters: readonly number[]) => void): void {
    const { schedule, thread } = this.#connection;
    this.#isRunning = true;
    schedule.begin();
    thread.send(request, {
      answer: (status, message, counters) => {
        try {
          done(status, message, counters);
        } finally {
          this.#isRunning = false;
          schedule.end();
          this.#proceed();
          schedule.proceed();
        }
      },
    });
  }

  #add(call: Call): void {
    this.#line.push(call);
    if (this.#isFinished) this.#dropAll();
    else if (this.#line.length === 1) this.#proceed();
  }

  #proceed(): void {
    if (this.#isFinished) this.#dropAll();
    else if (this.#isReady && !this.#isRunning) this.#line.shift()?.start();
  }

  #finish(): void {
    if (!this.#isCompleted) this.#hasFailed = true;
    this.#isFinished = true;
    this.#dropAll();
  }

  /** What still stands in line fails; where the backup never began everybody was told already. */
  #dropAll(): void {
    if (this.#line.length === 0) return;
    let isHeard = !this.#isReady;
    const error = createError(RESULT.MISUSE, 'Backup is already finished');
    for (let call = this.#line.shift(); call !== undefined; call = this.#line.shift()) {
      if (!this.#isReady || call.callback === undefined) continue;
      isHeard = true;
      call.callback.call(this, error);
    }
    if (!isHeard) this.#emitter.emit('error', error);
  }

  get #emitter(): Emitter & object {
    return this as unknown as Emitter & object;
  }
}

addEvents(Backup);

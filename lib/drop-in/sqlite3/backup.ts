/** node-sqlite3's `Backup`. Databases cannot be copied page by page here: it takes its arguments and fails. */
import { connectionOf } from './connection.ts';
import { RESULT } from './constants.ts';
import { createError } from './error.ts';
import { addEvents, type Callback, callbackArgument, type Emitter, report } from './event-source.ts';

const UNSUPPORTED = 'databases cannot be backed up page by page: use VACUUM INTO';

export class Backup {
  declare readonly filename: string;
  declare readonly sourceName: string;
  declare readonly destName: string;
  declare readonly filenameIsDest: boolean;
  #retryErrors: number[] = [];
  #isFinished = false;

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
    const fail = (message: string) => {
      this.#isFinished = true;
      this.#fail(RESULT.ERROR, message, callback as Callback | undefined);
      return true;
    };
    connection.schedule.add({ start: () => setImmediate(fail, UNSUPPORTED), refuse: fail });
  }

  get idle(): boolean {
    return false;
  }

  get completed(): boolean {
    return false;
  }

  get failed(): boolean {
    return this.#isFinished;
  }

  get remaining(): number {
    return -1;
  }

  get pageCount(): number {
    return -1;
  }

  get retryErrors(): number[] {
    return this.#retryErrors;
  }

  set retryErrors(codes: number[]) {
    if (!Array.isArray(codes)) throw new Error('retryErrors must be an array');
    this.#retryErrors = codes;
  }

  step(...args: unknown[]): this {
    if (typeof args[0] !== 'number') throw new TypeError('Argument 0 must be an integer');
    this.#refuse(callbackArgument(args, 1));
    return this;
  }

  finish(...args: unknown[]): this {
    this.#refuse(callbackArgument(args, 0));
    return this;
  }

  /** Once it has failed, calls fail; those made before are dropped with it. */
  #refuse(callback: Callback | undefined): void {
    if (this.#isFinished) this.#fail(RESULT.MISUSE, 'Backup is already finished', callback);
  }

  #fail(errno: number, message: string, callback: Callback | undefined): void {
    report(this as unknown as Emitter & object, callback, createError(errno, message));
  }
}

addEvents(Backup);

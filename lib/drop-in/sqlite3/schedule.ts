/**
 * Which of a database's calls may start: node-sqlite3's queue.
 *
 *     call ─► start at once │ wait in the queue ─► start, when what it must wait for has ended
 *
 * - An exclusive call (exec, close, wait, loadExtension; every call while the database is serialized) starts when
 *   nothing runs; while it runs, calls that are queued wait. Calls of statements that are prepared already do not queue
 *   here: a running one only keeps exclusive calls waiting.
 * - Before the database is open everything waits; once it is closed everything fails.
 */
import { Fifo } from './fifo.ts';

export interface Call {
  start(): void;
  /** The database is closed. */
  refuse(reason: string): boolean;
}

export class Schedule {
  isOpen = false;
  /** What is called now waits for all that was called before. */
  isSerialized = false;
  /** An exclusive call runs; or with `isOpen` false: the database was closed. */
  #isLocked = false;
  #running = 0;
  readonly #queue = new Fifo<{ readonly call: Call; readonly isExclusive: boolean }>();
  /** Told when queued calls were refused and none had a callback. */
  readonly #refused: (reason: string) => void;

  constructor(refused: (reason: string) => void) {
    this.#refused = refused;
  }

  get isClosed(): boolean {
    return !this.isOpen && this.#isLocked;
  }

  add(call: Call, isExclusive = false): void {
    if (this.isClosed) {
      if (!call.refuse('Database is closed')) this.#refused('Database is closed');
      return;
    }
    const mustWait = this.#running > 0 && (this.#isLocked || isExclusive || this.isSerialized);
    if (!this.isOpen || mustWait) {
      this.#queue.push({ call, isExclusive: isExclusive || this.isSerialized });
      return;
    }
    this.#isLocked = isExclusive;
    call.start();
  }

  /** Something runs from now on. */
  begin(): void {
    this.#running++;
  }

  /** It has ended. */
  end(): void {
    this.#running--;
  }

  /** Starts what may start. */
  proceed(): void {
    if (this.isClosed && this.#queue.length > 0) {
      this.#refuseAll();
      return;
    }
    while (this.isOpen && (!this.#isLocked || this.#running === 0)) {
      const next = this.#queue.first;
      if (next === undefined || (next.isExclusive && this.#running > 0)) return;
      this.#queue.shift();
      this.#isLocked = next.isExclusive;
      next.call.start();
    }
  }

  #refuseAll(): void {
    const reason = 'Database handle is closed';
    let isHeard = false;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      isHeard = next.call.refuse(reason) || isHeard;
    }
    if (!isHeard) this.#refused(reason);
  }
}

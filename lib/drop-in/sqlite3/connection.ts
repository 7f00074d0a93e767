/** What a Database and its Statements share: their thread, their queue, and who they are to the worker. */
import { binding } from '../../native/load.ts';
import { RESULT } from './constants.ts';
import { createError } from './error.ts';
import { type Callback, type Emitter, report } from './event-source.ts';
import * as protocol from './protocol.ts';
import { Schedule } from './schedule.ts';
import { releaseThread, type Thread, takeThread } from './thread.ts';

let lastId = 0;

/** Closes what nobody refers to any more. */
const abandoned = new FinalizationRegistry<{ thread: Thread; id: number }>(({ thread, id }) => {
  thread.send([protocol.ABANDON, id]);
  thread.forget(id);
  releaseThread(thread);
});

export class Connection {
  readonly id = ++lastId;
  readonly thread = takeThread();
  readonly schedule: Schedule;
  isClosing = false;
  #lastStatement = 0;
  #interruptId = 0;
  /** Whom `abandoned` watches. */
  readonly #owner: WeakRef<object>;

  constructor(database: Emitter & object) {
    const owner = new WeakRef(database);
    this.#owner = owner;
    this.schedule = new Schedule((reason) => {
      const live = owner.deref();
      if (live !== undefined) report(live, undefined, createError(RESULT.MISUSE, reason));
    });
    this.thread.listen(this.id, database);
    abandoned.register(database, { thread: this.thread, id: this.id }, this);
  }

  nextStatement(): number {
    return ++this.#lastStatement;
  }

  /** Runs a request of the database itself; `done` hears of its end before others may start. */
  request(request: protocol.Request, done: (error: Error | undefined, counters: readonly number[]) => void): void {
    const { schedule } = this;
    schedule.begin();
    // The database lives until it has its answer.
    const owner = this.#owner.deref();
    this.thread.send(request, {
      answer: (status, message, counters) => {
        schedule.end();
        try {
          done(status === RESULT.OK ? undefined : createError(status, message), counters);
        } finally {
          schedule.proceed();
          void owner;
        }
      },
    });
  }

  opened(interruptId: number): void {
    this.#interruptId = interruptId;
    this.schedule.isOpen = true;
  }

  closed(): void {
    this.schedule.isOpen = false;
    abandoned.unregister(this);
    this.thread.forget(this.id);
    releaseThread(this.thread);
  }

  /** It could not be opened. */
  failed(): void {
    abandoned.unregister(this);
    this.thread.forget(this.id);
    releaseThread(this.thread);
  }

  interrupt(): void {
    binding.interruptById(this.#interruptId);
  }
}

const connections = new WeakMap<object, Connection>();

export function setConnection(database: object, connection: Connection): void {
  connections.set(database, connection);
}

/** The connection of a Database; undefined for anything else. */
export function connectionOf(database: unknown): Connection | undefined {
  return typeof database === 'object' && database !== null ? connections.get(database) : undefined;
}

/** A callback as the queue refuses it: whether there was one to tell. */
export function refusal(target: object, callback: Callback | undefined): (reason: string) => boolean {
  return (reason) => {
    callback?.call(target, createError(RESULT.MISUSE, reason));
    return callback !== undefined;
  };
}

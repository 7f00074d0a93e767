/**
 * Worker threads as the main thread sees them: who has which, what is sent, what comes back.
 *
 * A database has a thread of its own, so that one waiting for a lock keeps nobody else from releasing it. A thread whose
 * database was closed serves the next one. From MAX_THREADS databases on threads are shared.
 *
 * Requests made in one go travel as one message. The port keeps the process alive while answers are due, and only then:
 * an idle open database does not.
 */
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { RESULT } from './constants.ts';
import type { Emitter } from './event-source.ts';
import { Fifo } from './fifo.ts';
import type { Block, Message, Request } from './protocol.ts';
import * as protocol from './protocol.ts';

/** Each costs some megabytes. */
const MAX_THREADS = 64;
/** Threads without a database that are kept for the next one. */
const MAX_IDLE = 2;
/** Bytes of a parameter that are handed over rather than copied once more. */
const TRANSFER_FROM_BYTES = 4096;

/** What becomes of an answer. */
export interface Pending {
  rows?(block: Block): void;
  answer(status: number, message: string, counters: readonly number[]): void;
}

export class Thread {
  databaseCount = 0;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(8));
  readonly #pending = new Fifo<Pending>();
  readonly #inbox = new Fifo<Message>();
  readonly #listeners = new Map<number, WeakRef<Emitter & object>>();
  #outbox: Request[] = [];
  #hasDied = false;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(fileURLToPath(new URL('./sqlite3-worker.cjs', import.meta.url)), {
      workerData: { port: port2, signal: this.#signal },
      transferList: [port2],
      execArgv: [],
      stdin: false,
    });
    this.#worker.unref();
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', () => this.#die(undefined));
    port1.on('message', (messages: readonly Message[]) => {
      for (const message of messages) this.#inbox.push(message);
      this.#receive();
    });
    port1.unref();
  }

  listen(database: number, listener: Emitter & object): void {
    this.#listeners.set(database, new WeakRef(listener));
  }

  forget(database: number): void {
    this.#listeners.delete(database);
  }

  /** Sends a request; `pending` for those that get an answer. */
  send(request: Request, pending?: Pending): void {
    if (pending !== undefined) {
      if (this.#pending.length === 0) this.#port.ref();
      this.#pending.push(pending);
    }
    if (this.#outbox.length === 0) queueMicrotask(() => this.#flush());
    this.#outbox.push(request);
  }

  #flush(): void {
    const requests = this.#outbox;
    this.#outbox = [];
    if (this.#hasDied) {
      this.#failAll('its thread has ended');
      return;
    }
    this.#port.postMessage(requests, largeBuffers(requests));
    this.#tell(protocol.MESSAGES);
  }

  /** What a callback throws is nobody's here; what came after it has its turn all the same. */
  #receive(): void {
    try {
      for (let message = this.#inbox.shift(); message !== undefined; message = this.#inbox.shift()) this.#handle(message);
    } finally {
      if (this.#inbox.length > 0) setImmediate(() => this.#receive());
    }
  }

  #handle(message: Message): void {
    if (message[0] === protocol.ANSWER) {
      const [, status, text, ...counters] = message;
      this.#shift()?.answer(status, text, counters);
    } else if (message[0] === protocol.ROWS) {
      this.#read(message[1]);
    } else {
      const [, database, name, ...args] = message;
      this.#listeners
        .get(database)
        ?.deref()
        ?.emit(name, ...args);
    }
  }

  #read(block: Block): void {
    const isLarge = block[0].byteLength >= protocol.LARGE_BLOCK_BYTES;
    try {
      this.#pending.first?.rows?.(block);
    } finally {
      if (isLarge) this.#tell(protocol.BLOCKS_READ);
    }
  }

  #tell(word: number): void {
    Atomics.add(this.#signal, word, 1);
    Atomics.notify(this.#signal, word);
  }

  #shift(): Pending | undefined {
    const pending = this.#pending.shift();
    if (this.#pending.length === 0) this.#port.unref();
    return pending;
  }

  /** The thread is gone, which only a fault of ours does. */
  #die(error: Error | undefined): void {
    if (this.#hasDied) return;
    this.#hasDied = true;
    idle.delete(this);
    threads.delete(this);
    this.#failAll(error?.message ?? 'its thread has ended');
  }

  #failAll(reason: string): void {
    for (let pending = this.#shift(); pending !== undefined; pending = this.#shift()) {
      pending.answer(RESULT.INTERNAL, reason, []);
    }
  }

  end(): void {
    threads.delete(this);
    this.#hasDied = true;
    void this.#worker.terminate();
  }
}

const threads = new Set<Thread>();
const idle = new Set<Thread>();

function largeBuffers(requests: readonly Request[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const request of requests) {
    const fields = request[3];
    if (typeof fields !== 'object') continue;
    for (const field of fields) {
      const value = field?.[1];
      if (value instanceof Uint8Array && value.byteLength >= TRANSFER_FROM_BYTES) buffers.push(value.buffer as ArrayBuffer);
    }
  }
  return buffers;
}

/** A thread for one more database. */
export function takeThread(): Thread {
  let [thread] = idle;
  if (thread !== undefined) idle.delete(thread);
  else if (threads.size < MAX_THREADS) {
    thread = new Thread();
    threads.add(thread);
  } else {
    thread = [...threads].reduce((least, other) => (other.databaseCount < least.databaseCount ? other : least));
  }
  thread.databaseCount++;
  return thread;
}

/** One of its databases is closed. */
export function releaseThread(thread: Thread): void {
  thread.databaseCount--;
  if (thread.databaseCount > 0) return;
  if (idle.size < MAX_IDLE) idle.add(thread);
  else thread.end();
}

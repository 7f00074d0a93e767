/** What a database and its statements share: the connection, its buffer, and who is using it. */
import type { Database } from './database.ts';
import type { ConnectionHandle } from './native/binding.ts';
import { binding } from './native/load.ts';
import { SharedBuffer } from './native/shared-buffer.ts';
import type { CheckedOptions } from './options.ts';
import { PreparedTexts } from './prepared.ts';

export class ConnectionState {
  readonly database: Database;
  readonly connection: ConnectionHandle;
  readonly buffer: SharedBuffer;
  readonly prepared = new PreparedTexts();
  readonly verbose: ((message: unknown) => void) | null;
  /** As given to the constructor. */
  readonly name: string;
  readonly isReadOnly: boolean;
  readonly isMemory: boolean;
  /** How long the application is ready to wait for a lock. */
  readonly timeoutMs: number;
  isOpen = true;
  /** Default of new statements. */
  safeIntegers = false;
  /** Writes beside open iterators are allowed. */
  isUnsafe = false;
  /** Open iterators. */
  iterators = 0;
  /** Written by the addon: how deep the engine stands in calls of JavaScript, and whether a transaction is open. */
  readonly #status = new Uint8Array(2);

  constructor(database: Database, connection: ConnectionHandle, name: string, isMemory: boolean, options: CheckedOptions) {
    this.database = database;
    this.connection = connection;
    this.name = name;
    this.isMemory = isMemory;
    this.isReadOnly = options.isReadOnly;
    this.timeoutMs = options.timeoutMs;
    this.verbose = options.verbose;
    this.buffer = new SharedBuffer(connection);
    binding.setStatus(connection, this.#status.buffer);
  }

  /** User code called from inside a statement is running: it may not use the connection. */
  get isBusy(): boolean {
    return this.#status[0] !== 0;
  }

  get inTransaction(): boolean {
    if (!this.isOpen) return false;
    return this.isBusy ? this.#status[1] !== 0 : binding.inTransaction(this.connection);
  }

  /** Shows a statement that is about to run to the user's `verbose`. */
  trace(sql: string): void {
    const { verbose } = this;
    if (verbose === null) return;
    this.#status[1] = Number(this.inTransaction);
    this.#status[0] = 1;
    try {
      verbose(sql);
    } finally {
      this.#status[0] = 0;
    }
  }

  requireOpen(): void {
    if (!this.isOpen) throw new TypeError('The database connection is not open');
  }

  requireNotBusy(): void {
    if (this.isBusy) throw new TypeError('This database connection is busy executing a query');
  }

  /** What unsafe mode does not allow either. */
  requireNoIteratorsAtAll(): void {
    if (this.iterators > 0) throw new TypeError('This database connection is busy executing a query');
  }

  requireNoIterators(): void {
    if (this.iterators > 0 && !this.isUnsafe) throw new TypeError('This database connection is busy executing a query');
  }
}

/** The argument of a method that switches something: on when it is left out; undefined is no boolean. */
export function switchArgument(args: readonly unknown[]): boolean {
  if (args.length === 0) return true;
  const [isOn] = args;
  if (typeof isOn !== 'boolean') throw new TypeError('Expected first argument to be a boolean');
  return isOn;
}

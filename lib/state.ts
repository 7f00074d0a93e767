/** What a database and its statements share: the connection, its buffer, and who is using it. */
import type { Database } from './database.ts';
import type { ConnectionHandle } from './native/binding.ts';
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
  isOpen = true;
  /** Default of new statements. */
  safeIntegers = false;
  /** Writes beside open iterators are allowed. */
  isUnsafe = false;
  /** Open iterators. */
  iterators = 0;
  /** User code called from inside a statement is running: it may not use the connection. */
  isBusy = false;

  constructor(database: Database, connection: ConnectionHandle, name: string, isMemory: boolean, options: CheckedOptions) {
    this.database = database;
    this.connection = connection;
    this.name = name;
    this.isMemory = isMemory;
    this.isReadOnly = options.isReadOnly;
    this.verbose = options.verbose;
    this.buffer = new SharedBuffer(connection);
  }

  /** Shows a statement that is about to run to the user's `verbose`. */
  trace(sql: string): void {
    const { verbose } = this;
    if (verbose === null) return;
    this.isBusy = true;
    try {
      verbose(sql);
    } finally {
      this.isBusy = false;
    }
  }

  requireOpen(): void {
    if (!this.isOpen) throw new TypeError('The database connection is not open');
  }

  requireNotBusy(): void {
    if (this.isBusy) throw new TypeError('This database connection is busy executing a query');
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

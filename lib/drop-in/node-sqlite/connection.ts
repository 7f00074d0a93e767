/**
 * The connection behind a `Database`: opened and closed as often as the application likes.
 *
 *     new DatabaseSync(path) ─► Connection ─ open() ─► Opened ─ close() ─► nothing ─ open() ─► another Opened
 *
 * Statements, iterators and sessions belong to one `Opened`; once it is not the connection's any more they are finalized.
 */
import type { Backup } from '../../backup.ts';
import type { ConnectionHandle, ConnectionOption } from '../../native/binding.ts';
import { binding, requireBinding } from '../../native/load.ts';
import { OPEN } from '../sqlite3/constants.ts';
import { readLocation } from '../sqlite3/location.ts';
import type { Ask } from './authorizer.ts';
import { invalidState, native } from './errors.ts';
import { ExactBuffer } from './exact-buffer.ts';
import { Limits } from './limits.ts';
import type { CheckedOptions } from './options.ts';

/** How the SQLite inside Node is built, where that differs from better-sqlite3's. */
const BUILD: readonly (readonly [ConnectionOption, number])[] = [
  ['likeMatchesBlobs', 1],
  ['tclVariables', 1],
  ['limitedChanges', 0],
  ['samples', 0],
  ['walSyncsLess', 0],
  ['shownLiteral', 0x7fffffff],
  ['reentrant', 1],
];

/** Closes connections that were forgotten. */
const finalizer = new FinalizationRegistry<ConnectionHandle>((handle) => {
  try {
    binding.close(handle);
  } catch {
    // Nobody is left to hear of it; what was committed is in the log.
  }
});

/** Whether the authorizer is being asked: apart from the connection, which what is asked must not keep alive. */
interface Asking {
  isAsked: boolean;
}

/** A connection that is open. */
export class Opened {
  readonly handle: ConnectionHandle;
  readonly #ownBuffer: ExactBuffer;
  /** Of the levels of `#level`. */
  readonly #buffers: ExactBuffer[] = [];
  /** Where main lies; empty in memory. */
  readonly mainFile: string;
  /**
   * Written by the addon: how deep the engine stands in calls of JavaScript, whether a transaction is open, whether the
   * innermost call may use the connection, and on which level.
   */
  readonly #status = new Uint8Array(6);
  readonly #asking: Asking;

  constructor(handle: ConnectionHandle, asking: Asking) {
    this.handle = handle;
    this.#asking = asking;
    this.#ownBuffer = new ExactBuffer(handle);
    binding.setStatus(handle, this.#status.buffer);
    this.mainFile = binding.databaseFile(handle, 'main') ?? '';
  }

  /** How many statements wait for code of the application that uses the connection. */
  get #level(): number {
    return (this.#status[4] as number) + (this.#status[5] as number) * 256;
  }

  /** Of the present level: what waits has its own in use. */
  get buffer(): ExactBuffer {
    const level = this.#level;
    if (level === 0) return this.#ownBuffer;
    this.#buffers[level] ??= new ExactBuffer(this.handle);
    return this.#buffers[level];
  }

  /** The application's code runs inside a statement. */
  get isInCallback(): boolean {
    return this.#status[0] !== 0;
  }

  get isTransaction(): boolean {
    return this.#isUsable ? binding.inTransaction(this.handle) : this.#status[1] !== 0;
  }

  /** No code of the application runs, or such as the engine lets use the connection. */
  get #isUsable(): boolean {
    return !this.isInCallback || this.#status[2] !== 0;
  }

  requireUsable(): void {
    if (this.#isUsable) return;
    if (this.#asking.isAsked) throw invalidState('database cannot be accessed from an authorizer callback');
    throw invalidState('database is busy: it cannot be used while in a callback');
  }
}

/** Says so while it asks. */
function whileAsked(ask: Ask, asking: Asking): Ask {
  return (...args) => {
    asking.isAsked = true;
    try {
      return ask(...args);
    } finally {
      asking.isAsked = false;
    }
  };
}

export class Connection {
  readonly #location: string;
  readonly options: CheckedOptions;
  readonly limits: Limits;
  #opened: Opened | undefined;
  #authorizer: Ask | null = null;
  readonly #asking: Asking = { isAsked: false };
  /** Copies on their way: they outlive a close. */
  readonly backups = new Set<Backup>();
  /** `enableLoadExtension` said so last. */
  extensionsEnabled: boolean;

  constructor(location: string, options: CheckedOptions) {
    this.#location = location;
    this.options = options;
    this.extensionsEnabled = options.allowExtension;
    this.limits = new Limits(
      {
        requireOpen: () => void this.opened,
        setLimit: (option, value) => this.setOption(option, value),
      },
      options.limits,
    );
    if (options.open) this.open();
  }

  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  get opened(): Opened {
    if (this.#opened === undefined) throw invalidState('database is not open');
    return this.#opened;
  }

  /** Whether what belongs to that one can still be used. */
  isCurrent(opened: Opened): boolean {
    return this.#opened === opened;
  }

  /** To work with: open, and not in the middle of something. */
  get ready(): Opened {
    const { opened } = this;
    opened.requireUsable();
    return opened;
  }

  open(): void {
    if (this.isOpen) throw invalidState('database is already open');
    requireBinding(null);
    const { readOnly, foreignKeys, doubleQuotedStrings, timeoutMs, defensive } = this.options;
    const mode = OPEN.OPEN_URI | (readOnly ? OPEN.OPEN_READONLY : OPEN.OPEN_READWRITE | OPEN.OPEN_CREATE);
    const opened = native(() => {
      const { path, kind, isReadOnly, mustExist } = readLocation(this.#location, mode);
      const handle = binding.open(path, kind, isReadOnly || readOnly, mustExist, Math.max(timeoutMs, 0), true, true);
      return new Opened(handle, this.#asking);
    });
    this.#opened = opened;
    finalizer.register(this, opened.handle, opened);
    for (const [option, value] of BUILD) this.setOption(option, value);
    this.setOption('foreignKeys', Number(foreignKeys));
    this.setOption('doubleQuotedStrings', Number(doubleQuotedStrings));
    this.setOption('defensive', Number(defensive));
    this.limits.begin();
    if (this.#authorizer !== null) this.setAuthorizer(this.#authorizer);
  }

  close(): void {
    const { opened } = this;
    if (opened.isInCallback) throw invalidState('database cannot be closed while in a callback');
    for (const backup of this.backups) backup.detach();
    this.#opened = undefined;
    finalizer.unregister(opened);
    native(() => binding.close(opened.handle));
  }

  /** What was prepared and begun on the connection is finalized; the connection stays. */
  forgetStatements(): Opened {
    const before = this.opened;
    const opened = new Opened(before.handle, this.#asking);
    finalizer.unregister(before);
    finalizer.register(this, opened.handle, opened);
    this.#opened = opened;
    return opened;
  }

  get hasAuthorizer(): boolean {
    return this.#authorizer !== null;
  }

  /** Stays when the database is closed and opened again. */
  setAuthorizer(ask: Ask | null): void {
    const { handle } = this.ready;
    this.#authorizer = ask;
    const asked = ask === null ? null : whileAsked(ask, this.#asking);
    native(() => binding.setAuthorizer(handle, asked));
  }

  setOption(option: ConnectionOption, value: number): void {
    binding.setOption(this.opened.handle, option, value);
  }
}

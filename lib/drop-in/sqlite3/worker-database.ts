/** A database in its worker thread: opens it as node-sqlite3 does, carries out requests, tells events. */
import { EngineError } from '../../errors.ts';
import type { ConnectionHandle, ConnectionOption, StatementHandle } from '../../native/binding.ts';
import { binding } from '../../native/load.ts';
import { SharedBuffer } from '../../native/shared-buffer.ts';
import { primaryCode, RESULT } from './constants.ts';
import { type Location, readLocation } from './location.ts';
import { WorkerBackup } from './worker-backup.ts';
import { type ExecutionWatch, WorkerStatement } from './worker-statement.ts';

/** A failure as an answer tells it. */
export interface Failure {
  readonly errno: number;
  readonly message: string;
}

type Emit = (name: 'trace' | 'profile' | 'change', ...args: (string | number)[]) => void;

/** node-sqlite3 sets it when it opens a database. */
const BUSY_TIMEOUT_MS = 1000;

/** Beyond every value. */
const MAX_LENGTH = 0x7fffffff;

/** How the SQLite inside node-sqlite3 is built, where that differs from better-sqlite3's. */
const BUILD: readonly (readonly [ConnectionOption, number])[] = [
  ['foreignKeys', 0],
  ['doubleQuotedStrings', 1],
  ['likeMatchesBlobs', 1],
  ['tclVariables', 1],
  ['defensive', 0],
  ['walSyncsLess', 0],
  ['shownLiteral', MAX_LENGTH],
];

export function failureOf(error: unknown): Failure {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { errno: primaryCode(error.code), message: error.message };
  }
  return { errno: RESULT.ERROR, message: error instanceof Error ? error.message : String(error) };
}

/**
 * What keeps a database from being opened at all. SQLite finds the rest only when a statement first looks at the file:
 * that it is no database, that somebody else holds it.
 */
const REFUSALS: ReadonlySet<number> = new Set([RESULT.CANTOPEN, RESULT.MISUSE, RESULT.PERM]);

interface Opened {
  readonly connection: ConnectionHandle;
  readonly buffer: SharedBuffer;
}

export class WorkerDatabase implements ExecutionWatch {
  readonly #location: Location;
  #opened: Opened | undefined;
  /** Options to set once it can be opened. */
  readonly #options: (readonly [ConnectionOption, number])[] = [...BUILD];
  readonly #emit: Emit;
  readonly #statements = new Map<number, WorkerStatement>();
  readonly #backups = new Map<number, WorkerBackup>();
  #isTraced = false;
  #isProfiled = false;
  #isWatched = false;

  constructor(filename: string, mode: number, emit: Emit) {
    this.#location = readLocation(filename, mode);
    this.#emit = emit;
    try {
      this.#open();
    } catch (error) {
      if (REFUSALS.has(failureOf(error).errno)) throw error;
    }
  }

  /** The number that interrupts it from another thread; 0 while it could not be opened. */
  get interruptId(): number {
    return this.#opened === undefined ? 0 : binding.interruptId(this.#opened.connection);
  }

  /** Opens it, now or, where that failed before, once more. */
  #open(): Opened {
    if (this.#opened !== undefined) return this.#opened;
    const { path, kind, isReadOnly, mustExist } = this.#location;
    const connection = binding.open(path, kind, isReadOnly, mustExist, BUSY_TIMEOUT_MS, true, true);
    for (const [option, value] of this.#options) binding.setOption(connection, option, value);
    if (this.#isWatched) binding.watchRows(connection, true);
    if (this.#isTraced) binding.traceTriggers(connection, true);
    this.#opened = { connection, buffer: new SharedBuffer(connection) };
    return this.#opened;
  }

  /** Closes the connection unless statements or backups are open. */
  close(): void {
    if (this.#statements.size > 0 || this.#backups.size > 0) {
      throw EngineError('unable to close due to unfinalized statements or unfinished backups', 'SQLITE_BUSY');
    }
    if (this.#opened !== undefined) binding.close(this.#opened.connection);
  }

  /** Closes it whatever is open. */
  abandon(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    for (const backup of this.#backups.values()) backup.finish();
    if (this.#opened !== undefined) binding.close(this.#opened.connection);
  }

  exec(sql: string): void {
    const { connection } = this.#open();
    try {
      if (this.#isTraced || this.#isProfiled) this.#execWatched(connection, sql);
      else binding.exec(connection, sql);
    } finally {
      this.stepped();
    }
  }

  /** Statement by statement, for those who want to see each. */
  #execWatched(connection: ConnectionHandle, sql: string): void {
    let rest = sql;
    for (;;) {
      const split = binding.splitFirst(connection, rest);
      if (split === null) return;
      const [first, following] = split;
      if (this.#isTraced) this.#emit('trace', first);
      const started = performance.now();
      try {
        binding.exec(connection, first);
      } finally {
        this.#tellTriggers();
      }
      if (this.#isProfiled) this.#emit('profile', first, performance.now() - started);
      rest = following;
    }
  }

  configure(setting: string, value: number): void {
    switch (setting) {
      case 'trace':
        this.#isTraced = value !== 0;
        if (this.#opened !== undefined) binding.traceTriggers(this.#opened.connection, this.#isTraced);
        break;
      case 'profile':
        this.#isProfiled = value !== 0;
        break;
      case 'change':
        this.#isWatched = value !== 0;
        if (this.#opened !== undefined) binding.watchRows(this.#opened.connection, this.#isWatched);
        break;
      default:
        this.#setOption(setting as ConnectionOption, Math.min(value, MAX_LENGTH));
    }
  }

  #setOption(option: ConnectionOption, value: number): void {
    if (this.#opened === undefined) this.#options.push([option, value]);
    else binding.setOption(this.#opened.connection, option, value);
  }

  prepare(id: number, sql: string): void {
    const { connection, buffer } = this.#open();
    const handle = binding.prepareFirst(connection, sql);
    this.#statements.set(id, new WorkerStatement(handle, buffer, this));
  }

  statement(id: number): WorkerStatement | undefined {
    return this.#statements.get(id);
  }

  finalize(id: number): void {
    this.#statements.get(id)?.finalize();
    this.#statements.delete(id);
  }

  beginBackup(id: number, place: string, schema: string): void {
    this.#backups.set(id, new WorkerBackup(this.#open().connection, place, schema, id));
  }

  /** A step's status and message, the pages left and in all, and whether it can go on. */
  stepBackup(id: number, pages: number, retried: readonly number[]): readonly [number, string, number, number, number] {
    const backup = this.#backups.get(id);
    if (backup === undefined) return [RESULT.MISUSE, 'bad parameter or other API misuse', -1, -1, 0];
    let [status, message]: [number, string] = [RESULT.OK, ''];
    try {
      status = backup.step(pages);
    } catch (error) {
      ({ errno: status, message } = failureOf(error));
      if (retried.length > 0 && !retried.includes(status)) this.finishBackup(id);
    }
    return [status, message, backup.remaining, backup.pageCount, backup.isActive ? 1 : 0];
  }

  finishBackup(id: number): void {
    this.#backups.get(id)?.finish();
    this.#backups.delete(id);
  }

  /** Rows changed by the last statement, and the last rowid. */
  counters(): readonly [lastID: number, changes: number] {
    const { connection, buffer } = this.#open();
    binding.readCounters(connection);
    return [buffer.lastRowid, buffer.changes];
  }

  started(handle: StatementHandle): (() => void) | undefined {
    if (this.#isTraced) this.#emit('trace', binding.expandedSql(handle));
    if (!this.#isProfiled) return undefined;
    const started = performance.now();
    return () => this.#emit('profile', binding.sourceText(handle), performance.now() - started);
  }

  #tellTriggers(): void {
    if (!this.#isTraced || this.#opened === undefined) return;
    for (const line of binding.tracedTriggers(this.#opened.connection)) this.#emit('trace', line);
  }

  stepped(): void {
    this.#tellTriggers();
    if (!this.#isWatched || this.#opened === undefined) return;
    const rows = binding.changedRows(this.#opened.connection);
    for (let at = 0; at < rows.length; at += 4) this.#emit('change', ...rows.slice(at, at + 4));
  }
}

/** A database in its worker thread: opens it as node-sqlite3 does, carries out requests, tells events. */
import { EngineError } from '../../errors.ts';
import type { ConnectionHandle, ConnectionOption, StatementHandle } from '../../native/binding.ts';
import { binding } from '../../native/load.ts';
import { SharedBuffer } from '../../native/shared-buffer.ts';
import { primaryCode, RESULT } from './constants.ts';
import { readLocation } from './location.ts';
import { type ExecutionWatch, WorkerStatement } from './worker-statement.ts';

/** A failure as an answer tells it. */
export interface Failure {
  readonly errno: number;
  readonly message: string;
}

type Emit = (name: 'trace' | 'profile' | 'change', ...args: (string | number)[]) => void;

/** node-sqlite3 sets it when it opens a database. */
const BUSY_TIMEOUT_MS = 1000;

/** How the SQLite inside node-sqlite3 is built, where that differs from better-sqlite3's. */
const BUILD: readonly (readonly [ConnectionOption, number])[] = [
  ['foreignKeys', 0],
  ['doubleQuotedStrings', 1],
  ['likeMatchesBlobs', 1],
  ['defensive', 0],
  ['walSyncsLess', 0],
];

const MAX_LENGTH = 0x7fffffff;

export function failureOf(error: unknown): Failure {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { errno: primaryCode(error.code), message: error.message };
  }
  return { errno: RESULT.ERROR, message: error instanceof Error ? error.message : String(error) };
}

export class WorkerDatabase implements ExecutionWatch {
  readonly connection: ConnectionHandle;
  readonly #buffer: SharedBuffer;
  readonly #emit: Emit;
  readonly #statements = new Map<number, WorkerStatement>();
  #isTraced = false;
  #isProfiled = false;
  #isWatched = false;

  constructor(filename: string, mode: number, emit: Emit) {
    const location = readLocation(filename, mode);
    const { path, kind, isReadOnly, mustExist } = location;
    this.connection = binding.open(path, kind, isReadOnly, mustExist, BUSY_TIMEOUT_MS, true, true);
    for (const [option, value] of BUILD) binding.setOption(this.connection, option, value);
    this.#buffer = new SharedBuffer(this.connection);
    this.#emit = emit;
  }

  /** Closes the connection unless statements are open. */
  close(): void {
    if (this.#statements.size > 0) {
      throw EngineError('unable to close due to unfinalized statements or unfinished backups', 'SQLITE_BUSY');
    }
    binding.close(this.connection);
  }

  /** Closes it whatever is open. */
  abandon(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    binding.close(this.connection);
  }

  exec(sql: string): void {
    try {
      if (this.#isTraced || this.#isProfiled) this.#execWatched(sql);
      else binding.exec(this.connection, sql);
    } finally {
      this.stepped();
    }
  }

  /** Statement by statement, for those who want to see each. */
  #execWatched(sql: string): void {
    let rest = sql;
    for (;;) {
      const split = binding.splitFirst(this.connection, rest);
      if (split === null) return;
      const [first, following] = split;
      if (this.#isTraced) this.#emit('trace', first);
      const started = performance.now();
      binding.exec(this.connection, first);
      if (this.#isProfiled) this.#emit('profile', first, performance.now() - started);
      rest = following;
    }
  }

  configure(setting: string, value: number): void {
    switch (setting) {
      case 'trace':
        this.#isTraced = value !== 0;
        break;
      case 'profile':
        this.#isProfiled = value !== 0;
        break;
      case 'change':
        this.#isWatched = value !== 0;
        binding.watchRows(this.connection, this.#isWatched);
        break;
      default:
        binding.setOption(this.connection, setting as ConnectionOption, Math.min(value, MAX_LENGTH));
    }
  }

  prepare(id: number, sql: string): void {
    const handle = binding.prepareFirst(this.connection, sql);
    this.#statements.set(id, new WorkerStatement(handle, this.#buffer, this));
  }

  statement(id: number): WorkerStatement | undefined {
    return this.#statements.get(id);
  }

  finalize(id: number): void {
    this.#statements.get(id)?.finalize();
    this.#statements.delete(id);
  }

  /** Rows changed by the last statement, and the last rowid. */
  counters(): readonly [lastID: number, changes: number] {
    binding.readCounters(this.connection);
    return [this.#buffer.lastRowid, this.#buffer.changes];
  }

  started(handle: StatementHandle): (() => void) | undefined {
    if (this.#isTraced) this.#emit('trace', binding.expandedSql(handle));
    if (!this.#isProfiled) return undefined;
    const started = performance.now();
    return () => this.#emit('profile', binding.sourceText(handle), performance.now() - started);
  }

  stepped(): void {
    if (!this.#isWatched) return;
    const rows = binding.changedRows(this.connection);
    for (let at = 0; at < rows.length; at += 4) this.#emit('change', ...rows.slice(at, at + 4));
  }
}

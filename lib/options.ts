/** The options of `new Database(path, options)`, checked with better-sqlite3's words and in its order. */

import type { MigrationPhase } from './native/binding.ts';

export interface Options {
  /** Open for reading only. */
  readonly?: boolean | undefined;
  /** Throw when the database does not exist instead of making it. */
  fileMustExist?: boolean | undefined;
  /** How long to wait for a lock, in milliseconds. Default 5000. */
  timeout?: number | undefined;
  /** Called with the text of every statement that runs. */
  verbose?: ((message?: unknown, ...additional: unknown[]) => void) | null | undefined;
  /** Where the addon is, for bundlers that put it elsewhere: a path, or what was loaded from it. */
  nativeBinding?: string | object | null | undefined;
  /**
   * What a new database becomes: a directory, or one file that may be copied, renamed and removed once it is closed.
   * What exists already is opened as it is. Default `'directory'`.
   */
  store?: StoreKind;
  /**
   * Where a SQLite file stands, convert it: the new database takes its place, the file is kept as
   * `<path>.sqlite-backup`. A function hears how far it has come; what it throws ends the conversion.
   */
  migrate?: boolean | ((progress: MigrationProgress) => void);
}

export interface MigrationProgress {
  readonly phase: MigrationPhase;
  /** The table that is copied or checked. */
  readonly table: string | null;
  /** Rows copied so far, of all tables. */
  readonly rows: number;
}

export type StoreKind = 'directory' | 'file';

export interface CheckedOptions {
  readonly isReadOnly: boolean;
  readonly mustExist: boolean;
  readonly timeoutMs: number;
  readonly verbose: ((message: unknown) => void) | null;
  readonly nativeBinding: string | object | null;
  readonly store: StoreKind;
  readonly migrate: boolean | ((progress: MigrationProgress) => void);
}

const DEFAULT_TIMEOUT_MS = 5000;
const MAX_INT32 = 0x7fffffff;

function booleanOption(options: Record<string, unknown>, key: string): boolean {
  if (!(key in options)) return false;
  const value = options[key];
  if (typeof value !== 'boolean') throw new TypeError(`Expected the "${key}" option to be a boolean`);
  return value;
}

const isInt32 = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_INT32;

export function checkDescriptor(descriptor: number): void {
  if (!isInt32(descriptor)) throw new TypeError('Expected the file descriptor to be a non-negative 32-bit integer');
}

/** better-sqlite3's databases in file descriptors: the journal's comes with the file's, or not at all. */
function checkJournal(given: Record<string, unknown>, isDescriptor: boolean): void {
  const journal = given['journalFd'];
  if (isDescriptor && journal === undefined) {
    throw new TypeError('The "journalFd" option is required when opening a database from a file descriptor');
  }
  if (!isDescriptor && journal !== undefined) {
    throw new TypeError('The "journalFd" option can only be used when opening a database from a file descriptor');
  }
  if (journal !== undefined && !isInt32(journal)) {
    throw new TypeError('Expected the "journalFd" option to be a non-negative 32-bit integer');
  }
}

/** What is to be opened, as far as the options' rules ask. */
export interface Target {
  /** In memory or temporary, and empty: read-only it would stay so. */
  readonly isEmptyForGood: boolean;
  readonly isDescriptor: boolean;
}

export function checkOptions(options: unknown, { isEmptyForGood, isDescriptor }: Target): CheckedOptions {
  if (options != null && typeof options !== 'object') throw new TypeError('Expected second argument to be an options object');
  const given = (options ?? {}) as Record<string, unknown>;
  if ('readOnly' in given) throw new TypeError('Misspelled option "readOnly" should be "readonly"');
  if ('memory' in given) throw new TypeError('Option "memory" was removed in v7.0.0 (use ":memory:" filename instead)');
  const isReadOnly = booleanOption(given, 'readonly');
  const mustExist = booleanOption(given, 'fileMustExist');
  if (isReadOnly && isEmptyForGood) throw new TypeError('In-memory/temporary databases cannot be readonly');
  const timeout = 'timeout' in given ? given['timeout'] : DEFAULT_TIMEOUT_MS;
  if (!Number.isInteger(timeout) || (timeout as number) < 0) {
    throw new TypeError('Expected the "timeout" option to be a positive integer');
  }
  if ((timeout as number) > MAX_INT32) throw new RangeError('Option "timeout" cannot be greater than 2147483647');
  const verbose = given['verbose'] ?? null;
  if (verbose !== null && typeof verbose !== 'function') {
    throw new TypeError('Expected the "verbose" option to be a function');
  }
  checkJournal(given, isDescriptor);
  const nativeBinding = given['nativeBinding'] ?? null;
  if (nativeBinding !== null && typeof nativeBinding !== 'string' && typeof nativeBinding !== 'object') {
    throw new TypeError('Expected the "nativeBinding" option to be a string or addon object');
  }
  const store = 'store' in given ? given['store'] : 'directory';
  if (store !== 'directory' && store !== 'file') {
    throw new TypeError('Expected the "store" option to be "directory" or "file"');
  }
  const migrate = 'migrate' in given ? given['migrate'] : false;
  if (typeof migrate !== 'boolean' && typeof migrate !== 'function') {
    throw new TypeError('Expected the "migrate" option to be a boolean or a function');
  }
  return {
    isReadOnly,
    mustExist,
    timeoutMs: timeout as number,
    verbose: verbose as CheckedOptions['verbose'],
    nativeBinding,
    store,
    migrate: migrate as CheckedOptions['migrate'],
  };
}

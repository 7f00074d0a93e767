/** The options of `new Database(path, options)`, checked with better-sqlite3's words. */

export interface Options {
  /** Open for reading only. */
  readonly?: boolean;
  /** Throw when the database does not exist instead of making it. */
  fileMustExist?: boolean;
  /** How long to wait for a lock, in milliseconds. Default 5000. */
  timeout?: number;
  /** Called with the text of every statement that runs. */
  verbose?: ((message: unknown, ...additional: unknown[]) => void) | null;
}

export interface CheckedOptions {
  readonly isReadOnly: boolean;
  readonly mustExist: boolean;
  readonly timeoutMs: number;
  readonly verbose: ((message: unknown) => void) | null;
}

const MAX_TIMEOUT = 0x7fffffff;

function booleanOption(options: Record<string, unknown>, key: string): boolean {
  if (!(key in options)) return false;
  const value = options[key];
  if (typeof value !== 'boolean') throw new TypeError(`Expected the "${key}" option to be a boolean`);
  return value;
}

export function checkOptions(options: unknown): CheckedOptions {
  if (options == null) return { isReadOnly: false, mustExist: false, timeoutMs: 5000, verbose: null };
  if (typeof options !== 'object') throw new TypeError('Expected second argument to be an options object');
  const given = options as Record<string, unknown>;
  if ('readOnly' in given) throw new TypeError('Misspelled option "readOnly" should be "readonly"');
  if ('memory' in given) throw new TypeError('Option "memory" was removed in v7.0.0 (use ":memory:" filename instead)');
  const isReadOnly = booleanOption(given, 'readonly');
  const mustExist = booleanOption(given, 'fileMustExist');
  const timeout = 'timeout' in given ? given['timeout'] : 5000;
  if (!Number.isInteger(timeout) || (timeout as number) < 0) {
    throw new TypeError('Expected the "timeout" option to be a positive integer');
  }
  if ((timeout as number) > MAX_TIMEOUT) throw new RangeError('Option "timeout" cannot be greater than 2147483647');
  const verbose = given['verbose'] ?? null;
  if (verbose !== null && typeof verbose !== 'function') {
    throw new TypeError('Expected the "verbose" option to be a function');
  }
  return { isReadOnly, mustExist, timeoutMs: timeout as number, verbose: verbose as CheckedOptions['verbose'] };
}

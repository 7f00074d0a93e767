/** The error that a failing statement throws. */

/** A SQLite error: `message` is SQLite's text, `code` its extended result code by name (`SQLITE_CONSTRAINT_UNIQUE`). */
class SqliteError extends Error {
  code: string;

  constructor(message: string, code: string) {
    if (typeof code !== 'string') throw new TypeError('Expected second argument to be a string');
    super(`${message}`);
    this.code = code;
  }
}

Object.defineProperty(SqliteError.prototype, 'name', {
  value: 'SqliteError',
  enumerable: false,
  writable: true,
  configurable: true,
});

/**
 * The addon throws one class of errors in a process, and there may be several copies of this module: entries are bundled
 * apart, each as a module and for `require`. The first copy's class is everybody's, so that `instanceof` holds for all.
 */
const SHARED = Symbol.for('pluresdb.SqliteError');
const holder = globalThis as { [SHARED]?: typeof SqliteError };
if (!Object.hasOwn(holder, SHARED)) Object.defineProperty(holder, SHARED, { value: SqliteError });
const Shared = holder[SHARED] ?? SqliteError;
type Shared = SqliteError;

export { Shared as SqliteError };

/**
 * What the addon constructs: a SqliteError whose `cause` tells what SQLite's text does not: who holds the database,
 * which block is bad.
 */
export function EngineError(message: string, code: string, detail?: string): SqliteError {
  const error = new Shared(message, code);
  if (detail !== undefined)
    Object.defineProperty(error, 'cause', { value: detail, enumerable: false, configurable: true, writable: true });
  Error.captureStackTrace(error, EngineError);
  return error;
}

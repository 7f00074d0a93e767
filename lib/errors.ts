/** The error that a failing statement throws. */

/** A SQLite error: `message` is SQLite's text, `code` its extended result code by name (`SQLITE_CONSTRAINT_UNIQUE`). */
export class SqliteError extends Error {
  code: string;

  constructor(message: string, code: string) {
    if (typeof code !== 'string') throw new TypeError('Expected second argument to be a string');
    super(`${message}`);
    this.code = code;
  }
}

/**
 * What the addon constructs: a SqliteError whose `cause` tells what SQLite's text does not: who holds the database,
 * which block is bad.
 */
export function EngineError(message: string, code: string, detail?: string): SqliteError {
  const error = new SqliteError(message, code);
  if (detail !== undefined)
    Object.defineProperty(error, 'cause', { value: detail, enumerable: false, configurable: true, writable: true });
  Error.captureStackTrace(error, EngineError);
  return error;
}

Object.defineProperty(SqliteError.prototype, 'name', {
  value: 'SqliteError',
  enumerable: false,
  writable: true,
  configurable: true,
});

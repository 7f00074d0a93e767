/** The error that a failing statement throws. */

/** A SQLite error: `message` is SQLite's text, `code` its extended result code by name (`SQLITE_CONSTRAINT_UNIQUE`). */
export interface SqliteError extends Error {
  code: string;
}

export interface SqliteErrorConstructor {
  new (message: string, code: string): SqliteError;
  (message: string, code: string): SqliteError;
  readonly prototype: SqliteError;
}

/** Written as a function because better-sqlite3's may be called without `new`. */
function construct(this: unknown, message: string, code: string): SqliteError {
  if (new.target === undefined) return new SqliteError(message, code);
  if (typeof code !== 'string') throw new TypeError('Expected second argument to be a string');
  const error = Reflect.construct(Error, [`${message}`], new.target) as SqliteError;
  Object.defineProperty(error, 'message', { value: `${message}`, enumerable: false, configurable: true, writable: true });
  error.code = code;
  return error;
}

export const SqliteError = construct as unknown as SqliteErrorConstructor;

Object.setPrototypeOf(SqliteError, Error);
Object.defineProperty(SqliteError, 'name', { value: 'SqliteError', configurable: true });
Object.defineProperty(SqliteError, 'prototype', { value: Object.create(Error.prototype), writable: false });
Object.defineProperties(SqliteError.prototype, {
  constructor: { value: SqliteError, enumerable: false, writable: true, configurable: true },
  name: { value: 'SqliteError', enumerable: false, writable: true, configurable: true },
});

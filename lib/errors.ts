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

Object.defineProperty(SqliteError.prototype, 'name', {
  value: 'SqliteError',
  enumerable: false,
  writable: true,
  configurable: true,
});

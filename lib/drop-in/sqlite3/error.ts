/** Errors as node-sqlite3 makes them: plain ones, with the primary result code as number and as name. */
import { resultName } from './constants.ts';

export interface Sqlite3Error extends Error {
  /** The primary result code. */
  errno: number;
  /** Its name: `SQLITE_CONSTRAINT`. */
  code: string;
}

/** They come out of another thread: there is no stack to tell of, and collecting one would cost more than the rest. */
export function createError(errno: number, message: string): Sqlite3Error {
  const code = resultName(errno);
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Error(`${code}: ${message}`);
  Error.stackTraceLimit = stackTraceLimit;
  return Object.assign(error, { errno, code });
}

/**
 * Errors as Node makes them: JavaScript's own classes with a `code`.
 *
 * What SQLite refuses is an `Error` with `code: 'ERR_SQLITE_ERROR'`, the extended result code as `errcode` and SQLite's
 * words for that code as `errstr`; the message is SQLite's for this failure.
 */
import { SqliteError } from '../../errors.ts';
import { resultOf } from './result-codes.ts';

export interface NodeError extends Error {
  code: string;
  errcode?: number;
  errstr?: string;
}

type ErrorClass = new (message: string) => Error;

function coded(errorClass: ErrorClass, code: string, message: string): NodeError {
  return Object.assign(new errorClass(message), { code });
}

export const invalidArgType = (message: string): NodeError => coded(TypeError, 'ERR_INVALID_ARG_TYPE', message);
export const invalidArgValue = (message: string): NodeError => coded(TypeError, 'ERR_INVALID_ARG_VALUE', message);
export const invalidState = (message: string): NodeError => coded(Error, 'ERR_INVALID_STATE', message);
export const outOfRange = (message: string): NodeError => coded(RangeError, 'ERR_OUT_OF_RANGE', message);
export const invalidUrlScheme = (): NodeError => coded(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file:');
export const extensionError = (message: string): NodeError => coded(Error, 'ERR_LOAD_SQLITE_EXTENSION', message);
export const illegalConstructor = (): NodeError => coded(Error, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor');
export const constructCallRequired = (): NodeError =>
  coded(TypeError, 'ERR_CONSTRUCT_CALL_REQUIRED', 'Cannot call constructor without `new`');

/** A method was called on something else. */
export const illegalInvocation = (): TypeError => new TypeError('Illegal invocation');

/** A failure with the name of its extended result code. */
export function sqliteError(message: string, name: string): NodeError {
  const [errcode, errstr] = resultOf(name);
  return Object.assign(coded(Error, 'ERR_SQLITE_ERROR', message), { errcode, errstr });
}

/** A failure that Node words itself, without asking SQLite. */
export const plainSqliteError = (message: string): NodeError => coded(Error, 'ERR_SQLITE_ERROR', message);

/** Whether it is SQLite's, and nothing that the application threw. */
export const isSqliteError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';

/** What the addon threw as Node would have thrown it; what the application threw stays as it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof SqliteError)) return error;
  // Node hands over texts without their length, and SQLite's limit then says this.
  const message = error.message === 'statement too long' ? 'string or blob too big' : error.message;
  return sqliteError(message, error.code);
}

/** Calls the addon. */
export function native<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw translated(error);
  }
}

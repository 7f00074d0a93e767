/** The numbers that node-sqlite3 exports, and the names of result codes. */

export const OPEN = {
  OPEN_READONLY: 0x1,
  OPEN_READWRITE: 0x2,
  OPEN_CREATE: 0x4,
  OPEN_FULLMUTEX: 0x10000,
  OPEN_URI: 0x40,
  OPEN_SHAREDCACHE: 0x20000,
  OPEN_PRIVATECACHE: 0x40000,
} as const;

/** Not exported, but accepted in a mode as SQLite does. */
export const OPEN_MEMORY = 0x80;

export const RESULT = {
  OK: 0,
  ERROR: 1,
  INTERNAL: 2,
  PERM: 3,
  ABORT: 4,
  BUSY: 5,
  LOCKED: 6,
  NOMEM: 7,
  READONLY: 8,
  INTERRUPT: 9,
  IOERR: 10,
  CORRUPT: 11,
  NOTFOUND: 12,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  EMPTY: 16,
  SCHEMA: 17,
  TOOBIG: 18,
  CONSTRAINT: 19,
  MISMATCH: 20,
  MISUSE: 21,
  NOLFS: 22,
  AUTH: 23,
  FORMAT: 24,
  RANGE: 25,
  NOTADB: 26,
} as const;

/** What a step comes to; no errors, and not exported. */
export const ROW = 100;
export const DONE = 101;

export const LIMIT = {
  LIMIT_LENGTH: 0,
  LIMIT_SQL_LENGTH: 1,
  LIMIT_COLUMN: 2,
  LIMIT_EXPR_DEPTH: 3,
  LIMIT_COMPOUND_SELECT: 4,
  LIMIT_VDBE_OP: 5,
  LIMIT_FUNCTION_ARG: 6,
  LIMIT_ATTACHED: 7,
  LIMIT_LIKE_PATTERN_LENGTH: 8,
  LIMIT_VARIABLE_NUMBER: 9,
  LIMIT_TRIGGER_DEPTH: 10,
  LIMIT_WORKER_THREADS: 11,
} as const;

/** Of the SQLite whose dialect and answers the engine has. */
export const RELEASE = {
  VERSION: '3.54.1',
  SOURCE_ID: '2026-10-16 14:45:20 555e07ef33f69a0957d24d8e555b702464a131d6f1607f4c3c1e4551e8e6ca76',
  VERSION_NUMBER: 3054001,
} as const;

const NAMES = new Map<number, string>([
  ...Object.entries(RESULT).map(([name, code]) => [code, `SQLITE_${name}`] as const),
  [ROW, 'SQLITE_ROW'],
  [DONE, 'SQLITE_DONE'],
]);

/** `SQLITE_CONSTRAINT` of 19. */
export function resultName(code: number): string {
  return NAMES.get(code) ?? 'UNKNOWN';
}

const CODES = new Map(Object.entries(RESULT));

/** The primary code of an extended one's name: 19 of `SQLITE_CONSTRAINT_UNIQUE`. */
export function primaryCode(name: string): number {
  return CODES.get(name.split('_')[1] ?? '') ?? RESULT.ERROR;
}

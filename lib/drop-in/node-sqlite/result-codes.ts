/** Result codes by name: their numbers, and SQLite's words for them (`sqlite3_errstr`). */

const WORDS: Readonly<Record<string, readonly [code: number, words: string]>> = {
  SQLITE_OK: [0, 'not an error'],
  SQLITE_ERROR: [1, 'SQL logic error'],
  SQLITE_INTERNAL: [2, 'unknown error'],
  SQLITE_PERM: [3, 'access permission denied'],
  SQLITE_ABORT: [4, 'query aborted'],
  SQLITE_BUSY: [5, 'database is locked'],
  SQLITE_LOCKED: [6, 'database table is locked'],
  SQLITE_NOMEM: [7, 'out of memory'],
  SQLITE_READONLY: [8, 'attempt to write a readonly database'],
  SQLITE_INTERRUPT: [9, 'interrupted'],
  SQLITE_IOERR: [10, 'disk I/O error'],
  SQLITE_CORRUPT: [11, 'database disk image is malformed'],
  SQLITE_NOTFOUND: [12, 'unknown operation'],
  SQLITE_FULL: [13, 'database or disk is full'],
  SQLITE_CANTOPEN: [14, 'unable to open database file'],
  SQLITE_PROTOCOL: [15, 'locking protocol'],
  SQLITE_EMPTY: [16, 'unknown error'],
  SQLITE_SCHEMA: [17, 'database schema has changed'],
  SQLITE_TOOBIG: [18, 'string or blob too big'],
  SQLITE_CONSTRAINT: [19, 'constraint failed'],
  SQLITE_MISMATCH: [20, 'datatype mismatch'],
  SQLITE_MISUSE: [21, 'bad parameter or other API misuse'],
  SQLITE_NOLFS: [22, 'unknown error'],
  SQLITE_AUTH: [23, 'authorization denied'],
  SQLITE_FORMAT: [24, 'unknown error'],
  SQLITE_RANGE: [25, 'column index out of range'],
  SQLITE_NOTADB: [26, 'file is not a database'],
};

/** Of extended codes: what stands above the primary one, and words of their own. */
const EXTENDED: Readonly<Record<string, readonly [primary: string, number: number, words?: string]>> = {
  SQLITE_ERROR_MISSING_COLLSEQ: ['SQLITE_ERROR', 1],
  SQLITE_ABORT_ROLLBACK: ['SQLITE_ABORT', 2, 'abort due to ROLLBACK'],
  SQLITE_BUSY_SNAPSHOT: ['SQLITE_BUSY', 2],
  SQLITE_READONLY_DBMOVED: ['SQLITE_READONLY', 4],
  SQLITE_CONSTRAINT_CHECK: ['SQLITE_CONSTRAINT', 1],
  SQLITE_CONSTRAINT_FOREIGNKEY: ['SQLITE_CONSTRAINT', 3],
  SQLITE_CONSTRAINT_NOTNULL: ['SQLITE_CONSTRAINT', 5],
  SQLITE_CONSTRAINT_PRIMARYKEY: ['SQLITE_CONSTRAINT', 6],
  SQLITE_CONSTRAINT_TRIGGER: ['SQLITE_CONSTRAINT', 7],
  SQLITE_CONSTRAINT_UNIQUE: ['SQLITE_CONSTRAINT', 8],
  SQLITE_CONSTRAINT_ROWID: ['SQLITE_CONSTRAINT', 10],
  SQLITE_CONSTRAINT_DATATYPE: ['SQLITE_CONSTRAINT', 12],
};

/** Number and words of an extended result code. */
export function resultOf(name: string): readonly [errcode: number, errstr: string] {
  const extended = EXTENDED[name];
  const [code, words] = WORDS[extended?.[0] ?? name] ?? [1, 'SQL logic error'];
  return extended === undefined ? [code, words] : [code | (extended[1] << 8), extended[2] ?? words];
}

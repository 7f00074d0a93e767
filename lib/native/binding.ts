/** What the addon offers (native/src/function.rs). Handles are integers; only this library calls these. */

export type ConnectionHandle = number;
export type StatementHandle = number;

/** `[name, column, table, database, declared type]`. */
export type ColumnDescription = readonly [string, string | null, string | null, string | null, string | null];

/** The string that holds a block's text, 0 when it has none. */
export type Heap = string | 0;

/** `[parameters, columns, flags, open(…parameters) → cursor, next(cursor) → row | undefined, close(cursor), types]`. */
export type TableDeclaration = readonly [
  parameters: readonly string[],
  columns: readonly string[],
  flags: number,
  open: (...parameters: unknown[]) => Generator<readonly unknown[]>,
  next: (cursor: Generator<readonly unknown[]>) => readonly unknown[] | undefined,
  close: (cursor: Generator<readonly unknown[]>) => void,
  /** Declared ones, or none at all. */
  types: readonly string[],
];

export type ConnectionOption =
  | 'foreignKeys'
  | 'doubleQuotedStrings'
  | 'likeMatchesBlobs'
  | 'tclVariables'
  | 'defensive'
  | 'reentrant'
  | 'limitedChanges'
  | 'samples'
  | 'walSyncsLess'
  | 'busyTimeoutMs'
  | 'length'
  | 'sqlLength'
  | 'parameter'
  | 'patternLength'
  | 'attached'
  | 'column'
  | 'exprDepth'
  | 'compoundSelect'
  | 'vdbeOp'
  | 'functionArg'
  | 'triggerDepth'
  | 'shownLiteral';

/** See native/src/column_array.rs. */
export type RawColumn =
  | [kind: 0, validity: ArrayBuffer | null]
  | [kind: 1 | 2 | 3 | 4, validity: ArrayBuffer | null, values: ArrayBuffer]
  | [
      kind: 5,
      validity: ArrayBuffer | null,
      codes: ArrayBuffer,
      width: 1 | 2 | 4,
      lengths: ArrayBuffer,
      ...stringsAndCounts: (string | number)[],
    ]
  | [kind: 6, validity: ArrayBuffer | null, bytes: ArrayBuffer, ends: ArrayBuffer]
  | [kind: 7, validity: ArrayBuffer | null, values: unknown[]];

export type MigrationPhase = 'copy' | 'check' | 'backup' | 'swap' | 'clean';

export interface Binding {
  setErrorClass(errorClass: unknown): void;
  /**
   * kind: 0 a path, 1 `:memory:`, 2 temporary. `asFile`: a new database is one file, not a directory. `migrate`
   * converts a SQLite file.
   */
  open(
    path: string,
    kind: 0 | 1 | 2,
    readOnly: boolean,
    mustExist: boolean,
    timeoutMs: number,
    asFile: boolean,
    migrate: boolean | ((phase: MigrationPhase, table: string | null, rows: number) => void),
  ): ConnectionHandle;
  /** A database in memory out of the bytes of a SQLite file. */
  openBytes(bytes: Uint8Array, readOnly: boolean, timeoutMs: number): ConnectionHandle;
  /** The bytes of a SQLite file; null when there is no database of that name. */
  serialize(connection: ConnectionHandle, schema: string): Buffer | null;
  close(connection: ConnectionHandle): void;
  setBuffer(connection: ConnectionHandle, buffer: ArrayBuffer): void;
  /** Where the addon writes what holds while the engine calls JavaScript: `[depth of such calls, in a transaction]`. */
  setStatus(connection: ConnectionHandle, status: ArrayBuffer): void;
  /**
   * `argumentCount`: ANY_ARGUMENTS for any number. `many(from, to)` makes calls whose arguments stand in `numbers`, and puts
   * results there: native/src/callback.rs.
   */
  defineFunction(
    connection: ConnectionHandle,
    name: string,
    argumentCount: number,
    flags: number,
    fn: unknown,
    many?: unknown,
    numbers?: ArrayBuffer,
  ): void;
  defineAggregate(
    connection: ConnectionHandle,
    name: string,
    argumentCount: number,
    flags: number,
    start: () => object,
    step: unknown,
    inverse: unknown,
    result: unknown,
    many?: unknown,
    numbers?: ArrayBuffer,
  ): void;
  /**
   * `factory(module, database, table, …arguments)` makes a TableDeclaration. `uses`: 0 for CREATE VIRTUAL TABLE, 1 a table by
   * itself, 2 both.
   */
  defineTable(connection: ConnectionHandle, name: string, uses: 0 | 1 | 2, factory: unknown): void;
  /** `compare(a, b)` makes a number. */
  defineCollation(connection: ConnectionHandle, name: string, compare: unknown): void;
  /** Makes the running statement fail, also from inside a function it calls. */
  interrupt(connection: ConnectionHandle): void;
  /** A number that interrupts this connection from any thread of the process. */
  interruptId(connection: ConnectionHandle): number;
  interruptById(id: number): void;
  /** What differs between builds of SQLite, and its run-time limits. */
  setOption(connection: ConnectionHandle, name: ConnectionOption, value: number): void;
  /** Whether `changedRows` has anything to tell. */
  watchRows(connection: ConnectionHandle, isWatching: boolean): void;
  /** `[kind, database, table, rowid, kind, …]` of the rows changed since the last call. */
  changedRows(connection: ConnectionHandle): readonly (string | number)[];
  /** Whether `tracedTriggers` has anything to tell. */
  traceTriggers(connection: ConnectionHandle, isTracing: boolean): void;
  /** What SQLite's trace shows of triggers and their statements that began since the last call. */
  tracedTriggers(connection: ConnectionHandle): readonly string[];
  /** Writes `changes()` and `last_insert_rowid()` to the buffer's start, as `run` leaves them. */
  readCounters(connection: ConnectionHandle): void;
  /** Which version of a database `serialize` would write; null while the connection is writing another one. */
  committedVersion(connection: ConnectionHandle, schema: string): number | null;
  inTransaction(connection: ConnectionHandle): boolean;
  /** Where a database of the connection lies: empty in memory, null when there is none of that name. */
  databaseFile(connection: ConnectionHandle, schema: string): string | null;
  /** Whom to ask what statements may do: 0 is allowed, 1 denied, 2 ignored. */
  setAuthorizer(
    connection: ConnectionHandle,
    ask:
      | ((code: number, first: string | null, second: string | null, database: string | null, context: string | null) => number)
      | null,
  ): void;
  /**
   * Puts what a SQLite file's bytes hold in a database's place, in memory; false when there is none of that name. Statements of
   * before must not be used any more.
   */
  replaceDatabase(connection: ConnectionHandle, schema: string, bytes: Uint8Array): boolean;
  /** Begins to record what changes in a database: in one table, or in all. */
  beginRecording(connection: ConnectionHandle, database: string, table: string | null): number;
  endRecording(connection: ConnectionHandle, recorder: number): void;
  /** SQLite's changeset, or patchset, of what was recorded. */
  recordedChanges(connection: ConnectionHandle, recorder: number, asPatchset: boolean): Buffer;
  /** `filter`: 1 for tables whose changes are applied; `conflict`: 0 omit, 1 replace, 2 abort, anything else is a mistake. */
  applyChangeset(
    connection: ConnectionHandle,
    changeset: Uint8Array,
    filter: (table: string) => number,
    conflict: (kind: number) => number,
  ): void;
  exec(connection: ConnectionHandle, sql: string): void;
  /** The text's first statement, ready to log, and what follows it; null when there is none. */
  splitFirst(connection: ConnectionHandle, sql: string): readonly [string, string] | null;
  /** The text must hold exactly one statement; as `describe`, it writes what the statement is. */
  prepare(connection: ConnectionHandle, sql: string): StatementHandle;
  /** The text's first statement, whatever follows it; null when there is none. */
  prepareFirst(connection: ConnectionHandle, sql: string): StatementHandle | null;
  /** A statement's text as given, to its semicolon. */
  sourceText(statement: StatementHandle): string;
  /** To be called once for every statement, also after its connection was closed. */
  finalize(statement: StatementHandle): void;
  /** As `finalize`, for a statement whose text is not expected again. */
  discard(statement: StatementHandle): void;
  /** Whether the schema is still the one the statement was prepared for. */
  isCurrent(statement: StatementHandle): boolean;
  /** Another statement of the same text, with the same columns until it is run; described in the buffer. Null: prepare it. */
  copy(statement: StatementHandle): StatementHandle | null;
  /** Writes to the buffer's start: flags and above them the columns' number, numbers of parameters and columns, compilation. */
  describe(statement: StatementHandle): void;
  /**
   * What it has done: steps of full scans, sorts, rows of automatic indexes, runs, compilations after the first. Counted from
   * now on when it `restarts`.
   */
  statementWork(statement: StatementHandle, restarts: boolean): readonly [number, number, number, number, number];
  /** With their prefixes; null for `?`. */
  parameterNames(statement: StatementHandle): readonly (string | null)[];
  /** The names as one string that tells them apart: `4:name2:id`, lengths in units of UTF-16. */
  columnNames(statement: StatementHandle): string;
  describeColumns(statement: StatementHandle): readonly ColumnDescription[];
  setWideParameter(statement: StatementHandle, index: number, value: string | ArrayBufferView): void;
  /** Gives the parameters in the buffer to the statement; they stay until the next ones. */
  bind(statement: StatementHandle, parameterCount: number): void;
  run(statement: StatementHandle, parameterCount: number): void;
  get(statement: StatementHandle, parameterCount: number, flags: number): Heap | undefined;
  block(statement: StatementHandle, parameterCount: number, maxRows: number, flags: number): Heap;
  /** The whole result: how many rows, and its columns. */
  columns(statement: StatementHandle, parameterCount: number, flags: number): [rows: number, ...columns: RawColumn[]];
  /**
   * Runs a query on another thread: a promise of its number, once it has ended. undefined: it calls code of the application.
   * `maxRows`: 0 for the result by column.
   */
  startJob(statement: StatementHandle, parameterCount: number, maxRows: number, flags: number): Promise<number> | undefined;
  /** The next block of its rows; throws what the query failed with. */
  jobBlock(connection: ConnectionHandle, job: number): Heap;
  interruptJobs(): void;
  jobColumns(job: number, flags: number): [rows: number, ...columns: RawColumn[]];
  reset(statement: StatementHandle): void;
  wideValue(connection: ConnectionHandle, index: number): string | Buffer;
  expandedSql(statement: StatementHandle): string;
}

/** As `parameterCount` of `block`: go on with the rows of the last call, or start with the parameters bound before. */
export const CONTINUE = 0xffffffff;
/** Flags of a statement's description. */
export const IS_READ_ONLY = 1;
export const RETURNS_ROWS = 2;
export const HAS_NAMED_PARAMETERS = 4;
/** Flag of `get`, `block` and of what JavaScript defines. */
export const SAFE_INTEGERS = 1;
/** Another such flag: as bigints come only integers that a number does not hold. */
export const EXACT_INTEGERS = 16;
/** Of a block: it ends with a row for which code of the application was called. */
export const LAZY = 32;
/** Flags of what JavaScript defines. */
export const DETERMINISTIC = 2;
export const DIRECT_ONLY = 4;
export const HAS_INVERSE = 8;
/** As `argumentCount`. */
export const ANY_ARGUMENTS = 0xffffffff;

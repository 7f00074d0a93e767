/** The declarations of `pluresdb/node-sqlite`: those of Node's `node:sqlite`, so that typed code compiles against either. */

export type SQLInputValue = null | number | bigint | string | NodeJS.ArrayBufferView;
export type SQLOutputValue = null | number | bigint | string | Uint8Array<ArrayBuffer>;

/** A file's name, its bytes, or a `file:` URL. */
export type PathLike = string | Buffer | URL;

export interface DatabaseLimits {
  /** The longest text or blob, in bytes. */
  length: number;
  /** The longest statement, in bytes. */
  sqlLength: number;
  /** Columns of a table, a result, an index. */
  column: number;
  /** How deep expressions are nested. */
  exprDepth: number;
  /** Arms of a compound SELECT. */
  compoundSelect: number;
  /** Instructions of a statement; it is remembered only. */
  vdbeOp: number;
  /** Arguments of a function. */
  functionArg: number;
  /** Databases beside main and temp. */
  attach: number;
  /** The longest pattern of LIKE and GLOB, in bytes. */
  likePatternLength: number;
  /** The highest parameter. */
  variableNumber: number;
  /** How deep triggers set off triggers. */
  triggerDepth: number;
}

/** What statements begin with. */
export interface PrepareOptions {
  /** Integers come as bigints. */
  readBigInts?: boolean | undefined;
  /** Rows come as arrays. */
  returnArrays?: boolean | undefined;
  /** Named parameters may be given without the letter before them. Default true. */
  allowBareNamedParameters?: boolean | undefined;
  /** Names that the statement does not have are ignored. */
  allowUnknownNamedParameters?: boolean | undefined;
}

export interface DatabaseSyncOptions extends PrepareOptions {
  /** Open it in the constructor. Default true. */
  open?: boolean | undefined;
  readOnly?: boolean | undefined;
  /** Default true. */
  enableForeignKeyConstraints?: boolean | undefined;
  enableDoubleQuotedStringLiterals?: boolean | undefined;
  allowExtension?: boolean | undefined;
  /** How long to wait for a lock, in milliseconds. Default 0. */
  timeout?: number | undefined;
  /** Default true. */
  defensive?: boolean | undefined;
  limits?: { [Name in keyof DatabaseLimits]?: number | undefined } | undefined;
}

export interface CreateSessionOptions {
  /** Record this table alone. */
  table?: string | undefined;
  /** Which database: main or an attached one. */
  db?: string | undefined;
}

export interface ApplyChangesetOptions {
  /** Whether a table's changes are applied. */
  filter?: ((tableName: string) => boolean) | undefined;
  /** What to do where a change does not fit: one of SQLITE_CHANGESET_OMIT, _REPLACE and _ABORT. */
  onConflict?: ((conflictType: number) => number) | undefined;
}

export interface DeserializeOptions {
  dbName?: string | undefined;
}

export interface FunctionOptions {
  deterministic?: boolean | undefined;
  directOnly?: boolean | undefined;
  useBigIntArguments?: boolean | undefined;
  varargs?: boolean | undefined;
}

export interface AggregateOptions<T extends SQLInputValue = SQLInputValue> extends FunctionOptions {
  start: T | (() => T);
  step: (accumulator: T, ...args: SQLOutputValue[]) => T;
  result?: ((accumulator: T) => SQLInputValue) | undefined;
  inverse?: ((accumulator: T, ...args: SQLOutputValue[]) => T) | undefined;
}

export interface ModuleColumn {
  name: string;
  type: 'INTEGER' | 'TEXT' | 'REAL' | 'BLOB' | 'ANY';
  /** An argument of the table: it is given to `rows`. */
  hidden?: boolean | undefined;
}

export interface ModuleOptions {
  columns: readonly ModuleColumn[];
  rows: (...args: SQLOutputValue[]) => Iterable<readonly (SQLInputValue | undefined)[]>;
  directOnly?: boolean | undefined;
  useBigIntArguments?: boolean | undefined;
}

export type Authorizer = (
  actionCode: number,
  arg1: string | null,
  arg2: string | null,
  dbName: string | null,
  triggerOrView: string | null,
) => number;

export type StatisticName =
  | 'fullscanStep'
  | 'sort'
  | 'autoindex'
  | 'vmStep'
  | 'reprepare'
  | 'run'
  | 'filterMiss'
  | 'filterHit'
  | 'memused';

export interface StatementColumnMetadata {
  column: string | null;
  database: string | null;
  name: string;
  table: string | null;
  type: string | null;
}

export interface StatementResultingChanges {
  changes: number | bigint;
  lastInsertRowid: number | bigint;
}

type Row = Record<string, SQLOutputValue>;
type NamedParameters = Record<string, SQLInputValue>;

export interface Statement {
  all(...anonymousParameters: SQLInputValue[]): Row[];
  all(namedParameters: NamedParameters, ...anonymousParameters: SQLInputValue[]): Row[];
  get(...anonymousParameters: SQLInputValue[]): Row | undefined;
  get(namedParameters: NamedParameters, ...anonymousParameters: SQLInputValue[]): Row | undefined;
  iterate(...anonymousParameters: SQLInputValue[]): NodeJS.Iterator<Row>;
  iterate(namedParameters: NamedParameters, ...anonymousParameters: SQLInputValue[]): NodeJS.Iterator<Row>;
  run(...anonymousParameters: SQLInputValue[]): StatementResultingChanges;
  run(namedParameters: NamedParameters, ...anonymousParameters: SQLInputValue[]): StatementResultingChanges;
  columns(): StatementColumnMetadata[];
  readonly sourceSQL: string;
  readonly expandedSQL: string;
  setAllowBareNamedParameters(enabled: boolean): void;
  setAllowUnknownNamedParameters(enabled: boolean): void;
  setReadBigInts(enabled: boolean): void;
  setReturnArrays(enabled: boolean): void;
  /** One of the statement's counters. */
  stat(counter: StatisticName): number;
  resetStats(): void;
  close(): void;
  [Symbol.dispose](): void;
}

export interface SQLTagStore {
  all(stringElements: TemplateStringsArray, ...boundParameters: SQLInputValue[]): Row[];
  get(stringElements: TemplateStringsArray, ...boundParameters: SQLInputValue[]): Row | undefined;
  iterate(stringElements: TemplateStringsArray, ...boundParameters: SQLInputValue[]): NodeJS.Iterator<Row>;
  run(stringElements: TemplateStringsArray, ...boundParameters: SQLInputValue[]): StatementResultingChanges;
  /** Statements in it. */
  readonly size: number;
  readonly capacity: number;
  readonly db: Database;
  clear(): void;
}

export interface Session {
  changeset(): Uint8Array<ArrayBuffer>;
  patchset(): Uint8Array<ArrayBuffer>;
  close(): void;
  [Symbol.dispose](): void;
}

type SqlFunction = (...args: SQLOutputValue[]) => SQLInputValue;

export interface Database {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  readonly limits: DatabaseLimits;
  open(): void;
  close(): void;
  exec(sql: string): void;
  prepare(sql: string, options?: PrepareOptions): Statement;
  createTagStore(maxSize?: number): SQLTagStore;
  location(dbName?: string): string | null;
  function(name: string, options: FunctionOptions, fn: SqlFunction): void;
  function(name: string, fn: SqlFunction): void;
  aggregate(name: string, options: AggregateOptions): void;
  aggregate<T extends SQLInputValue>(name: string, options: AggregateOptions<T>): void;
  createModule(name: string, options: ModuleOptions): void;
  setAuthorizer(callback: Authorizer | null): void;
  createSession(options?: CreateSessionOptions): Session;
  applyChangeset(changeset: Uint8Array, options?: ApplyChangesetOptions): boolean;
  serialize(dbName?: string): Uint8Array<ArrayBuffer>;
  deserialize(buffer: Uint8Array, options?: DeserializeOptions): void;
  enableDefensive(active: boolean): void;
  enableLoadExtension(allow: boolean): void;
  loadExtension(path: string, entryPoint?: string): void;
  [Symbol.dispose](): void;
}

export interface DatabaseConstructor {
  new (path: PathLike, options?: DatabaseSyncOptions): Database;
  readonly prototype: Database;
}

export interface BackupProgressInfo {
  totalPages: number;
  remainingPages: number;
}

export interface BackupOptions {
  /** The database to copy: main or an attached one. */
  source?: string | undefined;
  /** The database to write. */
  target?: string | undefined;
  /** Pages a step. Default 100. */
  rate?: number | undefined;
  progress?: ((progressInfo: BackupProgressInfo) => void) | undefined;
}

/** A prepared statement, with better-sqlite3's methods and rules. */
import { writeParameters } from './bind.ts';
import { type ColumnarResult, readColumns } from './columnar.ts';
import type { Database } from './database.ts';
import { StatementIterator } from './iterator.ts';
import { CONTINUE, LAZY, SAFE_INTEGERS } from './native/binding.ts';
import { binding } from './native/load.ts';
import type { RowDecoder, RowMode } from './native/row-decoder.ts';
import { FIRST_CELL } from './native/shared-buffer.ts';
import type { Prepared } from './prepared.ts';
import { type ConnectionState, switchArgument } from './state.ts';

export interface RunResult {
  /** Rows changed by this statement itself; triggers and foreign key actions are not counted. */
  changes: number;
  lastInsertRowid: number | bigint;
}

export interface ColumnDefinition {
  name: string;
  column: string | null;
  table: string | null;
  database: string | null;
  type: string | null;
}

const MANY_ROWS = 0xffffffff;

/** Whether jobs are stopped when the process exits, which otherwise would wait for them. */
let isExitHeard = false;

/** Whether the library itself is making a statement: users get theirs from `prepare`. */
let constructing = false;

/**
 * A prepared statement. `BindParameters` are the types of its parameters, `Result` that of a row in the mode it is in: who
 * prepares it says so, nobody checks.
 */
export class Statement<BindParameters extends unknown[] = unknown[], Result = unknown> {
  declare readonly database: Database;
  declare readonly source: string;
  /** Whether it returns rows. */
  declare readonly reader: boolean;
  /** Whether it leaves the database unchanged. */
  declare readonly readonly: boolean;
  /** Whether an iterator over this statement is open. */
  declare readonly busy: boolean;

  /**
   * The descriptors of a statement's own properties, filled in for each: making them anew takes as long as the
   * properties. One getter for all: with a closure each, every statement would have a hidden class of its own.
   */
  static readonly #properties = {
    reader: { value: false, enumerable: true },
    readonly: { value: false, enumerable: true },
    source: { value: '', enumerable: true },
    database: { value: undefined as Database | undefined, enumerable: true },
    busy: {
      get(this: Statement): boolean {
        return this.#state.isOpen && this.#isLocked;
      },
      enumerable: true,
    },
  };

  readonly #state: ConnectionState;
  #prepared: Prepared;
  /** `#prepared` is this statement's alone. */
  #isOwn = false;
  #mode: RowMode = 'object';
  #flags: number;
  #isBound: boolean;
  #isLocked = false;
  /** The compilation that it was executed with last, or prepared: its columns are those of that one. */
  #compilation: number;
  /** What makes rows of its cells in its mode; asked for when the first row is there. */
  #decode: RowDecoder | undefined;

  constructor(state: ConnectionState, prepared: Prepared, source: string, isBound: boolean) {
    if (!constructing) throw new TypeError('Statements can only be constructed by the db.prepare() method');
    this.#state = state;
    this.#prepared = prepared;
    this.#compilation = prepared.compilation;
    this.#isBound = isBound;
    this.#flags = state.safeIntegers ? SAFE_INTEGERS : 0;
    const properties = Statement.#properties;
    properties.reader.value = prepared.returnsRows;
    properties.readonly.value = prepared.isReadOnly;
    properties.source.value = source;
    properties.database.value = state.database;
    // One by one: that takes half the time of `defineProperties`.
    const { defineProperty } = Object;
    defineProperty(this, 'reader', properties.reader);
    defineProperty(this, 'readonly', properties.readonly);
    defineProperty(this, 'source', properties.source);
    defineProperty(this, 'database', properties.database);
    defineProperty(this, 'busy', properties.busy);
  }

  /** Runs the statement to its end and tells what it changed. */
  run(...args: BindParameters): RunResult {
    const state = this.#state;
    state.requireOpen();
    state.requireNotBusy();
    this.#requireUnlocked();
    state.requireNoIterators();
    this.#revive();
    let count = this.#write(args);
    if (state.verbose !== null) count = this.#trace(count);
    binding.run(this.#prepared.handle, count);
    const { buffer } = state;
    const { changes } = buffer;
    const rowid = (this.#flags & SAFE_INTEGERS) !== 0 ? buffer.lastRowidExact : buffer.lastRowid;
    if (this.reader) this.#seeColumns();
    return { changes, lastInsertRowid: rowid };
  }

  /** The first row, or undefined. */
  get(...args: BindParameters): Result | undefined {
    this.#requireReader();
    let count = this.#write(args);
    const state = this.#state;
    if (state.verbose !== null) count = this.#trace(count);
    const prepared = this.#prepared;
    const heap = binding.get(prepared.handle, count, this.#flags);
    const { buffer } = state;
    if (buffer.compilation !== this.#compilation) this.#seeColumns();
    if (heap === undefined) return undefined;
    this.#decode ??= prepared.decoder(this.#mode, this.#compilation);
    return this.#decode(buffer, FIRST_CELL, heap as string) as Result;
  }

  /** All rows. */
  all(...args: BindParameters): Result[] {
    this.#requireReader();
    let next = this.#write(args);
    if (this.#state.verbose !== null) next = this.#trace(next);
    const rows: Result[] = [];
    while (!this.#readBlock(next, MANY_ROWS, rows)) next = CONTINUE;
    return rows;
  }

  /** All rows by column: typed arrays and dictionaries. The modes of rows do not matter to it. */
  columnar(...args: BindParameters): ColumnarResult {
    this.#requireReader();
    let count = this.#write(args);
    if (this.#state.verbose !== null) count = this.#trace(count);
    const columns = binding.columns(this.#prepared.handle, count, this.#flags);
    return readColumns(columns, this.#columnNames());
  }

  /**
   * As `get`, on another thread: the event loop goes on meanwhile. The async methods see what was committed when they were
   * called, so they are refused within a transaction, and they are for statements that leave the database unchanged. A
   * statement that calls functions of the application runs on this thread before the method returns.
   */
  async getAsync(...args: BindParameters): Promise<Result | undefined> {
    const job = this.#start(args, 1);
    return job === undefined ? this.get(...args) : (await this.#rowsOf(job))[0];
  }

  /** As `all`, on another thread: see `getAsync`. */
  async allAsync(...args: BindParameters): Promise<Result[]> {
    const job = this.#start(args, MANY_ROWS);
    return job === undefined ? this.all(...args) : this.#rowsOf(job);
  }

  /** As `columnar`, on another thread: see `getAsync`. */
  async columnarAsync(...args: BindParameters): Promise<ColumnarResult> {
    const flags = this.#flags;
    const job = this.#start(args, 0);
    if (job === undefined) return this.columnar(...args);
    const names = this.#columnNames();
    const ended = await job;
    this.#state.requireOpen();
    return readColumns(binding.jobColumns(ended, flags), names);
  }

  /** The rows one by one; the connection can not write until the iterator is done. */
  iterate(...args: BindParameters): StatementIterator<Result> {
    this.#requireReader();
    this.#takeOwn();
    const { handle } = this.#prepared;
    binding.bind(handle, this.#write(args));
    const state = this.#state;
    this.#isLocked = true;
    state.iterators++;
    let isTraced = state.verbose === null;
    return new StatementIterator<Result>(this as Statement, {
      read: (maxRows, rows) => {
        if (!isTraced) {
          isTraced = true;
          state.trace(binding.expandedSql(handle));
        }
        return this.#readBlock(CONTINUE, maxRows, rows, LAZY);
      },
      close: () => {
        this.#isLocked = false;
        state.iterators--;
        binding.reset(handle);
      },
      requireNotBusy: () => state.requireNotBusy(),
    });
  }

  /** Gives the parameters values for good. */
  bind(...args: BindParameters): this {
    if (this.#isBound) throw new TypeError('The bind() method can only be invoked once per statement object');
    this.#state.requireOpen();
    this.#state.requireNotBusy();
    this.#requireUnlocked();
    this.#takeOwn();
    binding.bind(this.#prepared.handle, this.#write(args));
    this.#isBound = true;
    return this;
  }

  /** Return only the first column of each row. */
  pluck(...toggle: [isOn?: boolean]): this {
    return this.#setMode('pluck', toggle);
  }

  /** Return rows as objects by table. */
  expand(...toggle: [isOn?: boolean]): this {
    return this.#setMode('expand', toggle);
  }

  /** Return rows as arrays. */
  raw(...toggle: [isOn?: boolean]): this {
    return this.#setMode('raw', toggle);
  }

  /** Return integers as bigints. */
  safeIntegers(...toggle: [isOn?: boolean]): this {
    this.#state.requireNotBusy();
    this.#requireUnlocked();
    this.#flags = switchArgument(toggle) ? SAFE_INTEGERS : 0;
    return this;
  }

  /** What the result columns are and where they come from. */
  columns(): ColumnDefinition[] {
    if (!this.reader) throw new TypeError('The columns() method is only for statements that return data');
    this.#state.requireOpen();
    this.#state.requireNotBusy();
    this.#revive();
    const columns = this.#prepared.columnsAt(this.#compilation);
    return columns.map(([name, column, table, database, type]) => ({ name, column, table, database, type }));
  }

  toString(): string {
    if (!this.#isBound || !this.#state.isOpen) return this.source;
    return binding.expandedSql(this.#prepared.handle);
  }

  #requireUnlocked(): void {
    if (this.#isLocked) throw new TypeError('This statement is busy executing a query');
  }

  #requireReader(): void {
    if (!this.reader) throw new TypeError('This statement does not return data. Use run() instead');
    const state = this.#state;
    state.requireOpen();
    state.requireNotBusy();
    this.#requireUnlocked();
    this.#revive();
  }

  /** Prepares the text anew when its handle was closed meanwhile. */
  #revive(): void {
    if (!this.#prepared.isClosed) return;
    this.#prepared = this.#state.prepared.revive(this.#state, this.source);
    this.#compilation = this.#prepared.compilation;
    this.#decode = undefined;
  }

  /** The last execution may have compiled it for another schema. Writes over the buffer's start. */
  #seeColumns(): void {
    this.#prepared.refresh();
    this.#compilation = this.#prepared.compilation;
    this.#decode = undefined;
  }

  /** Writes parameters into the buffer; returns how many. Those bound for good are with the statement already. */
  #write(args: readonly unknown[]): number {
    const { handle, parameters } = this.#prepared;
    if (!this.#isBound) return writeParameters(this.#state.buffer, handle, parameters, args);
    if (args.length > 0) throw new TypeError('This statement already has bound parameters');
    return 0;
  }

  /** Binds the parameters and shows the statement to `verbose`; returns how many are left to bind. */
  #trace(count: number): number {
    const { handle } = this.#prepared;
    binding.bind(handle, count);
    this.#state.trace(binding.expandedSql(handle));
    return 0;
  }

  /** For what lasts longer than one call. */
  #takeOwn(): void {
    if (this.#isOwn) return;
    const state = this.#state;
    this.#prepared = state.prepared.own(state, this.source, this.#prepared);
    this.#isOwn = true;
    this.#decode = undefined;
  }

  #columnNames(): string[] {
    this.#seeColumns();
    return this.#prepared.columns.map(([name]) => name);
  }

  /** Starts the query on another thread; undefined when it has to run on this one. */
  #start(args: readonly unknown[], maxRows: number): Promise<number> | undefined {
    this.#requireReader();
    if (!this.readonly) throw new TypeError('The async methods are only for statements that leave the database unchanged');
    const state = this.#state;
    const { handle } = this.#prepared;
    const count = this.#write(args);
    if (!isExitHeard) {
      isExitHeard = true;
      process.once('exit', () => binding.interruptJobs());
    }
    const job = binding.startJob(handle, count, maxRows, this.#flags);
    if (job !== undefined && state.verbose !== null) state.trace(binding.expandedSql(handle));
    return job;
  }

  /** The rows of a job that was just started. */
  async #rowsOf(job: Promise<number>): Promise<Result[]> {
    const state = this.#state;
    const { connection, buffer } = state;
    const prepared = this.#prepared;
    // As it is now: another thread's change of the schema is not the query's.
    this.#seeColumns();
    const decode = prepared.decoder(this.#mode, buffer.compilation);
    const width = prepared.columnCount;
    const rows: Result[] = [];
    const ended = await job;
    state.requireOpen();
    for (let isDone = false; !isDone; ) {
      const heap = binding.jobBlock(connection, ended) as string;
      const { rowCount } = buffer;
      isDone = buffer.isDone;
      for (let row = 0, cell = FIRST_CELL; row < rowCount; row++, cell += width) rows.push(decode(buffer, cell, heap) as Result);
    }
    return rows;
  }

  /** Appends rows; true when there are no more. */
  #readBlock(count: number, maxRows: number, rows: unknown[], how = 0): boolean {
    const { buffer } = this.#state;
    const prepared = this.#prepared;
    const heap = binding.block(prepared.handle, count, maxRows, this.#flags | how) as string;
    const rowCount = buffer.rowCount;
    const isDone = buffer.isDone;
    if (buffer.compilation !== this.#compilation) this.#seeColumns();
    if (rowCount > 0) {
      this.#decode ??= prepared.decoder(this.#mode, this.#compilation);
      const decode = this.#decode;
      const width = prepared.columnCount;
      for (let row = 0, cell = FIRST_CELL; row < rowCount; row++, cell += width) rows.push(decode(buffer, cell, heap));
    }
    return isDone;
  }

  #setMode(mode: RowMode, toggle: readonly unknown[]): this {
    if (!this.reader) throw new TypeError(`The ${mode}() method is only for statements that return data`);
    this.#state.requireNotBusy();
    this.#requireUnlocked();
    if (switchArgument(toggle)) this.#mode = mode;
    else if (this.#mode === mode) this.#mode = 'object';
    this.#decode = undefined;
    return this;
  }
}

// The bundler renames a class that refers to itself.
Object.defineProperty(Statement, 'name', { value: 'Statement', configurable: true });

/** Makes a statement; `isBound`: its parameters stay NULL. */
export function createStatement(state: ConnectionState, prepared: Prepared, source: string, isBound = false): Statement {
  constructing = true;
  try {
    return new Statement(state, prepared, source, isBound);
  } finally {
    constructing = false;
  }
}

/** A prepared statement, with better-sqlite3's methods and rules. */
import { type ParameterNames, parameterNames, writeParameters } from './bind.ts';
import type { Database } from './database.ts';
import { StatementIterator } from './iterator.ts';
import { CONTINUE, type ColumnDescription, SAFE_INTEGERS, type StatementHandle } from './native/binding.ts';
import { binding } from './native/load.ts';
import { createRowDecoder, type RowDecoder, type RowMode } from './native/row-decoder.ts';
import { FIRST_CELL } from './native/shared-buffer.ts';
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

const finalizer = new FinalizationRegistry<StatementHandle>((handle) => binding.finalize(handle));

/** Kept out of the class so that the handle may be freed with the statement. */
let constructing = false;

export class Statement {
  declare readonly database: Database;
  declare readonly source: string;
  /** Whether it returns rows. */
  declare readonly reader: boolean;
  /** Whether it leaves the database unchanged. */
  declare readonly readonly: boolean;
  /** Whether an iterator over this statement is open. */
  declare readonly busy: boolean;

  readonly #state: ConnectionState;
  readonly #handle: StatementHandle;
  readonly #parameters: ParameterNames;
  #columns: readonly ColumnDescription[];
  #compilation: number;
  #mode: RowMode = 'object';
  #flags: number;
  #decode: RowDecoder | undefined;
  #isBound: boolean;
  #isLocked = false;

  constructor(state: ConnectionState, handle: StatementHandle, source: string, isBound: boolean) {
    if (!constructing) throw new TypeError('Statements can only be constructed by the db.prepare() method');
    const [readOnly, returnsRows, compilation, names, columns] = binding.describe(handle);
    this.#isBound = isBound;
    this.#state = state;
    this.#handle = handle;
    this.#parameters = parameterNames(names);
    this.#columns = columns;
    this.#compilation = compilation;
    this.#flags = state.safeIntegers ? SAFE_INTEGERS : 0;
    state.buffer.reserve(columns.length, names.length);
    Object.defineProperties(this, {
      reader: { value: returnsRows, enumerable: true },
      readonly: { value: readOnly, enumerable: true },
      source: { value: source, enumerable: true },
      database: { value: state.database, enumerable: true },
      busy: { get: () => state.isOpen && this.#isLocked, enumerable: true },
    });
    finalizer.register(this, handle);
  }

  /** Runs the statement to its end and tells what it changed. */
  run(...args: unknown[]): RunResult {
    const state = this.#state;
    state.requireOpen();
    state.requireNotBusy();
    this.#requireUnlocked();
    state.requireNoIterators();
    let count = this.#write(args);
    if (state.verbose !== null) count = this.#trace(count);
    binding.run(this.#handle, count);
    const { buffer } = state;
    const rowid = (this.#flags & SAFE_INTEGERS) !== 0 ? buffer.lastRowidExact : buffer.lastRowid;
    return { changes: buffer.changes, lastInsertRowid: rowid };
  }

  /** The first row, or undefined. */
  get(...args: unknown[]): unknown {
    this.#requireReader();
    let count = this.#write(args);
    const state = this.#state;
    if (state.verbose !== null) count = this.#trace(count);
    const heap = binding.get(this.#handle, count, this.#flags);
    if (heap === undefined) return undefined;
    const { buffer } = state;
    return this.#decoder(buffer.compilation)(buffer, FIRST_CELL, heap as string);
  }

  /** All rows. */
  all(...args: unknown[]): unknown[] {
    this.#requireReader();
    let next = this.#write(args);
    if (this.#state.verbose !== null) next = this.#trace(next);
    const rows: unknown[] = [];
    while (!this.#readBlock(next, MANY_ROWS, rows)) next = CONTINUE;
    return rows;
  }

  /** The rows one by one; the connection can not write until the iterator is done. */
  iterate(...args: unknown[]): StatementIterator {
    this.#requireReader();
    binding.bind(this.#handle, this.#write(args));
    const state = this.#state;
    this.#isLocked = true;
    state.iterators++;
    let isTraced = state.verbose === null;
    return new StatementIterator(this, {
      read: (maxRows, rows) => {
        if (!isTraced) {
          isTraced = true;
          state.trace(binding.expandedSql(this.#handle));
        }
        return this.#readBlock(CONTINUE, maxRows, rows);
      },
      close: () => {
        this.#isLocked = false;
        state.iterators--;
        binding.reset(this.#handle);
      },
      requireNotBusy: () => state.requireNotBusy(),
    });
  }

  /** Gives the parameters values for good. */
  bind(...args: unknown[]): this {
    if (this.#isBound) throw new TypeError('The bind() method can only be invoked once per statement object');
    this.#state.requireOpen();
    this.#state.requireNotBusy();
    this.#requireUnlocked();
    binding.bind(this.#handle, this.#write(args));
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
    this.#refresh();
    return this.#columns.map(([name, column, table, database, type]) => ({ name, column, table, database, type }));
  }

  toString(): string {
    if (!this.#isBound || !this.#state.isOpen) return this.source;
    return binding.expandedSql(this.#handle);
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
  }

  /** Writes parameters into the buffer; returns how many. Those bound for good are with the statement already. */
  #write(args: readonly unknown[]): number {
    if (!this.#isBound) return writeParameters(this.#state.buffer, this.#handle, this.#parameters, args);
    if (args.length > 0) throw new TypeError('This statement already has bound parameters');
    return 0;
  }

  /** Binds the parameters and shows the statement to `verbose`; returns how many are left to bind. */
  #trace(count: number): number {
    binding.bind(this.#handle, count);
    this.#state.trace(binding.expandedSql(this.#handle));
    return 0;
  }

  /** Appends rows; true when there are no more. */
  #readBlock(count: number, maxRows: number, rows: unknown[]): boolean {
    const { buffer } = this.#state;
    const heap = binding.block(this.#handle, count, maxRows, this.#flags) as string;
    const rowCount = buffer.rowCount;
    const isDone = buffer.isDone;
    if (rowCount > 0) {
      const decode = this.#decoder(buffer.compilation);
      const width = this.#columns.length;
      for (let row = 0, cell = FIRST_CELL; row < rowCount; row++, cell += width) rows.push(decode(buffer, cell, heap));
    }
    return isDone;
  }

  #decoder(compilation: number): RowDecoder {
    if (compilation !== this.#compilation) this.#refresh();
    this.#decode ??= createRowDecoder(this.#columns, this.#mode);
    return this.#decode;
  }

  /** A change of the schema may have changed the columns. */
  #refresh(): void {
    const [, , compilation, , columns] = binding.describe(this.#handle);
    if (compilation === this.#compilation) return;
    this.#compilation = compilation;
    this.#columns = columns;
    this.#decode = undefined;
    this.#state.buffer.reserve(columns.length, this.#parameters.count);
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

/** Makes a statement of a prepared handle; users get theirs from `prepare`. `isBound`: its parameters stay NULL. */
export function createStatement(state: ConnectionState, handle: StatementHandle, source: string, isBound = false): Statement {
  constructing = true;
  try {
    return new Statement(state, handle, source, isBound);
  } finally {
    constructing = false;
  }
}

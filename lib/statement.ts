/** A prepared statement, with better-sqlite3's methods and rules. */
import { copyParameters, type ParameterNames, parameterNames, writeParameters } from './bind.ts';
import type { Database } from './database.ts';
import { StatementIterator } from './iterator.ts';
import { CONTINUE, type ColumnDescription, SAFE_INTEGERS, type StatementHandle } from './native/binding.ts';
import { binding } from './native/load.ts';
import { createRowDecoder, type RowDecoder, type RowMode } from './native/row-decoder.ts';
import { FIRST_CELL } from './native/shared-buffer.ts';
import type { ConnectionState } from './state.ts';

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

  readonly #state: ConnectionState;
  readonly #handle: StatementHandle;
  readonly #parameters: ParameterNames;
  #columns: readonly ColumnDescription[];
  #compilation: number;
  #mode: RowMode = 'object';
  #flags: number;
  #decode: RowDecoder | undefined;
  #bound: unknown[] | undefined;
  #isLocked = false;

  constructor(state: ConnectionState, handle: StatementHandle, source: string) {
    if (!constructing) throw new TypeError('Illegal constructor');
    const [readOnly, returnsRows, compilation, names, columns] = binding.describe(handle);
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
    });
    finalizer.register(this, handle);
  }

  /** Whether an iterator over this statement is open. */
  get busy(): boolean {
    return this.#isLocked;
  }

  /** Runs the statement to its end and tells what it changed. */
  run(...args: unknown[]): RunResult {
    const state = this.#state;
    state.requireOpen();
    this.#requireUnlocked();
    state.requireNotBusy();
    state.requireNoIterators();
    const count = this.#write(args);
    this.#trace(count);
    binding.run(this.#handle, count);
    const { buffer } = state;
    const rowid = (this.#flags & SAFE_INTEGERS) !== 0 ? buffer.lastRowidExact : buffer.lastRowid;
    return { changes: buffer.changes, lastInsertRowid: rowid };
  }

  /** The first row, or undefined. */
  get(...args: unknown[]): unknown {
    this.#requireReader('get');
    const count = this.#write(args);
    this.#trace(count);
    const heap = binding.get(this.#handle, count, this.#flags);
    if (heap === undefined) return undefined;
    const { buffer } = this.#state;
    return this.#decoder(buffer.compilation)(buffer, FIRST_CELL, heap as string);
  }

  /** All rows. */
  all(...args: unknown[]): unknown[] {
    this.#requireReader('all');
    const count = this.#write(args);
    this.#trace(count);
    const rows: unknown[] = [];
    let next = count;
    while (!this.#readBlock(next, MANY_ROWS, rows)) next = CONTINUE;
    return rows;
  }

  /** The rows one by one; the connection can not write until the iterator is done. */
  iterate(...args: unknown[]): StatementIterator {
    this.#requireReader('iterate');
    const bound = this.#bound === undefined ? copyParameters(args) : args;
    const count = this.#write(bound);
    this.#trace(count);
    this.#isLocked = true;
    this.#state.iterators++;
    let isStarted = false;
    return new StatementIterator(this, {
      read: (maxRows, rows) => {
        this.#state.requireNotBusy();
        if (isStarted) return this.#readBlock(CONTINUE, maxRows, rows);
        // Other statements may have used the buffer since the parameters were written.
        isStarted = true;
        return this.#readBlock(this.#write(bound), maxRows, rows);
      },
      close: () => {
        this.#isLocked = false;
        this.#state.iterators--;
        if (this.#state.isOpen) binding.reset(this.#handle);
      },
      requireNotBusy: () => this.#state.requireNotBusy(),
    });
  }

  /** Gives the parameters values for good. */
  bind(...args: unknown[]): this {
    if (this.#bound !== undefined) {
      throw new TypeError('The bind() method can only be invoked once per statement object');
    }
    this.#state.requireOpen();
    this.#requireUnlocked();
    this.#state.requireNotBusy();
    const copy = copyParameters(args);
    this.#write(copy);
    this.#bound = copy;
    return this;
  }

  /** Return only the first column of each row. */
  pluck(toggle?: boolean): this {
    return this.#setMode('pluck', toggle, 'pluck');
  }

  /** Return rows as objects by table. */
  expand(toggle?: boolean): this {
    return this.#setMode('expand', toggle, 'expand');
  }

  /** Return rows as arrays. */
  raw(toggle?: boolean): this {
    return this.#setMode('raw', toggle, 'raw');
  }

  /** Return integers as bigints. */
  safeIntegers(toggle?: boolean): this {
    this.#requireUnlocked();
    this.#state.requireNotBusy();
    if (toggle !== undefined && typeof toggle !== 'boolean') throw new TypeError('Expected first argument to be a boolean');
    this.#flags = toggle === false ? 0 : SAFE_INTEGERS;
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
    if (this.#bound === undefined || !this.#state.isOpen || this.#isLocked) return this.source;
    return binding.expandedSql(this.#handle, this.#write([]));
  }

  #requireUnlocked(): void {
    if (this.#isLocked) throw new TypeError('This statement is busy executing a query');
  }

  #requireReader(method: string): void {
    if (!this.reader) throw new TypeError(`This statement does not return data. Use run() instead`);
    const state = this.#state;
    state.requireOpen();
    if (this.#isLocked) throw new TypeError('This statement is busy executing a query');
    state.requireNotBusy();
    // A statement that writes may not run beside an iterator.
    if (!this.readonly && method !== '') state.requireNoIterators();
  }

  #write(args: readonly unknown[]): number {
    const bound = this.#bound;
    if (bound === undefined) return writeParameters(this.#state.buffer, this.#handle, this.#parameters, args);
    if (args.length > 0) throw new TypeError('This statement already has bound parameters');
    return writeParameters(this.#state.buffer, this.#handle, this.#parameters, bound);
  }

  #trace(count: number): void {
    const { verbose } = this.#state;
    if (verbose === null) return;
    verbose(count === 0 ? this.source : binding.expandedSql(this.#handle, count));
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

  #setMode(mode: RowMode, toggle: boolean | undefined, method: string): this {
    if (!this.reader) throw new TypeError(`The ${method}() method is only for statements that return data`);
    this.#requireUnlocked();
    this.#state.requireNotBusy();
    if (toggle !== undefined && typeof toggle !== 'boolean') throw new TypeError('Expected first argument to be a boolean');
    if (toggle !== false) this.#mode = mode;
    else if (this.#mode === mode) this.#mode = 'object';
    this.#decode = undefined;
    return this;
  }
}

/** Makes a statement of a prepared handle; users get theirs from `prepare`. */
export function createStatement(state: ConnectionState, handle: StatementHandle, source: string): Statement {
  constructing = true;
  try {
    return new Statement(state, handle, source);
  } finally {
    constructing = false;
  }
}

/**
 * A prepared statement as `Statement` and tag stores use it: Node's rules of resetting, binding and stepping.
 *
 * Always true:
 * - Every use resets it first; a number counts that, so an iterator knows when it was ended by another use.
 * - Iterators step one row at a time: what the statement does, it does when the row is asked for.
 */
import { CONTINUE, EXACT_INTEGERS, type Heap, SAFE_INTEGERS, type StatementHandle } from '../../native/binding.ts';
import { binding } from '../../native/load.ts';
import { FIRST_CELL } from '../../native/shared-buffer.ts';
import { Prepared } from '../../prepared.ts';
import type { Connection, Opened } from './connection.ts';
import { invalidArgValue, invalidState, isSqliteError, native, plainSqliteError, sqliteError, translated } from './errors.ts';
import { type ExactBuffer, requireSafe } from './exact-buffer.ts';
import type { StatementSwitches } from './options.ts';
import { clearParameters, ParameterPlaces, writeParameters, writeValue } from './parameters.ts';
import type { StatementColumnMetadata, StatementResultingChanges } from './types.ts';

const MANY_ROWS = 0xffffffff;

/** Frees what nobody refers to any more. */
const finalizer = new FinalizationRegistry<StatementHandle>((handle) => binding.finalize(handle));

export class Execution {
  readonly #connection: Connection;
  readonly #opened: Opened;
  readonly #sql: string;
  readonly #prepared: Prepared;
  readonly #places: ParameterPlaces;
  readonly switches: { -readonly [Name in keyof StatementSwitches]: StatementSwitches[Name] };
  #isClosed = false;
  #isRunning = false;
  /** Binds another one of the same text as this one was bound last. */
  #bindLike: (same: Execution) => void = () => {};
  /** Counts resets. */
  generation = 0;
  /** What an iterator's step failed with, until the statement is reset. */
  #failure: unknown;

  constructor(connection: Connection, sql: string, switches: StatementSwitches) {
    const opened = connection.ready;
    // Before the statement is described in it.
    void opened.buffer;
    const handle = native(() => binding.prepareFirst(opened.handle, sql));
    if (handle === null) throw invalidArgValue('The SQL query contains no statements.');
    this.#connection = connection;
    this.#sql = sql;
    this.#opened = opened;
    binding.describe(handle);
    this.#prepared = new Prepared(opened, handle);
    this.#places = new ParameterPlaces(this.#prepared.parameters.count === 0 ? [] : binding.parameterNames(handle));
    finalizer.register(this, handle, this);
    this.switches = { ...switches };
  }

  get isFinalized(): boolean {
    return this.#isClosed || !this.#connection.isCurrent(this.#opened);
  }

  requireUsable(): void {
    if (this.isFinalized) throw invalidState('statement has been finalized');
  }

  /** Before it is reset and run. */
  #requireIdle(): void {
    this.requireUsable();
    if (this.#isRunning) throw invalidState('statement is already being executed');
    this.#opened.requireUsable();
  }

  /** The connection's buffer on the present level, with room for what the statement takes and gives. */
  get #buffer(): ExactBuffer {
    const { buffer } = this.#opened;
    buffer.reserve(this.#prepared.columnCount, this.parameterCount);
    return buffer;
  }

  get parameterCount(): number {
    return this.#places.names.length;
  }

  /** Ends what it was doing. */
  reset(): void {
    this.#requireIdle();
    const failure = this.#failure;
    this.end();
    if (failure !== undefined) throw failure;
  }

  /** The same, whatever it failed with. */
  end(): void {
    this.rewind();
    this.generation++;
  }

  /** The same for the iterator that it has, which goes on with the first row. */
  rewind(): void {
    this.#requireIdle();
    this.#failure = undefined;
    binding.reset(this.#prepared.handle);
  }

  /** By the rules of `get(named, ...anonymous)`. */
  bind(args: readonly unknown[]): void {
    this.#bindLike = (same) => same.bind(args);
    const { handle } = this.#prepared;
    this.#bindWith(() => writeParameters(this.#buffer, handle, this.#places, this.switches, args));
  }

  /** By position, whatever their names; values without a place are left out. */
  bindAll(values: readonly unknown[]): void {
    this.#bindLike = (same) => same.bindAll(values);
    const { handle } = this.#prepared;
    const count = this.parameterCount;
    this.#bindWith(() => {
      const buffer = this.#buffer;
      clearParameters(buffer, count);
      const used = values.slice(0, count);
      for (const [index, value] of used.entries()) writeValue(buffer, handle, index, count, value);
    });
  }

  /** What was written before a value was refused stays bound, as in SQLite. */
  #bindWith(write: () => void): void {
    const { handle } = this.#prepared;
    try {
      write();
    } finally {
      native(() => binding.bind(handle, this.parameterCount));
    }
  }

  #run<T>(step: () => T): T {
    this.#isRunning = true;
    void this.#buffer;
    try {
      return step();
    } catch (error) {
      throw translated(error);
    } finally {
      this.#isRunning = false;
    }
  }

  /** After `bind`, to the end. */
  run(): StatementResultingChanges {
    const { handle } = this.#opened;
    this.#run(() => binding.run(this.#prepared.handle, 0));
    binding.readCounters(handle);
    const { buffer } = this.#opened;
    const { changes, lastRowidExact } = buffer;
    if (!this.switches.readBigInts && !Number.isSafeInteger(buffer.lastRowid)) requireSafe(lastRowidExact);
    return this.switches.readBigInts
      ? { changes: BigInt(changes), lastInsertRowid: lastRowidExact }
      : { changes, lastInsertRowid: buffer.lastRowid };
  }

  /** After `bind`: the first row. */
  get(): unknown {
    const heap = this.#run(() => binding.get(this.#prepared.handle, 0, this.#flags));
    return heap === undefined ? undefined : this.#ended(() => this.#decode(heap, 1)[0]);
  }

  /** After `bind`. */
  all(): unknown[] {
    const rows: unknown[] = [];
    let isDone = false;
    let count = 0;
    while (!isDone) {
      const heap = this.#run(() => binding.block(this.#prepared.handle, count, MANY_ROWS, this.#flags));
      const { buffer } = this.#opened;
      isDone = buffer.isDone;
      this.#ended(() => this.#decode(heap, buffer.rowCount, rows));
      count = CONTINUE;
    }
    return rows;
  }

  /** One row; undefined when there are no more. Where that fails the statement stays as it is, and its reset fails too. */
  next(): { readonly row: unknown } | undefined {
    let heap: Heap;
    try {
      heap = this.#run(() => binding.block(this.#prepared.handle, CONTINUE, 1, this.#flags));
    } catch (error) {
      // SQLite has no words for what a function of the application threw.
      this.#failure = isSqliteError(error) ? error : sqliteError('', 'SQLITE_ERROR');
      throw error;
    }
    if (this.#opened.buffer.rowCount === 0) return undefined;
    return { row: this.#decode(heap, 1)[0] };
  }

  /** Integers beyond what a number holds come as bigints either way; reading refuses those that should not be. */
  get #flags(): number {
    return this.switches.readBigInts ? SAFE_INTEGERS : EXACT_INTEGERS;
  }

  #decode(heap: Heap, count: number, rows: unknown[] = []): unknown[] {
    const { buffer } = this.#opened;
    const { compilation } = buffer;
    if (count === 0) return rows;
    buffer.readBigInts = this.switches.readBigInts;
    const prepared = this.#prepared;
    const decode = prepared.decoder(this.switches.returnArrays ? 'raw' : 'null-prototype', compilation);
    const width = prepared.columnCount;
    for (let row = 0, cell = FIRST_CELL; row < count; row++, cell += width) rows.push(decode(buffer, cell, heap as string));
    return rows;
  }

  /** A value that cannot be read ends the statement; an iterator goes on behind it. */
  #ended<T>(decode: () => T): T {
    try {
      return decode();
    } catch (error) {
      binding.reset(this.#prepared.handle);
      throw error;
    }
  }

  /** Steps of full scans, sorts, rows of automatic indexes, runs, compilations after the first, since `resetStats`. */
  get work(): ReturnType<typeof binding.statementWork> {
    return binding.statementWork(this.#prepared.handle, false);
  }

  resetStats(): void {
    binding.statementWork(this.#prepared.handle, true);
  }

  /** What `look` finds in the statement; while that runs, in another one of the same text. */
  #look<T>(look: (execution: Execution) => T): T {
    if (!this.#isRunning) return look(this);
    const same = new Execution(this.#connection, this.#sql, this.switches);
    try {
      this.#bindLike(same);
      return look(same);
    } finally {
      same.close();
    }
  }

  columns(): StatementColumnMetadata[] {
    this.requireUsable();
    this.#opened.requireUsable();
    return this.#look((execution) => execution.#describe());
  }

  #describe(): StatementColumnMetadata[] {
    this.#prepared.refresh();
    return this.#prepared.columns.map(([name, column, table, database, type]) => ({
      // An object without prototype, as Node makes them.
      __proto__: null,
      column,
      database,
      name,
      table,
      type,
    }));
  }

  get sourceSql(): string {
    this.requireUsable();
    return this.#look((execution) => native(() => binding.sourceText(execution.#prepared.handle)));
  }

  get expandedSql(): string {
    this.requireUsable();
    const text = this.#look((execution) => native(() => binding.expandedSql(execution.#prepared.handle)));
    if (Buffer.byteLength(text) > this.#connection.limits.object.length)
      throw plainSqliteError('Expanded SQL text would exceed configured limits');
    return text;
  }

  close(): void {
    this.requireUsable();
    if (this.#isRunning) throw invalidState('statement is already being executed');
    this.#isClosed = true;
    finalizer.unregister(this);
    binding.finalize(this.#prepared.handle);
  }
}

/**
 * A prepared statement in its worker thread: node-sqlite3's rules of binding and stepping over the addon.
 *
 * Always true:
 * - `status` is what the last step or bind came to; it decides what the next `get` does, as in node-sqlite3.
 * - A statement without text (`''`) has no handle, and stepping it is SQLITE_MISUSE.
 */
import { CONTINUE, type Heap, RETURNS_ROWS, type StatementHandle } from '../../native/binding.ts';
import { FIRST_CELL } from '../../native/cells.ts';
import { binding } from '../../native/load.ts';
import type { SharedBuffer } from '../../native/shared-buffer.ts';
import { DONE, RESULT, ROW } from './constants.ts';
import { isInteger } from './parameters.ts';
import type { Block, Field, FieldValue } from './protocol.ts';

const MANY_ROWS = 0xffffffff;
/** Up to so many cells are looked through for blobs; more go along with the whole buffer at once. */
const FEW_CELLS = 256;
const BLOB_TAG = 0xfffb;
const WIDE_TAG = 0xfffc;

/** What the connection does around an execution. */
export interface ExecutionWatch {
  /** A statement starts; tells when it ended. */
  started(handle: StatementHandle): (() => void) | undefined;
  stepped(): void;
}

export class WorkerStatement {
  status: number = RESULT.OK;
  message = '';
  readonly #handle: StatementHandle | null;
  readonly #buffer: SharedBuffer;
  readonly #watch: ExecutionWatch;
  readonly #names: readonly (string | null)[];
  /** A query, or a change that returns rows: `run` may leave it in the middle. */
  readonly returnsRows: boolean;
  #compilation: number | undefined;
  #columnCount = 0;
  #isRunning = false;
  #ended: (() => void) | undefined;

  constructor(handle: StatementHandle | null, buffer: SharedBuffer, watch: ExecutionWatch) {
    this.#handle = handle;
    this.#buffer = buffer;
    this.#watch = watch;
    if (handle !== null) binding.describe(handle);
    this.returnsRows = handle !== null && (buffer.statementFlags & RETURNS_ROWS) !== 0;
    this.#names = handle === null ? [] : binding.parameterNames(handle);
    buffer.reserve(0, this.#names.length);
  }

  /** Gives parameters values; false when one cannot be placed. No fields leave everything as it is. */
  bind(fields: readonly (Field | undefined)[]): boolean {
    if (fields.length === 0) return true;
    if (this.#handle === null) {
      this.#fail(RESULT.MISUSE, 'not an error');
      return false;
    }
    const values: (FieldValue | undefined)[] = new Array(this.#names.length);
    let isComplete = true;
    for (const field of fields) {
      if (field === undefined) continue;
      const index = this.#place(field[0]);
      isComplete = index >= 0 && index < values.length;
      if (!isComplete) break;
      values[index] = field[1];
      this.status = RESULT.OK;
    }
    this.#end();
    this.#write(this.#handle, values);
    if (!isComplete) this.#fail(RESULT.RANGE, 'column index out of range');
    return isComplete;
  }

  #place(place: number | string): number {
    return typeof place === 'number' ? place - 1 : this.#names.indexOf(place);
  }

  #write(handle: StatementHandle, values: readonly (FieldValue | undefined)[]): void {
    const buffer = this.#buffer;
    buffer.begin(values.length);
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (value == null) buffer.writeNull(index);
      else if (typeof value === 'string') buffer.writeText(handle, index, value);
      else if (typeof value !== 'number') {
        if (value instanceof Uint8Array) buffer.writeBlob(handle, index, value);
        else buffer.writeReal(index, value.real);
      } else if (isInteger(value)) buffer.writeInteger(index, BigInt(value));
      else buffer.writeReal(index, value);
    }
    binding.bind(handle, values.length);
  }

  reset(): void {
    this.#end();
    if (this.#handle !== null) binding.reset(this.#handle);
    this.status = RESULT.OK;
  }

  /** Steps once; what the row holds does not matter. */
  step(): void {
    this.#fill(1);
  }

  /** Steps once; the block holds the row when there is one. */
  stepToRow(): Block | undefined {
    return this.#readBlock(1);
  }

  /** Starts again. */
  restart(): void {
    this.#end();
    if (this.#handle !== null) binding.reset(this.#handle);
  }

  /** Steps to the end; every block goes to `send`. */
  stepAll(send: (block: Block) => void): void {
    do {
      const block = this.#readBlock(MANY_ROWS);
      if (block !== undefined) send(block);
    } while (this.status === ROW);
  }

  finalize(): void {
    this.#end();
    if (this.#handle !== null) binding.finalize(this.#handle);
  }

  fail(errno: number, message: string): void {
    this.#end();
    this.#fail(errno, message);
  }

  #fail(errno: number, message: string): void {
    this.status = errno;
    this.message = message;
  }

  /** The running execution is over. */
  #end(): void {
    const ended = this.#ended;
    this.#isRunning = false;
    this.#ended = undefined;
    ended?.();
  }

  #readBlock(maxRows: number): Block | undefined {
    const heap = this.#fill(maxRows);
    const { rowCount } = this.#buffer;
    if (heap === undefined || rowCount === 0 || this.#handle === null) return undefined;
    const names = this.#changedNames(this.#handle);
    const { cells, wide } = this.#copyCells(rowCount * this.#columnCount);
    return [cells, rowCount, heap, wide, names];
  }

  /** Steps up to `maxRows` rows into the buffer; their text. */
  #fill(maxRows: number): Heap | undefined {
    const handle = this.#handle;
    if (handle === null) {
      this.#fail(RESULT.MISUSE, 'not an error');
      return undefined;
    }
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#ended = this.#watch.started(handle);
    }
    const buffer = this.#buffer;
    let heap: Heap;
    try {
      heap = binding.block(handle, CONTINUE, maxRows, 0);
    } finally {
      this.#watch.stepped();
    }
    const { rowCount, isDone } = buffer;
    this.status = isDone && (rowCount === 0 || maxRows !== 1) ? DONE : ROW;
    if (this.status === DONE) this.#end();
    return heap;
  }

  #changedNames(handle: StatementHandle): string | undefined {
    const { compilation, columnCount } = this.#buffer;
    if (compilation === this.#compilation) return undefined;
    this.#compilation = compilation;
    this.#columnCount = columnCount;
    return binding.columnNames(handle);
  }

  /** The buffer's cells in memory of their own, with the wide values that they refer to. */
  #copyCells(count: number): { cells: ArrayBuffer; wide: (string | Uint8Array)[] | undefined } {
    const { f64, u32 } = this.#buffer;
    let hasBlobs = count > FEW_CELLS;
    let wide: (string | Uint8Array)[] | undefined;
    for (let cell = FIRST_CELL; cell < FIRST_CELL + count; cell++) {
      const number = f64[cell] as number;
      if (!Number.isNaN(number)) continue;
      const tag = (u32[cell * 2 + 1] as number) >>> 16;
      if (tag === BLOB_TAG) hasBlobs = true;
      else if (tag === WIDE_TAG) {
        wide ??= [];
        wide.push(binding.wideValue(this.#buffer.connection, u32[cell * 2] as number));
      }
    }
    const cells = f64.buffer as ArrayBuffer;
    return { cells: hasBlobs ? cells.slice(0) : cells.slice(0, (FIRST_CELL + count) * 8), wide };
  }
}

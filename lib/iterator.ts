/** The iterator of `statement.iterate()`: reads rows in small blocks and hands them out one by one. */
import type { Statement } from './statement.ts';

export interface RowSource {
  /** Appends up to `maxRows` rows; true when there are no more. */
  read(maxRows: number, rows: unknown[]): boolean;
  close(): void;
  requireNotBusy(): void;
}

/** The first block is small, for those who stop early; each is larger than the one before. */
const FIRST_BLOCK = 8;
const LARGEST_BLOCK = 256;

export class StatementIterator<Result = unknown> implements IterableIterator<Result, undefined> {
  declare readonly statement: Statement;
  readonly #source: RowSource;
  #rows: Result[] = [];
  #next = 0;
  #blockSize = FIRST_BLOCK;
  #isExhausted = false;
  #isClosed = false;

  constructor(statement: Statement, source: RowSource) {
    Object.defineProperty(this, 'statement', { value: statement, enumerable: true });
    this.#source = source;
  }

  next(): IteratorResult<Result, undefined> {
    this.#source.requireNotBusy();
    if (this.#isClosed) return { value: undefined, done: true };
    if (this.#next === this.#rows.length && !this.#isExhausted) this.#readBlock();
    if (this.#next < this.#rows.length) return { value: this.#rows[this.#next++] as Result, done: false };
    this.#close();
    return { value: undefined, done: true };
  }

  return(): IteratorReturnResult<undefined> {
    this.#source.requireNotBusy();
    this.#close();
    return { value: undefined, done: true };
  }

  [Symbol.iterator](): this {
    return this;
  }

  #readBlock(): void {
    this.#rows = [];
    this.#next = 0;
    try {
      this.#isExhausted = this.#source.read(this.#blockSize, this.#rows);
    } catch (error) {
      this.#close();
      throw error;
    }
    this.#blockSize = Math.min(this.#blockSize * 2, LARGEST_BLOCK);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#rows = [];
    this.#source.close();
  }
}

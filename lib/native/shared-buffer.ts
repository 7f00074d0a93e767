/**
 * The one buffer of a connection: parameters go in through it, rows come out of it.
 *
 * It is made here (V8 owns the memory, which Electron demands) and handed to the addon once. All views share it; when
 * it has to grow, a new one takes its place, so nobody may keep a view over a call.
 */
import type { ConnectionHandle, StatementHandle } from './binding.ts';
import { Cells } from './cells.ts';
import { binding } from './load.ts';

export { FIRST_CELL } from './cells.ts';

/** Enough for a statement's description: the first one prepared makes room for rows. */
const INITIAL_BYTES = 1024;
/** Kept free beyond a row's cells, for its blobs and integers. */
const ROW_RESERVE = 32 * 1024;

const TAG_NULL = 0;
const TAG_REAL = 1;
const TAG_INTEGER = 2;
const TAG_TEXT = 3;
const TAG_BLOB = 4;
const TAG_WIDE = 5;

/** Longer text and blobs go to the addon one by one. */
const MAX_INLINE = 4096;

/** What statements of a few columns need. */
const USUAL_BYTES = 64 * 1024;
/**
 * Memory of connections that were closed, for the next ones: new memory is cleared and has to be collected, which takes longer
 * than to open a database in memory.
 */
const spare: ArrayBuffer[] = [];
const MAX_SPARE = 4;
const NO_MEMORY = new ArrayBuffer(0);

export class SharedBuffer extends Cells {
  readonly connection: ConnectionHandle;
  #bytes!: Buffer;
  /** Where the next parameter's bytes go. */
  #end = 0;

  constructor(connection: ConnectionHandle) {
    super();
    this.connection = connection;
    this.#allocate(INITIAL_BYTES);
  }

  #allocate(length: number): void {
    const buffer = (length === USUAL_BYTES ? spare.pop() : undefined) ?? new ArrayBuffer(length);
    this.#lieIn(buffer);
    binding.setBuffer(this.connection, buffer);
  }

  #lieIn(buffer: ArrayBuffer): void {
    this.lieIn(buffer);
    this.#bytes = Buffer.from(buffer);
  }

  /** Gives the memory back: the connection is closed, and the addon knows it no more. */
  release(): void {
    const { buffer } = this.u8;
    this.#lieIn(NO_MEMORY);
    if (buffer.byteLength === USUAL_BYTES && spare.length < MAX_SPARE) spare.push(buffer as ArrayBuffer);
  }

  /** Makes room for rows of so many columns and for so many parameters. */
  reserve(columns: number, parameters: number): void {
    const wanted = Math.max(16 + columns * 16, parameters * 16) + ROW_RESERVE;
    if (wanted > this.u8.length) this.#allocate(2 ** Math.ceil(Math.log2(wanted)));
  }

  /** Starts a set of `count` parameters. */
  begin(count: number): void {
    this.#end = count * 16;
  }

  writeNull(index: number): void {
    this.u32[index * 4] = TAG_NULL;
  }

  writeReal(index: number, value: number): void {
    this.u32[index * 4] = TAG_REAL;
    this.f64[index * 2 + 1] = value;
  }

  /** False when the number does not fit 64 bits. */
  writeInteger(index: number, value: bigint): boolean {
    if (BigInt.asIntN(64, value) !== value) return false;
    this.u32[index * 4] = TAG_INTEGER;
    this.i64[index * 2 + 1] = value;
    return true;
  }

  writeText(statement: StatementHandle, index: number, value: string): void {
    const { length } = value;
    const start = this.#end;
    // Three bytes of UTF-8 at most for each unit of UTF-16.
    if (length > MAX_INLINE || start + length * 3 > this.u8.length) {
      this.#writeWide(statement, index, value);
      return;
    }
    let end = start;
    if (length < 64) {
      const u8 = this.u8;
      for (let at = 0; at < length; at++) {
        const unit = value.charCodeAt(at);
        if (unit > 0x7f) {
          end = -1;
          break;
        }
        u8[end++] = unit;
      }
    } else {
      end = -1;
    }
    if (end < 0) end = start + this.#bytes.write(value, start, 'utf8');
    this.u32[index * 4] = TAG_TEXT;
    this.u32[index * 4 + 1] = end - start;
    this.u32[index * 4 + 2] = start;
    this.#end = end;
  }

  writeBlob(statement: StatementHandle, index: number, value: ArrayBufferView): void {
    const start = this.#end;
    if (value.byteLength > MAX_INLINE || start + value.byteLength > this.u8.length) {
      // The addon knows typed arrays; a DataView becomes one.
      const { buffer, byteOffset, byteLength } = value;
      this.#writeWide(statement, index, new Uint8Array(buffer, byteOffset, byteLength));
      return;
    }
    this.u8.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), start);
    this.u32[index * 4] = TAG_BLOB;
    this.u32[index * 4 + 1] = value.byteLength;
    this.u32[index * 4 + 2] = start;
    this.#end = start + value.byteLength;
  }

  #writeWide(statement: StatementHandle, index: number, value: string | ArrayBufferView): void {
    this.u32[index * 4] = TAG_WIDE;
    binding.setWideParameter(statement, index, value);
  }

  get rowCount(): number {
    return this.u32[0] as number;
  }

  get isDone(): boolean {
    return this.u32[1] === 1;
  }

  get compilation(): number {
    return this.u32[3] as number;
  }

  /** After `prepare` and `describe`: what the statement is. */
  get statementFlags(): number {
    return this.u32[0] as number;
  }

  /** Statements with the same number, but for 0, have the same columns. */
  get columnsNumber(): number {
    return (this.u32[0] as number) >>> 8;
  }

  get parameterCount(): number {
    return this.u32[1] as number;
  }

  /** Also beside rows. */
  get columnCount(): number {
    return this.u32[2] as number;
  }

  /** After `run`: rows changed, and the last rowid as a number and as a bigint; the numbers as small ones where they are. */
  get changes(): number {
    return (this.i32[1] !== 0 ? this.i32[0] : this.f64[2]) as number;
  }

  get lastRowid(): number {
    return (this.i32[3] !== 0 ? this.i32[2] : this.f64[3]) as number;
  }

  get lastRowidExact(): bigint {
    return this.i64[4] as bigint;
  }

  protected override wide(index: number): unknown {
    return binding.wideValue(this.connection, index);
  }
}

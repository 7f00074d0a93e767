/**
 * Cells in a piece of memory, as native/src/row_buffer.rs lays them out: a real is itself, a NaN tells what else it is.
 *
 * The upper half of a cell is read first, as a signed number: V8 then makes a small integer of a small integer, for which a
 * row needs no memory, and no double is looked at that is none.
 */

/** The rows' header: row count, state, column count, compilation; then the cells. */
export const FIRST_CELL = 2;

/** Upper halves of cells that are no reals, as signed numbers: from the first text to the last kind there is. */
export const FIRST_TAG = 0xfff90000 | 0;
/** Above every text's. */
export const TEXT_END = 0xfffa0000 | 0;
/** The lower half is the integer. */
export const SMALL_INTEGER = 0xfffe0000 | 0;

export abstract class Cells {
  f64!: Float64Array;
  u32!: Uint32Array;
  i32!: Int32Array;
  protected i64!: BigInt64Array;
  protected u8!: Uint8Array;

  /** Text and blobs that do not lie in the memory. */
  protected abstract wide(index: number): unknown;

  protected lieIn(buffer: ArrayBuffer): void {
    this.f64 = new Float64Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }

  /** The value of a cell that is neither a real nor a small integer. */
  other(cell: number, heap: string): unknown {
    const upper = this.u32[cell * 2 + 1] as number;
    const lower = this.u32[cell * 2] as number;
    switch (upper >>> 16) {
      case 0xfff9:
        // A block whose text is all empty has no string.
        return (upper & 0xffff) === 0 ? '' : heap.substring(lower, lower + (upper & 0xffff));
      case 0xfffa:
        return null;
      case 0xfffb:
        return this.blob(lower, upper & 0xffff);
      case 0xfffc:
        return this.wide(lower);
      default:
        return this.integer(lower);
    }
  }

  /** A blob in memory of its own, not a slice of Node's pool: when it is kept, it keeps nothing else alive. */
  protected blob(offset: number, length: number): Uint8Array {
    const blob = Buffer.allocUnsafeSlow(length);
    blob.set(this.u8.subarray(offset, offset + length));
    return blob;
  }

  /** An integer that did not become a number. */
  protected integer(offset: number): bigint {
    return this.i64[offset / 8] as bigint;
  }
}

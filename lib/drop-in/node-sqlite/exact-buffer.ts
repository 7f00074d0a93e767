/** A connection's buffer whose cells read as Node reads them: integers never lose a digit, blobs are Uint8Arrays. */
import { SharedBuffer } from '../../native/shared-buffer.ts';
import { outOfRange } from './errors.ts';

export function requireSafe(integer: bigint): never {
  throw outOfRange(`Value is too large to be represented as a JavaScript number: ${integer}`);
}

export class ExactBuffer extends SharedBuffer {
  /** Whether the rows being read have their integers as bigints. */
  readBigInts = false;

  protected override blob(offset: number, length: number): Uint8Array {
    return this.u8.slice(offset, offset + length);
  }

  protected override integer(offset: number): bigint {
    const integer = super.integer(offset);
    return this.readBigInts ? integer : requireSafe(integer);
  }

  protected override wide(index: number): unknown {
    const value = super.wide(index);
    return value instanceof Uint8Array ? Uint8Array.from(value) : value;
  }
}

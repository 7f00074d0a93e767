/**
 * A whole result by column: `statement.columnar()`. Typed arrays, and dictionaries of texts, for charts and data work, where an
 * object for every row would cost more than the query.
 *
 *     const result = db.prepare('SELECT day, city, temperature FROM weather').columnar();
 *     result.columns[2].values         // Float64Array, NaN where it is NULL
 *     result.column('city').at(17)     // 'Lima'
 *     writeFileSync('weather.arrows', result.toArrow());
 *
 * The kind of a column is that of its values, not its declared type. Integers never lose digits: a column that has some beyond
 * 2^53 is a BigInt64Array, and so are all columns of integers after `safeIntegers()`.
 */
import { arrowBytes } from './arrow.ts';
import type { RawColumn } from './native/binding.ts';

/** One column: `length` values, the rows in the order of the result. */
abstract class Column<Value> {
  readonly name: string;
  readonly length: number;
  /** A bit per row, the lowest first, 1 where there is a value; null when no row is NULL. */
  readonly validity: Uint8Array | null;

  constructor(name: string, length: number, validity: ArrayBuffer | null) {
    this.name = name;
    this.length = length;
    this.validity = validity === null ? null : new Uint8Array(validity);
  }

  /** The value of a row that is not NULL. */
  protected abstract value(row: number): Value;

  isNull(row: number): boolean {
    return this.validity !== null && ((this.validity[row >> 3] as number) & (1 << (row & 7))) === 0;
  }

  /** The value of a row, null for NULL; undefined where there is no such row. */
  at(row: number): Value | null | undefined {
    if (!(row >= 0 && row < this.length)) return undefined;
    return this.isNull(row) ? null : this.value(row);
  }

  toArray(): (Value | null)[] {
    return Array.from({ length: this.length }, (_, row) => (this.isNull(row) ? null : this.value(row)));
  }
}

/** NULL in every row. */
export class NullColumn extends Column<null> {
  readonly type = 'null';

  protected value(): null {
    return null;
  }

  override isNull(): boolean {
    return true;
  }
}

export class IntegerColumn extends Column<number | bigint> {
  readonly type = 'integer';
  /** The narrowest array that holds them all; 0 for NULL. */
  readonly values: Int32Array | Float64Array | BigInt64Array;

  constructor(name: string, validity: ArrayBuffer | null, values: IntegerColumn['values']) {
    super(name, values.length, validity);
    this.values = values;
  }

  protected value(row: number): number | bigint {
    return this.values[row] as number | bigint;
  }
}

export class RealColumn extends Column<number> {
  readonly type = 'real';
  /** NaN for NULL, which no other value is. */
  readonly values: Float64Array;

  constructor(name: string, validity: ArrayBuffer | null, values: Float64Array) {
    super(name, values.length, validity);
    this.values = values;
  }

  protected value(row: number): number {
    return this.values[row] as number;
  }
}

export class TextColumn extends Column<string> {
  readonly type = 'text';
  /** Per row, which text of the dictionary; 0 for NULL. */
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
  /** Each text once, in the order in which they first occur. */
  readonly dictionary: readonly string[];

  constructor(name: string, validity: ArrayBuffer | null, codes: TextColumn['codes'], dictionary: readonly string[]) {
    super(name, codes.length, validity);
    this.codes = codes;
    this.dictionary = dictionary;
  }

  protected value(row: number): string {
    return this.dictionary[this.codes[row] as number] as string;
  }
}

export class BlobColumn extends Column<Uint8Array> {
  readonly type = 'blob';
  /** All blobs, one behind the other. */
  readonly bytes: Uint8Array;
  /** Where the blob of each row ends. */
  readonly ends: Uint32Array;

  constructor(name: string, validity: ArrayBuffer | null, bytes: Uint8Array, ends: Uint32Array) {
    super(name, ends.length, validity);
    this.bytes = bytes;
    this.ends = ends;
  }

  /** A view of `bytes`. */
  protected value(row: number): Uint8Array {
    return this.bytes.subarray(row === 0 ? 0 : this.ends[row - 1], this.ends[row]);
  }
}

/** Values of several kinds. */
export class MixedColumn extends Column<unknown> {
  readonly type = 'mixed';
  readonly values: readonly unknown[];

  constructor(name: string, validity: ArrayBuffer | null, values: readonly unknown[]) {
    super(name, values.length, validity);
    this.values = values;
  }

  protected value(row: number): unknown {
    return this.values[row];
  }
}

export type ResultColumn = NullColumn | IntegerColumn | RealColumn | TextColumn | BlobColumn | MixedColumn;

export class ColumnarResult {
  readonly rowCount: number;
  readonly columns: readonly ResultColumn[];

  constructor(rowCount: number, columns: readonly ResultColumn[]) {
    this.rowCount = rowCount;
    this.columns = columns;
  }

  /** The first column of that name. */
  column(name: string): ResultColumn | undefined {
    return this.columns.find((column) => column.name === name);
  }

  /**
   * The result as an Apache Arrow IPC stream: a schema, a dictionary for each column of texts, one batch of rows. A column whose
   * values are of several kinds has no type there: a TypeError says so.
   */
  toArrow(): Uint8Array {
    return arrowBytes(this.columns);
  }
}

/** Texts from the strings that hold many of them, each with its count. */
function dictionaryOf(lengths: Uint32Array, strings: readonly (string | number)[]): string[] {
  const dictionary: string[] = [];
  for (let at = 0; at < strings.length; at += 2) {
    const string = strings[at] as string;
    const next = dictionary.length + (strings[at + 1] as number);
    for (let start = 0; dictionary.length < next; ) {
      const end = start + (lengths[dictionary.length] as number);
      dictionary.push(string.substring(start, end));
      start = end;
    }
  }
  return dictionary;
}

const CODES = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array } as const;

/** A result as native/src/column_array.rs describes it. */
export function readColumns([rowCount, ...columns]: [number, ...RawColumn[]], names: readonly string[]): ColumnarResult {
  const read = columns.map((column, index) => readColumn(names[index] as string, rowCount, column));
  return new ColumnarResult(rowCount, read);
}

function readColumn(name: string, rowCount: number, raw: RawColumn): ResultColumn {
  const [, validity] = raw;
  switch (raw[0]) {
    case 0:
      return new NullColumn(name, rowCount, validity);
    case 1:
      return new IntegerColumn(name, validity, new Int32Array(raw[2]));
    case 2:
      return new IntegerColumn(name, validity, new Float64Array(raw[2]));
    case 3:
      return new IntegerColumn(name, validity, new BigInt64Array(raw[2]));
    case 4:
      return new RealColumn(name, validity, new Float64Array(raw[2]));
    case 5: {
      const [, , codes, width, lengths, ...strings] = raw;
      return new TextColumn(name, validity, new CODES[width](codes), dictionaryOf(new Uint32Array(lengths), strings));
    }
    case 6:
      return new BlobColumn(name, validity, new Uint8Array(raw[2]), new Uint32Array(raw[3]));
    case 7:
      return new MixedColumn(name, validity, raw[2]);
  }
}

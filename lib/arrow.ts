/** Columns as an Apache Arrow IPC stream, by way of flechette, which is loaded when it is first needed. */
import { createRequire } from 'node:module';
import type * as Flechette from '@uwdata/flechette';
import type { IntegerColumn, ResultColumn } from './columnar.ts';

let loaded: typeof Flechette | undefined;

function flechette(): typeof Flechette {
  loaded ??= createRequire(import.meta.url)('@uwdata/flechette') as typeof Flechette;
  return loaded;
}

function nullCount({ length, validity }: ResultColumn): number {
  if (validity === null) return 0;
  let count = length;
  for (let row = 0; row < length; row++) count -= ((validity[row >> 3] as number) >> (row & 7)) & 1;
  return count;
}

/** 64-bit integers out of numbers that hold them exactly. */
function toInt64(values: Float64Array): BigInt64Array {
  const words = new Int32Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    words[row * 2] = value | 0;
    words[row * 2 + 1] = Math.floor(value / 2 ** 32);
  }
  return new BigInt64Array(words.buffer);
}

function integers(column: IntegerColumn): [Flechette.DataType, Int32Array | BigInt64Array] {
  const { int32, int64 } = flechette();
  const { values } = column;
  if (values instanceof Int32Array) return [int32(), values];
  return [int64(), values instanceof Float64Array ? toInt64(values) : values];
}

function arrowColumn(column: ResultColumn): Flechette.Column<unknown> {
  const { batchType, binary, columnFromArray, Column, dictionary, float64, int32, nullType, uint8, uint16, utf8 } = flechette();
  const batch = (type: Flechette.DataType, values?: Flechette.TypedArray, offsets?: Int32Array): Flechette.Batch<unknown> => {
    const options = { length: column.length, nullCount: nullCount(column), type, validity: column.validity ?? new Uint8Array() };
    return new (batchType(type) as typeof Flechette.Batch)({ ...options, values, offsets } as never);
  };
  switch (column.type) {
    case 'null':
      return new Column([
        new (batchType(nullType()) as typeof Flechette.Batch)({
          length: column.length,
          nullCount: column.length,
          type: nullType(),
        } as never),
      ]);
    case 'integer':
      return new Column([batch(...integers(column))]);
    case 'real':
      return new Column([batch(float64(), column.values)]);
    case 'text': {
      const { codes } = column;
      const code = codes instanceof Uint8Array ? uint8() : codes instanceof Uint16Array ? uint16() : int32();
      const texts = columnFromArray([...column.dictionary], utf8());
      const made = batch(dictionary(texts.type, code), codes) as Flechette.Batch<unknown> & {
        setDictionary(texts: unknown): void;
      };
      made.setDictionary(texts);
      return new Column([made]);
    }
    case 'blob': {
      const offsets = new Int32Array(column.length + 1);
      offsets.set(column.ends, 1);
      return new Column([batch(binary(), column.bytes, offsets)]);
    }
    case 'mixed':
      throw new TypeError(`The column ${column.name} has values of several types; CAST gives it one`);
  }
}

export function arrowBytes(columns: readonly ResultColumn[]): Uint8Array {
  const { tableFromColumns, tableToIPC } = flechette();
  const table = tableFromColumns(columns.map((column) => [column.name, arrowColumn(column)]));
  return tableToIPC(table, { format: 'stream' }) as Uint8Array;
}

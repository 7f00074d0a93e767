/**
 * Column types from values: a column is INTEGER or REAL when every value reads as one and would be written the same
 * way again, so that `00501` and `1e5` stay the text they are.
 */
import type { Cell, ImportSource } from './source.ts';

export type ColumnType = 'INTEGER' | 'REAL' | 'TEXT' | 'BLOB' | 'NUMERIC';

const INTEGER_TEXT = /^(0|-?[1-9]\d{0,17})$/;
const REAL_TEXT = /^-?(0|[1-9]\d*)\.\d+$/;

function typeOf(value: NonNullable<Cell>): ColumnType {
  switch (typeof value) {
    case 'bigint':
      return 'INTEGER';
    case 'number':
      return Number.isSafeInteger(value) ? 'INTEGER' : 'REAL';
    case 'string':
      if (INTEGER_TEXT.test(value)) return 'INTEGER';
      return REAL_TEXT.test(value) ? 'REAL' : 'TEXT';
    default:
      return 'BLOB';
  }
}

/** The type that holds values of both. */
function widen(known: ColumnType | undefined, seen: ColumnType): ColumnType {
  if (known === undefined || known === seen) return seen;
  const isNumber = (type: ColumnType) => type === 'INTEGER' || type === 'REAL';
  if (isNumber(known) && isNumber(seen)) return 'REAL';
  return known === 'BLOB' || seen === 'BLOB' ? 'BLOB' : 'TEXT';
}

/** Looks at every value of the columns whose type the source does not know. */
export async function inferTypes(source: ImportSource): Promise<ColumnType[]> {
  const types = source.types.map((type) => type as ColumnType | undefined);
  const unknown = source.types.flatMap((type, index) => (type === undefined ? [index] : []));
  if (unknown.length > 0) {
    for await (const batch of source.batches()) {
      for (const row of batch) {
        for (const index of unknown) {
          const value = row[index];
          if (value !== null && value !== undefined && types[index] !== 'TEXT') types[index] = widen(types[index], typeOf(value));
        }
      }
    }
  }
  return types.map((type) => type ?? 'TEXT');
}

/**
 * Column types from values: a column is INTEGER or REAL when every value of it is such a number. Text that spells a
 * number counts only where the format has nothing but text, and only when it is spelled as a number would be: `00501`
 * and `1e5` stay the text they are. Numbers among texts become text.
 */
import type { Cell, ColumnType, ImportSource } from './source.ts';

/** Up to 18 digits fit into 64 bits, whatever they are. */
const INTEGER_TEXT = /^(0|-?[1-9]\d{0,17})$/;
const REAL_TEXT = /^-?(0|[1-9]\d*)\.\d+$/;

export interface Inferred {
  readonly types: readonly ColumnType[];
  readonly rowCount: number | undefined;
}

function typeOfText(text: string): ColumnType {
  if (INTEGER_TEXT.test(text)) return 'INTEGER';
  return REAL_TEXT.test(text) ? 'REAL' : 'TEXT';
}

function typeOf(value: NonNullable<Cell>, isTextOnly: boolean): ColumnType {
  switch (typeof value) {
    case 'bigint':
      return 'INTEGER';
    case 'number':
      return Number.isSafeInteger(value) ? 'INTEGER' : 'REAL';
    case 'string':
      return isTextOnly ? typeOfText(value) : 'TEXT';
    default:
      return 'BLOB';
  }
}

const isNumeric = (type: ColumnType): boolean => type === 'INTEGER' || type === 'REAL';

/** The type that holds values of both. */
function widen(known: ColumnType | undefined, seen: ColumnType): ColumnType {
  if (known === undefined || known === seen) return seen;
  if (isNumeric(known) && isNumeric(seen)) return 'REAL';
  return known === 'BLOB' || seen === 'BLOB' ? 'BLOB' : 'TEXT';
}

/** Reads the whole source once, unless it knows all its types. A column without any value is TEXT. */
export async function inferTypes(source: ImportSource): Promise<Inferred> {
  const types = [...source.types];
  const unknown = types.flatMap((type, index) => (type === undefined ? [index] : []));
  let { rowCount } = source;
  if (unknown.length > 0) {
    rowCount = 0;
    for await (const batch of source.batches()) {
      rowCount += batch.length;
      for (const row of batch) {
        for (const index of unknown) {
          const value = row[index];
          if (value === null || value === undefined || types[index] === 'TEXT') continue;
          types[index] = widen(types[index], typeOf(value, source.isTextOnly));
        }
      }
    }
  }
  return { types: types.map((type) => type ?? 'TEXT'), rowCount };
}

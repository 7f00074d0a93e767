/** Parquet through hyparquet, one row group at a time: a file of any size needs the memory of its largest group. */
import * as zlib from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { compressors as portable } from 'hyparquet-compressors';
import { BATCH_ROWS, type Cell, type ColumnType, type ImportSource, type Row } from './source.ts';

/** Node's own decompressors are the quicker ones, but Node before 22.15 has no Zstandard. */
const compressors = {
  ...portable,
  GZIP: (input: Uint8Array) => zlib.gunzipSync(input),
  BROTLI: (input: Uint8Array) => zlib.brotliDecompressSync(input),
  ...(typeof zlib.zstdDecompressSync === 'function' && { ZSTD: (input: Uint8Array) => zlib.zstdDecompressSync(input) }),
};

const MS_DIGITS = 3;

/**
 * Times carry no zone in SQL: they become UTC text that sorts, and that SQLite's date functions read. `units` counts
 * fractions of a second with so many digits; all of them are kept, but for zeros at the end.
 */
function dateTimeText(units: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const fraction = ((units % perSecond) + perSecond) % perSecond;
  const seconds = Number((units - fraction) / perSecond);
  const text = new Date(seconds * 1000).toISOString().replace('T', ' ').replace(/\..*$/, '');
  return fraction === 0n ? text : `${text}.${fraction.toString().padStart(digits, '0').replace(/0+$/, '')}`;
}

const parsers = {
  timestampFromMilliseconds: (millis: bigint) => dateTimeText(millis, MS_DIGITS),
  timestampFromMicroseconds: (micros: bigint) => dateTimeText(micros, 6),
  timestampFromNanoseconds: (nanos: bigint) => dateTimeText(nanos, 9),
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
};

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'number':
    case 'string':
      return value;
    case 'bigint':
      // Both engines bind numbers faster than BigInts.
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value ? 1 : 0;
    default:
  }
  if (value instanceof Date) return dateTimeText(BigInt(value.getTime()), MS_DIGITS);
  if (value instanceof Uint8Array) return Buffer.from(value);
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
}

const INTEGERS = new Set(['BOOLEAN', 'INT32', 'INT64']);
const REALS = new Set(['FLOAT', 'DOUBLE']);

interface SchemaElement {
  readonly name: string;
  readonly type?: string | undefined;
  readonly converted_type?: string | undefined;
  readonly logical_type?: { readonly type: string } | undefined;
}

function declaredType(element: SchemaElement): ColumnType {
  const logical = element.logical_type?.type ?? element.converted_type ?? '';
  if (/DATE|TIME|STRING|UTF8|JSON|UUID|ENUM/.test(logical)) return 'TEXT';
  if (/DECIMAL/.test(logical)) return 'NUMERIC';
  if (INTEGERS.has(element.type ?? '')) return 'INTEGER';
  if (REALS.has(element.type ?? '')) return 'REAL';
  // Groups and lists arrive as JSON text; bytes without a meaning stay bytes.
  return element.type === undefined ? 'TEXT' : 'BLOB';
}

export async function openParquet(path: string): Promise<ImportSource> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const elements = parquetSchema(metadata).children.map((child) => child.element as SchemaElement);
  return {
    columns: elements.map((element) => element.name),
    types: elements.map(declaredType),
    isTextOnly: false,
    rowCount: Number(metadata.num_rows),
    async *batches() {
      let groupStart = 0;
      for (const group of metadata.row_groups) {
        const groupEnd = groupStart + Number(group.num_rows);
        let rows: unknown[][] = [];
        await parquetRead({
          file,
          metadata,
          compressors,
          parsers,
          rowStart: groupStart,
          rowEnd: groupEnd,
          onComplete(read: unknown) {
            rows = read as unknown[][];
          },
        });
        for (let from = 0; from < rows.length; from += BATCH_ROWS) {
          yield rows.slice(from, from + BATCH_ROWS).map((row): Row => row.map(toCell));
        }
        groupStart = groupEnd;
      }
    },
  };
}

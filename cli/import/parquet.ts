/** Parquet through hyparquet, one row group at a time: a file of any size needs the memory of its largest group. */
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type Cell, type ImportSource, inBatches, type Row } from './source.ts';

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'number':
    case 'string':
      return value;
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
  }
  // Without a time zone in SQL, times are kept as UTC text that sorts and that date functions read.
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('.000Z', '').replace('Z', '');
  if (value instanceof Uint8Array) return Buffer.from(value);
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner));
}

const INTEGERS = new Set(['INT32', 'INT64']);
const REALS = new Set(['FLOAT', 'DOUBLE']);

interface SchemaElement {
  readonly name: string;
  readonly type?: string | undefined;
  readonly converted_type?: string | undefined;
  readonly logical_type?: { readonly type: string } | undefined;
}

function declaredType(element: SchemaElement): string | undefined {
  const logical = element.logical_type?.type ?? element.converted_type ?? '';
  if (/DATE|TIME|STRING|UTF8|JSON|UUID|ENUM/.test(logical)) return 'TEXT';
  if (/DECIMAL/.test(logical)) return 'NUMERIC';
  if (INTEGERS.has(element.type ?? '')) return 'INTEGER';
  if (REALS.has(element.type ?? '')) return 'REAL';
  return undefined;
}

export async function openParquet(path: string): Promise<ImportSource> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const elements = parquetSchema(metadata).children.map((child) => child.element as SchemaElement);
  return {
    columns: elements.map((element) => element.name),
    types: elements.map(declaredType),
    rowCount: Number(metadata.num_rows),
    async *batches() {
      let rowStart = 0;
      for (const group of metadata.row_groups) {
        const rowEnd = rowStart + Number(group.num_rows);
        let rows: unknown[][] = [];
        await parquetRead({
          file,
          metadata,
          compressors,
          rowStart,
          rowEnd,
          onComplete(read: unknown) {
            rows = read as unknown[][];
          },
        });
        rowStart = rowEnd;
        yield* inBatches(rows.map((row): Row => row.map(toCell)));
      }
    },
  };
}

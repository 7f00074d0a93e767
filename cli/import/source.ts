/** What an import reads from: named columns, and rows in batches. */

export type Cell = string | number | bigint | Buffer | null;
export type Row = Cell[];
export type ColumnType = 'INTEGER' | 'REAL' | 'TEXT' | 'BLOB' | 'NUMERIC';

export interface ImportSource {
  readonly columns: readonly string[];
  /** Declared types by column, or undefined where the values tell. */
  readonly types: readonly (ColumnType | undefined)[];
  /** The format knows text only, so that `12` in it may mean a number. */
  readonly isTextOnly: boolean;
  /** How many rows there are, where that is known before reading. */
  readonly rowCount: number | undefined;
  batches(): AsyncIterable<Row[]>;
}

/** Rows of one batch: large enough to be quick, small enough to show progress. */
export const BATCH_ROWS = 10_000;

export function* inBatches(rows: Iterable<Row>): Generator<Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length === BATCH_ROWS) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

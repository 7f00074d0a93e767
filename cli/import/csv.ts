/**
 * CSV as RFC 4180 has it: fields in quotes may hold separators, line ends and doubled quotes. The first line names the
 * columns. The separator is the one of `,` `;` tab `|` that the first line has most of.
 */
import { createReadStream } from 'node:fs';
import { BATCH_ROWS, type ImportSource, type Row } from './source.ts';

const SEPARATORS = [',', ';', '\t', '|'];

/** Splits text that arrives in pieces into rows of fields. */
export class CsvParser {
  readonly #separator: string;
  #row: string[] = [];
  #field = '';
  #state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  #skipNewline = false;

  constructor(separator: string) {
    this.#separator = separator;
  }

  /** The rows that end in this piece. */
  push(text: string): string[][] {
    const rows: string[][] = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at] as string;
      if (this.#skipNewline) {
        this.#skipNewline = false;
        if (char === '\n') {
          from = at + 1;
          continue;
        }
      }
      if (this.#state === 'quoted') {
        if (char !== '"') continue;
        this.#field += text.slice(from, at);
        this.#state = 'quote';
        from = at + 1;
      } else if (this.#state === 'quote' && char === '"') {
        // A doubled quote inside quotes.
        this.#field += '"';
        this.#state = 'quoted';
        from = at + 1;
      } else if (this.#state === 'start' && char === '"') {
        this.#state = 'quoted';
        from = at + 1;
      } else if (char === this.#separator || char === '\n' || char === '\r') {
        this.#field += text.slice(from, at);
        this.#endField();
        if (char !== this.#separator) {
          this.#endRow(rows);
          this.#skipNewline = char === '\r';
        }
        from = at + 1;
      } else if (this.#state !== 'plain') {
        this.#state = 'plain';
      }
    }
    this.#field += text.slice(from);
    return rows;
  }

  /** The last row, when it ends without a line end. */
  end(): string[][] {
    if (this.#state === 'quoted') throw new Error('a quoted field of the CSV never ends');
    const rows: string[][] = [];
    if (this.#state !== 'start' || this.#row.length > 0) {
      this.#endField();
      this.#endRow(rows);
    }
    return rows;
  }

  #endField(): void {
    this.#row.push(this.#field);
    this.#field = '';
    this.#state = 'start';
  }

  #endRow(rows: string[][]): void {
    // An empty line is no row.
    if (this.#row.length > 1 || this.#row[0] !== '') rows.push(this.#row);
    this.#row = [];
  }
}

export function detectSeparator(firstLine: string): string {
  const count = (separator: string) => firstLine.split(separator).length;
  return SEPARATORS.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

async function* readRows(path: string): AsyncGenerator<string[][]> {
  let parser: CsvParser | undefined;
  let head = '';
  for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    let text = String(piece);
    if (parser === undefined) {
      head += text;
      const lineEnd = head.search(/[\r\n]/);
      if (lineEnd < 0) continue;
      parser = new CsvParser(detectSeparator(head.slice(0, lineEnd)));
      text = head.startsWith('\ufeff') ? head.slice(1) : head;
    }
    yield parser.push(text);
  }
  parser ??= new CsvParser(detectSeparator(head));
  if (head !== '' && !/[\r\n]/.test(head)) yield parser.push(head);
  yield parser.end();
}

export async function openCsv(path: string): Promise<ImportSource> {
  const first = readRows(path);
  let columns: string[] | undefined;
  for await (const rows of first) {
    columns = rows[0];
    if (columns !== undefined) break;
  }
  if (columns === undefined) throw new Error(`${path} is empty`);
  const names = columns.map((name, index) => (name === '' ? `column ${index + 1}` : name));
  return {
    columns: names,
    types: names.map(() => undefined),
    isTextOnly: true,
    rowCount: undefined,
    async *batches() {
      let isHeader = true;
      let rowNumber = 0;
      let batch: Row[] = [];
      for await (const rows of readRows(path)) {
        for (const row of rows) {
          if (isHeader) {
            isHeader = false;
            continue;
          }
          rowNumber++;
          if (row.length > names.length) {
            throw new Error(`row ${rowNumber} of ${path} has ${row.length} fields, the header only ${names.length}`);
          }
          // An empty field is no value; fields that a short row lacks are not there either.
          batch.push(names.map((_, index) => row[index] || null));
          if (batch.length === BATCH_ROWS) {
            yield batch;
            batch = [];
          }
        }
      }
      if (batch.length > 0) yield batch;
    },
  };
}

/**
 * The forms that results can take.
 *
 *     table  markdown    aligned columns, for people
 *     csv  tsv           with a line of column names
 *     json  jsonl        an array of objects; one object per line
 *     list               values joined by a separator, what scripts expect of a SQLite shell
 *     line               one `name = value` per line
 */
import { type Cell, cellToJson, cellToText } from './cell.ts';
import type { Output } from './output.ts';
import { BOX, MARKDOWN, TableWriter } from './table.ts';
import { displayWidth } from './width.ts';

export const MODES = ['table', 'markdown', 'csv', 'tsv', 'json', 'jsonl', 'list', 'line'] as const;
export type Mode = (typeof MODES)[number];

export interface OutputSettings {
  mode: Mode;
  /** Whether column names are shown; undefined: as the mode has it. */
  headers: boolean | undefined;
  /** What stands for NULL; undefined: as the mode has it. */
  nullText: string | undefined;
  /** Between the values of `list`. */
  separator: string;
}

/** Writes the rows of one result. */
export interface RowWriter {
  row(cells: readonly Cell[]): void;
  end(): void;
}

export function isMode(name: string): name is Mode {
  return (MODES as readonly string[]).includes(name);
}

export function createRowWriter(columns: readonly string[], settings: OutputSettings, output: Output): RowWriter {
  switch (settings.mode) {
    case 'table':
      return new TableWriter(output, BOX, columns, settings.nullText ?? 'NULL');
    case 'markdown':
      return new TableWriter(output, MARKDOWN, columns, settings.nullText ?? 'NULL');
    case 'csv':
      return csvWriter(columns, settings, output);
    case 'tsv':
      return tsvWriter(columns, settings, output);
    case 'json':
      return jsonWriter(columns, output);
    case 'jsonl':
      return { row: (cells) => output.write(`${jsonObject(jsonKeys(columns), cells)}\n`), end() {} };
    case 'list':
      return listWriter(columns, settings, output);
    case 'line':
      return lineWriter(columns, settings, output);
  }
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180, lines ended by LF. An empty text is quoted, so that it differs from NULL. */
function csvWriter(columns: readonly string[], settings: OutputSettings, output: Output): RowWriter {
  const nullText = settings.nullText ?? '';
  if (settings.headers ?? true) output.write(`${columns.map(csvField).join(',')}\n`);
  const field = (cell: Cell) => (cell === null ? nullText : csvField(cellToText(cell, nullText)));
  return { row: (cells) => output.write(`${cells.map(field).join(',')}\n`), end() {} };
}

const TSV_ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

function tsvWriter(columns: readonly string[], settings: OutputSettings, output: Output): RowWriter {
  const nullText = settings.nullText ?? '';
  const field = (cell: Cell) =>
    cellToText(cell, nullText).replace(/[\t\n\r\\]/g, (character) => TSV_ESCAPES[character] as string);
  if (settings.headers ?? true) output.write(`${columns.map(field).join('\t')}\n`);
  return { row: (cells) => output.write(`${cells.map(field).join('\t')}\n`), end() {} };
}

function listWriter(columns: readonly string[], settings: OutputSettings, output: Output): RowWriter {
  const { separator, nullText = '' } = settings;
  if (settings.headers ?? false) output.write(`${columns.join(separator)}\n`);
  return { row: (cells) => output.write(`${cells.map((cell) => cellToText(cell, nullText)).join(separator)}\n`), end() {} };
}

function jsonKeys(columns: readonly string[]): string[] {
  return columns.map((name) => `${JSON.stringify(name)}:`);
}

function jsonObject(keys: readonly string[], cells: readonly Cell[]): string {
  return `{${cells.map((cell, index) => keys[index] + cellToJson(cell)).join(',')}}`;
}

function jsonWriter(columns: readonly string[], output: Output): RowWriter {
  const keys = jsonKeys(columns);
  let opening = '[';
  return {
    row(cells) {
      output.write(opening + jsonObject(keys, cells));
      opening = ',\n';
    },
    end: () => output.write(opening === '[' ? '[]\n' : ']\n'),
  };
}

function lineWriter(columns: readonly string[], settings: OutputSettings, output: Output): RowWriter {
  const width = Math.max(0, ...columns.map(displayWidth));
  const names = columns.map((name) => ' '.repeat(width - displayWidth(name)) + name);
  let isFirst = true;
  return {
    row(cells) {
      const lines = cells.map((cell, index) => `${names[index]} = ${cellToText(cell, settings.nullText ?? 'NULL')}\n`);
      output.write((isFirst ? '' : '\n') + lines.join(''));
      isFirst = false;
    },
    end() {},
  };
}

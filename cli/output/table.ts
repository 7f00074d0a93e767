/**
 * Results as a table of aligned columns, framed with lines or written as Markdown.
 *
 * Widths come from the first rows; later cells that are longer stick out. So the memory is bounded, whatever the query.
 */
import { type Cell, cellToText } from './cell.ts';
import type { RowWriter } from './modes.ts';
import type { Output } from './output.ts';
import { displayWidth, toOneLine } from './width.ts';

const MAX_MEASURED_ROWS = 5000;

interface Frame {
  /** Lines above, below the names and at the end: left corner, fill, crossing, right corner. */
  readonly top?: readonly [string, string, string, string];
  readonly middle: readonly [string, string, string, string];
  readonly bottom?: readonly [string, string, string, string];
  readonly bar: string;
  /** A `|` within a cell would end it in Markdown. */
  readonly escapesBar: boolean;
}

export const BOX: Frame = {
  top: ['┌─', '─', '─┬─', '─┐'],
  middle: ['├─', '─', '─┼─', '─┤'],
  bottom: ['└─', '─', '─┴─', '─┘'],
  bar: '│',
  escapesBar: false,
};
export const MARKDOWN: Frame = { middle: ['|-', '-', '-|-', '-|'], bar: '|', escapesBar: true };

export class TableWriter implements RowWriter {
  readonly #output: Output;
  readonly #frame: Frame;
  readonly #nullText: string;
  readonly #names: readonly string[];
  readonly #widths: number[];
  readonly #isNumeric: boolean[];
  #measured: string[][] | undefined = [];

  constructor(output: Output, frame: Frame, columns: readonly string[], nullText: string) {
    this.#output = output;
    this.#frame = frame;
    this.#nullText = nullText;
    this.#names = columns.map((name) => this.#escape(name));
    this.#widths = this.#names.map(displayWidth);
    this.#isNumeric = columns.map(() => true);
  }

  row(cells: readonly Cell[]): void {
    const texts = cells.map((cell) => this.#escape(cellToText(cell, this.#nullText)));
    if (this.#measured === undefined) {
      this.#writeRow(texts);
      return;
    }
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index];
      this.#widths[index] = Math.max(this.#widths[index] as number, displayWidth(texts[index] as string));
      if (cell !== null && typeof cell !== 'number' && typeof cell !== 'bigint') this.#isNumeric[index] = false;
    }
    this.#measured.push(texts);
    if (this.#measured.length >= MAX_MEASURED_ROWS) this.#writeMeasured();
  }

  end(): void {
    this.#writeMeasured();
    if (this.#frame.bottom !== undefined) this.#writeLine(this.#frame.bottom);
  }

  #escape(text: string): string {
    const line = toOneLine(text);
    return this.#frame.escapesBar ? line.replaceAll('|', '\\|') : line;
  }

  #writeMeasured(): void {
    if (this.#measured === undefined) return;
    const rows = this.#measured;
    this.#measured = undefined;
    if (this.#frame.top !== undefined) this.#writeLine(this.#frame.top);
    this.#writeRow(this.#names);
    this.#writeLine(this.#frame.middle);
    for (const row of rows) this.#writeRow(row);
  }

  #writeLine([left, fill, crossing, right]: readonly [string, string, string, string]): void {
    this.#output.write(`${left}${this.#widths.map((width) => fill.repeat(width)).join(crossing)}${right}\n`);
  }

  #writeRow(texts: readonly string[]): void {
    const { bar } = this.#frame;
    const cells = texts.map((text, index) => {
      const padding = ' '.repeat(Math.max(0, (this.#widths[index] as number) - displayWidth(text)));
      return this.#isNumeric[index] ? padding + text : text + padding;
    });
    this.#output.write(`${bar} ${cells.join(` ${bar} `)} ${bar}\n`);
  }
}

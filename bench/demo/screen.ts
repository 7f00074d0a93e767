/** What the demo prints: headings, progress, small tables. */

export function heading(text: string): void {
  console.log(`\n${text}\n${'─'.repeat(text.length)}`);
}

const BAR_LENGTH = 30;
const REDRAW_MS = 100;

/** One line that is written over while work goes on; plain lines where nobody watches. */
export class Progress {
  readonly #title: string;
  readonly #total: number | undefined;
  #shown = 0;

  constructor(title: string, total: number | undefined) {
    this.#title = title;
    this.#total = total;
  }

  update(rows: number): void {
    if (!process.stdout.isTTY || performance.now() - this.#shown < REDRAW_MS) return;
    this.#shown = performance.now();
    const share = Math.min(1, rows / (this.#total ?? Number.POSITIVE_INFINITY));
    const filled = Math.round(share * BAR_LENGTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_LENGTH - filled)}`;
    process.stdout.write(`\r  ${this.#title} ${bar} ${Math.floor(share * 100)} % ${rows.toLocaleString('en')} rows`);
  }

  done(text: string): void {
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
    console.log(`  ${this.#title}: ${text}`);
  }
}

const MAX_WIDTH = 34;

function cellText(value: unknown): string {
  if (value === null) return '';
  const text = typeof value === 'number' ? value.toLocaleString('en') : String(value);
  return text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH - 1)}…` : text;
}

export function table(rows: readonly Record<string, unknown>[], limit: number): void {
  const [first] = rows;
  if (first === undefined) {
    console.log('  (no rows)');
    return;
  }
  const names = Object.keys(first);
  const shown = rows.slice(0, limit);
  const texts = shown.map((row) => names.map((name) => cellText(row[name])));
  const widths = names.map((name, index) => Math.max(name.length, ...texts.map((cells) => (cells[index] as string).length)));
  const isNumber = names.map((name) => typeof first[name] === 'number');
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => (isNumber[index] ? cell.padStart(widths[index] as number) : cell.padEnd(widths[index] as number)))
      .join('  ');
  console.log(`    ${line(names)}`);
  for (const cells of texts) console.log(`    ${line(cells)}`);
  if (rows.length > limit) console.log(`    … ${rows.length - limit} more`);
}

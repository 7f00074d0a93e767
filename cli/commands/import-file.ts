/** Imports a file into a table and shows how far it is, on a terminal. */
import type Database from 'pluresdb';
import { type ImportFormat, loadTable, planTable } from '../import/load-table.ts';

const FORMATS: readonly ImportFormat[] = ['csv', 'json', 'ndjson', 'parquet'];
export const FORMATS_HELP = FORMATS.join(', ');

export interface ImportRequest {
  readonly table: string | undefined;
  readonly format: ImportFormat | undefined;
}

export interface ImportResult {
  readonly table: string;
  readonly rows: number;
  readonly seconds: number;
}

export function isImportFormat(name: string): name is ImportFormat {
  return (FORMATS as readonly string[]).includes(name);
}

const BAR_LENGTH = 30;
const REDRAW_MS = 100;

/** One line on standard error that is drawn over itself. Without a terminal it shows nothing. */
class ProgressLine {
  #drawnAt = 0;

  draw(rows: number, total: number | undefined): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    const count = `${rows.toLocaleString('en-US')} rows`;
    const share = total === undefined || total === 0 ? undefined : Math.min(1, rows / total);
    const filled = Math.round((share ?? 0) * BAR_LENGTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_LENGTH - filled)} ${Math.floor((share ?? 0) * 100)}%  `;
    process.stderr.write(`\r\x1b[K${share === undefined ? '' : bar}${count}`);
  }

  clear(): void {
    if (process.stderr.isTTY && this.#drawnAt > 0) process.stderr.write('\r\x1b[K');
  }
}

export async function importFile(database: Database, file: string, request: ImportRequest): Promise<ImportResult> {
  const start = performance.now();
  const plan = await planTable(file, {
    ...(request.table === undefined ? {} : { table: request.table }),
    ...(request.format === undefined ? {} : { format: request.format }),
  });
  const progress = new ProgressLine();
  try {
    const rows = await loadTable(database, plan, (count) => progress.draw(count, plan.source.rowCount));
    return { table: plan.table, rows, seconds: (performance.now() - start) / 1000 };
  } finally {
    progress.clear();
  }
}

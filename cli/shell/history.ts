/** The lines typed at earlier prompts: `~/.pluresdb_history`, or the file that PLURESDB_HISTORY names; empty for none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const HISTORY_LINES = 1000;

function historyPath(): string {
  return process.env['PLURESDB_HISTORY'] ?? join(homedir(), '.pluresdb_history');
}

/** Newest first, as node:readline has it. A history that cannot be read is none. */
export function readHistory(): string[] {
  const path = historyPath();
  if (path === '') return [];
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).reverse().slice(0, HISTORY_LINES);
  } catch {
    return [];
  }
}

/** Queries may hold secrets: only the user reads them. */
export function writeHistory(lines: readonly string[]): void {
  const path = historyPath();
  if (path === '') return;
  try {
    writeFileSync(path, `${[...lines].reverse().join('\n')}\n`, { mode: 0o600 });
  } catch (error) {
    process.stderr.write(`the history could not be kept: ${(error as Error).message}\n`);
  }
}

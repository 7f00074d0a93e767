/**
 * TPC-H's data as text files: made once per scale factor by the generator beside this file and kept in `.cache/tpch`.
 *
 *     .cache/tpch/generator/            what cargo builds
 *     .cache/tpch/scale-0.1/<table>.tbl
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlValue } from '../drivers/engine.ts';
import type { Table } from './schema.ts';

const cache = join(import.meta.dirname, '..', '..', '.cache', 'tpch');

function start(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
}

/** The folder with the tables. */
export function generate(scale: number): string {
  const folder = join(cache, `scale-${scale}`);
  if (existsSync(folder)) return folder;
  const target = join(cache, 'generator');
  const manifest = join(import.meta.dirname, 'generator', 'Cargo.toml');
  start('cargo', ['build', '--release', '--locked', '--quiet', '--manifest-path', manifest, '--target-dir', target]);
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  start(join(target, 'release', 'pluresdb-tpch-generator'), [String(scale), fresh]);
  try {
    renameSync(fresh, folder);
  } catch {
    // Another process has just put it there.
    rmSync(fresh, { recursive: true });
  }
  return folder;
}

export const tablePath = (folder: string, { name }: Table): string => join(folder, `${name}.tbl`);

export function* readRows(folder: string, table: Table): Generator<SqlValue[]> {
  const isNumber = table.columns.map(([, type]) => type === 'INTEGER' || type === 'REAL');
  const text = readFileSync(tablePath(folder, table), 'latin1');
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    yield text
      .slice(start, end)
      .split('|')
      .map((value, column) => (isNumber[column] ? Number(value) : value));
    start = end + 1;
  }
}

/**
 * TPC-H's data as text files: made once per scale factor by the generator beside this file and kept in `.cache/tpch`.
 *
 *     .cache/tpch/generator/            what cargo builds
 *     .cache/tpch/scale-0.1/<table>.tbl
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
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

/** Bytes read at a time: at greater scale factors a table is longer than any string may be. */
const CHUNK = 4 << 20;

function* readLines(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK);
    let rest = '';
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      const lines = (rest + chunk.toString('latin1', 0, length)).split('\n');
      rest = lines.pop() as string;
      yield* lines;
    }
  } finally {
    closeSync(file);
  }
}

export function* readRows(folder: string, table: Table): Generator<SqlValue[]> {
  const isNumber = table.columns.map(([, type]) => type === 'INTEGER' || type === 'REAL');
  for (const line of readLines(tablePath(folder, table))) {
    yield line.split('|').map((value, column) => (isNumber[column] ? Number(value) : value));
  }
}

/** Runs the contract on one side, in a process of its own and under any Node. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export type Outcomes = Readonly<Record<string, string>>;

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, '.cache', 'sqlite3-contract');

export const ours = join(root, 'dist', 'sqlite3.cjs');

function bundle(): string {
  const outfile = join(cache, 'side.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'side.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // esbuild would keep a lone surrogate's escape out of its UTF-8 output otherwise.
    charset: 'ascii',
    logLevel: 'warning',
  });
  return outfile;
}

const TIMEOUT_MS = 240_000;

/** All outcomes of a module; `node` is the program to run it under. */
export function runSide(module: string, options: { node?: string; filter?: string | undefined; name: string }): Outcomes {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, `${options.name}.json`);
  rmSync(file, { force: true });
  const args = [bundle(), module, file, ...(options.filter === undefined ? [] : [options.filter])];
  const { status, signal, stderr, stdout } = spawnSync(options.node ?? process.execPath, args, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (status !== 0 || !existsSync(file)) {
    throw new Error(`${options.name} ended with ${signal ?? status}\n${stdout}${stderr}`.slice(0, 8000));
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Outcomes;
}

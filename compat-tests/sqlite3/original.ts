/**
 * The package `sqlite3` to compare with: version 6.0.1, compiled here.
 *
 * It is no dependency of the repository, because it compiles itself and needs Python for it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'original');

/** The package's folder; undefined where there is none that is built. `PLURESDB_SQLITE3` may name another one. */
export function findOriginal(): string | undefined {
  const folders = [process.env['PLURESDB_SQLITE3'], join(folder, 'node_modules', 'sqlite3')];
  return folders.find((found) => found !== undefined && existsSync(join(found, 'build', 'Release', 'node_sqlite3.node')));
}

function npm(...args: string[]): boolean {
  const program = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return spawnSync(program, args, { cwd: folder, stdio: 'inherit' }).status === 0;
}

/** Compiles it, if that has not been done. */
export function installOriginal(): void {
  if (findOriginal() !== undefined) return;
  const isInstalled = npm('install', '--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund');
  if (!isInstalled || !npm('rebuild', 'sqlite3')) console.log('NOT RUN: the original could not be compiled');
}

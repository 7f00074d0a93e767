/** The Nodes the package is tried on: packages that bring the program itself, kept in a cache. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NodeProgram {
  readonly major: number;
  readonly path: string;
}

/** Undefined where there is no package of it for this platform, or no way to it. */
export function nodeProgram(major: number, cache: string): NodeProgram | undefined {
  const folder = join(cache, `node-${major}`);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const path = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const args = ['install', `${name}@${major}`, '--ignore-scripts', '--no-audit', '--no-fund'];
    spawnSync('npm', args, { cwd: folder, shell: process.platform === 'win32' });
  }
  return existsSync(path) ? { major, path } : undefined;
}

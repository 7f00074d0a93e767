/**
 * Fingerprints of what a build step reads, so that an unchanged step is skipped.
 *
 * A stamp is written after its step has succeeded; a step that died halfway is simply done again.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.mjs';

export const cacheFolder = join(root, '.cache');
const NOT_SOURCES = new Set(['node_modules', 'target', 'dist', '.git', '.cache', 'prebuilds']);

/** All files under the given paths, sorted, relative to the repository. */
export function sourceFiles(paths, accept = () => true) {
  const found = [];
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full)) if (!NOT_SOURCES.has(name)) visit(`${path}/${name}`);
    } else if (accept(path)) found.push(path);
  };
  for (const path of paths) visit(path);
  return found.sort();
}

/** A hash over the files' names and bytes, the platform and whatever else decides the result. */
export function fingerprint(files, ...also) {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([process.platform, process.arch, ...also]));
  for (const file of files) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

export function isCurrent(name, print) {
  const path = join(cacheFolder, `${name}.stamp`);
  return existsSync(path) && readFileSync(path, 'utf8') === print;
}

export function writeStamp(name, print) {
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(join(cacheFolder, `${name}.stamp`), print);
}

/**
 * Where the large test corpora are: the folder in `PLURESDB_CORPORA`, or `../shared/corpora` beside the repository.
 *
 * They are no part of the repository. A machine without them skips, and says so.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const repository: string = join(import.meta.dirname, '..');

/** The file or folder of that name among the corpora, when this machine has it. */
export function corpusPath(name: string): string | undefined {
  const folder = process.env['PLURESDB_CORPORA'] ?? join(repository, '..', 'shared', 'corpora');
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
}

/** Unpacks an archive once into `.cache`; undefined when this machine's `tar` cannot read it. */
export function unpackCorpus(archive: string, name: string): string | undefined {
  const { size } = statSync(archive);
  const folder = join(repository, '.cache', 'corpora', `${name}-${size}`);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    execFileSync('tar', ['-xf', archive, '-C', fresh], { stdio: 'pipe' });
    renameSync(fresh, folder);
    return folder;
  } catch {
    // No tar, no xz, or another process has just put the folder there.
    rmSync(fresh, { recursive: true, force: true });
    return existsSync(folder) ? folder : undefined;
  }
}

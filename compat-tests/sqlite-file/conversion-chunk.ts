/** A chunk of the conversion run, in a child process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertFiles } from './conversion.ts';

export async function handle(seeds: readonly number[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-file-'));
  try {
    return await convertFiles({ folder, seeds });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

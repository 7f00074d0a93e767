/** A chunk of the damage run, in a child process: a hang or a death costs the chunk, and its case is named. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DamageResult, runDamage } from './damage.ts';

export interface DamageTask {
  readonly seed: number;
  readonly cases: number;
}

export async function handle({ seed, cases }: DamageTask): Promise<DamageResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-file-'));
  try {
    return await runDamage({ folder, seed, cases });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

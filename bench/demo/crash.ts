/** Kills a writer in the middle of a stream of commits and looks for every commit that it acknowledged. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Database from 'pluresdb';

const RUN_MS = 1500;

export interface CrashResult {
  readonly acknowledged: number;
  readonly found: number;
  readonly isIntact: boolean;
}

/** The last id the writer acknowledged before the kill. */
async function killWriter(path: string): Promise<number> {
  const writer = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('writer.ts', import.meta.url)), path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  let killer: NodeJS.Timeout | undefined;
  writer.stdout.on('data', (piece: Buffer) => {
    // Only the last lines matter: ids count up.
    output = (output + piece.toString()).slice(-200);
    killer ??= setTimeout(() => writer.kill('SIGKILL'), RUN_MS);
  });
  const signal = await new Promise((resolve) => writer.on('close', (_code, endedBy) => resolve(endedBy)));
  clearTimeout(killer);
  if (signal !== 'SIGKILL') throw new Error('the writer ended before it was killed');
  const complete = output.slice(0, output.lastIndexOf('\n'));
  return Number(complete.slice(complete.lastIndexOf('\n') + 1));
}

export async function surviveKill(path: string): Promise<CrashResult> {
  const acknowledged = await killWriter(path);
  const db = new Database(path);
  const found = db.prepare('SELECT count(*) FROM ledger WHERE id <= ? AND amount = id * 7').pluck().get(acknowledged) as number;
  const check = db.pragma('integrity_check', { simple: true });
  db.close();
  return { acknowledged, found, isIntact: check === 'ok' };
}

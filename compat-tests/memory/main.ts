/**
 * `npm run sim -- memory`: a database many times larger than its cache is built and read, and the process stays small.
 *
 *     --engine NAME     pluresdb (default) or better-sqlite3
 *     --megabytes N     uncompressed bytes of values, default 300; the promise is stated for 2048
 *     --bound N         the largest resident size allowed, in MB, default 400
 *     --folder PATH     where the database is made, default the system's folder for temporary files
 *
 * `cache_size` is 64 MB. The size counts the whole process: V8, the addon, the trees, sled, the log.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../command-line.ts';
import { type Count, newCount } from '../report.ts';
import type { LoadReport } from './load.ts';

export async function runMemory(args: readonly string[]): Promise<Count> {
  const options = readCommandLine(args, {
    megabytes: { type: 'string' },
    bound: { type: 'string' },
    folder: { type: 'string' },
  });
  const megabytes = options.number('megabytes', 300);
  const bound = options.number('bound', 400);
  const folder = mkdtempSync(join(options.text('folder') ?? tmpdir(), 'pluresdb-memory-'));
  const count = newCount();
  try {
    const script = new URL('load.ts', import.meta.url).pathname;
    const args = ['--disable-warning=ExperimentalWarning', script, options.engine, join(folder, 'large.db'), String(megabytes)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const end = await new Promise<number | string>((resolve) => {
      child.on('close', (code, signal) => resolve(signal ?? code ?? 0));
    });
    if (end !== 0) {
      console.log(`the load ended with ${end}`);
      count.failed += 1;
      return count;
    }
    tell(JSON.parse(output) as LoadReport, bound, count);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return count;
}

function tell(report: LoadReport, bound: number, count: Count): void {
  const { start, build, scan, iterate } = report.peakMegabytes;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  console.log(`${report.rows} rows, ${Math.round(report.valueBytes / 1e6)} MB of values`);
  console.log(`build ${seconds(report.buildMs)}, scan ${seconds(report.scanMs)}, iterate ${seconds(report.iterateMs)}`);
  console.log(
    `peak resident size: ${start} MB before, ${build} MB built, ${scan} MB scanned, ${iterate} MB iterated (bound ${bound} MB)`,
  );
  for (const difference of report.differences) console.log(`    ${difference}`);
  const verdicts = [report.differences.length === 0, iterate < bound];
  count.passed += verdicts.filter((isHeld) => isHeld).length;
  count.failed += verdicts.filter((isHeld) => !isHeld).length;
}

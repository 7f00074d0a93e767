/**
 * `npm run bench -- --resources`: memory and disk of each case, every engine in a process of its own.
 *
 *     npm run bench -- --resources [--only NAME]… [--engine NAME]… [--cache-kib N] [--quick]
 *
 * Memory is the process at its largest, Node and what the case keeps in JavaScript included; disk is the database's
 * folder after the last round.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineName } from './drivers/engine.ts';
import type { Workload } from './workload.ts';

export interface ResourceOptions {
  readonly engines: readonly EngineName[];
  readonly workloads: readonly Workload[];
  readonly cacheKib: number;
  readonly isQuick: boolean;
}

interface Report {
  readonly peakMemoryBytes: number;
  readonly cases: readonly { readonly engines: readonly { readonly diskBytes: number }[] }[];
}

const TITLE_WIDTH = 40;
const WIDTH = 24;
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

function runCase(engine: EngineName, { name }: Workload, { cacheKib, isQuick }: ResourceOptions): Report {
  const folder = mkdtempSync(join(tmpdir(), 'pluresdb-resources-'));
  try {
    const json = join(folder, 'report.json');
    const program = fileURLToPath(new URL('main.ts', import.meta.url));
    const options = ['--engine', engine, '--only', name, '--rounds', '2', '--cache-kib', String(cacheKib), '--json', json];
    const flags = ['--disable-warning=ExperimentalWarning', '--expose-gc'];
    const child = spawnSync(process.execPath, [...flags, program, ...options, ...(isQuick ? ['--quick'] : [])], {
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(`${name} on ${engine}: ${child.stdout}${child.stderr}`);
    return JSON.parse(readFileSync(json, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function runResources(options: ResourceOptions): void {
  const { engines, workloads } = options;
  console.log('memory / disk in MB');
  console.log(`${'case'.padEnd(TITLE_WIDTH)}${engines.map((engine) => engine.padStart(WIDTH)).join('')}`);
  for (const workload of workloads) {
    const cells = engines.map((engine) => {
      const { peakMemoryBytes, cases } = runCase(engine, workload, options);
      return `${megabytes(peakMemoryBytes)} / ${megabytes(cases[0]?.engines[0]?.diskBytes ?? 0)}`.padStart(WIDTH);
    });
    console.log(`${workload.title.padEnd(TITLE_WIDTH)}${cells.join('')}`);
  }
}

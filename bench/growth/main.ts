/**
 * `npm run bench -- --growth`: how the cost of one piece of work grows with the table, and memory and disk with it.
 *
 *     npm run bench -- --growth [--sizes 10000,100000,1000000,10000000] [--rounds N] [--engine NAME]… [--cache-kib N]
 *
 * A search in a tree may cost as much more as the logarithm of the size; the last column says how much more it is, from
 * the smallest size to the largest, beside that of the logarithm. Work that is told per row should stay the same.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EngineName } from '../drivers/engine.ts';
import type { SizeReport } from './size.ts';

export interface GrowthOptions {
  readonly engines: readonly EngineName[];
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly cacheKib: number;
  readonly json: string | undefined;
}

const TITLE_WIDTH = 28;
const WIDTH = 18;

const formatNs = (ns: number): string => {
  if (ns >= 1e6) return `${(ns / 1e6).toFixed(1)} ms`;
  return ns >= 1000 ? `${(ns / 1000).toFixed(2)} µs` : `${ns.toFixed(2)} ns`;
};
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function runSize(engine: EngineName, rows: number, { rounds, cacheKib }: GrowthOptions): SizeReport {
  const program = fileURLToPath(new URL('size.ts', import.meta.url));
  const flags = ['--disable-warning=ExperimentalWarning', '--expose-gc'];
  const child = spawnSync(process.execPath, [...flags, program, engine, ...[rows, rounds, cacheKib].map(String)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (child.status !== 0) throw new Error(`${engine} at ${rows} rows: ${child.stderr}`);
  return JSON.parse(child.stdout) as SizeReport;
}

function printEngine(engine: EngineName, sizes: readonly number[], reports: readonly SizeReport[]): void {
  const line = (title: string, cells: readonly string[]) =>
    console.log(title.padEnd(TITLE_WIDTH) + cells.map((cell) => cell.padStart(WIDTH)).join(''));
  console.log();
  line(engine, [...sizes.map((rows) => `${rows.toLocaleString('en')} rows`), 'growth']);
  for (const title of Object.keys(reports[0]?.nanoseconds ?? {})) {
    const times = reports.map(({ nanoseconds }) => nanoseconds[title] ?? Number.NaN);
    line(title, [...times.map(formatNs), `${((times.at(-1) ?? 0) / (times[0] ?? 1)).toFixed(2)}×`]);
  }
  line(
    'memory',
    reports.map(({ memoryBytes }) => megabytes(memoryBytes)),
  );
  line(
    'disk',
    reports.map(({ diskBytes }) => megabytes(diskBytes)),
  );
}

/** Whether all engines gave the same answers at every size. */
export function runGrowth(options: GrowthOptions): boolean {
  const { engines, sizes, json } = options;
  const reports = new Map<EngineName, SizeReport[]>(engines.map((engine) => [engine, []]));
  let isEqual = true;
  for (const rows of sizes) {
    const here = engines.map((engine) => runSize(engine, rows, options));
    for (const [index, report] of here.entries()) reports.get(engines[index] as EngineName)?.push(report);
    if (here.some(({ answers }) => answers !== here[0]?.answers)) {
      console.log(`✗ the answers are not equal at ${rows} rows`);
      isEqual = false;
    }
  }
  const logarithm = Math.log(sizes.at(-1) ?? 1) / Math.log(sizes[0] ?? 1);
  console.log(
    `cache_size ${megabytes(options.cacheKib * 1024)}; medians of ${options.rounds} rounds; a logarithm grows ${logarithm.toFixed(2)}×`,
  );
  for (const [engine, measured] of reports) printEngine(engine, sizes, measured);
  if (isEqual) console.log(`\nanswers equal at all ${sizes.length} sizes`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ sizes, engines: Object.fromEntries(reports) }, null, 2)}\n`);
  return isEqual;
}

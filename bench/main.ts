/**
 * `npm run bench`: our engine, better-sqlite3 and node:sqlite side by side on the design's cases.
 *
 *     npm run bench -- [--only NAME]… [--rounds N] [--engine NAME]… [--json FILE] [--baseline FILE]
 *         [--cache-kib N] [--quick]
 *     npm run bench -- --baseline bench/baselines/shipped.json     what has lost over 15 % since that run
 *     npm run bench -- --application … see application/main.ts
 *     npm run bench -- --tpch …        see tpch/main.ts
 *     npm run bench -- --growth …      see growth/main.ts
 *     npm run bench -- --open …        see opening.ts
 *     npm run bench -- --resources …   see resources.ts
 *     npm run bench -- --instructions  see instructions/main.ts
 *
 * Every engine has one database file with the same settings, on which the workloads run one after the other. Ends with
 * 1 when answers differ or an engine fails; being slow is no failure.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ApplicationOptions, runApplication } from './application/main.ts';
import { printRegressions, readBaseline } from './baseline.ts';
import { DRIVERS } from './drivers/all-drivers.ts';
import { DEFAULT_ENGINES, ENGINE_NAMES } from './drivers/engine.ts';
import { Fixtures } from './fixtures.ts';
import { type GrowthOptions, runGrowth } from './growth/main.ts';
import { runInstructions } from './instructions/main.ts';
import { CPU_CLOCK, type Measurement, measure, WALL_CLOCK } from './measure.ts';
import { type OpeningOptions, runOpening } from './opening.ts';
import { printHeader, printMeasurement, printSummary, toJson } from './report.ts';
import { runResources } from './resources.ts';
import { runTpch, TPCH_ENGINES, type TpchOptions } from './tpch/main.ts';
import { type Bench, FULL_SCALE, QUICK_SCALE, type Workload } from './workload.ts';
import { WORKLOADS } from './workloads/all-workloads.ts';

const DEFAULT_ROUNDS = 7;
/** Enough for everything that the workloads store: the table of a million rows is read warm. */
const DEFAULT_CACHE_KIB = 256 * 1024;

/** Of `--open`. */
const DEFAULT_OPENED_MB = 1000;

class UsageError extends Error {}

function wholeNumber(text: string | undefined, byDefault: number, option: string): number {
  if (text === undefined) return byDefault;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${option} wants a positive whole number`);
  return value;
}

function chosen<T>(names: readonly string[] | undefined, all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  if (names === undefined) return all;
  return names
    .flatMap((given) => given.split(','))
    .map((name) => {
      const found = all.find((one) => nameOf(one) === name);
      if (found === undefined) throw new UsageError(`no ${name}; there are: ${all.map(nameOf).join(' ')}`);
      return found;
    });
}

const OPTIONS = {
  only: { type: 'string', multiple: true },
  engine: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  'cache-kib': { type: 'string' },
  json: { type: 'string' },
  baseline: { type: 'string' },
  quick: { type: 'boolean', default: false },
  application: { type: 'boolean', default: false },
  tpch: { type: 'boolean', default: false },
  scale: { type: 'string', default: '0.1' },
  cpu: { type: 'boolean', default: false },
  analyze: { type: 'boolean', default: false },
  growth: { type: 'boolean', default: false },
  open: { type: 'boolean', default: false },
  megabytes: { type: 'string' },
  resources: { type: 'boolean', default: false },
  instructions: { type: 'boolean', default: false },
  save: { type: 'boolean', default: false },
  sizes: { type: 'string', default: '10000,100000,1000000,10000000' },
} as const;

type Arguments = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function readRun(values: Arguments) {
  return {
    rounds: wholeNumber(values.rounds, values.quick ? 1 : DEFAULT_ROUNDS, 'rounds'),
    cacheKib: wholeNumber(values['cache-kib'], DEFAULT_CACHE_KIB, 'cache-kib'),
    json: values.json,
  };
}

function enginesOf({ engine }: Arguments) {
  return engine === undefined ? DEFAULT_ENGINES : chosen(engine, ENGINE_NAMES, (name) => name);
}

function readTpch(values: Arguments): TpchOptions {
  const scale = Number(values.scale);
  if (!(scale > 0)) throw new UsageError('--scale wants a positive number');
  return {
    ...readRun(values),
    engines: chosen(values.engine, TPCH_ENGINES, (name) => name),
    only: values.only?.flatMap((given) => given.split(',')),
    scale,
    clock: values.cpu ? CPU_CLOCK : WALL_CLOCK,
    analyze: values.analyze,
  };
}

function readApplication(values: Arguments): ApplicationOptions {
  return {
    ...readRun(values),
    engines: enginesOf(values),
    only: values.only?.flatMap((given) => given.split(',')),
    clock: values.cpu ? CPU_CLOCK : WALL_CLOCK,
  };
}

function readGrowth(values: Arguments): GrowthOptions {
  return {
    ...readRun(values),
    engines: enginesOf(values),
    sizes: values.sizes.split(',').map((size) => wholeNumber(size, 0, 'sizes')),
  };
}

function readOpening(values: Arguments): OpeningOptions {
  const { rounds, cacheKib } = readRun(values);
  const megabytes = wholeNumber(values.megabytes, DEFAULT_OPENED_MB, 'megabytes');
  return { engines: enginesOf(values), megabytes, rounds, cacheKib };
}

async function runWorkloads(values: Arguments): Promise<boolean> {
  const workloads = chosen<Workload>(values.only, WORKLOADS, ({ name }) => name);
  const names = enginesOf(values);
  const { rounds, cacheKib, json } = readRun(values);
  const saved = values.baseline === undefined ? undefined : readBaseline(values.baseline);
  const scale = values.quick ? QUICK_SCALE : FULL_SCALE;
  const root = mkdtempSync(join(tmpdir(), 'pluresdb-bench-'));
  try {
    const engines = names.map((name) => DRIVERS[name]({ cacheKib }));
    const benches = engines.map((engine, index): Bench => {
      const folder = join(root, String(index));
      mkdirSync(folder);
      const db = engine.open(join(folder, 'bench'));
      return { engine, db, fixtures: new Fixtures(db, scale), folder, scale };
    });
    printHeader(engines, rounds);
    const measurements: Measurement[] = [];
    for (const workload of workloads) {
      const measurement = await measure(workload, benches, rounds);
      printMeasurement(measurement);
      measurements.push(measurement);
    }
    printSummary(measurements);
    if (saved !== undefined) printRegressions(saved, measurements);
    for (const { db } of benches) db.close();
    if (json !== undefined) writeFileSync(json, toJson(engines, scale, measurements));
    return measurements.every(({ isEqual }) => isEqual);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function run(values: Arguments): boolean | Promise<boolean> {
  if (values.application) return runApplication(readApplication(values));
  if (values.tpch) return runTpch(readTpch(values));
  if (values.growth) return runGrowth(readGrowth(values));
  if (values.open) return runOpening(readOpening(values));
  if (values.instructions) return runInstructions(values.save);
  if (!values.resources) return runWorkloads(values);
  runResources({
    engines: enginesOf(values),
    workloads: chosen<Workload>(values.only, WORKLOADS, ({ name }) => name),
    cacheKib: readRun(values).cacheKib,
    isQuick: values.quick,
  });
  return true;
}

try {
  const { values } = parseArgs({ options: OPTIONS });
  process.exitCode = (await run(values)) ? 0 : 1;
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  console.error(isUsage ? `bench: ${error.message}` : error);
  process.exitCode = isUsage ? 2 : 1;
}

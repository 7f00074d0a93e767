/**
 * What the benchmark prints and writes. A ratio is the peer's median time through ours: above 1 we are faster.
 */
import { cpus, totalmem } from 'node:os';
import type { Engine, EngineName } from './drivers/engine.ts';
import type { EngineMeasurement, Measurement } from './measure.ts';
import { geometricMean, median, spread } from './statistics.ts';

type EngineFacts = Pick<Engine, 'name' | 'version'>;

const TITLE_WIDTH = 36;
const TIME_WIDTH = 18;
const RATIO_WIDTH = 23;
/** The engines that are ours; each is set against every peer. */
const OURS: readonly EngineName[] = ['pluresdb', 'pluresdb-file', 'pluresdb-threads'];

function formatMs(ms: number): string {
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  return ms >= 1 ? `${ms.toFixed(2)} ms` : `${(ms * 1000).toFixed(1)} µs`;
}

function formatRate(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(2)} M/s`;
  if (perSecond >= 1e3) return `${(perSecond / 1e3).toFixed(1)} k/s`;
  return `${perSecond.toFixed(1)} /s`;
}

/** Work of many units is read as a rate, single pieces of work as their time. */
function formatMeasured({ rounds, failure }: EngineMeasurement, count: number): string {
  if (failure !== undefined) return 'failed';
  const ms = median(rounds);
  const speed = count > 1 ? formatRate((count * 1000) / ms) : formatMs(ms);
  return `${speed} ±${(spread(rounds) * 50).toFixed(0)} %`;
}

interface Pair {
  readonly ours: EngineName;
  readonly peer: EngineName;
}

function pairsOf(engines: readonly EngineName[]): Pair[] {
  const peers = engines.filter((name) => !OURS.includes(name));
  return engines.filter((name) => OURS.includes(name)).flatMap((ours) => peers.map((peer) => ({ ours, peer })));
}

/** As columns and lines name a pair: `× peer`, for our second store `file × peer`. */
const pairTitle = ({ ours, peer }: Pair): string => `${ours.replace(/^pluresdb-?/, '')} × ${peer}`.trimStart();

function ratioOf({ ours, peer }: Pair, { engines }: Measurement): number | undefined {
  const [mine, theirs] = [ours, peer].map((name) => engines.find(({ engine }) => engine === name)?.rounds ?? []);
  return mine?.length && theirs?.length ? median(theirs) / median(mine) : undefined;
}

const namesOf = (measurements: readonly Measurement[]): EngineName[] =>
  measurements[0]?.engines.map(({ engine }) => engine) ?? [];

/** By `pairTitle`; null where one of the two failed. */
export const ratiosOf = (measurement: Measurement): Record<string, number | null> =>
  Object.fromEntries(pairsOf(namesOf([measurement])).map((pair) => [pairTitle(pair), ratioOf(pair, measurement) ?? null]));

const formatRatio = (ratio: number | undefined): string => (ratio === undefined ? '–' : `${ratio.toFixed(2)}×`);

export function printHeader(engines: readonly EngineFacts[], rounds: number): void {
  const names = engines.map(({ name }) => name);
  console.log(engines.map(({ version }) => version).join('; '));
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores; files, WAL, synchronous=NORMAL; medians of ${rounds} interleaved rounds\n`,
  );
  const ratios = pairsOf(names).map((pair) => pairTitle(pair).padStart(RATIO_WIDTH));
  console.log(`${'case'.padEnd(TITLE_WIDTH)}${names.map((name) => name.padStart(TIME_WIDTH)).join('')}${ratios.join('')}`);
}

export function printMeasurement(measurement: Measurement): void {
  const { workload, count, engines, isEqual } = measurement;
  const times = engines.map((measured) => formatMeasured(measured, count).padStart(TIME_WIDTH));
  const ratios = pairsOf(namesOf([measurement])).map((pair) => formatRatio(ratioOf(pair, measurement)).padStart(RATIO_WIDTH));
  console.log(`${workload.title.padEnd(TITLE_WIDTH)}${times.join('')}${ratios.join('')}`);
  for (const { engine, failure } of engines) if (failure !== undefined) console.log(`  ✗ ${engine}: ${failure}`);
  if (!isEqual) console.log('  ✗ the answers are not equal');
}

/** The time of all cases together, and the peers' as a multiple of ours. */
export function printTotals(measurements: readonly Measurement[]): void {
  const names = namesOf(measurements);
  const totalOf = (name: EngineName) =>
    measurements.reduce((sum, { engines }) => sum + median(engines.find(({ engine }) => engine === name)?.rounds ?? []), 0);
  const times = names.map((name) => formatMs(totalOf(name)).padStart(TIME_WIDTH));
  const ratios = pairsOf(names).map(({ ours, peer }) => formatRatio(totalOf(peer) / totalOf(ours)).padStart(RATIO_WIDTH));
  console.log(`${'total'.padEnd(TITLE_WIDTH)}${times.join('')}${ratios.join('')}`);
}

export function printSummary(measurements: readonly Measurement[]): void {
  const names = namesOf(measurements);
  console.log();
  for (const pair of pairsOf(names)) {
    const ratios = measurements.flatMap((measurement) => ratioOf(pair, measurement) ?? []);
    if (ratios.length === 0) continue;
    const slower = ratios.filter((ratio) => ratio < 1).length;
    console.log(
      `${pairTitle(pair)}: geometric mean ${geometricMean(ratios).toFixed(2)}×, least ${Math.min(...ratios).toFixed(2)}×, ` +
        `faster in ${ratios.length - slower} of ${ratios.length}`,
    );
  }
  const unequal = measurements.filter(({ isEqual }) => !isEqual).length;
  console.log(unequal === 0 ? `answers equal in all ${measurements.length} cases` : `${unequal} cases failed or differ`);
}

/** What a comparison needs of a saved report. */
export interface SavedRun {
  readonly cases: readonly { readonly name: string; readonly ratios: Readonly<Record<string, number | null>> }[];
}

/** For `--json`: everything that was measured, with the machine it was measured on. */
export function toJson(engines: readonly EngineFacts[], scale: object, measurements: readonly Measurement[]): string {
  const report = {
    machine: {
      platform: `${process.platform}-${process.arch}`,
      processor: cpus()[0]?.model,
      cores: cpus().length,
      memoryBytes: totalmem(),
      node: process.version,
    },
    /** Of this process at its largest: it tells an engine's only where it ran alone. */
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    engines: Object.fromEntries(engines.map(({ name, version }) => [name, version])),
    scale,
    cases: measurements.map((measurement) => ({
      name: measurement.workload.name,
      title: measurement.workload.title,
      unit: measurement.workload.unit,
      count: measurement.count,
      isEqual: measurement.isEqual,
      ratios: ratiosOf(measurement),
      engines: measurement.engines.map(({ engine, rounds, failure, diskBytes }) => ({
        engine,
        diskBytes,
        medianMs: rounds.length > 0 ? median(rounds) : null,
        spread: rounds.length > 0 ? spread(rounds) : null,
        roundsMs: rounds,
        ...(failure !== undefined && { failure }),
      })),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

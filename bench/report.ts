/**
 * What the benchmark prints and writes. A ratio is the peer's median time through ours: above 1 we are faster.
 */
import { cpus, totalmem } from 'node:os';
import type { Engine, EngineName } from './drivers/engine.ts';
import type { EngineMeasurement, Measurement } from './measure.ts';
import { geometricMean, median, spread } from './statistics.ts';

type EngineFacts = Pick<Engine, 'name' | 'version'>;

const TITLE_WIDTH = 36;
const TIME_WIDTH = 22;
const RATIO_WIDTH = 18;
const SUBJECT: EngineName = 'pluresdb';

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

function ratioTo(peer: EngineName, { engines }: Measurement): number | undefined {
  const [ours, theirs] = [SUBJECT, peer].map((name) => engines.find(({ engine }) => engine === name)?.rounds ?? []);
  return ours?.length && theirs?.length ? median(theirs) / median(ours) : undefined;
}

const formatRatio = (ratio: number | undefined): string => (ratio === undefined ? '–' : `${ratio.toFixed(2)}×`);

function peersOf(engines: readonly EngineName[]): EngineName[] {
  return engines.includes(SUBJECT) ? engines.filter((name) => name !== SUBJECT) : [];
}

export function printHeader(engines: readonly EngineFacts[], rounds: number): void {
  const names = engines.map(({ name }) => name);
  console.log(engines.map(({ version }) => version).join('; '));
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores; files, WAL, synchronous=NORMAL; medians of ${rounds} interleaved rounds\n`,
  );
  const ratios = peersOf(names).map((name) => `× ${name}`.padStart(RATIO_WIDTH));
  console.log(`${'case'.padEnd(TITLE_WIDTH)}${names.map((name) => name.padStart(TIME_WIDTH)).join('')}${ratios.join('')}`);
}

export function printMeasurement(measurement: Measurement): void {
  const { workload, count, engines, isEqual } = measurement;
  const times = engines.map((measured) => formatMeasured(measured, count).padStart(TIME_WIDTH));
  const ratios = peersOf(engines.map(({ engine }) => engine)).map((peer) =>
    formatRatio(ratioTo(peer, measurement)).padStart(RATIO_WIDTH),
  );
  console.log(`${workload.title.padEnd(TITLE_WIDTH)}${times.join('')}${ratios.join('')}`);
  for (const { engine, failure } of engines) if (failure !== undefined) console.log(`  ✗ ${engine}: ${failure}`);
  if (!isEqual) console.log('  ✗ the answers are not equal');
}

/** The time of all cases together, and the peers' as a multiple of ours. */
export function printTotals(measurements: readonly Measurement[]): void {
  const names = measurements[0]?.engines.map(({ engine }) => engine) ?? [];
  const totalOf = (name: EngineName) =>
    measurements.reduce((sum, { engines }) => sum + median(engines.find(({ engine }) => engine === name)?.rounds ?? []), 0);
  const times = names.map((name) => formatMs(totalOf(name)).padStart(TIME_WIDTH));
  const ratios = peersOf(names).map((peer) => formatRatio(totalOf(peer) / totalOf(SUBJECT)).padStart(RATIO_WIDTH));
  console.log(`${'total'.padEnd(TITLE_WIDTH)}${times.join('')}${ratios.join('')}`);
}

export function printSummary(measurements: readonly Measurement[]): void {
  const names = measurements[0]?.engines.map(({ engine }) => engine) ?? [];
  console.log();
  for (const peer of peersOf(names)) {
    const ratios = measurements.flatMap((measurement) => ratioTo(peer, measurement) ?? []);
    if (ratios.length === 0) continue;
    const slower = ratios.filter((ratio) => ratio < 1).length;
    console.log(
      `against ${peer}: geometric mean ${geometricMean(ratios).toFixed(2)}×, least ${Math.min(...ratios).toFixed(2)}×, ` +
        `faster in ${ratios.length - slower} of ${ratios.length}`,
    );
  }
  const unequal = measurements.filter(({ isEqual }) => !isEqual).length;
  console.log(unequal === 0 ? `answers equal in all ${measurements.length} cases` : `${unequal} cases failed or differ`);
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
    engines: Object.fromEntries(engines.map(({ name, version }) => [name, version])),
    scale,
    cases: measurements.map((measurement) => ({
      name: measurement.workload.name,
      title: measurement.workload.title,
      unit: measurement.workload.unit,
      count: measurement.count,
      isEqual: measurement.isEqual,
      ratios: Object.fromEntries(
        peersOf(measurement.engines.map(({ engine }) => engine)).map((peer) => [peer, ratioTo(peer, measurement) ?? null]),
      ),
      engines: measurement.engines.map(({ engine, rounds, failure }) => ({
        engine,
        medianMs: rounds.length > 0 ? median(rounds) : null,
        spread: rounds.length > 0 ? spread(rounds) : null,
        roundsMs: rounds,
        ...(failure !== undefined && { failure }),
      })),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

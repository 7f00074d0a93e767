/**
 * Rounds of one workload on several engines.
 *
 * The first run of each engine warms up and is checked: all answers must be equal. Then come the timed rounds, engines
 * in turn within each round and each round starting with another one, so that a noisy moment hits all of them.
 */
import { digestOf } from './digest.ts';
import type { EngineName } from './drivers/engine.ts';
import { sizeOf } from './size-on-disk.ts';
import type { Case, Workload } from './workload.ts';

/** What time is: the clock's, or this process's share of it, which other processes do not lengthen. */
export interface Clock {
  readonly title: string;
  /** Milliseconds since some moment. */
  now(): number;
}

export const WALL_CLOCK: Clock = { title: 'time of day', now: () => performance.now() };

export const CPU_CLOCK: Clock = {
  title: 'CPU time of the process',
  now() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

export interface Measurement {
  readonly workload: Pick<Workload, 'name' | 'title' | 'unit'>;
  /** Units of work per round. */
  readonly count: number;
  readonly engines: readonly EngineMeasurement[];
  /** Every engine answered, and all answers were equal. */
  readonly isEqual: boolean;
}

export interface EngineMeasurement {
  readonly engine: EngineName;
  /** Milliseconds of each round; empty when the engine failed. */
  readonly rounds: readonly number[];
  readonly digest: string | undefined;
  readonly failure: string | undefined;
  /** What lies in the engine's folder after the last round. */
  readonly diskBytes: number | undefined;
}

interface Contender {
  readonly engine: EngineName;
  readonly rounds: number[];
  case: Case | undefined;
  digest: string | undefined;
  failure: string | undefined;
  diskBytes: number | undefined;
}

async function runOnce(current: Case, clock: Clock): Promise<{ readonly ms: number; readonly answer: unknown }> {
  current.before?.();
  // Garbage of the last run is not this run's time. `npm run bench` starts Node with --expose-gc.
  globalThis.gc?.();
  const started = clock.now();
  const answer = await current.run();
  return { ms: clock.now() - started, answer };
}

/** What an engine cannot do is reported as such; the others still run. */
async function attempt(contender: Contender, work: () => unknown): Promise<void> {
  if (contender.failure !== undefined) return;
  try {
    await work();
  } catch (error) {
    contender.failure = error instanceof Error ? error.message : String(error);
    contender.rounds.length = 0;
  }
}

async function warmUp<B>(contender: Contender, workload: Workload<B>, bench: B, clock: Clock): Promise<void> {
  const opened = workload.open(bench);
  contender.case = opened;
  const { answer } = await runOnce(opened, clock);
  contender.digest = digestOf(opened.answer === undefined ? answer : opened.answer());
}

export async function measure<B extends { readonly engine: { readonly name: EngineName }; readonly folder?: string }>(
  workload: Workload<B>,
  benches: readonly B[],
  roundCount: number,
  clock: Clock = WALL_CLOCK,
): Promise<Measurement> {
  const contenders = benches.map(
    ({ engine }): Contender => ({
      engine: engine.name,
      rounds: [],
      case: undefined,
      digest: undefined,
      failure: undefined,
      diskBytes: undefined,
    }),
  );
  for (const [index, contender] of contenders.entries()) {
    await attempt(contender, () => warmUp(contender, workload, benches[index] as B, clock));
  }
  for (let round = 0; round < roundCount; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length] as Contender;
      await attempt(contender, async () => contender.rounds.push((await runOnce(contender.case as Case, clock)).ms));
    }
  }
  const count = contenders.find((contender) => contender.case !== undefined)?.case?.count ?? 0;
  for (const [index, contender] of contenders.entries()) {
    const folder = benches[index]?.folder;
    contender.diskBytes = folder === undefined ? undefined : sizeOf(folder);
    await attempt(contender, () => contender.case?.close?.());
  }
  const [first] = contenders;
  const isEqual = contenders.every(({ digest, failure }) => failure === undefined && digest === first?.digest);
  return { workload, count, engines: contenders.map(({ case: _, ...measured }) => measured), isEqual };
}

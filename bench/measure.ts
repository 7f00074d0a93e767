/**
 * Rounds of one workload on several engines.
 *
 * The first run of each engine warms up and is checked: all answers must be equal. Then come the timed rounds, engines
 * in turn within each round and each round starting with another one, so that a noisy moment hits all of them.
 */
import { digestOf } from './digest.ts';
import type { EngineName } from './drivers/engine.ts';
import type { Bench, Case, Workload } from './workload.ts';

export interface Measurement {
  readonly workload: Workload;
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
}

interface Contender {
  readonly engine: EngineName;
  readonly rounds: number[];
  case: Case | undefined;
  digest: string | undefined;
  failure: string | undefined;
}

function runOnce(current: Case): { readonly ms: number; readonly answer: unknown } {
  current.before?.();
  // Garbage of the last run is not this run's time. `npm run bench` starts Node with --expose-gc.
  globalThis.gc?.();
  const started = performance.now();
  const answer = current.run();
  return { ms: performance.now() - started, answer };
}

/** What an engine cannot do is reported as such; the others still run. */
function attempt(contender: Contender, work: () => void): void {
  if (contender.failure !== undefined) return;
  try {
    work();
  } catch (error) {
    contender.failure = error instanceof Error ? error.message : String(error);
    contender.rounds.length = 0;
  }
}

function warmUp(contender: Contender, workload: Workload, bench: Bench): void {
  const opened = workload.open(bench);
  contender.case = opened;
  const { answer } = runOnce(opened);
  contender.digest = digestOf(opened.answer === undefined ? answer : opened.answer());
}

export function measure(workload: Workload, benches: readonly Bench[], roundCount: number): Measurement {
  const contenders = benches.map(
    ({ engine }): Contender => ({ engine: engine.name, rounds: [], case: undefined, digest: undefined, failure: undefined }),
  );
  contenders.forEach((contender, index) => {
    attempt(contender, () => warmUp(contender, workload, benches[index] as Bench));
  });
  for (let round = 0; round < roundCount; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length] as Contender;
      attempt(contender, () => contender.rounds.push(runOnce(contender.case as Case).ms));
    }
  }
  const count = contenders.find((contender) => contender.case !== undefined)?.case?.count ?? 0;
  for (const contender of contenders) attempt(contender, () => contender.case?.close?.());
  const [first] = contenders;
  const isEqual = contenders.every(({ digest, failure }) => failure === undefined && digest === first?.digest);
  return { workload, count, engines: contenders.map(({ case: _, ...measured }) => measured), isEqual };
}

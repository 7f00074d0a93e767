/**
 * One target under libFuzzer for some seconds: how much it ran, how far it reached, what it found.
 *
 *     .cache/fuzz/<target>/corpus     inputs that reached something new, kept from run to run
 *     .cache/fuzz/<target>/findings   inputs that panicked, hung or wanted too much memory, made as small as it goes
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../corpora.ts';
import { seedFolder } from './build.ts';
import type { Target } from './targets.ts';

/** One input may take so long; more is a hang. */
const TIMEOUT_SECONDS = 20;
/** Of the whole process. An allocation that is too large fails earlier, at the limit of `native/fuzz/src/lib.rs`. */
const MEMORY_MB = 2048;
/** After so many findings a target is not started again: the same fault shows again and again. */
const MAX_FINDINGS = 3;
const MINIMIZE_SECONDS = 20;
const OUTPUT_BYTES = 1 << 28;

export interface Finding {
  readonly reason: string;
  /** The input, smallest found. */
  readonly path: string;
}

export interface TargetReport {
  readonly runs: number;
  /** Edges of the control flow that were reached, as libFuzzer counts them. */
  readonly edges: number;
  readonly corpus: number;
  readonly findings: readonly Finding[];
}

/** Where statements of chance may leave their files. */
const workFolder = join(repository, '.cache', 'fuzz', 'work');

function fuzzer(program: string, args: readonly string[]): string {
  mkdirSync(workFolder, { recursive: true });
  const { stderr, error } = spawnSync('nice', ['-n', '15', program, ...args], {
    cwd: workFolder,
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, RUST_BACKTRACE: '0' },
  });
  if (error !== undefined) throw error;
  return stderr;
}

/** Why libFuzzer stopped, in the words of the panic when there was one. */
export function reasonOf(output: string): string {
  const panic = /panicked at (.*)\n([^\n]*)/.exec(output);
  if (panic !== null) return `panicked at ${panic[1]} ${panic[2]}`;
  return /ERROR: libFuzzer: (.*)/.exec(output)?.[1] ?? 'it died';
}

/** The input it stopped at; slow ones, which it keeps as well, are no finding. */
export function artifactOf(output: string): string | undefined {
  return [...output.matchAll(/Test unit written to (.*)/g)]
    .map((match) => match[1])
    .find((path) => path?.includes('slow-unit-') === false);
}

/** The highest count that a line of progress (`#123 NEW cov: 45 ft: 67 corp: 8/9b …`) tells. */
export function highest(output: string, counter: RegExp): number {
  return Math.max(0, ...[...output.matchAll(counter)].map((match) => Number(match[1])));
}

function smallest(program: string, path: string): string {
  const smaller = `${path}.small`;
  fuzzer(program, [
    '-minimize_crash=1',
    `-max_total_time=${MINIMIZE_SECONDS}`,
    `-timeout=${TIMEOUT_SECONDS}`,
    `-exact_artifact_path=${smaller}`,
    path,
  ]);
  return statSync(smaller, { throwIfNoEntry: false }) === undefined ? path : smaller;
}

export function runTarget(programs: string, target: Target, seconds: number, seed: number): TargetReport {
  const program = join(programs, target.name);
  const folder = join(repository, '.cache', 'fuzz', target.name);
  const [corpus, found] = [join(folder, 'corpus'), join(folder, 'findings')];
  for (const path of [corpus, found]) mkdirSync(path, { recursive: true });
  const findings: Finding[] = [];
  let runs = 0;
  let edges = 0;
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0 || findings.length >= MAX_FINDINGS) break;
    const output = fuzzer(program, [
      corpus,
      join(seedFolder, target.name),
      `-seed=${seed + findings.length}`,
      `-max_total_time=${left}`,
      `-timeout=${TIMEOUT_SECONDS}`,
      `-rss_limit_mb=${MEMORY_MB}`,
      `-max_len=${target.maxLength}`,
      `-artifact_prefix=${found}/`,
      '-print_final_stats=1',
      ...(target.dictionary === undefined ? [] : [`-dict=native/fuzz/dictionaries/${target.dictionary}.dict`]),
    ]);
    runs += highest(output, /stat::number_of_executed_units: (\d+)/g);
    edges = Math.max(edges, highest(output, / cov: (\d+)/g));
    const artifact = artifactOf(output);
    if (artifact !== undefined) findings.push({ reason: reasonOf(output), path: smallest(program, artifact) });
    else if (!output.includes('Done ')) findings.push({ reason: reasonOf(output), path: 'no input was kept' });
  }
  return { runs, edges, corpus: readdirSync(corpus).length, findings };
}

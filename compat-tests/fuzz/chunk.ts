/**
 * A chunk is what one child process does at a time: enough work to be worth a message, and repeatable by its number.
 */
import { type EngineName, loadEngine } from '../engine.ts';
import type { ErrorRule } from './compare.ts';
import { Tally, type TallyRecord } from './construct.ts';
import type { Feature } from './context.ts';
import { ExpressionCampaign, type FoundCase } from './expression-run.ts';
import { runForeignKeyEpisode, STATEMENTS_PER_FOREIGN_KEY_EPISODE } from './foreign-keys-run.ts';
import type { FunctionGroup } from './function-shape.ts';
import { runNestedChunk } from './nested/run.ts';
import { runScanChunk } from './scan-run.ts';
import { runEpisode, STATEMENTS_PER_EPISODE } from './statement-run.ts';

export type FuzzMode = 'sql' | 'expr' | 'foreign-keys' | 'scan' | 'nested';

export interface ChunkTask {
  readonly mode: FuzzMode;
  readonly engine: EngineName;
  readonly seed: number;
  readonly chunk: number;
  readonly functions: readonly FunctionGroup[];
  readonly features: readonly Feature[];
  readonly errors: ErrorRule;
  readonly failureLimit: number;
}

export interface ChunkResult {
  readonly count: number;
  readonly tally: TallyRecord;
  readonly found: readonly FoundCase[];
}

const BATCHES_PER_CHUNK = 100;
const EXPRESSIONS_PER_BATCH = 50;
const EPISODES_PER_CHUNK = 20;
const TABLES_PER_CHUNK = 5;
const SCANS_PER_TABLE = 40;
const DATABASES_PER_CHUNK = 4;
const QUERIES_PER_DATABASE = 100;

export function chunkSize(mode: FuzzMode): number {
  switch (mode) {
    case 'expr':
      return BATCHES_PER_CHUNK * EXPRESSIONS_PER_BATCH;
    case 'sql':
      return EPISODES_PER_CHUNK * STATEMENTS_PER_EPISODE;
    case 'foreign-keys':
      return EPISODES_PER_CHUNK * STATEMENTS_PER_FOREIGN_KEY_EPISODE;
    case 'scan':
      return TABLES_PER_CHUNK * SCANS_PER_TABLE;
    case 'nested':
      return DATABASES_PER_CHUNK * QUERIES_PER_DATABASE;
  }
}

/** Neighbouring seeds and chunks must not share cases. */
const seedOf = (seed: number, chunk: number, at: number): number =>
  (Math.imul(seed, 0x85ebca6b) ^ Math.imul(chunk * 1000 + at, 0xc2b2ae35)) >>> 0;

/** The pool's entry. */
export async function handle(task: ChunkTask): Promise<ChunkResult> {
  const reference = await loadEngine('better-sqlite3');
  const subject = await loadEngine(task.engine);
  if (task.mode === 'expr') {
    const pair = { reference: reference.open(':memory:'), subject: subject.open(':memory:') };
    const campaign = new ExpressionCampaign(pair, task.functions, task.errors);
    for (let at = 0; at < BATCHES_PER_CHUNK && campaign.found.length < task.failureLimit; at++) {
      campaign.runBatch(seedOf(task.seed, task.chunk, at));
    }
    pair.reference.close();
    pair.subject.close();
    return { count: campaign.count, tally: new Tally().record(), found: campaign.found };
  }
  if (task.mode === 'scan') {
    const found = Array.from({ length: TABLES_PER_CHUNK }, (_, at) =>
      runScanChunk({ reference, subject }, seedOf(task.seed, task.chunk, at), SCANS_PER_TABLE, task.functions, task.errors),
    ).flat();
    return { count: chunkSize('scan'), tally: new Tally().record(), found };
  }
  if (task.mode === 'nested') {
    const tally = new Tally();
    const campaign = { reference, subject, functions: task.functions, rule: task.errors };
    const found = Array.from({ length: DATABASES_PER_CHUNK }, (_, at) =>
      runNestedChunk(campaign, seedOf(task.seed, task.chunk, at), QUERIES_PER_DATABASE, tally),
    );
    return { count: tally.statements, tally: tally.record(), found: found.filter((each) => each !== undefined) };
  }
  const found: FoundCase[] = [];
  const tally = new Tally();
  const campaign = {
    reference,
    subject,
    functions: task.functions,
    features: new Set(task.features),
    rule: task.errors,
  };
  let count = 0;
  for (let at = 0; at < EPISODES_PER_CHUNK && found.length < task.failureLimit; at++) {
    const seed = seedOf(task.seed, task.chunk, at);
    const result =
      task.mode === 'foreign-keys' ? runForeignKeyEpisode(reference, subject, seed) : runEpisode(campaign, seed, tally);
    count += result.count;
    if (result.found !== undefined) found.push(result.found);
  }
  return { count, tally: tally.record(), found };
}

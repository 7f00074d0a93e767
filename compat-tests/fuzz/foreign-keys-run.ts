/**
 * One episode of the campaign about foreign keys: a new database on both engines, some dozens of statements, and after
 * each everything compared that it could have touched: its outcome, the counters, the transaction, every table.
 */
import type { Engine } from '../engine.ts';
import { trace } from '../pool/trace.ts';
import { compare, type Difference, type Pair } from './compare.ts';
import { ForeignKeyGenerator } from './foreign-keys.ts';
import { Random } from './random.ts';
import { shrinkList } from './shrink.ts';
import type { EpisodeResult } from './statement-run.ts';

export const STATEMENTS_PER_FOREIGN_KEY_EPISODE = 100;

const COUNTERS = 'SELECT changes(), total_changes(), last_insert_rowid()';
const TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";

function open(reference: Engine, subject: Engine): Pair {
  return { reference: reference.open(':memory:'), subject: subject.open(':memory:') };
}

function close(pair: Pair): void {
  pair.reference.close();
  pair.subject.close();
}

/** Runs one statement and looks at all it could have changed. */
function step(pair: Pair, sql: string): Difference | undefined {
  trace(sql);
  const difference = compare(pair, sql, true, 'text');
  if (difference !== undefined) return difference;
  const { reference, subject } = pair;
  if (reference.inTransaction !== subject.inTransaction) {
    const shown = (isIn: boolean): string => `inTransaction: ${isIn}`;
    return { kind: 'state', reference: shown(reference.inTransaction), subject: shown(subject.inTransaction) };
  }
  const tables = reference.prepare(TABLES).pluck().all().map(String);
  for (const query of [COUNTERS, TABLES, ...tables.map((table) => `SELECT * FROM ${table}`)]) {
    const state = compare(pair, query, false, 'text');
    if (state !== undefined)
      return { kind: 'state', reference: `${query}\n${state.reference}`, subject: `${query}\n${state.subject}` };
  }
  return undefined;
}

export function runForeignKeyEpisode(reference: Engine, subject: Engine, seed: number): EpisodeResult {
  const firstDifference = (script: readonly string[]): Difference | undefined => {
    const pair = open(reference, subject);
    try {
      for (const sql of script) {
        const difference = step(pair, sql);
        if (difference !== undefined) return difference;
      }
      return undefined;
    } finally {
      close(pair);
    }
  };
  const generator = new ForeignKeyGenerator(new Random(seed));
  const script: string[] = [];
  const pair = open(reference, subject);
  let difference: Difference | undefined;
  while (script.length < STATEMENTS_PER_FOREIGN_KEY_EPISODE && difference === undefined) {
    const sql = generator.next();
    script.push(sql);
    difference = step(pair, sql);
  }
  close(pair);
  if (difference === undefined) return { count: script.length, found: undefined };
  const { kind } = difference;
  const small = shrinkList(script, (some) => firstDifference(some)?.kind === kind);
  return { count: script.length, found: { script: small, difference: firstDifference(small) ?? difference } };
}

/**
 * One chunk of the nested campaign: a database of large tables and views, and queries over it; in memory, or closed and read
 * back from a file. What differs is shrunk: first the query, then the statements that make the database.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Connection, Engine } from '../../engine.ts';
import { trace } from '../../pool/trace.ts';
import { type Difference, differenceOf, type ErrorRule, outcomeOf, type Pair } from '../compare.ts';
import type { Tally } from '../construct.ts';
import type { FoundCase } from '../expression-run.ts';
import type { FunctionGroup } from '../function-shape.ts';
import { Random } from '../random.ts';
import { shrinkList, shrinkSql } from '../shrink.ts';
import { render, type Sql } from '../tree.ts';
import { nestedConstructsOf } from './construct.ts';
import { NestedQueries, type NestedQuery } from './select.ts';
import { makeTables } from './tables.ts';

export interface NestedCampaign {
  readonly reference: Engine;
  readonly subject: Engine;
  readonly functions: readonly FunctionGroup[];
  readonly rule: ErrorRule;
}

/** Smaller queries are not always quicker ones: what made them so may go first. */
const SHRINK_MILLISECONDS = 60_000;

const MAX_VIEWS = 3;

function made(engine: Engine, path: string, script: readonly string[]): Connection {
  const db = engine.open(path);
  for (const sql of script) db.exec(sql);
  return db;
}

/** Both databases; ours from a file, when there is a folder for it. */
function makePair({ reference, subject }: NestedCampaign, script: readonly string[], folder: string | undefined): Pair {
  if (folder === undefined) return { reference: made(reference, ':memory:', script), subject: made(subject, ':memory:', script) };
  const path = join(folder, 'db');
  made(subject, path, script).close();
  return { reference: made(reference, ':memory:', script), subject: subject.open(path) };
}

function close(pair: Pair): void {
  pair.reference.close();
  pair.subject.close();
}

/** The difference in fewer words, and the script that shows it. */
function shrunk(
  campaign: NestedCampaign,
  pair: Pair,
  script: readonly string[],
  query: NestedQuery,
  first: Difference,
): FoundCase {
  const { kind } = first;
  const end = performance.now() + SHRINK_MILLISECONDS;
  const differs = (on: Pair, sql: Sql): Difference | undefined => {
    const text = render(sql);
    trace(text);
    const difference = differenceOf(outcomeOf(on.reference, text), outcomeOf(on.subject, text), query.isOrdered, campaign.rule);
    return difference?.kind === kind ? difference : undefined;
  };
  const sql = shrinkSql(query.sql, (sql) => performance.now() < end && differs(pair, sql) !== undefined);
  const scriptEnd = performance.now() + SHRINK_MILLISECONDS;
  const fails = (some: readonly string[]): boolean => {
    if (performance.now() > scriptEnd) return false;
    try {
      const fresh = makePair(campaign, some, undefined);
      const isSame = differs(fresh, sql) !== undefined;
      close(fresh);
      return isSame;
    } catch {
      // A statement that is left needs one that is gone.
      return false;
    }
  };
  const small = fails(script) ? shrinkList(script, fails) : script;
  return { script: [...small, render(sql)], difference: differs(pair, sql) ?? first };
}

/** Runs `count` queries over the database of a seed, up to the first that differs. */
export function runNestedChunk(campaign: NestedCampaign, seed: number, count: number, tally: Tally): FoundCase | undefined {
  const random = new Random(seed);
  const { script: tables, tables: known } = makeTables(random);
  const queries = new NestedQueries(random, known, campaign.functions);
  const views = random.many(random.below(MAX_VIEWS + 1), () => render(queries.makeView()));
  const script = [...tables, ...views];
  const folder = random.oneIn(3) ? mkdtempSync(join(tmpdir(), 'pluresdb-nested-')) : undefined;
  trace(script.join(';\n'));
  const pair = makePair(campaign, script, folder);
  let found: FoundCase | undefined;
  for (let at = 0; at < count && found === undefined; at++) {
    const query = queries.next();
    const sql = render(query.sql);
    trace(sql);
    const reference = outcomeOf(pair.reference, sql);
    const difference = differenceOf(reference, outcomeOf(pair.subject, sql), query.isOrdered, campaign.rule);
    tally.add(nestedConstructsOf(sql), reference.kind === 'error' ? reference.code : undefined);
    if (difference !== undefined) found = shrunk(campaign, pair, script, query, difference);
  }
  close(pair);
  if (folder !== undefined) rmSync(folder, { recursive: true });
  return found;
}

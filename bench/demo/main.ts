/**
 * `npm run demo`: the main job on real data, and the same on better-sqlite3.
 *
 * Imports five data sets into a database on disk through the public API, asks questions, kills a writer and looks for
 * its commits. Ends with 1 when any row differs from better-sqlite3's or an acknowledged commit is missing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import Database from 'pluresdb';
import { createInserter, createTable, type ImportTarget, planTable } from '../../cli/import/load-table.ts';
import { surviveKill } from './crash.ts';
import { QUESTIONS } from './queries.ts';
import { heading, Progress, table } from './screen.ts';

const DATA_SETS = [
  ['flights', 'flights-3m.parquet'],
  ['airports', 'airports.csv'],
  ['zipcodes', 'zipcodes.csv'],
  ['movies', 'movies.json'],
  ['birdstrikes', 'birdstrikes.csv'],
] as const;
const INDEXES = ['CREATE UNIQUE INDEX airport_iata ON airports (iata)', 'CREATE INDEX zipcode_city ON zipcodes (city, state)'];
const MAX_ROWS_SHOWN = 5;

interface Queryable {
  pragma(source: string): unknown;
  prepare(sql: string): { all(): unknown[] };
}

/** The package exports its code only, from `build/`; the data lies beside it. */
const dataFolder = fileURLToPath(new URL('../data', import.meta.resolve('vega-datasets')));

function timed<T>(work: () => T): { result: T; ms: number } {
  const started = performance.now();
  const result = work();
  return { result, ms: performance.now() - started };
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

function setUp(db: Queryable): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('cache_size = -256000');
}

/** Reads each file once and inserts its batches into both databases. */
async function importAll(ours: ImportTarget, theirs: ImportTarget): Promise<void> {
  heading('Importing real data (vega-datasets) into a database on disk');
  for (const [name, file] of DATA_SETS) {
    const plan = await planTable(join(dataFolder, file), { table: name });
    createTable(ours, plan);
    createTable(theirs, plan);
    const [insertOurs, insertTheirs] = [createInserter(ours, plan), createInserter(theirs, plan)];
    const progress = new Progress(file, plan.source.rowCount);
    let [rows, oursMs, theirsMs] = [0, 0, 0];
    for await (const batch of plan.source.batches()) {
      oursMs += timed(() => insertOurs(batch)).ms;
      theirsMs += timed(() => insertTheirs(batch)).ms;
      rows += batch.length;
      progress.update(rows);
    }
    progress.done(
      `${rows.toLocaleString('en')} rows in ${seconds(oursMs)} (better-sqlite3 ${seconds(theirsMs)}, ratio ${(theirsMs / oursMs).toFixed(1)})`,
    );
  }
  for (const sql of INDEXES) {
    ours.exec(sql);
    theirs.exec(sql);
  }
}

/** Asks every question of both; returns how many answers differ. */
function askAll(ours: Queryable, theirs: Queryable): number {
  heading('Asking questions');
  let different = 0;
  const ratios: number[] = [];
  for (const { title, sql } of QUESTIONS) {
    const mine = timed(() => ours.prepare(sql).all() as Record<string, unknown>[]);
    const other = timed(() => theirs.prepare(sql).all());
    const ratio = other.ms / mine.ms;
    ratios.push(ratio);
    console.log(`\n  ${title}\n  ${mine.ms.toFixed(1)} ms; better-sqlite3 ${other.ms.toFixed(1)} ms; ratio ${ratio.toFixed(2)}`);
    table(mine.result, MAX_ROWS_SHOWN);
    if (!isDeepStrictEqual(mine.result, other.result)) {
      different++;
      console.log('  ✗ DIFFERENT from better-sqlite3, which says:');
      table(other.result as Record<string, unknown>[], MAX_ROWS_SHOWN);
    }
  }
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  console.log(
    `\n  ${QUESTIONS.length - different} of ${QUESTIONS.length} answers equal better-sqlite3's; geometric mean of the ratios ${mean.toFixed(2)}`,
  );
  return different;
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'pluresdb-demo-'));
  try {
    const ours = new Database(join(folder, 'demo'));
    const theirs = new BetterSqlite3(join(folder, 'demo.sqlite'));
    setUp(ours);
    setUp(theirs);
    await importAll(ours, theirs);
    const different = askAll(ours, theirs);
    ours.close();
    theirs.close();

    heading('Killing a writer with SIGKILL in the middle of its commits');
    const { acknowledged, found, isIntact } = await surviveKill(join(folder, 'ledger'));
    console.log(
      `  ${acknowledged.toLocaleString('en')} commits acknowledged, ${found.toLocaleString('en')} of them found after reopening; integrity_check: ${isIntact ? 'ok' : 'DAMAGED'}`,
    );
    const isSafe = acknowledged > 0 && found === acknowledged && isIntact;
    const isFine = different === 0 && isSafe;
    console.log(isFine ? '\ndemo: everything equal, nothing lost' : '\ndemo: FAILED');
    return isFine ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();

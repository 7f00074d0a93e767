/**
 * `npm run bench -- --tpch`: TPC-H's 22 queries on our engine, better-sqlite3 and DuckDB.
 *
 *     npm run bench -- --tpch [--scale 0.1] [--only q01]… [--rounds N] [--engine NAME]… [--cpu] [--analyze] [--json FILE]
 *
 * The answers are compared before anything is timed: exactly with SQLite's, numerically with DuckDB's (`answers`).
 * `--cpu` takes the process's CPU time instead of the time of day, for a machine that is not ours alone.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { betterSqlite3 } from '../drivers/better-sqlite3.ts';
import type { Engine, EngineName, Settings } from '../drivers/engine.ts';
import { pluresdb } from '../drivers/pluresdb.ts';
import { type Clock, type Measurement, measure } from '../measure.ts';
import { printHeader, printMeasurement, printSummary, printTotals, toJson } from '../report.ts';
import type { Workload } from '../workload.ts';
import { difference } from './answers.ts';
import { generate } from './data.ts';
import { buildDatabase, lineitemBytes, type TpchDatabase } from './database.ts';
import { buildDuckdb, loadDuckdb } from './duckdb.ts';
import { type Query, readQueries } from './queries.ts';

export const TPCH_ENGINES = ['pluresdb', 'better-sqlite3', 'duckdb'] as const satisfies readonly EngineName[];

export interface TpchOptions extends Settings {
  readonly scale: number;
  readonly engines: readonly (typeof TPCH_ENGINES)[number][];
  /** Names of queries; all without it. */
  readonly only: readonly string[] | undefined;
  readonly rounds: number;
  readonly clock: Clock;
  readonly analyze: boolean;
  readonly json: string | undefined;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

async function build(options: TpchOptions, data: string, root: string): Promise<TpchDatabase[]> {
  const peers: Readonly<Record<'pluresdb' | 'better-sqlite3', (settings: Settings) => Engine>> = {
    pluresdb,
    'better-sqlite3': betterSqlite3,
  };
  const databases: TpchDatabase[] = [];
  for (const name of options.engines) {
    const folder = join(root, name);
    mkdirSync(folder);
    if (name === 'duckdb') {
      const duckdb = loadDuckdb();
      if (duckdb !== undefined) databases.push(await buildDuckdb(duckdb, data, folder));
      continue;
    }
    const engine = peers[name](options);
    const database = buildDatabase(engine, data, folder, options.analyze);
    databases.push(database);
    const { rowsMs, indexesMs, bytes } = database.load;
    console.log(
      `${name.padEnd(16)}rows ${seconds(rowsMs)}, indexes${options.analyze ? ' and ANALYZE' : ''} ${seconds(indexesMs)}, ` +
        `${megabytes(bytes)}; lineitem after VACUUM ${megabytes(lineitemBytes(engine, data, folder))}`,
    );
  }
  const duckdb = databases.find(({ engine }) => engine.name === 'duckdb')?.load;
  if (duckdb !== undefined) console.log(`${'duckdb'.padEnd(16)}rows ${seconds(duckdb.rowsMs)}, ${megabytes(duckdb.bytes)}`);
  return databases;
}

/** Every engine's answer against SQLite's, or the first engine's where SQLite does not run. */
async function compare({ name, sql }: Query, databases: readonly TpchDatabase[]): Promise<boolean> {
  const answers = await Promise.all(databases.map(async ({ engine, prepare }) => ({ engine, rows: await prepare(sql)() })));
  const expected = answers.find(({ engine }) => engine.name === 'better-sqlite3') ?? answers[0];
  let isEqual = true;
  for (const { engine, rows } of answers) {
    const found = difference(expected?.rows ?? [], rows, engine.name !== 'duckdb' && expected?.engine.name !== 'duckdb');
    if (found === undefined) continue;
    isEqual = false;
    console.log(`  ✗ ${name}: ${engine.name} differs: ${found}`);
  }
  return isEqual;
}

function workloadOf({ name, title, sql }: Query): Workload<TpchDatabase> {
  return {
    name,
    title: `${name} ${title}`,
    unit: 'queries',
    open({ prepare }) {
      let rows = 0;
      const ask = prepare(sql);
      const run = async () => {
        rows = (await ask()).length;
      };
      // The rows themselves have been compared before.
      return { count: 1, run, answer: () => rows };
    },
  };
}

/** Whether every query had the right answer. */
export async function runTpch(options: TpchOptions): Promise<boolean> {
  const { scale, rounds, only, clock } = options;
  const queries = readQueries(scale).filter(({ name }) => only === undefined || only.includes(name));
  const root = mkdtempSync(join(tmpdir(), 'pluresdb-tpch-'));
  try {
    const databases = await build(options, generate(scale), root);
    const wrong: string[] = [];
    for (const query of queries) if (!(await compare(query, databases))) wrong.push(query.name);
    const engines = databases.map(({ engine }) => engine);
    console.log(`\nTPC-H at scale factor ${scale}, ${options.analyze ? 'analyzed' : 'never analyzed'}, ${clock.title}`);
    printHeader(engines, rounds);
    const measurements: Measurement[] = [];
    for (const query of queries) {
      const measurement = await measure(workloadOf(query), databases, rounds, clock);
      printMeasurement(measurement);
      measurements.push(measurement);
    }
    printTotals(measurements);
    printSummary(measurements);
    console.log(wrong.length === 0 ? `the answers of ${queries.length} queries are right` : `wrong: ${wrong.join(' ')}`);
    const names = engines.map(({ name }) => name).join(', ');
    console.log(`memory of the process at most ${megabytes(process.resourceUsage().maxRSS * 1024)}: ${names}`);
    for (const database of databases) database.close();
    const facts = {
      scale,
      analyze: options.analyze,
      load: databases.map(({ engine, load }) => ({ engine: engine.name, ...load })),
    };
    if (options.json !== undefined) writeFileSync(options.json, toJson(engines, facts, measurements));
    return wrong.length === 0 && measurements.every(({ isEqual }) => isEqual);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/**
 * `npm run bench -- --application`: queries as applications ask them, over tables as they have them.
 *
 *     npm run bench -- --application [--only NAME]… [--rounds N] [--engine NAME]… [--cpu] [--json FILE]
 *
 * Answers are compared before anything is timed. The cases of the design's table are the strong points; this is the
 * breadth: whatever is slower than SQLite shows here.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DRIVERS } from '../drivers/all-drivers.ts';
import type { Connection, Engine, EngineName, Settings } from '../drivers/engine.ts';
import { type Clock, type Measurement, measure } from '../measure.ts';
import { printHeader, printMeasurement, printSummary, toJson } from '../report.ts';
import type { Workload } from '../workload.ts';
import { QUERIES, type Query } from './queries.ts';
import { buildApplication } from './schema.ts';

export interface ApplicationOptions extends Settings {
  readonly engines: readonly Exclude<EngineName, 'duckdb'>[];
  /** Names of queries; all without it. */
  readonly only: readonly string[] | undefined;
  readonly rounds: number;
  readonly clock: Clock;
  readonly json: string | undefined;
}

interface Application {
  readonly engine: Engine;
  readonly db: Connection;
}

function workloadOf({ name, title, sql, times }: Query): Workload<Application> {
  return {
    name,
    title,
    unit: 'queries',
    open({ db }) {
      const query = db.prepare(sql);
      let rows: unknown[] = [];
      return {
        count: times,
        run() {
          for (let time = 0; time < times; time++) rows = query.all();
        },
        answer: () => rows,
      };
    },
  };
}

/** Whether every query had the same answer everywhere. */
export async function runApplication({
  engines: names,
  only,
  rounds,
  clock,
  json,
  cacheKib,
}: ApplicationOptions): Promise<boolean> {
  const queries = QUERIES.filter(({ name }) => only === undefined || only.includes(name));
  if (queries.length === 0) throw new Error(`no such query; there are ${QUERIES.map(({ name }) => name).join(' ')}`);
  const root = mkdtempSync(join(tmpdir(), 'pluresdb-application-'));
  try {
    const applications = names.map((name, index): Application => {
      const engine = DRIVERS[name]({ cacheKib });
      const folder = join(root, String(index));
      mkdirSync(folder);
      const db = engine.open(join(folder, 'application'));
      buildApplication(db);
      return { engine, db };
    });
    const engines = applications.map(({ engine }) => engine);
    printHeader(engines, rounds);
    const measurements: Measurement[] = [];
    for (const query of queries) {
      const measurement = await measure(workloadOf(query), applications, rounds, clock);
      printMeasurement(measurement);
      measurements.push(measurement);
    }
    printSummary(measurements);
    for (const { db } of applications) db.close();
    if (json !== undefined) writeFileSync(json, toJson(engines, { queries: queries.length }, measurements));
    return measurements.every(({ isEqual }) => isEqual);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

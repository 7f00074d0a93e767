/**
 * One engine at one size, in a process of its own, so that its memory can be told: `size.ts ENGINE ROWS ROUNDS CACHE_KIB`
 * prints a `SizeReport` as JSON.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DRIVERS } from '../drivers/all-drivers.ts';
import type { Connection, EngineName } from '../drivers/engine.ts';
import { emailOf, someIds } from '../fixtures.ts';
import { sizeOf } from '../size-on-disk.ts';
import { median } from '../statistics.ts';
import { inTransaction } from '../workload.ts';

export interface SizeReport {
  /** Median time of one piece of work, by case. */
  readonly nanoseconds: Readonly<Record<string, number>>;
  /** The process at its largest, above what it had before a database was open. */
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** One text for what all cases answered. */
  readonly answers: string;
}

const CHUNK = 100_000;
const STATEMENTS = 2000;

function load(db: Connection, rows: number): void {
  db.exec('CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, age INTEGER NOT NULL)');
  const insert = db.prepare('INSERT INTO people VALUES (?, ?, ?, ?)');
  for (let from = 0; from < rows; from += CHUNK) {
    inTransaction(db, () => {
      for (let id = from + 1; id <= Math.min(from + CHUNK, rows); id++)
        insert.run(id, emailOf(id), `Name ${id % 5000}`, id % 100);
    });
  }
}

interface GrowthCase {
  /** Units of work in one `run`. */
  readonly count: number;
  run(): unknown;
}

/** Each leaves as many rows as it found. */
function casesOf(db: Connection, rows: number): Readonly<Record<string, GrowthCase>> {
  const ids = someIds(STATEMENTS, rows);
  const byRowid = db.prepare('SELECT name, age FROM people WHERE id = ?');
  const byText = db.prepare('SELECT id, name FROM people WHERE email = ?');
  const insert = db.prepare('INSERT INTO people VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM people WHERE id > ?');
  const update = db.prepare('UPDATE people SET age = age + 1 WHERE id = ?');
  const page = db.prepare('SELECT * FROM people WHERE id >= ? ORDER BY id LIMIT 20');
  const query = (sql: string): GrowthCase => {
    const statement = db.prepare(sql);
    return { count: 1, run: () => statement.all() };
  };
  const each = (work: (id: number) => unknown): GrowthCase => ({
    count: ids.length,
    run() {
      let last: unknown;
      for (const id of ids) last = work(id);
      return last;
    },
  });
  const within = ({ count, run }: GrowthCase): GrowthCase => ({ count, run: () => inTransaction(db, run) });
  return {
    'get by rowid': each((id) => byRowid.get(id)),
    'get by unique text index': each((id) => byText.get(emailOf(id))),
    'page of 20 rows': each((id) => page.all(id)),
    'update by rowid': within(each((id) => update.run(id))),
    'insert, then delete': {
      count: STATEMENTS,
      run: () =>
        inTransaction(db, () => {
          for (let id = rows + 1; id <= rows + STATEMENTS; id++) insert.run(id, emailOf(id), 'new', 1);
          remove.run(rows);
        }),
    },
    'count(*)': query('SELECT count(*) FROM people'),
    'sum, per row': { ...query('SELECT sum(age) FROM people'), count: rows },
    'filter, per row': { ...query('SELECT count(*) FROM people WHERE age BETWEEN 20 AND 22'), count: rows },
    'GROUP BY, per row': { ...query('SELECT age, count(*) FROM people GROUP BY age'), count: rows },
  };
}

function measureSize(name: EngineName, rows: number, rounds: number, cacheKib: number): SizeReport {
  const folder = mkdtempSync(join(tmpdir(), 'pluresdb-growth-'));
  try {
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    const db = DRIVERS[name as keyof typeof DRIVERS]({ cacheKib }).open(join(folder, 'growing'));
    load(db, rows);
    const nanoseconds: Record<string, number> = {};
    const answers: unknown[] = [];
    for (const [title, { count, run }] of Object.entries(casesOf(db, rows))) {
      const times: number[] = [];
      answers.push(run());
      for (let round = 0; round < rounds; round++) {
        const started = performance.now();
        run();
        times.push(((performance.now() - started) * 1e6) / count);
      }
      nanoseconds[title] = median(times);
    }
    db.close();
    const memoryBytes = process.resourceUsage().maxRSS * 1024 - before;
    return { nanoseconds, memoryBytes, diskBytes: sizeOf(folder), answers: JSON.stringify(answers) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [name, rows, rounds, cacheKib] = process.argv.slice(2);
process.stdout.write(JSON.stringify(measureSize(name as EngineName, Number(rows), Number(rounds), Number(cacheKib))));

/**
 * `npm run bench -- --open`: opening a large database in a running process, one query by a unique text, closing it.
 *
 *     npm run bench -- --open [--megabytes 1000] [--rounds N] [--engine NAME]… [--cache-kib N]
 *
 * Twice: as the database was filled and closed, and after rows all over it were changed in many transactions with
 * checkpoints between them, so that its blocks lie scattered. Ends with 1 when answers differ or one of ours takes more
 * than the design allows.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DRIVERS } from './drivers/all-drivers.ts';
import type { Connection, Engine, EngineName } from './drivers/engine.ts';
import { emailOf, someIds } from './fixtures.ts';
import { sizeOf } from './size-on-disk.ts';
import { median, spread } from './statistics.ts';
import { inTransaction } from './workload.ts';

export interface OpeningOptions {
  readonly engines: readonly EngineName[];
  readonly megabytes: number;
  readonly rounds: number;
  readonly cacheKib: number;
}

/** Milliseconds that opening, one query and closing may take: the design's number. */
const MOST_MS = 10;
const ROW_BYTES = 2000;
const CHUNK = 10_000;
const CHECKPOINTS = 200;
const CHANGES_BETWEEN = 20;

/** Rows that do not compress, so that the file is as large as they are. */
function fill(db: Connection, rows: number): void {
  db.exec('CREATE TABLE files (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, age INTEGER NOT NULL, content BLOB NOT NULL)');
  const insert = db.prepare('INSERT INTO files VALUES (?, ?, ?, ?)');
  for (let from = 0; from < rows; from += CHUNK) {
    inTransaction(db, () => {
      for (let id = from + 1; id <= Math.min(from + CHUNK, rows); id++)
        insert.run(id, emailOf(id), id % 100, randomBytes(ROW_BYTES));
    });
  }
}

function scatter(db: Connection, rows: number): void {
  const update = db.prepare('UPDATE files SET age = age + 1, content = ? WHERE id = ?');
  const ids = someIds(CHECKPOINTS * CHANGES_BETWEEN, rows);
  for (let at = 0; at < ids.length; at += CHANGES_BETWEEN) {
    inTransaction(db, () => {
      for (const id of ids.slice(at, at + CHANGES_BETWEEN)) update.run(randomBytes(ROW_BYTES), id);
    });
    db.exec('PRAGMA wal_checkpoint');
  }
}

interface Opened {
  readonly times: readonly number[];
  readonly answers: readonly unknown[];
}

function open(engine: Engine, path: string, rows: number, rounds: number): Opened {
  const times: number[] = [];
  const answers: unknown[] = [];
  for (const id of someIds(rounds + 1, rows)) {
    const started = performance.now();
    const db = engine.open(path);
    const answer = db.prepare('SELECT id, age FROM files WHERE email = ?').get(emailOf(id));
    db.close();
    times.push(performance.now() - started);
    answers.push(answer);
  }
  // The first one warms up.
  return { times: times.slice(1), answers };
}

function show(engine: EngineName, title: string, bytes: number, { times }: Opened): void {
  const ms = `${median(times).toFixed(2)} ms ±${(spread(times) * 100).toFixed(0)} %, at most ${Math.max(...times).toFixed(2)} ms`;
  console.log(`${engine.padEnd(18)}${title.padEnd(12)}${`${(bytes / 1e6).toFixed(0)} MB`.padStart(10)}   ${ms}`);
}

/** Whether all engines gave the same answers, and ours within the time allowed. */
export function runOpening({ engines, megabytes, rounds, cacheKib }: OpeningOptions): boolean {
  const root = mkdtempSync(join(tmpdir(), 'pluresdb-open-'));
  const rows = Math.ceil((megabytes * 1e6) / ROW_BYTES);
  const seen = new Set<string>();
  let isQuick = true;
  try {
    for (const name of engines) {
      const engine = DRIVERS[name as keyof typeof DRIVERS]({ cacheKib });
      const folder = join(root, name.replace(':', '-'));
      mkdirSync(folder);
      const path = join(folder, 'large');
      const answers: unknown[] = [];
      for (const [title, change] of [
        ['filled', fill],
        ['scattered', scatter],
      ] as const) {
        const db = engine.open(path);
        change(db, rows);
        db.close();
        const opened = open(engine, path, rows, rounds);
        show(name, title, sizeOf(folder), opened);
        answers.push(...opened.answers);
        isQuick &&= !name.startsWith('pluresdb') || median(opened.times) <= MOST_MS;
      }
      seen.add(JSON.stringify(answers));
      rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  console.log(seen.size === 1 ? 'answers equal' : 'ANSWERS DIFFER');
  console.log(`open, one query, close: ${isQuick ? `within ${MOST_MS} ms` : `OVER ${MOST_MS} ms`}`);
  return seen.size === 1 && isQuick;
}

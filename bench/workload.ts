/**
 * A workload is one question about speed: what is set up outside the clock, what runs inside it, and which answer
 * proves that every engine did the same work.
 */
import type { Connection, Engine } from './drivers/engine.ts';
import type { Fixtures } from './fixtures.ts';

export interface Workload<B = Bench> {
  /** For `--only`. */
  readonly name: string;
  /** What is measured, in the design's words. */
  readonly title: string;
  /** What `count` counts. */
  readonly unit: string;
  open(bench: B): Case;
}

/** Where a workload runs: one engine's database, shared by all workloads of a run. */
export interface Bench {
  readonly engine: Engine;
  readonly db: Connection;
  readonly fixtures: Fixtures;
  /** For databases of the workload's own. */
  readonly folder: string;
  readonly scale: Scale;
}

export interface Scale {
  /** Rows of the big table. */
  readonly facts: number;
  /** Rows of the table for single-row work, and of one big result. */
  readonly people: number;
  /** Statements in one round of single-row work. */
  readonly statements: number;
}

export const FULL_SCALE: Scale = { facts: 1_000_000, people: 100_000, statements: 20_000 };
export const QUICK_SCALE: Scale = { facts: 20_000, people: 5_000, statements: 500 };

export interface Case {
  /** Units of work in one `run`. */
  readonly count: number;
  /** Before each round, outside the clock. */
  before?(): void;
  /** The clock runs here only, and until the promise that may come back is kept. */
  run(): unknown;
  /** What must be equal on every engine after the first run; without it, what `run` returned. */
  answer?(): unknown;
  close?(): void;
}

/** A query asked once per round. */
export function queryWorkload(name: string, title: string, sql: string): Workload {
  return {
    name,
    title,
    unit: 'queries',
    open({ db, fixtures }) {
      fixtures.facts();
      const query = db.prepare(sql);
      return { count: 1, run: () => query.all() };
    },
  };
}

/** Runs `work` between BEGIN and COMMIT, the way that every engine has. */
export function inTransaction(db: Connection, work: () => void): void {
  db.exec('BEGIN');
  work();
  db.exec('COMMIT');
}

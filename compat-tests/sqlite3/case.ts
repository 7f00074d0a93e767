/**
 * A contract case: calls of node-sqlite3's API whose outcomes must be the same on the original and on ours.
 *
 *     contract('a boolean is 1 or 0', async ({ db, note, call }) => {
 *       note('true', await call(db, 'get', 'SELECT ? v', true));
 *     });
 *
 * A case may only note what the original does alike every time: what runs in parallel has no order.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Sqlite3 from 'pluresdb/sqlite3';
import { describe } from '../contract/describe.ts';

export type Module = typeof Sqlite3.default;
export type Database = Sqlite3.Database;
export type Statement = Sqlite3.Statement;
// biome-ignore lint/suspicious/noExplicitAny: the tests pass what the types forbid, too
export type Loose = any;

export interface Bench {
  readonly sqlite3: Module;
  /** An open `:memory:` database. */
  readonly db: Loose;
  /** A fresh folder. */
  readonly folder: string;
  note(label: string, outcome: unknown): void;
  /** Opens a database; closed at the end. */
  open(filename: string, mode?: number): Promise<Loose>;
  /** Calls a method with a callback behind the arguments: what the callback was given, and its `this`. */
  call(target: Loose, method: string, ...args: unknown[]): Promise<unknown>;
  /** What a synchronous call returns or throws. */
  attempt(work: () => unknown): unknown;
  /** Calls back within a moment, or says that nothing came. */
  within<T>(promise: Promise<T>, ms?: number): Promise<T | string>;
}

interface Case {
  readonly name: string;
  readonly run: (bench: Bench) => Promise<void>;
}

const cases: Case[] = [];

export function contract(name: string, run: (bench: Bench) => Promise<void>): void {
  cases.push({ name, run });
}

const CASE_TIMEOUT_MS = 60_000;
/** Noted only of a case that failed or did not come to its end. */
export const CASE_END = 'end';

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Which of the objects at hand `this` was. */
function receiver(self: unknown, target: object): string {
  if (self === target) return 'target';
  if (self === undefined || self === null) return 'nothing';
  return (self as object).constructor?.name ?? typeof self;
}

function callWithCallback(target: Loose, method: string, args: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve) => {
    const callback = function (this: Loose, ...results: unknown[]) {
      const own = this !== undefined && this !== null && 'lastID' in this ? { lastID: this.lastID, changes: this.changes } : {};
      resolve({ results, this: receiver(this, target), ...own });
    };
    target[method](...args, callback);
  });
}

function attempt(work: () => unknown): unknown {
  try {
    return { value: work() };
  } catch (error) {
    return { thrown: error };
  }
}

/** Long enough for a busy machine; where nothing is to come, the case says how long it listens. */
function within<T>(promise: Promise<T>, ms = 10_000): Promise<T | string> {
  return Promise.race([promise, pause(ms).then(() => 'nothing came')]);
}

async function runCase({ run }: Case, sqlite3: Module, note: Bench['note']): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite3-contract-'));
  const opened: Loose[] = [];
  const open = (filename: string, mode?: number) =>
    new Promise<Loose>((resolve, reject) => {
      const callback = (error: Error | null) => (error ? reject(error) : resolve(database));
      const database: Loose =
        mode === undefined ? new sqlite3.Database(filename, callback) : new sqlite3.Database(filename, mode, callback);
      opened.push(database);
    });
  try {
    const db = await open(':memory:');
    const call = (target: Loose, method: string, ...args: unknown[]) => callWithCallback(target, method, args);
    await run({ sqlite3, db, folder, note, open, call, attempt, within });
  } finally {
    for (const database of opened) if (database.open) database.close(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All outcomes by case and label. */
export async function runAll(sqlite3: Module, only: string | undefined): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const contractCase of cases) {
    if (only !== undefined && !contractCase.name.includes(only)) continue;
    const note = (label: string, outcome: unknown) => {
      const key = `${contractCase.name}: ${label}`;
      if (key in outcomes) throw new Error(`two outcomes are called ${key}`);
      outcomes[key] = describe(outcome);
    };
    const ended = await within(
      runCase(contractCase, sqlite3, note).catch((error: Error) => `failed: ${error.stack}`),
      CASE_TIMEOUT_MS,
    );
    if (ended !== undefined) note(CASE_END, ended);
  }
  return outcomes;
}

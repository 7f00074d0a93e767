/**
 * Contract tests: the same calls on better-sqlite3 and on us, every outcome compared.
 *
 *     contract('a number is REAL', ({ db, note }) => {
 *       note(() => db.prepare('SELECT typeof(?)').get(1));
 *     });
 *
 * `note` records what a call returned or threw (class, message, code). The two records must be equal.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { Database as PluresDatabase } from 'pluresdb';
import { expect, test } from 'vitest';

export type Outcome = { readonly value: unknown } | { readonly thrown: string };

export interface Side {
  readonly Database: typeof PluresDatabase;
  /** A fresh `:memory:` database. */
  readonly db: PluresDatabase;
  /** A fresh folder. */
  readonly folder: string;
  note(call: () => unknown): void;
}

export const REFERENCE = BetterSqlite3 as unknown as typeof PluresDatabase;
export const SUBJECT = PluresDatabase;

function describeError(Database: typeof PluresDatabase, error: unknown): string {
  if (!(error instanceof Error)) return `thrown value ${String(error)}`;
  const isSqliteError = error instanceof Database.SqliteError;
  const code = isSqliteError ? ` ${error.code}` : '';
  return `${isSqliteError ? 'SqliteError' : error.constructor.name}${code}: ${error.message}`;
}

/** What a call came to. */
export function outcomeOf(Database: typeof PluresDatabase, call: () => unknown): Outcome {
  try {
    return { value: call() };
  } catch (error) {
    return { thrown: describeError(Database, error) };
  }
}

/** All outcomes of one side. */
export function record(Database: typeof PluresDatabase, body: (side: Side) => void): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const db = new Database(':memory:');
  const outcomes: Outcome[] = [];
  try {
    body({ Database, db, folder, note: (call) => outcomes.push(outcomeOf(Database, call)) });
  } finally {
    try {
      db.close();
    } catch {
      // A test may leave an iterator open on purpose.
    }
    rmSync(folder, { recursive: true, force: true });
  }
  return outcomes;
}

/** A test that holds when both engines answer every noted call alike. */
export function contract(promise: string, body: (side: Side) => void): void {
  test(promise, () => {
    const expected = record(REFERENCE, body);
    expect(expected.length).toBeGreaterThan(0);
    const actual = record(SUBJECT, body);
    // Quick about large results; Vitest's own comparison shows the difference.
    if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
  });
}

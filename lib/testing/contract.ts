/**
 * Contract tests: the same calls on better-sqlite3 and on us, every outcome compared.
 *
 *     contract('a number is REAL', ({ db, note }) => {
 *       note(() => db.prepare('SELECT typeof(?)').get(1));
 *     });
 *
 * `note` records what a call returned or threw (class, message, code). The two records must be equal; where the test
 * makes databases on disk, so must a third one, of databases that are one file.
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

/** New databases on disk are one file, whatever else the options say. */
export const FILE_SUBJECT = new Proxy(PluresDatabase, {
  construct(target, [path, options, ...rest], newTarget) {
    const isObject = options == null || (typeof options === 'object' && !('store' in options));
    return Reflect.construct(target, [path, isObject ? { ...options, store: 'file' } : options, ...rest], newTarget);
  },
  apply: (target, _self, [path, options]) => new target(path, { ...options, store: 'file' }),
});

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
  return recordSide(Database, body).outcomes;
}

interface Recorded {
  readonly outcomes: Outcome[];
  /** The test asked for its folder, so it has databases on disk. */
  readonly isOnDisk: boolean;
}

function recordSide(Database: typeof PluresDatabase, body: (side: Side) => void): Recorded {
  let isOnDisk = false;
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const db = new Database(':memory:');
  const outcomes: Outcome[] = [];
  try {
    body({
      Database,
      db,
      get folder() {
        isOnDisk = true;
        return folder;
      },
      note: (call) => outcomes.push(outcomeOf(Database, call)),
    });
  } finally {
    try {
      db.close();
    } catch {
      // A test may leave an iterator open on purpose.
    }
    rmSync(folder, { recursive: true, force: true });
  }
  return { outcomes, isOnDisk };
}

/** A test that holds when both engines answer every noted call alike. */
export function contract(promise: string, body: (side: Side) => void): void {
  test(promise, () => {
    const expected = record(REFERENCE, body);
    expect(expected.length).toBeGreaterThan(0);
    const { outcomes, isOnDisk } = recordSide(SUBJECT, body);
    // Quick about large results; Vitest's own comparison shows the difference.
    if (!isDeepStrictEqual(outcomes, expected)) expect(outcomes).toStrictEqual(expected);
    if (isOnDisk) expect(record(FILE_SUBJECT, body)).toStrictEqual(expected);
  });
}

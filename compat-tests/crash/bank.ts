/**
 * The database of the crash campaign, and what must hold in it at every moment.
 *
 *     account   balance = the sum of the ledger's amounts for it; all balances together are 0
 *     ledger    one row per side of a transfer
 *     item      large values: content follows from seed and size
 *     journal   one row per committed transaction of a worker: sequence numbers without a gap
 *
 * A transaction that is only half there breaks one of these; one that is lost is missing from the journal.
 */
import type { Connection } from '../engine.ts';

export const ACCOUNT_COUNT = 20;
export const SYNCHRONOUS = ['FULL', 'NORMAL', 'OFF'] as const;
export type Synchronous = (typeof SYNCHRONOUS)[number];

/** Long enough to wait for the other connections, short enough to show a deadlock. */
const BUSY_TIMEOUT_MS = 20_000;

export const openOptions = { timeout: BUSY_TIMEOUT_MS };

export function setUp(db: Connection, synchronous: Synchronous): void {
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${synchronous}`);
  db.exec(`BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS account(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS ledger(id INTEGER PRIMARY KEY, account INTEGER NOT NULL, amount INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS ledger_account ON ledger(account);
    CREATE TABLE IF NOT EXISTS item(id INTEGER PRIMARY KEY, name TEXT UNIQUE, seed INTEGER NOT NULL,
      size INTEGER NOT NULL, content BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS journal(worker INTEGER, sequence INTEGER, note TEXT, PRIMARY KEY(worker, sequence)) WITHOUT ROWID;
    COMMIT`);
  const isEmpty = db.prepare('SELECT count(*) FROM account').pluck().get() === 0;
  if (!isEmpty) return;
  const rows = Array.from({ length: ACCOUNT_COUNT }, (_, at) => `(${at + 1}, 0)`).join(', ');
  db.exec(`INSERT OR IGNORE INTO account(id, balance) VALUES ${rows}`);
}

/** Bytes that follow from the seed, so that a torn value shows. */
export function contentOf(seed: number, size: number): Buffer {
  const content = Buffer.alloc(size);
  let state = seed >>> 0;
  for (let at = 0; at < size; at++) {
    // Runs of 16 equal bytes: neither constant nor incompressible.
    if (at % 16 === 0) state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    content[at] = state >>> 24;
  }
  return content;
}

const RULES: readonly (readonly [rule: string, query: string])[] = [
  ['all balances together are 0', 'SELECT sum(balance) FROM account HAVING sum(balance) <> 0'],
  [
    'each balance is the sum of its ledger rows',
    `SELECT id, balance, total FROM (SELECT id, balance,
       (SELECT coalesce(sum(amount), 0) FROM ledger WHERE ledger.account = account.id) AS total FROM account)
     WHERE balance <> total`,
  ],
  ['nothing of a rolled back change is left', 'SELECT * FROM ledger WHERE amount > 100000'],
  [
    'the journal has no gap',
    'SELECT worker, min(sequence), max(sequence), count(*) FROM journal GROUP BY worker HAVING count(*) <> max(sequence) - min(sequence) + 1',
  ],
];

/** What is broken, in words; empty when all is well. `db` must read one snapshot, or nobody else must write. */
export function brokenRules(db: Connection): string[] {
  return RULES.flatMap(([rule, query]) => {
    const rows = db.prepare(query).raw().all();
    return rows.length === 0 ? [] : [`${rule}: ${JSON.stringify(rows.slice(0, 3))}`];
  });
}

export function brokenItems(db: Connection): string[] {
  const broken: string[] = [];
  for (const row of db.prepare('SELECT id, seed, size, content FROM item').raw().iterate()) {
    const [id, seed, size, content] = row as [number, number, number, Buffer];
    if (!contentOf(seed, size).equals(content)) broken.push(`item ${id} is not what was written`);
  }
  return broken;
}

/** The last sequence number of each worker. */
export function journalEnds(db: Connection): Map<number, number> {
  const rows = db.prepare('SELECT worker, max(sequence) FROM journal GROUP BY worker').raw().all() as [number, number][];
  return new Map(rows);
}

/**
 * The database of the crash campaign, and what must hold in it at every moment.
 *
 *     account   balance = the sum of the ledger's amounts for it; all balances together are 0
 *     ledger    one row per side of a transfer
 *     item      large values: content follows from seed and size
 *     cell      a large table of which a few rows all over change at once; a row and the one CELL_PAIRS on are opposite
 *     bulk      a batch per worker, replaced as a whole by transactions too large for memory; bulk_head says what is in it
 *     extra_…   a table per worker that is made, altered and dropped; extra_head says what it must look like
 *     journal   one row per committed transaction of a worker: sequence numbers without a gap
 *
 * A transaction that is only half there breaks one of these; one that is lost is missing from the journal.
 */
import type { Connection } from '../engine.ts';

export const ACCOUNT_COUNT = 20;
/** So many leaves that both rows of a pair never lie in one. */
export const CELL_PAIRS = 3000;
export const SYNCHRONOUS = ['FULL', 'NORMAL', 'OFF'] as const;
export type Synchronous = (typeof SYNCHRONOUS)[number];

/** Long enough to wait for the other connections, short enough to show a deadlock. */
const BUSY_TIMEOUT_MS = 20_000;

export const openOptions = { timeout: BUSY_TIMEOUT_MS };

/** Small, so that the large transactions do not fit. */
const CACHE_KIB = 2000;

/** What each connection sets for itself. */
export function configure(db: Connection, synchronous: Synchronous): void {
  db.pragma(`synchronous = ${synchronous}`);
  db.pragma(`cache_size = -${CACHE_KIB}`);
}

export function setUp(db: Connection, synchronous: Synchronous): void {
  db.pragma('journal_mode = WAL');
  configure(db, synchronous);
  db.exec(`BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS account(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS ledger(id INTEGER PRIMARY KEY, account INTEGER NOT NULL, amount INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS ledger_account ON ledger(account);
    CREATE TABLE IF NOT EXISTS cell(id INTEGER PRIMARY KEY, value INTEGER NOT NULL, note TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS item(id INTEGER PRIMARY KEY, name TEXT UNIQUE, seed INTEGER NOT NULL,
      size INTEGER NOT NULL, content BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS journal(worker INTEGER, sequence INTEGER, note TEXT, PRIMARY KEY(worker, sequence)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS bulk(worker INTEGER, number INTEGER, stamp INTEGER NOT NULL,
      content TEXT NOT NULL, UNIQUE(worker, number));
    CREATE TABLE IF NOT EXISTS bulk_head(worker INTEGER PRIMARY KEY, stamp INTEGER NOT NULL,
      rows INTEGER NOT NULL, bytes INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS extra_head(worker INTEGER PRIMARY KEY, name TEXT NOT NULL,
      columns INTEGER NOT NULL, rows INTEGER NOT NULL);
    COMMIT`);
  const isEmpty = db.prepare('SELECT count(*) FROM account').pluck().get() === 0;
  if (!isEmpty) return;
  const rows = Array.from({ length: ACCOUNT_COUNT }, (_, at) => `(${at + 1}, 0)`).join(', ');
  db.exec(`BEGIN IMMEDIATE; INSERT OR IGNORE INTO account(id, balance) VALUES ${rows};
    INSERT INTO cell(id, value, note)
      WITH RECURSIVE n(id) AS (VALUES(1) UNION ALL SELECT id + 1 FROM n WHERE id < 2 * ${CELL_PAIRS})
      SELECT id, 0, 'cell number ' || (id * 7919) FROM n;
    COMMIT`);
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
  [
    'the two cells of a pair are opposite',
    `SELECT one.id, one.value, other.value FROM cell AS one LEFT JOIN cell AS other ON other.id = one.id + ${CELL_PAIRS}
     WHERE one.id <= ${CELL_PAIRS} AND (other.id IS NULL OR one.value + other.value <> 0 OR one.note = other.note)`,
  ],
  ['nothing of a rolled back change is left', 'SELECT * FROM ledger WHERE amount > 100000'],
  [
    'a batch is there as a whole',
    `SELECT bulk_head.*, found.* FROM bulk_head FULL JOIN (SELECT worker, min(stamp) AS low, max(stamp) AS high, count(*) AS rows,
       max(number) AS last, sum(length(content)) AS bytes FROM bulk GROUP BY worker) AS found USING(worker)
     WHERE (bulk_head.stamp, bulk_head.stamp, bulk_head.rows, bulk_head.rows, bulk_head.bytes)
       IS NOT (low, high, found.rows, last, found.bytes)`,
  ],
  [
    'the schema is what extra_head says',
    `SELECT extra_head.*, found.* FROM extra_head FULL JOIN (SELECT made.name,
      (SELECT count(*) FROM pragma_table_info(made.name)) AS columns
       FROM sqlite_schema AS made WHERE made.name GLOB 'extra_[0-9]*' AND made.type = 'table') AS found USING(name)
     WHERE extra_head.columns IS NOT found.columns`,
  ],
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

/** The rows of the tables that come and go. */
export function brokenExtras(db: Connection): string[] {
  const heads = db.prepare('SELECT name, rows FROM extra_head').raw().all() as [string, number][];
  return heads.flatMap(([name, rows]) => {
    const found = db.prepare(`SELECT count(*) FROM ${name} WHERE value IS NOT NULL`).pluck().get();
    return found === rows ? [] : [`${name} has ${found} rows, not ${rows}`];
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

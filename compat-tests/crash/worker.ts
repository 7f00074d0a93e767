/**
 * One connection's share of the load: transactions of every kind, each acknowledged after its commit by a line
 * `ok <worker> <sequence>` on standard output, which the parent holds us to.
 *
 * Lines are written synchronously: what the kernel has, a SIGKILL cannot take back.
 */
import { writeSync } from 'node:fs';
import type { Connection } from '../engine.ts';
import type { Random } from '../fuzz/random.ts';
import { ACCOUNT_COUNT, brokenRules, CELL_PAIRS, contentOf } from './bank.ts';

const MAX_ITEMS = 60;
const KEPT_JOURNAL_ROWS = 300;
const BULK_CONTENT = 'Every row of a batch is as long as this one, and the next. '.repeat(32);

export function tell(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`);
      return;
    } catch (error) {
      // The pipe is full: the parent reads on.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

/** Statements are prepared once, as an app does it. */
function statements(db: Connection) {
  return {
    journal: db.prepare('INSERT INTO journal(worker, sequence, note) VALUES(?, ?, ?)'),
    trim: db.prepare('DELETE FROM journal WHERE worker = ? AND sequence < ?'),
    change: db.prepare('UPDATE account SET balance = balance + ? WHERE id = ?'),
    enter: db.prepare('INSERT INTO ledger(account, amount) VALUES(?, ?)'),
    total: db.prepare('SELECT coalesce(sum(amount), 0) FROM ledger WHERE account = ?').pluck(),
    clear: db.prepare('DELETE FROM ledger WHERE account = ?'),
    putCell: db.prepare('UPDATE cell SET value = value + ? WHERE id = ?'),
    dropCell: db.prepare('DELETE FROM cell WHERE id = ? RETURNING value, note').raw(),
    newCell: db.prepare('INSERT INTO cell(id, value, note) VALUES(?, ?, ?)'),
    putItem: db.prepare('INSERT OR REPLACE INTO item(id, name, seed, size, content) VALUES(?, ?, ?, ?, ?)'),
    dropItem: db.prepare('DELETE FROM item WHERE id = ?'),
    clearBulk: db.prepare('DELETE FROM bulk WHERE worker = ?'),
    putBulk: db.prepare('INSERT INTO bulk(worker, number, stamp, content) VALUES(?, ?, ?, ?)'),
    putBulkHead: db.prepare('INSERT OR REPLACE INTO bulk_head(worker, stamp, rows, bytes) VALUES(?, ?, ?, ?)'),
    extra: db.prepare('SELECT name, columns, rows FROM extra_head WHERE worker = ?').raw(),
    putExtra: db.prepare('INSERT OR REPLACE INTO extra_head(worker, name, columns, rows) VALUES(?, ?, ?, ?)'),
    end: db.prepare('SELECT coalesce(max(sequence), 0) FROM journal WHERE worker = ?').pluck(),
  };
}

export class Writer {
  readonly #db: Connection;
  readonly #number: number;
  readonly #random: Random;
  readonly #prepared: ReturnType<typeof statements>;
  #sequence: number;

  constructor(db: Connection, number: number, random: Random) {
    this.#db = db;
    this.#number = number;
    this.#random = random;
    this.#prepared = statements(db);
    this.#sequence = Number(this.#prepared.end.get(number));
  }

  runForever(): never {
    for (;;) {
      const random = this.#random;
      random.weighted<() => void>([
        [6, () => this.#note()],
        [8, () => this.#commit('transfer', () => this.#transfer())],
        [4, () => this.#commit('savepoint', () => this.#transferAfterMistake())],
        [2, () => this.#abandon()],
        [3, () => this.#commit('item', () => this.#item())],
        [6, () => this.#commit('cells', () => random.many(random.between(1, 40), () => this.#cells()))],
        [1, () => this.#commit('collapse', () => this.#collapse())],
        [1, () => this.#commit('many', () => random.many(random.between(20, 100), () => this.#transfer()))],
        [1, () => this.#commit('bulk', () => this.#bulk())],
        [1, () => this.#commit('schema', () => this.#schema())],
        [1, () => this.#checkpoint()],
      ])();
    }
  }

  #acknowledge(): void {
    tell(`ok ${this.#number} ${this.#sequence}`);
  }

  #journal(note: string): void {
    this.#sequence += 1;
    this.#prepared.journal.run(this.#number, this.#sequence, note);
  }

  /** A commit without BEGIN. */
  #note(): void {
    this.#journal('x'.repeat(this.#random.between(0, 200)));
    this.#acknowledge();
  }

  #commit(note: string, change: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    change();
    this.#journal(note);
    if (this.#random.oneIn(20)) this.#prepared.trim.run(this.#number, this.#sequence - KEPT_JOURNAL_ROWS);
    this.#db.exec('COMMIT');
    this.#acknowledge();
  }

  #transfer(): void {
    const [from = 1, to = 2] = this.#random.sample(
      Array.from({ length: ACCOUNT_COUNT }, (_, at) => at + 1),
      2,
    );
    const amount = this.#random.between(1, 100);
    const { change, enter } = this.#prepared;
    change.run(-amount, from);
    enter.run(from, -amount);
    enter.run(to, amount);
    change.run(amount, to);
  }

  #mistake(): void {
    this.#prepared.change.run(1_000_000, this.#random.between(1, ACCOUNT_COUNT));
    this.#prepared.enter.run(this.#random.between(1, ACCOUNT_COUNT), 1_000_000);
    this.#db.exec('DELETE FROM account WHERE id % 3 = 0');
  }

  #transferAfterMistake(): void {
    if (this.#random.oneIn(2)) this.#transfer();
    this.#db.exec('SAVEPOINT attempt');
    this.#mistake();
    this.#db.exec('ROLLBACK TO attempt');
    if (this.#random.oneIn(2)) this.#mistake();
    this.#db.exec('ROLLBACK TO attempt');
    this.#db.exec('RELEASE attempt');
    this.#transfer();
  }

  #abandon(): void {
    this.#db.exec('BEGIN IMMEDIATE');
    this.#transfer();
    this.#mistake();
    this.#db.exec('ROLLBACK');
  }

  #item(): void {
    const random = this.#random;
    const id = random.between(1, MAX_ITEMS);
    if (random.oneIn(4)) {
      this.#prepared.dropItem.run(id);
      return;
    }
    const seed = random.between(0, 1_000_000);
    const size = random.oneIn(8) ? random.between(20_000, 200_000) : random.between(0, 6000);
    this.#prepared.putItem.run(id, `item ${id}`, seed, size, contentOf(seed, size));
  }

  /** Both rows of a pair, in leaves far apart; one of them may go and come back on the way. */
  #cells(): void {
    const random = this.#random;
    const id = random.between(1, CELL_PAIRS);
    const amount = random.between(1, 1_000_000);
    this.#prepared.putCell.run(amount, id);
    if (random.oneIn(8)) {
      const [value = 0, note = ''] = this.#prepared.dropCell.get(id + CELL_PAIRS) as [number, string];
      this.#prepared.newCell.run(id + CELL_PAIRS, value - amount, note);
    } else {
      this.#prepared.putCell.run(-amount, id + CELL_PAIRS);
    }
  }

  /** Many ledger rows become one of the same sum. */
  #collapse(): void {
    const account = this.#random.between(1, ACCOUNT_COUNT);
    const total = this.#prepared.total.get(account) as number;
    this.#prepared.clear.run(account);
    this.#prepared.enter.run(account, total);
  }

  /** Replaces the worker's batch; the larger ones are more than a transaction may hold in memory. */
  #bulk(): void {
    const random = this.#random;
    const rows = random.oneIn(3) ? random.between(5000, 9000) : random.between(1, 500);
    const stamp = random.between(1, 1_000_000);
    const { clearBulk, putBulk, putBulkHead } = this.#prepared;
    clearBulk.run(this.#number);
    let bytes = 0;
    for (let number = 1; number <= rows; number++) {
      const len = BULK_CONTENT.length - (number % 100);
      putBulk.run(this.#number, number, stamp, BULK_CONTENT.slice(0, len));
      bytes += len;
    }
    putBulkHead.run(this.#number, stamp, rows, bytes);
  }

  /** Makes the worker's own table, or changes what it looks like, or drops it for a new one. */
  #schema(): void {
    const random = this.#random;
    const known = this.#prepared.extra.get(this.#number) as [name: string, columns: number, rows: number] | undefined;
    if (known !== undefined && known[1] < 5 && random.oneIn(2)) {
      const [name, columns, rows] = known;
      this.#db.exec(`ALTER TABLE ${name} ADD COLUMN more_${columns} DEFAULT 'none'`);
      this.#db.exec(`INSERT INTO ${name}(value) VALUES (${this.#sequence})`);
      this.#prepared.putExtra.run(this.#number, name, columns + 1, rows + 1);
      return;
    }
    if (known !== undefined) this.#db.exec(`DROP TABLE ${known[0]}`);
    const name = `extra_${this.#number}_${this.#sequence}`;
    const rows = random.between(1, 50);
    this.#db.exec(`CREATE TABLE ${name}(id INTEGER PRIMARY KEY, value);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO ${name}(value) SELECT i FROM n;
      CREATE INDEX ${name}_value ON ${name}(value)`);
    this.#prepared.putExtra.run(this.#number, name, 2, rows);
  }

  #checkpoint(): void {
    this.#db.pragma(`wal_checkpoint(${this.#random.pick(['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'])})`);
  }
}

/** A reader sees whole transactions only, however many commit meanwhile. */
export function readForever(db: Connection): never {
  for (;;) {
    db.exec('BEGIN');
    const broken = brokenRules(db);
    db.exec('COMMIT');
    for (const rule of broken) tell(`broken for a reader: ${rule}`);
  }
}

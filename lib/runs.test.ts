/** Many rows of one table, which the addon takes from its leaves column by column: every kind of column, every way to ask. */
import { join } from 'node:path';
import { describe } from 'vitest';
import { contract, type Side } from './testing/contract.ts';

const ROWS = 1600;

/** A table whose rows have been folded into leaves, each kind of value in a column of its own. */
function open({ Database, folder }: Side) {
  const db = new Database(join(folder, 'runs'));
  db.pragma('journal_mode = WAL');
  db.exec(`CREATE TABLE t(id INTEGER PRIMARY KEY, small INT, large INT, real REAL, whole REAL, ascii TEXT, word TEXT,
    accents TEXT, some TEXT, none, blob BLOB, mixed, long TEXT, empty TEXT)`);
  const insert = db.prepare(`INSERT INTO t VALUES (${Array(14).fill('?').join(', ')})`);
  db.exec('BEGIN');
  for (let row = 0; row < ROWS; row++) {
    insert.run(
      row < 1000 ? row : row * 3,
      (row % 300) - 150,
      BigInt(row) * 4_000_000_000_000_000n - 5_000_000_000_000_000_000n,
      row / 8,
      row,
      `text ${row * 7919} of its own`,
      ['red', 'green', 'blue'][row % 3],
      row % 5 === 0 ? `größe ${row}` : row % 7 === 0 ? `😀 ${row}` : `plain ${row}`,
      row % 3 === 0 ? null : `some ${row % 50}`,
      null,
      row % 400 === 0 ? Buffer.from(`blob ${row}`) : null,
      [row, `m${row}`, row / 3, null][row % 4],
      row % 500 === 0 ? 'long '.repeat(500) : 'short',
      row % 2 === 0 ? '' : null,
    );
  }
  db.exec("COMMIT; ALTER TABLE t ADD COLUMN late DEFAULT 'later'");
  db.pragma('wal_checkpoint');
  return db;
}

const PLAIN = 'id, small, large, real, whole, ascii, word';

describe('runs of rows', () => {
  contract('have every kind of column', (side) => {
    const db = open(side);
    for (const column of [PLAIN, 'accents', 'some', 'none, empty', 'blob', 'mixed', 'long', 'late', 'rowid, *', 'word, word']) {
      side.note(() => db.prepare(`SELECT ${column} FROM t`).all());
      side.note(() => db.prepare(`SELECT ${column} FROM t ORDER BY id DESC`).all());
    }
    side.note(() => db.prepare(`SELECT ${PLAIN} FROM t`).raw().all());
    side.note(() => db.prepare('SELECT large FROM t').pluck().all());
    side.note(() => db.prepare('SELECT id, small, large, real FROM t').safeIntegers().all());
    side.note(() => db.prepare('SELECT id, word, small FROM t').expand().all());
    side.note(() => db.prepare('SELECT * FROM t').columns());
    db.close();
  });

  contract('end where the query ends', (side) => {
    const db = open(side);
    const between = db.prepare(`SELECT ${PLAIN} FROM t WHERE id BETWEEN ? AND ?`);
    const backwards = db.prepare(`SELECT ${PLAIN} FROM t WHERE id BETWEEN ? AND ? ORDER BY id DESC`);
    for (const [low, high] of [
      [0, 0],
      [10, 12],
      [990, 1010],
      [995, 3010],
      [2999, 4000],
      [4785, 4797],
      [-5, -1],
      [9001, 9999],
    ]) {
      side.note(() => between.all(low, high));
      side.note(() => backwards.all(low, high));
    }
    const page = db.prepare('SELECT id, ascii FROM t WHERE id >= ? ORDER BY id LIMIT ? OFFSET ?');
    const pageBack = db.prepare('SELECT id, ascii FROM t WHERE id <= ? ORDER BY id DESC LIMIT ? OFFSET ?');
    for (const [from, limit, offset] of [
      [0, 3, 0],
      [0, 100, 7],
      [900, 1000, 50],
      [4500, 100, 0],
      [4780, 100, 2],
      [5, 0, 0],
      [5, -1, 1500],
    ]) {
      side.note(() => page.all(from, limit, offset));
      side.note(() => pageBack.all(from, limit, offset));
    }
    side.note(() => db.prepare('SELECT id FROM t WHERE id < 50 ORDER BY id DESC').all());
    side.note(() => db.prepare('SELECT id, small + 1 FROM t WHERE id < 50').all());
    side.note(() => db.prepare('SELECT DISTINCT word FROM t WHERE id < 50').all());
    side.note(() => db.prepare('SELECT a.id, b.id FROM t a, t b WHERE a.id < 9 AND b.id < 9').all());
    side.note(() => db.prepare('SELECT id FROM t WHERE id < 20 UNION ALL SELECT small FROM t WHERE id < 20').all());
    db.close();
  });

  contract('go on where an iterator stopped, and see what was written', (side) => {
    const db = open(side);
    const iterated: unknown[] = [];
    for (const row of db.prepare(`SELECT ${PLAIN} FROM t`).iterate()) iterated.push(row);
    side.note(() => iterated);
    side.note(() => {
      for (const row of db.prepare('SELECT id FROM t').iterate()) if ((row as { id: number }).id === 700) return row;
      return undefined;
    });
    db.exec("UPDATE t SET word = 'changed' WHERE id = 500; DELETE FROM t WHERE id IN (501, 502, 3000)");
    db.exec('INSERT INTO t(id, word) VALUES (1001, NULL), (100000, 7)');
    side.note(() => db.prepare('SELECT id, word FROM t').all());
    side.note(() => db.prepare('SELECT id, word FROM t ORDER BY id DESC').all());
    db.pragma('wal_checkpoint');
    side.note(() => db.prepare('SELECT id, word FROM t').all());
    side.note(() => db.prepare('SELECT id, word FROM t ORDER BY id DESC').all());
    side.note(() => db.prepare('SELECT id, word FROM t LIMIT 5 OFFSET 498').all());
    db.exec('ALTER TABLE t DROP COLUMN small');
    side.note(() => db.prepare('SELECT id, word, large, late FROM t').all());
    db.close();
  });
});

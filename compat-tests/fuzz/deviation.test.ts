/** The deviations that the runner recognises by looking: SQLite shows them, and we do not. */
import { expect, test } from 'vitest';
import { loadEngine } from '../engine.ts';
import { hasUnorderedRows } from './deviation.ts';

const SCRIPT = [
  'CREATE TABLE t(a REAL, b NUMERIC UNIQUE)',
  "INSERT INTO t VALUES (-1, -1), ('a', 'a')",
  'CREATE TRIGGER g BEFORE UPDATE ON t BEGIN DELETE FROM t WHERE a = NEW.a; END',
  `INSERT INTO t SELECT * FROM (SELECT b, quote(a) FROM t ORDER BY rowid LIMIT 6) WHERE true
    ON CONFLICT (b) DO UPDATE SET a = excluded.a`,
];

test.each([
  ['better-sqlite3', true, [3, 2]],
  ['pluresdb', false, [2, 3]],
] as const)('case 17: rows behind an upsert whose trigger deletes its row, in %s', async (name, isUnordered, rowids) => {
  const db = (await loadEngine(name)).open(':memory:');
  for (const sql of SCRIPT) db.prepare(sql).run();
  expect(hasUnorderedRows(db)).toBe(isUnordered);
  expect(db.prepare('SELECT rowid, a FROM t').pluck().all()).toEqual(rowids);
  db.close();
});

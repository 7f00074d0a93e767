/** How the SQLite inside Node is built, and what its PRAGMAs say within transactions. */
import { rulesOf, type SideCheck } from './side.ts';

const IN_TRANSACTIONS = [
  'PRAGMA wal_checkpoint',
  'PRAGMA wal_checkpoint(TRUNCATE)',
  'PRAGMA journal_mode = DELETE',
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous',
  'PRAGMA synchronous = OFF',
  'PRAGMA foreign_keys = OFF',
  'PRAGMA foreign_keys',
  'PRAGMA temp_store = 2',
  'PRAGMA temp_store',
  'PRAGMA encoding = "UTF-16"',
  'PRAGMA auto_vacuum = 1',
  'VACUUM',
];

const BEGINNINGS = [
  'SELECT 1',
  'BEGIN',
  'BEGIN; SELECT * FROM t',
  'BEGIN; INSERT INTO t VALUES (1)',
  'BEGIN IMMEDIATE',
  'SAVEPOINT s',
  'CREATE TEMP TABLE x (a); BEGIN',
];

export const buildChecks: readonly SideCheck[] = [
  ...rulesOf('exec()', {
    'ANALYZE takes no samples': ({ db, note }) => {
      db.exec('CREATE TABLE t (a, b); CREATE INDEX tb ON t (b); INSERT INTO t VALUES (1, 1), (2, 2); ANALYZE');
      note(() => db.prepare('SELECT name FROM sqlite_schema').all());
      note(() => db.prepare('SELECT * FROM sqlite_stat1').all());
      note(() => db.prepare('SELECT * FROM sqlite_stat4').all());
      note(() => db.exec('PRAGMA optimize'));
      note(() => db.prepare('SELECT name FROM sqlite_schema').all());
    },
    'UPDATE and DELETE take no ORDER BY and no LIMIT': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      for (const change of ['UPDATE t SET a = 1', 'DELETE FROM t', 'DELETE FROM t WHERE a', 'DELETE FROM t RETURNING a'])
        for (const rest of ['', ' ORDER BY a', ' LIMIT 1', ' ORDER BY a LIMIT 1']) note(() => db.exec(change + rest));
    },
  }),
  ...BEGINNINGS.flatMap((begins) =>
    rulesOf('exec()', {
      [`PRAGMAs after ${begins}`]: ({ open, note }) => {
        for (const name of [':memory:', 'a.db', 'b.db']) {
          for (const isIterating of [false, true]) {
            const db = open(name);
            db.exec('DROP TABLE IF EXISTS t; CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)');
            if (name === 'b.db') note(() => db.prepare('PRAGMA journal_mode = WAL').all());
            db.exec(begins);
            const rows = db.prepare('SELECT a FROM t').iterate();
            if (isIterating) rows.next();
            for (const sql of IN_TRANSACTIONS) {
              // How many pages lie in the log differs, and only without a transaction is it told.
              if (name === 'b.db' && sql.startsWith('PRAGMA wal_checkpoint') && !isIterating) continue;
              note(() => db.prepare(sql).all());
            }
            rows.return?.();
            if (db.isTransaction) db.exec('ROLLBACK');
            db.close();
          }
        }
      },
    }),
  ),
];

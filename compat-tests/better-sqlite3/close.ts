/** `db.close()` and what stays of a closed database; the WAL beside it. */
import { existsSync } from 'node:fs';
import { rulesOf, type SideCheck } from './side.ts';

export const closeChecks: readonly SideCheck[] = [
  ...rulesOf('Database.close()', {
    'returns the database, as often as it is called': ({ db, note }) => {
      note(() => db.close() === db);
      note(() => db.close() === db);
      note(() => ({ ...db }));
    },
    'rolls an open transaction back': ({ open, note }) => {
      const db = open('a.db');
      db.exec('CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1)');
      note(() => db.inTransaction);
      note(() => db.close().inTransaction);
      note(() => open('a.db').prepare('SELECT count(*) FROM t').pluck().get());
    },
    'leaves what was committed': ({ open, note }) => {
      open('a.db').exec('CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1); COMMIT').close();
      note(() => open('a.db').prepare('SELECT * FROM t').all());
    },
    'statements say that the database is closed': ({ db, note }) => {
      const select = db.prepare('SELECT 1 AS a');
      const bound = db.prepare('SELECT ? AS a').bind('x');
      db.close();
      note(() => select.get());
      note(() => select.run());
      note(() => select.toString());
      note(() => bound.toString());
      note(() => select.busy);
      note(() => select.source);
      note(() => select.reader);
      note(() => select.database === db);
      note(() => select.pluck() === select);
      note(() => select.safeIntegers() === select);
    },
    'an open iterator prevents it': ({ db, note }) => {
      const rows = db.prepare('SELECT 1 UNION SELECT 2').iterate();
      note(() => db.close());
      note(() => rows.next());
      note(() => db.close());
      note(() => db.open);
      note(() => rows.return?.());
      note(() => db.close().open);
      note(() => rows.next());
    },
    'unsafe mode does not help': ({ db, note }) => {
      db.unsafeMode();
      const rows = db.prepare('SELECT 1').iterate();
      note(() => db.close());
      rows.return?.();
    },
    'a function of SQL cannot do it': ({ db, note }) => {
      db.function('finish', () => db.close().open);
      note(() => db.prepare('SELECT finish()').get());
      note(() => db.open);
    },
    'transaction functions of a closed database': ({ db, note }) => {
      const fn = db.transaction(() => 5);
      db.close();
      note(() => fn());
      note(() => fn.immediate());
      note(() => fn.database === db);
    },
    'a database in memory is gone': ({ db, Database, note }) => {
      db.exec('CREATE TABLE t (a)').close();
      const again = new Database(':memory:');
      note(() => again.prepare('SELECT * FROM sqlite_master').all());
      again.close();
    },
  }),
  ...rulesOf('the file <path>-wal', {
    'is there after a write in WAL mode, and gone after close': ({ open, path, note }) => {
      const db = open('a.db');
      note(() => existsSync(path('a.db')));
      note(() => existsSync(path('a.db-wal')));
      note(() => db.pragma('journal_mode = WAL', { simple: true }));
      db.exec('CREATE TABLE t (a)');
      note(() => existsSync(path('a.db-wal')));
      db.exec('INSERT INTO t VALUES (1)');
      note(() => existsSync(path('a.db-wal')));
      db.close();
      note(() => existsSync(path('a.db')));
      note(() => existsSync(path('a.db-wal')));
    },
    'stays while another connection is open': ({ open, path, note }) => {
      const [a, b] = [open('a.db'), open('a.db')];
      a.pragma('journal_mode = WAL');
      a.exec('CREATE TABLE t (a)');
      b.prepare('SELECT * FROM t').all();
      a.close();
      note(() => existsSync(path('a.db-wal')));
      b.close();
      note(() => existsSync(path('a.db-wal')));
    },
    'is not there in other modes': ({ open, path, note }) => {
      const db = open('a.db');
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
      note(() => db.pragma('journal_mode', { simple: true }));
      note(() => existsSync(path('a.db-wal')));
      note(() => existsSync(path('a.db-journal')));
    },
  }),
];

/** Several connections at once, `verbose`, errors, and images. */
import { rulesOf, type Side, type SideCheck } from './side.ts';

const TABLE = 'CREATE TABLE t (a UNIQUE)';

function tracing({ Database, note }: Side, body: (db: Side['db']) => void): void {
  const told: unknown[] = [];
  const db = new Database(':memory:', { verbose: (...args: unknown[]) => void told.push(args) });
  body(db);
  db.close();
  note(() => told);
}

const FAILURES: Readonly<Record<string, string>> = {
  'bad syntax': 'selec 1',
  'an unfinished text': 'SELECT (',
  'no such table': 'SELECT * FROM none',
  'no such column': 'SELECT none FROM t',
  'a text in double quotes': 'SELECT "abc" FROM t',
  'an ambiguous column': 'SELECT a FROM t AS x, t AS y',
  'a table that exists': 'CREATE TABLE t (a)',
  'wrong arguments': 'SELECT abs()',
  'no such function': 'SELECT none()',
  'no transaction to commit': 'COMMIT',
  'no transaction to roll back': 'ROLLBACK',
  'no such savepoint': 'RELEASE none',
  UNIQUE: 'INSERT INTO t (a) VALUES (1), (1)',
  'PRIMARY KEY': 'INSERT INTO t (id) VALUES (1), (1)',
  'NOT NULL': 'INSERT INTO t (n) VALUES (NULL)',
  CHECK: 'INSERT INTO t (c) VALUES (-1)',
  'a named CHECK': 'INSERT INTO t (d) VALUES (-1)',
  'a rowid that is no integer': "INSERT INTO t (id) VALUES ('x')",
  'FOREIGN KEY': 'INSERT INTO child VALUES (99)',
  'two columns UNIQUE': 'INSERT INTO two VALUES (1, 2), (1, 2)',
  'an index with an expression': "INSERT INTO lower_names VALUES ('a'), ('A')",
  STRICT: "INSERT INTO strict_table VALUES ('x')",
  'WITHOUT ROWID': 'INSERT INTO no_rowid VALUES (1), (1)',
  'RAISE(ABORT)': 'INSERT INTO guarded VALUES (1)',
  'RAISE(FAIL)': 'INSERT INTO guarded VALUES (2)',
  'RAISE(ROLLBACK)': 'INSERT INTO guarded VALUES (3)',
  'an integer that overflows': 'SELECT abs(-9223372036854775808)',
  'bad JSON': "SELECT json('{')",
  'a bad JSON path': "SELECT json_extract('{}', 'x')",
  'too many columns': 'INSERT INTO t VALUES (1, 2, 3, 4, 5, 6, 7, 8)',
  'a view': 'INSERT INTO v VALUES (1)',
  'a generated column': 'INSERT INTO generated VALUES (1, 2)',
  'an unknown collation': 'SELECT * FROM t ORDER BY a COLLATE none',
  'an aggregate in WHERE': 'SELECT a FROM t WHERE count(*) > 1',
  'unequal compounds': 'SELECT 1 UNION SELECT 1, 2',
  'a LIMIT that is no number': "SELECT 1 LIMIT 'x'",
  'recursion in a view': 'SELECT * FROM loop',
  'an unknown database': 'SELECT * FROM none.t',
  'an unknown pragma table': 'SELECT * FROM pragma_none',
  'a blob too big': 'SELECT zeroblob(3000000000)',
  'LIKE with a long ESCAPE': "SELECT 'a' LIKE 'b' ESCAPE 'xy'",
};

const FAILING_SCHEMA = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, n NOT NULL DEFAULT 0, c CHECK (c > 0), d CONSTRAINT positive CHECK (d > 0));
  CREATE TABLE child (t REFERENCES t); CREATE TABLE two (a, b, UNIQUE (a, b));
  CREATE TABLE lower_names (name); CREATE UNIQUE INDEX by_lower ON lower_names (lower(name));
  CREATE TABLE strict_table (a INTEGER) STRICT; CREATE TABLE no_rowid (a PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE guarded (a);
  CREATE TRIGGER guard BEFORE INSERT ON guarded BEGIN
    SELECT RAISE(ABORT, 'aborted') WHERE new.a = 1; SELECT RAISE(FAIL, 'failed') WHERE new.a = 2;
    SELECT RAISE(ROLLBACK, 'rolled back') WHERE new.a = 3;
  END;
  CREATE VIEW v AS SELECT a FROM t; CREATE TABLE generated (a, b AS (a + 1)); CREATE VIEW loop AS SELECT * FROM loop;`;

export const sessionChecks: readonly SideCheck[] = [
  ...rulesOf(
    'SqliteError',
    Object.fromEntries(
      Object.entries(FAILURES).map(([rule, sql]) => [
        `class, code and text: ${rule}`,
        ({ db, Database, note }: Side) => {
          db.exec(FAILING_SCHEMA);
          note(() => db.exec(sql));
          note(() => db.prepare(sql).all());
          note(() => db.prepare(sql).run());
          try {
            db.exec(sql);
          } catch (error) {
            note(() => [error instanceof Database.SqliteError, Object.keys(error as object)]);
          }
          note(() => db.inTransaction);
        },
      ]),
    ),
  ),
  ...rulesOf('options.verbose', {
    'is told of every statement that runs': (side) => {
      tracing(side, (db) => {
        db.exec(`${TABLE}; INSERT INTO t VALUES (1); -- end`);
        db.prepare('SELECT * FROM t').all();
        db.prepare('SELECT * FROM t').get();
        db.prepare('INSERT INTO t VALUES (2)').run();
        [...db.prepare('SELECT * FROM t').iterate()];
        db.pragma('user_version');
        db.transaction(() => db.prepare('SELECT 5').get())();
        db.explain('SELECT 1');
      });
    },
    'parameters are in it': (side) => {
      tracing(side, (db) => {
        const statement = db.prepare('SELECT ? AS a, :b AS b');
        for (const value of [1, 1.5, 25n, 'x', "it's", Buffer.from([1, 255]), null]) statement.get(value, { b: value });
        db.prepare('SELECT ? AS a').bind('bound').get();
      });
    },
    'long values are cut short': (side) => {
      tracing(side, (db) => {
        const statement = db.prepare('SELECT ?');
        for (const length of [31, 32, 33, 100, 5000]) {
          statement.get('a'.repeat(length));
          statement.get('ü'.repeat(length));
          statement.get(Buffer.alloc(length, 1));
        }
        db.prepare(`SELECT '${'literal '.repeat(20)}'`).get();
      });
    },
    'what does not run is not told': (side) => {
      tracing(side, (db) => {
        db.prepare('SELECT 1');
        side.note(() => db.prepare('SELECT ?').get());
        side.note(() => db.prepare('selec'));
        const rows = db.prepare('SELECT 2').iterate();
        rows.return?.();
      });
    },
    'statements of triggers': (side) => {
      tracing(side, (db) => {
        db.exec(
          'CREATE TABLE t (a); CREATE TABLE log (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END',
        );
        db.exec('INSERT INTO t VALUES (1)');
      });
    },
    'this is undefined, and what it throws ends the call': ({ Database, note }) => {
      let seen: unknown = 'nothing';
      let isFailing = false;
      const db = new Database(':memory:', {
        verbose: function (this: unknown) {
          seen = this;
          if (isFailing) throw new RangeError('mine');
        },
      });
      db.exec('CREATE TABLE t (a)');
      note(() => seen);
      isFailing = true;
      note(() => db.prepare('INSERT INTO t VALUES (1)').run());
      note(() => db.exec('INSERT INTO t VALUES (1)'));
      note(() => db.prepare('SELECT 1').get());
      isFailing = false;
      note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
      db.close();
    },
  }),
  ...rulesOf('Database.serialize()', {
    'options are checked': ({ db, note }) => {
      for (const options of [5, 'x', true]) note(() => db.serialize(options as never));
      for (const options of [undefined, null, {}]) note(() => Buffer.isBuffer(db.serialize(options)));
      for (const attached of [undefined, null, 5, '', 'none']) note(() => db.serialize({ attached: attached as string }));
    },
    'an image makes the same database': ({ db, Database, note }) => {
      db.exec(`${TABLE}; INSERT INTO t VALUES (1), ('x'), (NULL), (x'00'), (1.5); PRAGMA user_version = 9`);
      const copy = new Database(db.serialize());
      note(() => copy.prepare('SELECT * FROM t').all());
      note(() => copy.pragma('user_version', { simple: true }));
      note(() => copy.serialize().equals(db.serialize()) || copy.serialize().length === db.serialize().length);
      copy.close();
    },
    'within a transaction that has only begun': ({ db, open, note }) => {
      for (const place of [db, open('a.db')]) {
        place.exec(`${TABLE}; INSERT INTO t VALUES (1)`);
        for (const begin of ['SAVEPOINT s', 'BEGIN; SAVEPOINT s', 'BEGIN; SELECT * FROM t; SAVEPOINT s']) {
          place.exec(begin);
          note(() => place.serialize().length > 0);
          note(() => place.exec('INSERT INTO t VALUES (2)').inTransaction);
          note(() => place.exec('ROLLBACK TO s').inTransaction);
          note(() => place.prepare('SELECT * FROM t').all());
          note(() => place.exec('RELEASE s').inTransaction);
          if (place.inTransaction) place.exec('COMMIT');
        }
        note(() =>
          place.transaction(() => {
            place.transaction(() => place.serialize().length > 0)();
            return place.inTransaction;
          })(),
        );
      }
    },
    'of an attached database': ({ db, Database, note }) => {
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.t (a); INSERT INTO other.t VALUES (7)");
      const copy = new Database(db.serialize({ attached: 'other' }));
      note(() => copy.prepare('SELECT * FROM t').all());
      copy.close();
    },
    'of an empty database': ({ db, Database, note }) => {
      const bytes = db.serialize();
      note(() => bytes.length <= 4096);
      note(() => new Database(bytes).close().open);
    },
    'of a file': ({ open, Database, note }) => {
      const db = open('a.db');
      db.exec(`${TABLE}; INSERT INTO t VALUES (1)`);
      const copy = new Database(db.serialize());
      note(() => copy.prepare('SELECT * FROM t').all());
      copy.close();
    },
  }),
  ...rulesOf('two connections', {
    'a writer and a reader in WAL mode': ({ open, note }) => {
      const [a, b] = [open('a.db'), open('a.db')];
      a.pragma('journal_mode = WAL');
      a.exec(`${TABLE}; INSERT INTO t VALUES (1)`);
      b.exec('BEGIN');
      note(() => b.prepare('SELECT count(*) FROM t').pluck().get());
      a.exec('INSERT INTO t VALUES (2)');
      note(() => b.prepare('SELECT count(*) FROM t').pluck().get());
      b.exec('COMMIT');
      note(() => b.prepare('SELECT count(*) FROM t').pluck().get());
    },
    'what is not committed is not seen': ({ open, note }) => {
      const [a, b] = [open('a.db'), open('a.db')];
      a.pragma('journal_mode = WAL');
      a.exec(`${TABLE}; BEGIN; INSERT INTO t VALUES (1)`);
      note(() => b.prepare('SELECT count(*) FROM t').pluck().get());
      a.exec('COMMIT');
      note(() => b.prepare('SELECT count(*) FROM t').pluck().get());
    },
    'two writers': ({ open, note }) => {
      const [a, b] = [open('a.db', { timeout: 0 }), open('a.db', { timeout: 0 })];
      a.pragma('journal_mode = WAL');
      a.exec(`${TABLE}; BEGIN IMMEDIATE`);
      note(() => b.exec('BEGIN IMMEDIATE'));
      note(() => b.exec('INSERT INTO t VALUES (1)'));
      note(() => b.inTransaction);
      note(() => b.prepare('SELECT count(*) FROM t').pluck().get());
      a.exec('COMMIT');
      note(() => b.exec('INSERT INTO t VALUES (1)').open);
    },
    'a reader that wants to write after another wrote': ({ open, note }) => {
      const [a, b] = [open('a.db', { timeout: 0 }), open('a.db', { timeout: 0 })];
      a.pragma('journal_mode = WAL');
      a.exec(TABLE);
      b.exec('BEGIN');
      note(() => b.prepare('SELECT count(*) FROM t').pluck().get());
      a.exec('INSERT INTO t VALUES (1)');
      note(() => b.exec('INSERT INTO t VALUES (2)'));
      note(() => b.inTransaction);
      b.exec('ROLLBACK');
      note(() => b.exec('INSERT INTO t VALUES (2)').open);
    },
    'a changed schema is seen': ({ open, note }) => {
      const [a, b] = [open('a.db'), open('a.db')];
      a.exec(`${TABLE}; INSERT INTO t VALUES (1)`);
      const select = b.prepare('SELECT * FROM t');
      note(() => select.all());
      a.exec('ALTER TABLE t ADD COLUMN b DEFAULT 2');
      note(() => select.all());
      a.exec('DROP TABLE t');
      note(() => select.all());
    },
    'data_version tells of the other one': ({ open, note }) => {
      const [a, b] = [open('a.db'), open('a.db')];
      a.exec(TABLE);
      const before = b.pragma('data_version', { simple: true });
      note(() => b.pragma('data_version', { simple: true }) === before);
      a.exec('INSERT INTO t VALUES (1)');
      note(() => b.pragma('data_version', { simple: true }) !== before);
    },
    'ATTACH of the same place': ({ open, path, note }) => {
      open('b.db').exec(`${TABLE}; INSERT INTO t VALUES ('b')`).close();
      const a = open('a.db');
      a.exec(TABLE);
      note(() => a.prepare('ATTACH ? AS b').run(path('b.db')).changes);
      note(() => a.prepare('SELECT * FROM b.t').all());
      note(() => a.exec("INSERT INTO main.t VALUES ('a'); INSERT INTO b.t VALUES ('a')").open);
      note(() => a.exec('DETACH b').open);
      note(() => open('b.db').prepare('SELECT * FROM t').pluck().all());
    },
  }),
];

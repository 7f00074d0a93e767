/** `setAuthorizer()`: what it is asked, in which order, and what its answers do. */
import { ODD_VALUES, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const SCHEMA = `
  CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c);
  INSERT INTO t VALUES (1, 'one', 1.5), (2, 'two', NULL);
  CREATE TABLE p (x PRIMARY KEY, y REFERENCES t (a)) WITHOUT ROWID;
  CREATE INDEX ib ON t (b);
  CREATE VIEW v AS SELECT a AS va, upper(b) AS vb FROM t;
  CREATE TABLE log (n);
  CREATE TRIGGER tr AFTER UPDATE OF c ON t BEGIN INSERT INTO log VALUES (new.a); END;
  CREATE TEMP TABLE tt (d)`;

const STATEMENTS: readonly string[] = [
  'SELECT 1',
  'SELECT a, b FROM t',
  'SELECT vb FROM v',
  'SELECT va, vb FROM v',
  'SELECT * FROM v',
  'SELECT 1 FROM v',
  'SELECT count(*) FROM v',
  'SELECT w.va FROM v AS w WHERE w.vb = 1',
  'SELECT va FROM v ORDER BY vb',
  'SELECT va FROM v, p',
  'SELECT v.va, p.y FROM p, v WHERE va = y',
  'SELECT va FROM v LEFT JOIN p ON y = va',
  'SELECT va FROM p LEFT JOIN v ON y = va',
  'SELECT x FROM (SELECT a AS x FROM t)',
  'SELECT x FROM (SELECT a AS x, c AS z FROM t)',
  'SELECT x FROM (SELECT a AS x FROM t WHERE c > 1)',
  'SELECT x FROM (SELECT a AS x FROM t LIMIT 2)',
  'SELECT x FROM (SELECT DISTINCT a AS x FROM t)',
  'SELECT x FROM (SELECT max(a) AS x FROM t)',
  'SELECT x FROM (SELECT b AS x FROM t ORDER BY c)',
  'SELECT sum(x) FROM (SELECT a AS x FROM t)',
  'WITH q AS (SELECT b FROM t) SELECT * FROM q',
  'WITH q AS (SELECT a FROM t) SELECT 1 FROM q',
  'WITH q AS (SELECT a FROM t) SELECT * FROM q, q AS r',
  'WITH q AS MATERIALIZED (SELECT a FROM t) SELECT * FROM q',
  'WITH q AS (SELECT a, b FROM t), r AS (SELECT a FROM q) SELECT * FROM r',
  'SELECT a FROM t WHERE a IN (SELECT va FROM v)',
  'SELECT (SELECT va FROM v)',
  'SELECT va FROM v UNION SELECT x FROM p',
  'SELECT x FROM (SELECT a AS x FROM t UNION ALL SELECT x FROM p)',
  'INSERT INTO log SELECT va FROM v',
  'SELECT va FROM v GROUP BY va',
  'SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM p WHERE y = a)',
  "SELECT a FROM t WHERE b = 'x' AND EXISTS (SELECT 1 FROM p WHERE y = a)",
  'SELECT a FROM t WHERE EXISTS (SELECT 1 FROM p WHERE y = a) OR b',
  'SELECT a FROM t WHERE EXISTS (SELECT y FROM p WHERE y = 1)',
  'SELECT EXISTS (SELECT 1 FROM p WHERE y = a) FROM t',
  'SELECT a FROM t WHERE EXISTS (SELECT 1 FROM p, log WHERE y = a)',
  'SELECT t.a FROM t, log WHERE EXISTS (SELECT 1 FROM p WHERE y = a)',
  'SELECT * FROM t WHERE c > 1 ORDER BY b',
  'SELECT count(*) FROM t',
  'SELECT rowid FROM t',
  'SELECT abs(a), upper(b) FROM t',
  "SELECT b LIKE 'x' FROM t",
  'SELECT va FROM v',
  'SELECT * FROM v AS w WHERE w.vb = 1',
  'SELECT (SELECT max(a) FROM t) AS m',
  'SELECT a FROM t WHERE EXISTS (SELECT 1 FROM p WHERE y = a)',
  'SELECT t.a, q.b FROM t JOIN t AS q USING (a)',
  'SELECT a FROM t UNION SELECT x FROM p',
  'SELECT b, sum(c) FROM t GROUP BY b HAVING sum(c) > 1',
  'SELECT sum(c) OVER (ORDER BY a) FROM t',
  'WITH q AS (SELECT a FROM t) SELECT * FROM q',
  'WITH RECURSIVE q (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q LIMIT 3) SELECT n FROM q',
  'WITH RECURSIVE q (n) AS (SELECT b FROM t UNION ALL SELECT n + 1 FROM q UNION ALL SELECT n + c FROM q, t) SELECT n FROM q',
  'SELECT a FROM t UNION SELECT x FROM p UNION SELECT b FROM t',
  'SELECT sum(c) OVER (ORDER BY b), max(c) OVER () FROM t',
  'SELECT sum(c) OVER (), max(c) OVER (ORDER BY b), min(c) OVER (ORDER BY a) FROM t',
  'SELECT sum(c) OVER (ORDER BY b), upper(max(c) OVER ()) FROM t',
  'SELECT row_number() OVER (ORDER BY b), rank() OVER (ORDER BY a) FROM t',
  'SELECT sum(c) OVER (ORDER BY b) FROM t ORDER BY max(c) OVER ()',
  'SELECT sum(c) OVER w, max(c) OVER w FROM t WINDOW w AS (ORDER BY b)',
  'VALUES (1), (2)',
  'SELECT * FROM (VALUES (1), (2))',
  'SELECT d FROM tt',
  'SELECT name FROM sqlite_schema',
  'INSERT INTO t (b) VALUES (1)',
  'INSERT INTO t SELECT x, y, 1 FROM p',
  'INSERT INTO t VALUES (1, 2, 3) ON CONFLICT (a) DO UPDATE SET b = excluded.b',
  'INSERT INTO t VALUES (9, 2, 3) RETURNING b',
  'INSERT INTO tt VALUES (1)',
  'REPLACE INTO t VALUES (1, 2, 3)',
  'INSERT INTO p VALUES (1, 1)',
  'INSERT INTO p VALUES (1, 1), (2, abs(2))',
  'INSERT INTO p VALUES (1, 1), (2, abs(?)), (3, upper(lower(3)))',
  "INSERT INTO p VALUES (1, 1), (2, CASE WHEN abs(1) THEN date('now') END)",
  "INSERT INTO p VALUES (1, 1), (2, 'a' LIKE 'b')",
  'VALUES (abs(1)), (abs(2)), (upper(3))',
  'UPDATE t SET b = 1',
  'UPDATE t SET c = c + 1 WHERE a = 1',
  'UPDATE t SET a = 5 WHERE b IS NULL',
  'DELETE FROM t',
  'DELETE FROM t WHERE b = 1',
  'DELETE FROM log',
  'CREATE TABLE n (a)',
  'CREATE TABLE n (a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE)',
  'CREATE TABLE n (a PRIMARY KEY, b, c, UNIQUE (c, b))',
  'CREATE TABLE n AS SELECT a FROM t',
  'CREATE TEMP TABLE n (a)',
  'CREATE TABLE IF NOT EXISTS t (a)',
  'CREATE INDEX n ON t (c)',
  'CREATE INDEX n ON tt (d)',
  'CREATE INDEX n ON t (abs(c), b)',
  'CREATE UNIQUE INDEX n ON t (c) WHERE a > 1',
  'CREATE VIEW n AS SELECT 1',
  'CREATE TEMP VIEW n AS SELECT 1',
  'CREATE TRIGGER n AFTER INSERT ON t BEGIN SELECT 1; END',
  'CREATE TEMP TRIGGER n AFTER INSERT ON t BEGIN SELECT 1; END',
  'DROP TABLE log',
  'DROP TABLE tt',
  'DROP INDEX ib',
  'DROP VIEW v',
  'DROP TRIGGER tr',
  'ALTER TABLE t ADD COLUMN n',
  'ALTER TABLE p ADD COLUMN n NOT NULL DEFAULT 5 REFERENCES t',
  'ALTER TABLE t ADD COLUMN n CHECK (n > 5)',
  'ALTER TABLE t ADD COLUMN n NOT NULL AS (a)',
  'ALTER TABLE tt ADD COLUMN n',
  'ALTER TABLE tt RENAME TO n',
  'ALTER TABLE tt RENAME COLUMN d TO n',
  'ALTER TABLE p RENAME COLUMN y TO n',
  'ALTER TABLE p DROP COLUMN y',
  'ALTER TABLE v RENAME TO n',
  'ALTER TABLE t RENAME TO n',
  'ALTER TABLE t RENAME COLUMN b TO n',
  'ALTER TABLE log DROP COLUMN n',
  'ALTER TABLE t DROP COLUMN c',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT s',
  'RELEASE s',
  'PRAGMA user_version',
  'PRAGMA user_version = 5',
  'PRAGMA main.table_info(t)',
  'PRAGMA foreign_keys = ON',
  "ATTACH ':memory:' AS other",
  'DETACH other',
  'ANALYZE',
  'REINDEX',
  'REINDEX ib',
  'VACUUM',
  'EXPLAIN SELECT a FROM t',
  "SELECT * FROM pragma_table_info('t')",
  "SELECT value FROM json_each('[1]')",
];

const CASCADING = `
  CREATE TABLE t (a INTEGER PRIMARY KEY);
  CREATE TABLE c (x REFERENCES t ON DELETE CASCADE ON UPDATE SET NULL);
  INSERT INTO t VALUES (1), (2);
  INSERT INTO c VALUES (1)`;

/** Records everything that is asked while a statement is prepared. */
function tellAsked({ db, note }: Side, sql: string): void {
  const asked: string[] = [];
  db.setAuthorizer((...args: unknown[]) => {
    asked.push(args.map((arg) => (arg === null ? '-' : String(arg))).join(' '));
    return 0;
  });
  note(() => db.prepare(sql).sourceSQL);
  db.setAuthorizer(null);
  note(() => asked);
}

const ACTIONS = [1, 2, 9, 11, 18, 19, 20, 21, 22, 23, 26, 31] as const;

const PLAIN = [
  'SELECT a, upper(b) AS u FROM t ORDER BY a',
  'INSERT INTO log VALUES (5)',
  'UPDATE t SET c = 7, b = b',
  'DELETE FROM log',
  'PRAGMA user_version',
  'BEGIN',
];
const OF_THE_SCHEMA = ['CREATE TABLE n (a)', 'CREATE INDEX ni ON t (c)', 'ALTER TABLE log ADD COLUMN m', 'DROP TABLE p'];
/** Where these are denied in the middle of a change of the schema, the original's database is malformed afterwards. */
const TOUCHES_SCHEMA: ReadonlySet<number> = new Set([9, 18, 20, 23]);

export const authorizerChecks: readonly SideCheck[] = [
  ...STATEMENTS.flatMap((sql) =>
    rulesOf('setAuthorizer()', {
      [`what it is asked by ${sql}`]: (side) => {
        side.db.exec(SCHEMA);
        tellAsked(side, sql);
      },
    }),
  ),
  ...ACTIONS.flatMap((action) =>
    rulesOf('setAuthorizer()', {
      [`denying and ignoring action ${action}`]: ({ open, note }) => {
        for (const answer of [1, 2]) {
          for (const sql of TOUCHES_SCHEMA.has(action) ? PLAIN : [...PLAIN, ...OF_THE_SCHEMA]) {
            const db = open();
            db.exec(SCHEMA);
            db.setAuthorizer((code: number) => (code === action ? answer : 0));
            note(() => db.prepare(sql).all());
            db.setAuthorizer(null);
            note(() => db.prepare('SELECT * FROM t').all());
            note(() => db.prepare('SELECT * FROM log').all());
            note(() => db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'n%' OR name = 'p'").all());
          }
        }
      },
    }),
  ),
  ...rulesOf('setAuthorizer()', {
    'arguments that are none': ({ db, note }) => {
      for (const value of [undefined, ...ODD_VALUES]) if (typeof value !== 'function') note(() => db.setAuthorizer(wrong(value)));
      note(() => Reflect.apply(db.setAuthorizer, db, []));
    },
    'what it is called with': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      db.setAuthorizer(
        wrong(function (this: unknown, ...args: unknown[]) {
          note(() => [this === undefined, args]);
          return 0;
        }),
      );
      note(() => db.prepare('SELECT a FROM t').all());
    },
    'serialize() asks for the number of pages': ({ open, note }) => {
      for (const answer of [0, 1, 2]) {
        const db = open();
        db.exec('CREATE TABLE t (a)');
        db.setAuthorizer((...asked: unknown[]) => {
          note(() => asked);
          return answer;
        });
        for (const name of [undefined, 'main', 'MAIN']) note(() => db.serialize(name).length > 0);
      }
    },
    'nothing is asked for a table in a database that is none': ({ db, note }) => {
      db.setAuthorizer((...asked: unknown[]) => {
        note(() => asked);
        return 0;
      });
      for (const sql of ['CREATE TABLE none.t (a)', 'CREATE VIEW none.v AS SELECT 1', 'CREATE TEMP TABLE main.t (a)'])
        note(() => db.exec(sql));
    },
    'it uses the database': ({ open, note }) => {
      const uses: ((db: ReturnType<typeof open>, statement: ReturnType<typeof db.prepare>) => unknown)[] = [
        (db) => db.prepare('SELECT 2').get(),
        (db) => db.exec('SELECT 1'),
        (_, statement) => statement.get(),
        (_, statement) => statement.sourceSQL,
        (db) => db.setAuthorizer(null),
        (db) => db.serialize().length,
        (db) => db.isTransaction,
        (db) => db.isOpen,
        (db) => db.close(),
      ];
      for (const use of uses) {
        const db = open();
        db.exec('CREATE TABLE t (a)');
        const statement = db.prepare('SELECT a FROM t');
        let isFirst = true;
        db.setAuthorizer(() => {
          if (isFirst) {
            isFirst = false;
            note(() => use(db, statement));
          }
          return 0;
        });
        note(() => db.prepare('SELECT 1 AS a').get());
        db.setAuthorizer(null);
        note(() => statement.all());
      }
    },
    'what a session asks': ({ db, note }) => {
      db.exec(
        'CREATE TABLE t (a INTEGER PRIMARY KEY, b DEFAULT 5); CREATE TABLE u (a PRIMARY KEY, b) WITHOUT ROWID; CREATE TABLE n (a)',
      );
      let asked: string[] = [];
      db.setAuthorizer((...args: unknown[]) => {
        asked.push(args.join());
        return 0;
      });
      const tell = (use: () => unknown) => {
        asked = [];
        note(use);
        note(() => asked);
      };
      const session = db.createSession();
      for (const sql of ['INSERT INTO t VALUES (1, 2)', 'INSERT INTO t VALUES (2, 2)', 'INSERT INTO u VALUES (1, 2)']) {
        tell(() => db.exec(sql));
      }
      tell(() => db.exec('INSERT INTO n VALUES (1)'));
      tell(() => session.changeset().length);
      tell(() => db.exec('UPDATE t SET b = b + 1; DELETE FROM u'));
      tell(() => session.patchset().length);
      const changes = session.changeset();
      tell(() => db.exec('DELETE FROM t; DELETE FROM u'));
      tell(() => db.applyChangeset(changes));
      tell(() => session.close());
    },
    'what a session asks, denied and ignored': ({ open, note, api: { constants } }) => {
      for (const answer of [constants.SQLITE_DENY, constants.SQLITE_IGNORE]) {
        for (const code of [constants.SQLITE_PRAGMA, constants.SQLITE_READ, constants.SQLITE_SAVEPOINT]) {
          const db = open();
          db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b DEFAULT 5); INSERT INTO t VALUES (5, 5)');
          db.setAuthorizer((asked: number) => (asked === code ? answer : constants.SQLITE_OK));
          const session = db.createSession();
          note(() => db.exec('INSERT INTO t VALUES (1, 2)'));
          note(() => session.changeset().length);
          note(() => session.patchset().length);
          db.setAuthorizer(null);
          note(() => db.exec('INSERT INTO t VALUES (11, 2)'));
          note(() => session.changeset().length);
          note(() => session.close());
        }
      }
    },
    'pragmas as tables': ({ db, note, api: { constants } }) => {
      db.exec(SCHEMA);
      let asked: string[] = [];
      let answer = 0;
      db.setAuthorizer((...args: unknown[]) => {
        asked.push(args.join());
        return args[0] === constants.SQLITE_PRAGMA ? answer : 0;
      });
      for (const sql of [
        "SELECT name FROM pragma_table_info('t')",
        "SELECT name FROM pragma_table_info('t', 'main')",
        'SELECT name FROM pragma_table_xinfo WHERE arg = 1',
        "SELECT name FROM pragma_index_list('t')",
        'SELECT * FROM pragma_user_version',
      ]) {
        for (answer of [constants.SQLITE_OK, constants.SQLITE_DENY, constants.SQLITE_IGNORE]) {
          asked = [];
          note(() => db.prepare(sql).all());
          note(() => asked);
        }
      }
    },
    'of statements that run again': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      for (const sql of [
        'PRAGMA table_info(t)',
        'PRAGMA user_version',
        'PRAGMA foreign_keys = ON',
        'ANALYZE',
        'SELECT * FROM t',
      ]) {
        const asked: string[] = [];
        db.setAuthorizer((...args: unknown[]) => {
          asked.push(args.join());
          return 0;
        });
        const statement = db.prepare(sql);
        for (let run = 0; run < 3; run++) {
          statement.all();
          note(() => [sql, ...asked]);
        }
        db.setAuthorizer(null);
        statement.all();
        note(() => asked.length);
      }
    },
    'VACUUM attaches and begins': ({ db, note, path, api: { constants } }) => {
      db.exec('CREATE TABLE t (a)');
      for (const sql of ['VACUUM', 'VACUUM INTO ?']) {
        for (const code of [constants.SQLITE_ATTACH, constants.SQLITE_TRANSACTION]) {
          const asked: unknown[] = [];
          db.setAuthorizer((...args: unknown[]) => {
            asked.push(args.join().replace(path(''), ''));
            return args[0] === code ? constants.SQLITE_DENY : constants.SQLITE_OK;
          });
          const statement = db.prepare(sql);
          note(() => statement.run(...(sql === 'VACUUM' ? [] : [path(`${code}.db`)])));
          note(() => asked);
        }
      }
    },
    'answers that are none': ({ db, note }) => {
      for (const value of [undefined, ...ODD_VALUES, 3, -1, Number.NaN, 2 ** 31]) {
        db.setAuthorizer(() => wrong(value));
        note(() => db.prepare('SELECT 1 AS a').get());
        note(() => db.exec('SELECT 1'));
      }
    },
    'what it throws': ({ db, note }) => {
      for (const value of [new RangeError('mine'), 'text', null, 5]) {
        db.setAuthorizer(() => {
          throw value;
        });
        note(() => db.prepare('SELECT 1 AS a').get());
        note(() => db.exec('SELECT 1'));
      }
    },
    'cleared and replaced': ({ db, note }) => {
      db.setAuthorizer(() => 1);
      note(() => db.prepare('SELECT 1 AS a').get());
      db.setAuthorizer(() => 0);
      note(() => db.prepare('SELECT 1 AS a').get());
      db.setAuthorizer(() => 1);
      note(() => db.setAuthorizer(null));
      note(() => db.prepare('SELECT 1 AS a').get());
    },
    'statements of before are asked again': ({ db, note }) => {
      const statement = db.prepare('SELECT 1 AS a');
      note(() => statement.get());
      db.setAuthorizer(() => 1);
      note(() => statement.get());
      db.setAuthorizer(null);
      note(() => statement.get());
    },
    'one text is asked each time it is prepared': ({ db, note }) => {
      let asked = 0;
      db.setAuthorizer(() => {
        asked++;
        return 0;
      });
      for (let time = 0; time < 3; time++) db.prepare('SELECT 1').get();
      note(() => asked);
    },
    'columns that are denied': ({ db, note }) => {
      db.exec(SCHEMA);
      db.setAuthorizer((code: number, table: string | null, column: string | null) =>
        code === 20 && table === 't' && column === 'b' ? 1 : 0,
      );
      note(() => db.prepare('SELECT b FROM t').all());
      note(() => db.prepare('SELECT a FROM t').all());
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.prepare('SELECT vb FROM v').all());
      note(() => db.prepare('SELECT x.b FROM t AS x').all());
    },
    'columns that are ignored': ({ db, note }) => {
      db.exec(SCHEMA);
      db.setAuthorizer((code: number, table: string | null, column: string | null) =>
        code === 20 && table === 't' && column === 'b' ? 2 : 0,
      );
      note(() => db.prepare('SELECT a, b FROM t').all());
      note(() => db.prepare("SELECT a FROM t WHERE b = 'one'").all());
      note(() => db.prepare('UPDATE t SET c = b').run());
    },
    'keys of other tables that are denied and ignored': ({ open, note }) => {
      for (const [answer, table] of [1, 2].flatMap((answer) => ['t', 'p'].map((table) => [answer, table] as const))) {
        const db = open();
        db.exec(SCHEMA);
        db.exec('INSERT INTO p VALUES (1, 1)');
        db.setAuthorizer((code: number, name: string | null, column: string | null) =>
          code === 20 && name === table && (column === 'a' || column === 'y') ? answer : 0,
        );
        note(() => db.prepare('INSERT INTO p VALUES (2, 2)').run());
        note(() => db.prepare('INSERT INTO p VALUES (3, NULL)').run());
        note(() => db.prepare('UPDATE p SET y = 2').run());
        note(() => db.prepare('UPDATE t SET a = 7').run());
        note(() => db.prepare('DELETE FROM t').run());
        db.setAuthorizer(null);
        note(() => db.prepare('SELECT * FROM p').all());
        note(() => db.prepare('SELECT * FROM t').all());
      }
    },
    'what actions of foreign keys ask': (side) => {
      const { db } = side;
      db.exec(CASCADING);
      tellAsked(side, 'DELETE FROM t WHERE a = 1');
      tellAsked(side, 'UPDATE t SET a = 5');
    },
    'actions of foreign keys that are denied and ignored': ({ open, note }) => {
      for (const sql of ['DELETE FROM t WHERE a = 1', 'UPDATE t SET a = 5 WHERE a = 1']) {
        for (const [action, table] of [
          [9, 'c'],
          [9, 't'],
          [20, 'c'],
          [20, 't'],
          [23, 'c'],
        ]) {
          for (const answer of [1, 2]) {
            const db = open();
            db.exec(CASCADING);
            db.setAuthorizer((code: number, first: unknown) => (code === action && first === table ? answer : 0));
            note(() => db.prepare(sql).run());
            db.setAuthorizer(null);
            note(() => db.prepare('SELECT * FROM t LEFT JOIN c ON x = a').all());
          }
        }
      }
    },
    'queries of triggers that are denied': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT abs(new.a); END');
      db.setAuthorizer((code: number, _a: unknown, _b: unknown, _db: unknown, by: unknown) =>
        code === 21 && by === 'tr' ? 1 : 0,
      );
      note(() => db.prepare('INSERT INTO t VALUES (1)').run());
    },
    'rows of DELETE that is ignored': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
      db.setAuthorizer((code: number) => (code === 9 ? 2 : 0));
      note(() => db.prepare('DELETE FROM t WHERE a = 1').run());
      note(() => db.prepare('SELECT a FROM t').all());
      note(() => db.prepare('DELETE FROM t').run());
      note(() => db.prepare('SELECT a FROM t').all());
    },
    'steps of triggers that are denied and ignored': ({ open, note }) => {
      for (const answer of [1, 2]) {
        const db = open();
        db.exec(SCHEMA);
        db.setAuthorizer((code: number, _a: unknown, _b: unknown, _db: unknown, by: string | null) =>
          code === 18 && by === 'tr' ? answer : 0,
        );
        note(() => db.prepare('UPDATE t SET c = 8').run());
        note(() => db.prepare('INSERT INTO log VALUES (9)').run());
        db.setAuthorizer(null);
        note(() => db.prepare('SELECT * FROM t, log').all());
      }
    },
    'functions that are denied and ignored': ({ db, note }) => {
      for (const answer of [1, 2]) {
        db.setAuthorizer((code: number, _a: unknown, name: unknown) => (code === 31 && name === 'upper' ? answer : 0));
        note(() => db.prepare("SELECT upper('x') AS u").all());
        note(() => db.prepare("SELECT lower('X') AS l").all());
      }
    },
  }),
];

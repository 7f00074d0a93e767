/** What the authorizer is asked by statements that SQLite takes apart before it compiles them, or compiles piece by piece. */
import { rulesOf, type Side, type SideCheck } from './side.ts';

const SCHEMA = `
  CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c);
  INSERT INTO t VALUES (1, 'one', 1.5), (2, 'two', NULL);
  CREATE TABLE p (x PRIMARY KEY, y REFERENCES t (a)) WITHOUT ROWID;
  CREATE INDEX ib ON t (b);
  CREATE VIEW v AS SELECT a AS va, upper(b) AS vb FROM t;
  CREATE TABLE log (n);
  CREATE TRIGGER tr AFTER UPDATE OF c ON t BEGIN INSERT INTO log VALUES (new.a); END;
  CREATE TRIGGER ti AFTER INSERT ON log BEGIN SELECT abs(new.n); END;
  CREATE TRIGGER td BEFORE DELETE ON p BEGIN UPDATE t SET b = old.x WHERE a = old.y; END;
  CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO log VALUES (new.va); END;
  CREATE TRIGGER vu INSTEAD OF UPDATE ON v BEGIN INSERT INTO log VALUES (new.va); END;
  CREATE TRIGGER vd INSTEAD OF DELETE ON v BEGIN INSERT INTO log VALUES (old.va); END;
  CREATE TEMP TABLE tt (d)`;

const EQUAL: readonly string[] = [
  'ALTER TABLE other.nix RENAME TO n',
  'ALTER TABLE nix RENAME TO n',
  'ALTER TABLE nix ADD COLUMN n',
  'ALTER TABLE nix DROP COLUMN n',
  'ALTER TABLE nix RENAME COLUMN a TO n',
  'ALTER TABLE sqlite_schema RENAME TO n',
  'ALTER TABLE sqlite_schema ADD COLUMN n',
  'ALTER TABLE t RENAME TO p',
  'ALTER TABLE t RENAME TO ib',
  'ALTER TABLE t RENAME TO sqlite_x',
  'ALTER TABLE t ADD COLUMN b',
  'ALTER TABLE "T" RENAME COLUMN c TO d',
  'ALTER TABLE "T" DROP COLUMN c',
  'CREATE TABLE sqlite_x (a)',
  'CREATE VIEW t AS SELECT 1',
  'CREATE VIEW sqlite_x AS SELECT 1',
  'CREATE INDEX ib ON t (c)',
  'CREATE INDEX IF NOT EXISTS ib ON t (c)',
  'CREATE INDEX i ON nix (a)',
  'CREATE INDEX i ON t (nix)',
  'CREATE INDEX i ON v (a)',
  'CREATE INDEX i ON sqlite_schema (name)',
  'CREATE INDEX t ON t (a)',
  'CREATE TRIGGER x AFTER INSERT ON nix BEGIN SELECT 1; END',
  'CREATE TRIGGER x AFTER INSERT ON v BEGIN SELECT 1; END',
  'CREATE TRIGGER x INSTEAD OF INSERT ON t BEGIN SELECT 1; END',
  'CREATE TRIGGER IF NOT EXISTS tr AFTER INSERT ON t BEGIN SELECT 1; END',
  'DROP TABLE nix',
  'DROP TABLE IF EXISTS nix',
  'DROP TABLE v',
  'DROP TABLE "LOG"',
  'DROP TABLE p',
  'DROP TABLE sqlite_schema',
  'DROP VIEW t',
  'DROP VIEW "V"',
  'DROP INDEX nix',
  'DROP INDEX "IB"',
  'DROP INDEX sqlite_autoindex_p_1',
  'DROP TRIGGER nix',
  'DROP TRIGGER IF EXISTS nix',
  'ANALYZE nix',
  'ANALYZE main',
  'ANALYZE "T"',
  'ANALYZE ib',
  'DELETE FROM sqlite_schema',
  'INSERT INTO sqlite_schema VALUES (1)',
  'UPDATE t SET nix = 1',
  'UPDATE t SET (a, nix) = (1, 2)',
  'ALTER TABLE v ADD COLUMN x',
  'ALTER TABLE t DROP COLUMN nix',
  'ALTER TABLE t RENAME COLUMN nix TO b',
  'INSERT INTO log VALUES (1) RETURNING n',
  'INSERT INTO tt VALUES (1) RETURNING d',
  'VALUES (1), (abs(2))',
  'VALUES (?), (2)',
  'INSERT INTO log VALUES (?), (?)',
  'INSERT INTO log VALUES (1), (CURRENT_TIME)',
  'SELECT sum(c) OVER (ORDER BY a ROWS abs(1) PRECEDING) FROM t',
  'WITH RECURSIVE q (n) AS (SELECT b FROM t AS u UNION ALL SELECT n + 1 FROM q AS r) SELECT n FROM q AS s',
  'WITH RECURSIVE q AS (SELECT a AS n FROM t AS u UNION SELECT r.n + u.c FROM q AS r JOIN t AS u ON u.a = r.n) SELECT s.n FROM q AS s JOIN t AS w ON w.a = s.n',
  'WITH RECURSIVE q AS (SELECT a AS n, b AS m FROM t UNION ALL SELECT n, m FROM q) SELECT n FROM q',
  'WITH RECURSIVE q AS (SELECT 1 AS n UNION ALL SELECT q.n + 1 FROM q, t) SELECT n FROM q',
  'WITH RECURSIVE q AS (SELECT va AS n FROM v UNION ALL SELECT n + 1 FROM q, v AS w WHERE w.va = n) SELECT n FROM q',
  'INSERT INTO log WITH RECURSIVE q AS (SELECT 1 AS n UNION ALL SELECT n+1 FROM q WHERE n < 3) SELECT n FROM q',
  'WITH RECURSIVE q AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM q WHERE n < (SELECT max(a) FROM t AS z)) SELECT n FROM q',
  'WITH RECURSIVE q AS (SELECT a AS n FROM t UNION ALL SELECT n+1 FROM q ORDER BY 1) SELECT a FROM t WHERE a IN (SELECT n FROM q)',
];

/** By what makes SQLite ask in an order of its own. */
const IN_TURN: Readonly<Record<string, readonly string[]>> = {
  'RETURNING beside keys, triggers and functions': [
    'UPDATE t SET c = 1 RETURNING b',
    'UPDATE t SET c = 1 RETURNING *',
    'INSERT INTO log VALUES (1) RETURNING abs(n), rowid',
    'DELETE FROM p RETURNING y',
    'DELETE FROM t RETURNING a, upper(b)',
    'UPDATE p SET y = 1 RETURNING x',
    'INSERT INTO p VALUES (1, 1) RETURNING y',
    'INSERT INTO t VALUES (9, 2, 3) RETURNING b, (SELECT max(x) FROM p)',
    'INSERT INTO v VALUES (1, 2) RETURNING va',
    'UPDATE v SET va = 2 RETURNING vb',
    'DELETE FROM v RETURNING va',
    'REPLACE INTO t VALUES (1,2,3) RETURNING a',
    'INSERT INTO t VALUES (1,2,3) ON CONFLICT (a) DO UPDATE SET c = excluded.c RETURNING c',
    'INSERT INTO log SELECT a FROM t RETURNING n',
  ],
  'windows over what is computed': [
    'SELECT sum(abs(c)) OVER (ORDER BY a) FROM t',
    'SELECT sum(c) OVER (ORDER BY abs(a)) FROM t',
    'SELECT sum(c) OVER (PARTITION BY upper(b) ORDER BY abs(a)) FROM t',
    'SELECT lag(c, abs(-1), lower(b)) OVER (ORDER BY a) FROM t',
    'SELECT sum(c) FILTER (WHERE abs(a) > 1) OVER (ORDER BY a) FROM t',
    'SELECT upper(sum(c) OVER w) FROM t WINDOW w AS (ORDER BY lower(b))',
    'SELECT sum(c) OVER (ORDER BY a), count(*) FROM t GROUP BY abs(a)',
    'SELECT sum(count(*)) OVER (ORDER BY abs(a)) FROM t GROUP BY a',
    'SELECT first_value(abs(a)) OVER (ORDER BY a), ntile(abs(2)) OVER (ORDER BY b) FROM t',
    'SELECT sum((SELECT max(x) FROM p)) OVER (ORDER BY a) FROM t',
    'SELECT sum(c) OVER (ORDER BY (SELECT max(x) FROM p)) FROM t',
    'SELECT a FROM t ORDER BY sum(abs(c)) OVER (ORDER BY b)',
    'SELECT abs(a), sum(abs(c)) OVER (ORDER BY upper(b)) FROM t WHERE lower(b) > 1',
  ],
  'a recursion of which no column is read': [
    'WITH RECURSIVE q AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM q WHERE n < 3) SELECT count(*) FROM q',
    'WITH RECURSIVE q AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM q WHERE n < 3) SELECT 1 FROM q',
    'WITH RECURSIVE q AS (SELECT 1 AS n UNION ALL SELECT 2 FROM q LIMIT 3) SELECT n FROM q',
  ],
  'rows of VALUES that are not constant': [
    'VALUES ((SELECT a FROM t)), (2)',
    'VALUES (1), ((SELECT a FROM t)), (3)',
    'VALUES (random()), (2), (3)',
    'INSERT INTO log VALUES (1), (random())',
    'INSERT INTO log VALUES ((SELECT 1)), (2)',
    'INSERT INTO log VALUES (1), ((SELECT max(a) FROM t))',
    'INSERT INTO log VALUES (abs(1)), (abs(2)), (abs(3))',
    'INSERT INTO t(b,c) VALUES (1,2), (random(), 3)',
    'INSERT INTO log VALUES (1),(1 IN (SELECT a FROM t))',
    'SELECT * FROM (VALUES (1), (random()))',
    'SELECT * FROM (VALUES (abs(1)), ((SELECT a FROM t)))',
    'VALUES (1), (2)',
    'VALUES (random()), (1), (2)',
    'VALUES (1), (2), (random()), (3), (4)',
    'INSERT INTO tt VALUES (1), (2), (random()), (3), (4)',
    'INSERT INTO tt VALUES (random()), (1), (2)',
    'INSERT INTO tt VALUES ((SELECT 1)), ((SELECT a FROM t)), (1)',
    'WITH q AS (SELECT 1) INSERT INTO tt VALUES (1), (abs(2))',
  ],
  'triggers, keys and queries of one statement': [
    'UPDATE t SET a = 5, c = 1',
    'UPDATE t SET a = 5, c = 1 WHERE b = 1',
    'UPDATE t SET c = (SELECT max(x) FROM p) WHERE b IN (SELECT n FROM log)',
    'UPDATE p SET x = (SELECT max(a) FROM t) WHERE x IN (SELECT b FROM t)',
    'UPDATE OR REPLACE t SET a = 1 RETURNING a',
    'WITH q AS (SELECT 1 AS n) UPDATE t SET c = (SELECT n FROM q)',
    'UPDATE t SET c = log.n FROM log WHERE log.n = t.a',
    'UPDATE t SET c = s.n FROM (SELECT n FROM log LIMIT 1) AS s',
    'DELETE FROM p',
    'DELETE FROM p WHERE x IN (SELECT n FROM log)',
    'DELETE FROM t WHERE EXISTS (SELECT 1 FROM p WHERE y = t.a)',
    'DELETE FROM t WHERE (SELECT count(*) FROM p) > 1 RETURNING *',
    'INSERT INTO p VALUES (1, (SELECT max(a) FROM t))',
    'INSERT INTO t DEFAULT VALUES RETURNING (SELECT count(*) FROM log)',
    'INSERT INTO t VALUES (1, 2, 3) ON CONFLICT (a) DO UPDATE SET c = excluded.c',
    'INSERT INTO t SELECT a + 10, b, c FROM t WHERE 1 ON CONFLICT (a) DO UPDATE SET b = (SELECT max(x) FROM p) WHERE excluded.c > 1 RETURNING upper(b)',
    'REPLACE INTO p VALUES (1, 2), (3, 4) RETURNING *',
  ],
  'changes of views': [
    'UPDATE v SET va = 2',
    'UPDATE v SET va = 2 WHERE vb = 1',
    'UPDATE v SET va = (SELECT max(n) FROM log), vb = 1 WHERE va > 1 RETURNING va + 1',
    'DELETE FROM v',
    'DELETE FROM v WHERE vb IN (SELECT n FROM log)',
    'INSERT INTO v VALUES (1, 2)',
    'INSERT INTO v DEFAULT VALUES',
    'INSERT INTO v SELECT a, b FROM t',
  ],
  'dropping what keys refer to': ['DROP TABLE t', 'DROP TABLE p', 'DROP TABLE log'],
  'queries of which nothing is read': [
    'WITH q AS MATERIALIZED (SELECT a FROM t) SELECT count(*) FROM q',
    'WITH q AS (SELECT a FROM t LIMIT 1) SELECT count(*) FROM q AS r',
    'SELECT 1 FROM t, (SELECT 1 FROM p LIMIT 1) AS s',
    'SELECT 1 FROM (SELECT 1 FROM p LIMIT 1) AS s, t, v',
    'INSERT INTO tt SELECT 1 FROM v',
    'SELECT 1 WHERE 1 IN (SELECT a FROM t)',
    'SELECT a FROM t WHERE a IN (SELECT a FROM t)',
  ],
  'several windows and aggregates': [
    'SELECT row_number() OVER () FROM t',
    'SELECT row_number() OVER (ORDER BY b), sum(a) OVER (ORDER BY c) FROM t WHERE abs(a) > 0 GROUP BY upper(b) HAVING lower(b) > 1',
    'SELECT count(abs(a)), sum(sum(c)) OVER (ORDER BY count(lower(b))) FROM t GROUP BY b',
  ],
};

/** Statements that change the schema by statements of their own, and functions that these call. */
const ALTERS: Readonly<Record<string, readonly string[]>> = {
  'ALTER TABLE log ADD COLUMN m': ['printf', 'substr', 'length'],
  'ALTER TABLE log ADD COLUMN m CHECK (m > 1)': ['printf', 'substr', 'length', 'glob'],
  'ALTER TABLE log RENAME TO l': ['sqlite_rename_table', 'like', 'substr', 'sqlite_rename_test'],
  'ALTER TABLE log RENAME COLUMN n TO k': ['like', 'sqlite_rename_test', 'sqlite_rename_quotefix', 'sqlite_rename_column'],
  'ALTER TABLE log DROP COLUMN o': ['like', 'sqlite_rename_test', 'sqlite_drop_column'],
};

function tellAsked({ open, note }: Side, sql: string): void {
  const db = open();
  db.exec(SCHEMA);
  const asked: unknown[][] = [];
  db.setAuthorizer((...args: unknown[]) => {
    asked.push(args);
    return 0;
  });
  note(() => db.prepare(sql).sourceSQL);
  db.setAuthorizer(null);
  note(() => asked);
}

export const authorizerOrderChecks: readonly SideCheck[] = [
  ...EQUAL.flatMap((sql) => rulesOf('setAuthorizer()', { [`what it is asked by ${sql}`]: (side) => tellAsked(side, sql) })),
  ...Object.entries(IN_TURN).flatMap(([what, statements]) =>
    rulesOf('setAuthorizer()', {
      [`what it is asked by ${what}`]: (side) => {
        for (const sql of statements) tellAsked(side, sql);
      },
    }),
  ),
  ...Object.entries(ALTERS).flatMap(([sql, functions]) =>
    rulesOf('setAuthorizer()', {
      [`ignoring what ${sql} calls`]: ({ open, note }) => {
        for (const ignored of [functions, ...functions.map((name) => [name])]) {
          const db = open();
          db.exec('CREATE TABLE log (n, o); CREATE VIEW v AS SELECT n FROM log');
          db.setAuthorizer((action: number, _first: unknown, second: string) =>
            action === 31 && ignored.includes(second) ? 2 : 0,
          );
          note(() => db.prepare(sql).all());
          db.setAuthorizer(null);
          note(() => db.prepare('SELECT sql FROM sqlite_schema').all());
        }
      },
    }),
  ),
  ...rulesOf('setAuthorizer()', {
    'what RETURNING gives of columns and functions that are to be ignored': ({ open, note }) => {
      for (const sql of ['UPDATE t SET c = 5 RETURNING b, upper(b), c', 'INSERT INTO log VALUES (5) RETURNING n, abs(n)']) {
        for (const action of [20, 31]) {
          const db = open();
          db.exec(SCHEMA);
          db.setAuthorizer((code: number) => (code === action ? 2 : 0));
          note(() => db.prepare(sql).all());
          db.setAuthorizer(null);
        }
      }
    },
    'denying the nth question': ({ open, note }) => {
      for (const sql of [
        'UPDATE log SET n = 1 RETURNING abs(n)',
        'DELETE FROM t RETURNING a, upper(b)',
        'INSERT INTO t VALUES (1, 2, 3), (4, abs(5), 6) RETURNING b',
        'UPDATE v SET va = 2',
      ]) {
        for (let wanted = 0; wanted < 12; wanted++) {
          const db = open();
          db.exec(SCHEMA);
          let count = 0;
          db.setAuthorizer(() => (count++ === wanted ? 1 : 0));
          note(() => db.prepare(sql).sourceSQL);
          db.setAuthorizer(null);
          note(() => count);
        }
      }
    },
  }),
];

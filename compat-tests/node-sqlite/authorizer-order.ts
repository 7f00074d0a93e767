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

/** Each a difference by design. */
const DIFFERING: Readonly<Record<string, readonly string[]>> = {
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
  ],
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
  ...Object.entries(DIFFERING).flatMap(([what, statements]) =>
    rulesOf('setAuthorizer()', {
      [`what it is asked by ${what}`]: (side) => {
        for (const sql of statements) tellAsked(side, sql);
      },
    }),
  ),
];

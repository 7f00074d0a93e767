/** Errors: codes, numbers, words, and where they go. */
import { contract } from '../case.ts';

const SCHEMA = `
  CREATE TABLE t(a INTEGER PRIMARY KEY, b UNIQUE, c NOT NULL, d CHECK (d > 0), e REFERENCES p(id));
  CREATE TABLE p(id INTEGER PRIMARY KEY);
  CREATE TABLE s(a INT, b TEXT) STRICT;
  CREATE TABLE w(a, b, PRIMARY KEY (a, b)) WITHOUT ROWID;
  CREATE VIEW v AS SELECT a FROM t;
  CREATE UNIQUE INDEX two ON t(c, d);
  INSERT INTO t VALUES (1, 1, 1, 1, NULL);
  INSERT INTO w VALUES (1, 1);
  CREATE TRIGGER stop BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'not this one'); END;
`;

const FAILING: readonly string[] = [
  'SELEC 1',
  'SELECT',
  'SELECT 1 FROM',
  'SELECT * FROM nothing',
  'SELECT nothing FROM t',
  'SELECT t.nothing FROM t',
  'SELECT a FROM t, v',
  'SELECT nothing()',
  'SELECT abs()',
  'SELECT abs(1, 2)',
  'SELECT * FROM t WHERE count(*) > 1',
  'SELECT a, count(*) FROM t GROUP BY 9',
  'SELECT 1 UNION SELECT 1, 2',
  'SELECT * FROM t ORDER BY 99',
  'SELECT (SELECT 1, 2)',
  `SELECT 'unfinished`,
  'SELECT x',
  `SELECT x'0'`,
  'SELECT @',
  'SELECT #1',
  "SELECT json('{\"a')",
  `SELECT json_extract('[]', 'a')`,
  `SELECT 1 LIKE 2 ESCAPE 'ab'`,
  `SELECT abs(-9223372036854775808)`,
  `SELECT sum(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1)`,
  `SELECT zeroblob(2000000000)`,
  "SELECT RAISE(ABORT, 'x')",
  'INSERT INTO nothing VALUES (1)',
  'INSERT INTO t VALUES (1)',
  'INSERT INTO t(a, zz) VALUES (1, 2)',
  'INSERT INTO t VALUES (1, 2, 2, 2, NULL)',
  'INSERT INTO t VALUES (2, 1, 2, 2, NULL)',
  'INSERT INTO t VALUES (2, 2, NULL, 2, NULL)',
  'INSERT INTO t VALUES (2, 2, 2, 0, NULL)',
  'INSERT INTO t VALUES (2, 2, 1, 1, NULL)',
  `INSERT INTO t VALUES ('x', 2, 2, 2, NULL)`,
  'INSERT INTO w VALUES (1, 1)',
  'INSERT INTO w VALUES (NULL, 1)',
  `INSERT INTO s VALUES ('x', 'y')`,
  'INSERT INTO v VALUES (1)',
  'UPDATE t SET nothing = 1',
  'UPDATE t SET c = NULL',
  'UPDATE nothing SET a = 1',
  'DELETE FROM nothing',
  'DELETE FROM t',
  'CREATE TABLE t(a)',
  'CREATE TABLE x(a, a)',
  'CREATE TABLE x()',
  'CREATE TABLE sqlite_x(a)',
  'CREATE TABLE x(a PRIMARY KEY, b PRIMARY KEY)',
  'CREATE INDEX two ON t(a)',
  'CREATE INDEX i ON nothing(a)',
  'CREATE INDEX i ON t(nothing)',
  'CREATE VIEW v AS SELECT 1',
  'CREATE TRIGGER stop AFTER INSERT ON t BEGIN SELECT 1; END',
  'CREATE TRIGGER x AFTER INSERT ON nothing BEGIN SELECT 1; END',
  'DROP TABLE nothing',
  'DROP TABLE v',
  'DROP INDEX nothing',
  'DROP VIEW t',
  'DROP TRIGGER nothing',
  'ALTER TABLE nothing RENAME TO x',
  'ALTER TABLE t RENAME TO p',
  'ALTER TABLE t DROP COLUMN b',
  'ALTER TABLE t DROP COLUMN nothing',
  'ALTER TABLE t ADD COLUMN f NOT NULL',
  'ALTER TABLE t ADD COLUMN a',
  'COMMIT',
  'ROLLBACK',
  'RELEASE x',
  'ROLLBACK TO x',
  `ATTACH '/nonexistent/folder/file' AS x`,
  'DETACH x',
  'DETACH main',
  'REINDEX nothing',
  'ANALYZE nothing',
  'PRAGMA nothing.user_version',
  'WITH x AS (SELECT 1) SELECT * FROM y',
  'SELECT * FROM x.t',
  'SELECT 1 WHERE 1 = 1 HAVING 1',
  'SELECT sum(a) OVER w FROM t',
  'SELECT row_number() FROM t',
  "SELECT a FROM t LIMIT 'x'",
  'VALUES (1), (2, 3)',
  'SELECT 1;;; SELEC',
  'EXPLAIN SELEC',
  'SELECT CAST(1 AS)',
  'SELECT ?0',
  'SELECT ?32767',
  'SELECT 1 COLLATE nothing',
  'INSERT INTO t DEFAULT VALUES',
];

contract('SQL that fails', async ({ db, note, call }) => {
  await call(db, 'exec', SCHEMA);
  for (const sql of FAILING) {
    note(`run ${sql}`, await call(db, 'run', sql));
    note(`exec ${sql}`, await call(db, 'exec', sql));
  }
});

contract('foreign keys', async ({ db, note, call }) => {
  await call(db, 'exec', 'CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p)');
  note('are not enforced', await call(db, 'run', 'INSERT INTO c VALUES (5)'));
  await call(db, 'run', 'DELETE FROM c');
  await call(db, 'run', 'PRAGMA foreign_keys = ON');
  note('are asked for', await call(db, 'get', 'PRAGMA foreign_keys'));
  note('are enforced then', await call(db, 'run', 'INSERT INTO c VALUES (5)'));
});

contract('double quotes', async ({ db, note, call }) => {
  await call(db, 'exec', 'CREATE TABLE t(a, b DEFAULT "word", CHECK (b <> "bad"))');
  note('a string', await call(db, 'get', 'SELECT "a string" AS s'));
  note('a column', await call(db, 'all', 'SELECT "a" FROM t'));
  note('in a comparison', await call(db, 'all', 'SELECT a FROM t WHERE b = "word"'));
  note('a value', await call(db, 'run', 'INSERT INTO t(a) VALUES ("v")'));
  note('is there', await call(db, 'all', 'SELECT * FROM t'));
  note('an update', await call(db, 'run', 'UPDATE t SET a = "w" WHERE a = "v"'));
  note('is there too', await call(db, 'all', 'SELECT * FROM t WHERE a IN ("w", "x")'));
  note('a constraint', await call(db, 'run', 'INSERT INTO t VALUES (1, "bad")'));
  note('a qualified name', await call(db, 'all', 'SELECT t."nope" FROM t'));
  note('a function', await call(db, 'get', 'SELECT upper("abc") AS u'));
  note('order', await call(db, 'all', 'SELECT a FROM t ORDER BY "nope"'));
  note('like', await call(db, 'get', 'SELECT "abc" LIKE "A%" AS l'));
  note('backquotes', await call(db, 'get', 'SELECT `nope`'));
  note('brackets', await call(db, 'get', 'SELECT [nope]'));
  note('date', await call(db, 'get', 'SELECT date("2024-01-01") AS d'));
});

contract('an error without a callback is an event', async ({ db, note, call, within }) => {
  const heard = (target: { once(event: string, listener: (error: Error) => void): void }) =>
    within(new Promise((resolve) => target.once('error', resolve)));
  const statement = db.prepare('SELECT json(?)');
  for (const method of ['run', 'get', 'all', 'each']) {
    const event = heard(statement);
    statement[method]('bad json');
    note(`statement.${method}`, await event);
  }
  const bound = heard(statement);
  statement.bind(1, 2);
  note('statement.bind', await bound);
  statement.finalize();
  const executed = heard(db);
  db.exec('SELEC');
  note('db.exec', await executed);
  const extension = db.loadExtension as unknown;
  note('db.loadExtension is there', typeof extension);
  await call(db, 'wait');
});

contract('arguments that are refused', async ({ db, note, attempt, sqlite3 }) => {
  const Loose = sqlite3.Database as unknown as new (...args: unknown[]) => unknown;
  for (const [name, ...args] of [
    ['none'],
    ['a number', 1],
    ['null', null],
    ['an object', {}],
    ['a buffer', Buffer.from('x')],
  ] as const) {
    note(
      `new Database with ${name}`,
      attempt(() => new Loose(...args)),
    );
  }
  note(
    'exec without SQL',
    attempt(() => db.exec()),
  );
  note(
    'exec of a number',
    attempt(() => db.exec(1)),
  );
  note(
    'exec with a bad callback',
    attempt(() => db.exec('SELECT 1', 1)),
  );
  note(
    'exec with null',
    attempt(() => db.exec('SELECT 1', null)),
  );
  for (const method of ['close', 'wait', 'serialize', 'parallelize']) {
    note(
      `${method} of a number`,
      attempt(() => db[method](1)),
    );
    note(
      `${method} of null`,
      attempt(() => db[method](null)),
    );
  }
  note(
    'loadExtension',
    attempt(() => db.loadExtension()),
  );
  note(
    'loadExtension of a number',
    attempt(() => db.loadExtension(1)),
  );
  note(
    'configure',
    attempt(() => db.configure()),
  );
  note(
    'configure one',
    attempt(() => db.configure('trace')),
  );
  note(
    'configure something',
    attempt(() => db.configure('something', 1)),
  );
  note(
    'configure busyTimeout',
    attempt(() => db.configure('busyTimeout', 'x')),
  );
  note(
    'configure limit',
    attempt(() => db.configure('limit', 1)),
  );
  note(
    'configure limit x',
    attempt(() => db.configure('limit', 'x', 1)),
  );
  note(
    'configure limit to x',
    attempt(() => db.configure('limit', 1, 'x')),
  );
  const statement = db.prepare('SELECT 1');
  note(
    'finalize of a number',
    attempt(() => statement.finalize(1)),
  );
  note(
    'reset of a number',
    attempt(() => statement.reset(1)),
  );
  statement.finalize();
});

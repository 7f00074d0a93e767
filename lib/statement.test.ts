/** Statements: results, modes, conversions, metadata. */
import { describe, expect, test } from 'vitest';
import { contract, SUBJECT } from './testing/contract.ts';

/** Methods that the original does not have. */
const ADDED = new Set(['columnar', 'getAsync', 'allAsync', 'columnarAsync']);

describe('results', () => {
  contract('run tells changes and the last rowid', ({ db, note }) => {
    note(() => db.prepare('CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)').run());
    note(() => db.prepare("INSERT INTO t(v) VALUES ('a'), ('b')").run());
    note(() => Object.keys(db.prepare("INSERT INTO t VALUES (10, 'c')").run()));
    note(() => db.prepare("UPDATE t SET v = 'z'").run());
    note(() => db.prepare("UPDATE t SET v = 'z' WHERE id = 99").run());
    note(() => db.prepare('SELECT * FROM t').run());
    note(() => db.prepare('DELETE FROM t WHERE id = 1').run());
    note(() => db.prepare('DELETE FROM t').run());
    note(() => db.prepare("INSERT INTO t VALUES (9007199254740993, 'x')").run());
    note(() => db.prepare("INSERT INTO t VALUES (9007199254740995, 'x')").safeIntegers().run());
    note(() => db.prepare("INSERT INTO t VALUES (-5, 'x')").run());
    note(() => db.prepare("INSERT INTO t VALUES (-4, 'x') RETURNING id").run());
    note(() => db.prepare("INSERT OR IGNORE INTO t VALUES (-4, 'x')").run());
    note(() => db.prepare("INSERT OR REPLACE INTO t VALUES (-4, 'y')").run());
    note(() => db.prepare("INSERT INTO t VALUES (-4, 'y') ON CONFLICT DO UPDATE SET v = 'u'").run());
    note(() => db.prepare("INSERT INTO t VALUES (-4, 'y')").run());
    note(() => db.prepare('SELECT 1').run());
    note(() => db.prepare('BEGIN').run());
    note(() => db.prepare('COMMIT').run());
    note(() => db.prepare('DROP TABLE t').run());
  });

  contract('get gives one row and ends the statement', ({ db, note }) => {
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, v)');
    note(() => db.prepare('INSERT INTO t(v) VALUES (1), (2), (3) RETURNING id, v').get());
    note(() => db.prepare('SELECT count(*) AS n FROM t').get());
    note(() => db.prepare('SELECT * FROM t WHERE id = 99').get());
    note(() => db.prepare('SELECT * FROM t ORDER BY id DESC').get());
    note(() => db.prepare('UPDATE t SET v = v + 1 RETURNING v').get());
    note(() => db.prepare('SELECT * FROM t').all());
    note(() => db.prepare('DELETE FROM t RETURNING *').all());
    note(() => db.prepare('DELETE FROM t RETURNING *').get());
  });

  contract('statements without rows refuse to return some', ({ db, note }) => {
    db.exec('CREATE TABLE t(a)');
    const insert = db.prepare('INSERT INTO t VALUES (1)');
    note(() => insert.get());
    note(() => insert.all());
    note(() => insert.iterate());
    note(() => insert.pluck());
    note(() => insert.raw());
    note(() => insert.expand());
    note(() => insert.columns());
    note(() => insert.reader);
    note(() => insert.run());
    note(() => insert.get(1, 2));
  });

  contract('reader and readonly tell what a statement does', ({ db, note }) => {
    db.exec('CREATE TABLE t(a); CREATE VIEW w AS SELECT a FROM t');
    const texts = [
      'SELECT 1',
      'INSERT INTO t VALUES (1)',
      'INSERT INTO t VALUES (1) RETURNING a',
      'UPDATE t SET a = 1',
      'DELETE FROM t RETURNING a',
      'WITH x AS (SELECT 1) SELECT * FROM x',
      'VALUES (1)',
      'BEGIN',
      'BEGIN IMMEDIATE',
      'BEGIN EXCLUSIVE',
      'COMMIT',
      'ROLLBACK',
      'SAVEPOINT s',
      'RELEASE s',
      'CREATE TABLE u(a)',
      'CREATE INDEX i ON t(a)',
      'DROP VIEW w',
      'EXPLAIN QUERY PLAN SELECT 1',
      'ANALYZE',
      'PRAGMA user_version',
      'PRAGMA foreign_keys',
      'PRAGMA table_info(t)',
    ];
    for (const text of texts) {
      note(() => {
        const { reader, readonly, source } = db.prepare(text);
        return { reader, readonly, source };
      });
    }
  });
});

describe('conversions', () => {
  contract('integers are numbers, or bigints on demand', ({ db, note }) => {
    const text = `SELECT 0 AS zero, -1 AS minus, 9007199254740991 AS safe, 9007199254740993 AS beyond,
      9223372036854775807 AS most, -9223372036854775808 AS least, 1.0 AS real, 1e300 AS huge, 9e999 AS infinite, -0.0 AS zeroth`;
    const statement = db.prepare(text);
    note(() => statement.get());
    note(() => statement.safeIntegers().get());
    note(() => statement.safeIntegers().all());
    note(() => [...statement.iterate()]);
    note(() => statement.safeIntegers(false).get());
    note(() => statement.safeIntegers(true).raw().get());
    note(() => statement.safeIntegers(1 as unknown as boolean));
    note(() => statement.safeIntegers(undefined).get());
    note(() => db.defaultSafeIntegers() === db);
    note(() => statement.get());
    note(() => db.prepare('SELECT 1').get());
    note(() => db.prepare('SELECT 1').safeIntegers(false).get());
    note(() => db.defaultSafeIntegers(false).prepare('SELECT 1').get());
    note(() => db.defaultSafeIntegers('x' as unknown as boolean));
    note(() => db.pragma('user_version'));
    note(() => db.defaultSafeIntegers().pragma('user_version', { simple: true }));
  });

  contract('text of every width comes back as it went in', ({ db, note }) => {
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)');
    const texts = ['', 'a', 'ÿ', 'ü'.repeat(2000), 'π', '🦀', 'a\0b', 'x'.repeat(2047), 'x'.repeat(2048), 'x'.repeat(2049)];
    texts.push('ü'.repeat(1024), 'ü'.repeat(1025), '漢'.repeat(700), '🦀'.repeat(600), 'é'.repeat(70_000), 'm🦀'.repeat(30_000));
    const insert = db.prepare('INSERT INTO t(v) VALUES (?)');
    for (const text of texts) insert.run(text);
    for (const order of ['id', 'id DESC', 'length(v), id']) {
      const all = db.prepare(`SELECT v FROM t ORDER BY ${order}`).pluck();
      note(() => all.all());
      note(() => [...all.iterate()]);
      note(() => all.get());
    }
    const one = db.prepare('SELECT v, id, v FROM t WHERE id = ?').raw();
    for (let id = 1; id <= texts.length; id++) note(() => one.get(id));
  });

  contract('text that is not UTF-8 is read with replacement characters', ({ db, note }) => {
    for (const hex of ['ff', '61ff62', 'c3', 'e282', 'f09f92', 'eda080', 'c080', 'f4908080', '80', 'e28261']) {
      note(() => db.prepare(`SELECT CAST(x'${hex}' AS TEXT)`).pluck().get());
    }
  });

  contract('blobs are Buffers of their own', ({ db, note }) => {
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB)');
    const insert = db.prepare('INSERT INTO t(v) VALUES (?)');
    for (const length of [0, 1, 7, 8, 9, 2047, 2048, 2049, 70_000]) insert.run(Buffer.alloc(length, length % 251));
    const all = db.prepare('SELECT v FROM t ORDER BY id').pluck();
    note(() => all.all());
    note(() => [...all.iterate()]);
    note(() => (all.all() as Buffer[]).every((blob) => Buffer.isBuffer(blob)));
    note(() => {
      const [first, second] = [all.all()[4] as Buffer, all.all()[4] as Buffer];
      first[0] = 99;
      return second[0];
    });
  });

  test('a kept blob does not change when others are read', () => {
    const db = new SUBJECT(':memory:');
    const blob = db.prepare("SELECT x'0102' AS v").pluck().get() as Buffer;
    db.prepare("SELECT x'ffff' AS v").pluck().get();
    expect([...blob]).toEqual([1, 2]);
  });
});

describe('modes', () => {
  contract('pluck, raw and expand exclude one another, the last wins', ({ db, note }) => {
    db.exec("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'x'), (2, NULL)");
    const statement = db.prepare('SELECT a, b, a + 1 FROM t ORDER BY a');
    note(() => statement.all());
    note(() => statement.pluck().all());
    note(() => statement.raw().all());
    note(() => statement.expand().all());
    note(() => statement.raw(false).all());
    note(() => statement.expand(false).all());
    note(() => statement.pluck(true).get());
    note(() => statement.pluck(false).get());
    note(() => statement.pluck('yes' as unknown as boolean));
    note(() => statement.raw(1 as unknown as boolean));
    note(() => statement.expand(null as unknown as boolean));
    note(() => statement.pluck(undefined).get());
    note(() => statement.pluck() === statement);
    note(() => [...statement.raw().iterate()]);
    note(() => [...statement.expand().iterate()]);
    note(() => statement.expand().get());
  });

  contract('expand groups by table', ({ db, note }) => {
    db.exec("CREATE TABLE t(a, b); CREATE TABLE u(a, c); INSERT INTO t VALUES (1, 2); INSERT INTO u VALUES (3, 'x')");
    note(() => db.prepare('SELECT * FROM t, u').expand().get());
    note(() => db.prepare('SELECT t.a, u.a, 1, count(*) AS n FROM t, u').expand().get());
    note(() => db.prepare('SELECT one.a, two.a FROM t AS one, t AS two').expand().all());
    note(() => db.prepare('SELECT a AS "$", 1 AS "$" FROM t').expand().get());
    note(() => db.prepare('SELECT x.a FROM (SELECT a FROM t) AS x').expand().get());
    note(() => db.prepare('WITH x AS (SELECT a AS y FROM t) SELECT y, 2 FROM x').expand().get());
  });

  contract('columns of one name: the last wins in an object', ({ db, note }) => {
    note(() => db.prepare('SELECT 1 AS a, 2 AS b, 3 AS a').get());
    note(() => Object.keys(db.prepare('SELECT 1 AS a, 2 AS b, 3 AS a').get() as object));
    note(() => db.prepare('SELECT 1 AS a, 2 AS b, 3 AS a').raw().get());
    note(() => db.prepare('SELECT 1 AS a, 2 AS b, 3 AS a').pluck().get());
    note(() => {
      const many = db.prepare(
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50) SELECT i AS a, 2 AS b, -i AS a FROM n',
      );
      return [many.all(), many.all()];
    });
  });

  contract('column names of every kind', ({ db, note }) => {
    const names = [
      'a b',
      '',
      '1',
      '-1',
      'constructor',
      'toString',
      'a"b',
      "it's",
      'back\\slash',
      'line\nbreak',
      'ü🦀',
      '\u2028',
      '`',
      '$&',
    ];
    const list = names.map((name, index) => `${index} AS "${name.replaceAll('"', '""')}"`).join(', ');
    const statement = db.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 30) SELECT ${list} FROM n`,
    );
    note(() => statement.all());
    note(() => statement.all().map((row) => Object.keys(row as object)));
    note(() => statement.raw().all());
    note(() => statement.columns());
  });

  test('a column named __proto__ is a plain property', () => {
    const db = new SUBJECT(':memory:');
    const text =
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 30) SELECT i AS a, i * 2 AS "__proto__" FROM n';
    const statement = db.prepare(text);
    for (const rows of [statement.all(), statement.all(), [...statement.iterate()], [statement.get()]]) {
      (rows as Record<string, number>[]).forEach((row, index) => {
        expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
        expect(Object.entries(row)).toEqual([
          ['a', index + 1],
          ['__proto__', 2 * index + 2],
        ]);
      });
    }
    const expanded = statement.expand().get() as Record<string, Record<string, number>>;
    expect(Object.entries(expanded['n'] ?? expanded['$'] ?? {}).length).toBeGreaterThan(0);
  });

  contract('rows are ordinary objects', ({ db, note }) => {
    const statement = db.prepare('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 30) SELECT i FROM n');
    note(() => statement.all().every((row) => Object.getPrototypeOf(row) === Object.prototype));
    note(() => Object.getOwnPropertyDescriptors(statement.get() as object));
    note(() =>
      statement
        .raw()
        .all()
        .every((row) => Array.isArray(row)),
    );
  });

  contract('expressions are named by their text', ({ db, note }) => {
    db.exec('CREATE TABLE t(a, "b c")');
    db.exec('INSERT INTO t VALUES (1, 2)');
    note(() => db.prepare('SELECT 1+1, count(*), \'x\', a, t.a, "b c", (SELECT 1), -a, a  +  1, max(a) FROM t').get());
    note(() => db.prepare('SELECT * FROM (SELECT a, a + 1 FROM t)').get());
    note(() => db.prepare('SELECT a AS x, rowid, oid FROM t').get());
    note(() => db.prepare('VALUES (1, 2)').get());
    note(() => db.prepare('SELECT x.* FROM t AS x UNION SELECT 1, 2').all());
    note(() => db.prepare('SELECT 1 -- one\n').get());
    note(() => db.prepare('SELECT /* zero */ 1 /* one */ , 2 + /* three */ 3\t/* four */\n').get());
    note(() => db.prepare('SELECT a -- column\n , a /* again */ FROM t').get());
  });
});

describe('metadata', () => {
  contract('columns tell name, origin and declared type', ({ db, note }) => {
    db.exec(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, "My Name" VARCHAR(20), plain, d DOUBLE PRECISION) ; CREATE VIEW w AS SELECT id AS i, plain FROM t',
    );
    note(() => db.prepare('SELECT * FROM t').columns());
    note(() => db.prepare('SELECT id AS x, rowid, t.plain, 1, count(*) FROM t').columns());
    note(() => db.prepare('SELECT * FROM w').columns());
    note(() => db.prepare('SELECT one.id FROM t AS one').columns());
    note(() => db.prepare('SELECT x.y FROM (SELECT id AS y FROM t) AS x').columns());
    note(() => db.prepare('INSERT INTO t(id) VALUES (1) RETURNING id, d, 1').columns());
    note(() => db.prepare('SELECT name FROM sqlite_schema').columns());
    note(() => db.prepare('SELECT (SELECT id FROM t) AS s').columns());
    note(() => db.prepare('PRAGMA table_info(t)').columns());
    note(() => db.prepare('SELECT 1 UNION SELECT id FROM t').columns());
    note(() => db.prepare('SELECT id FROM t UNION SELECT 1').columns());
  });

  contract('columns follow a change of the schema', ({ db, note }) => {
    db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
    const statement = db.prepare('SELECT * FROM t');
    note(() => statement.all());
    note(() => statement.columns());
    db.exec('ALTER TABLE t ADD COLUMN b DEFAULT 5');
    note(() => statement.all());
    note(() => statement.get());
    note(() => [...statement.iterate()]);
    note(() => statement.columns());
    db.exec('ALTER TABLE t RENAME COLUMN a TO z');
    note(() => statement.raw().all());
    note(() => statement.raw(false).get());
    db.exec('DROP TABLE t');
    note(() => statement.all());
    db.exec('CREATE TABLE t(q); INSERT INTO t VALUES (9)');
    note(() => statement.all());
  });

  contract('a statement has four properties and prints itself', ({ db, note }) => {
    const statement = db.prepare('SELECT ? AS a -- end');
    note(() => Object.keys(statement));
    note(() => statement.database === db);
    note(() => statement.source);
    note(() => String(statement));
    note(() => statement.constructor.name);
    note(() => statement.busy);
    note(() => Reflect.construct(statement.constructor, [])); // the class cannot be constructed from outside
    note(() => {
      (statement as { source: string }).source = 'x';
    });
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(statement));
    note(() => names.filter((name) => !ADDED.has(name)).sort());
  });

  contract('a bound statement prints its parameters', ({ db, note }) => {
    const values = [
      25,
      0.5,
      -0,
      1e300,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      7n,
      "it's",
      '',
      null,
      Buffer.from([1, 171]),
      'a\0b',
      'ü🦀',
    ];
    for (const value of values) note(() => String(db.prepare('SELECT ? AS a').bind(value)));
    note(() => String(db.prepare('SELECT :a, ?, @b, ?1').bind(5, { a: 1, b: 'x', 1: 2 })));
    note(() => String(db.prepare('SELECT 1')));
    note(() => String(db.prepare('  SELECT ?  ; -- after').bind(3)));
  });
});

describe('size', () => {
  contract('a thousand columns and more', ({ db, note }) => {
    for (const count of [1, 16, 999, 1000, 2000]) {
      const numbers = Array.from({ length: count }, (_, index) => `${index} AS c${index}`).join(', ');
      const texts = Array.from({ length: count }, (_, index) => `'text ${index} ${'x'.repeat(index % 50)}' AS c${index}`).join(
        ', ',
      );
      const blobs = Array.from({ length: count }, (_, index) => `x'${'ab'.repeat(index % 40)}' AS c${index}`).join(', ');
      for (const list of [numbers, texts, blobs]) {
        const statement = db.prepare(`SELECT ${list} UNION ALL SELECT ${list} UNION ALL SELECT ${list}`);
        note(() => statement.all());
        note(() => statement.get());
        note(() => statement.safeIntegers().all());
        note(() => statement.raw().all());
      }
    }
  });

  contract('blocks end anywhere without losing a row', ({ db, note }) => {
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, v)');
    const insert = db.prepare('INSERT INTO t(v) VALUES (?)');
    db.transaction(() => {
      for (let id = 0; id < 3000; id++) {
        insert.run(
          id % 5 === 0 ? 'ü'.repeat(id % 1500) : id % 7 === 0 ? Buffer.alloc(id % 2500, id) : 'a'.repeat((id * 37) % 2300),
        );
      }
    })();
    for (const limit of [0, 1, 2, 7, 8, 9, 24, 25, 255, 256, 257, 1000, 3000]) {
      const statement = db.prepare('SELECT id, v FROM t ORDER BY id LIMIT ?').raw();
      note(() => statement.all(limit));
      note(() => [...statement.iterate(limit)]);
      note(() => statement.safeIntegers().all(limit));
    }
    const small = db
      .prepare('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) SELECT i FROM n')
      .pluck();
    note(() => small.all());
    note(() => [...small.iterate()]);
  });

  contract('an error behind rows comes after the rows', ({ db, note }) => {
    const text = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20)
      SELECT CASE WHEN i = 12 THEN abs(-9223372036854775808) ELSE i END FROM n`;
    const statement = db.prepare(text).pluck();
    note(() => statement.all());
    note(() => statement.get());
    const seen: unknown[] = [];
    note(() => {
      for (const value of statement.iterate()) seen.push(value);
    });
    note(() => seen);
    note(() => statement.busy);
    note(() => statement.get());
    note(() => db.exec(text));
  });
});

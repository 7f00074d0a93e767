/** `db.collation`: an addition to better-sqlite3's API, so SQLite is no judge here; its own collations are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REFERENCE, SUBJECT } from './testing/contract.ts';

type Database = InstanceType<typeof SUBJECT>;

/** SQLite's NOCASE, written in JavaScript. */
function nocase(a: string, b: string): number {
  const fold = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const [x, y] = [fold(a), fold(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const german = (a: string, b: string): number => a.localeCompare(b, 'de');

function withDatabase(body: (db: Database) => void): void {
  const db = new SUBJECT(':memory:');
  try {
    body(db);
  } finally {
    db.close();
  }
}

/** Texts with many that are equal but for their case. */
const words = ['b', 'A', 'a', 'C', 'B', 'aa', 'Ab', 'AB', 'c', 'ca', 'Z', '', 'zz', 'a', 'é', 'É', '10', '9', 'x'];

describe('a collation that orders as NOCASE does answers as NOCASE does', () => {
  const setUp = (collation: string) => [
    `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE ${collation}, b TEXT, n INT)`,
    `CREATE TABLE u (a TEXT COLLATE ${collation}, m INT)`,
    `CREATE INDEX t_a ON t (a)`,
    `CREATE INDEX t_na ON t (n, a, b)`,
    `CREATE INDEX t_b ON t (b COLLATE ${collation} DESC)`,
    ...words.map((word, index) => `INSERT INTO t VALUES (${index}, '${word}', '${word}', ${index % 3})`),
    ...words.map((word, index) => `INSERT INTO u VALUES (upper('${word}'), ${index})`),
    "INSERT INTO t VALUES (100, NULL, NULL, 1), (101, 5, 5, 2), (102, x'41', x'41', 0)",
  ];
  const queries = (collation: string) => [
    'SELECT id, a FROM t ORDER BY a, id',
    'SELECT id, a FROM t ORDER BY a DESC, id',
    'SELECT a FROM t ORDER BY a, id LIMIT 5',
    'SELECT a FROM t ORDER BY a DESC, id DESC LIMIT 3 OFFSET 2',
    `SELECT id FROM t ORDER BY b COLLATE ${collation}, id`,
    `SELECT id FROM t ORDER BY b COLLATE ${collation} DESC NULLS FIRST, id`,
    'SELECT id FROM t ORDER BY n, a, id',
    "SELECT id FROM t WHERE a = 'A' ORDER BY id",
    "SELECT id FROM t WHERE a <> 'A' ORDER BY id",
    "SELECT id FROM t WHERE a < 'B' ORDER BY id",
    "SELECT id FROM t WHERE a >= 'B' AND a < 'X' ORDER BY id",
    "SELECT id FROM t WHERE a BETWEEN 'A' AND 'Bb' ORDER BY id",
    "SELECT id FROM t WHERE a NOT BETWEEN 'A' AND 'Bb' ORDER BY id",
    "SELECT id FROM t WHERE a IN ('A', 'C', 'nothing') ORDER BY id",
    "SELECT id FROM t WHERE a NOT IN ('A', 'C') ORDER BY id",
    'SELECT id FROM t WHERE a IN (SELECT b FROM t WHERE id < 5) ORDER BY id',
    'SELECT id FROM t WHERE a NOT IN (SELECT a FROM u WHERE m < 3) ORDER BY id',
    'SELECT id FROM t WHERE (a, n) IN (SELECT a, m % 3 FROM u) ORDER BY id',
    "SELECT id FROM t WHERE (a, n) = ('A', 1) ORDER BY id",
    "SELECT id FROM t WHERE (a, n) > ('B', 1) ORDER BY id",
    "SELECT id FROM t WHERE a IS 'AB' ORDER BY id",
    'SELECT id FROM t WHERE a IS NULL',
    "SELECT id FROM t WHERE n = 1 AND a = 'B' ORDER BY id",
    "SELECT id FROM t WHERE n = 1 AND a > 'B' ORDER BY id",
    `SELECT id FROM t WHERE b = 'AB' COLLATE ${collation} ORDER BY id`,
    `SELECT 'a' = 'A' COLLATE ${collation}, 'a' < 'B' COLLATE ${collation}, 'b' = 'A' COLLATE ${collation}`,
    "SELECT CASE a WHEN 'A' THEN 1 WHEN 'B' THEN 2 ELSE 3 END AS k, count(*) FROM t GROUP BY k ORDER BY k",
    'SELECT lower(a), count(*), sum(id) FROM t GROUP BY a ORDER BY 1, 3',
    'SELECT count(DISTINCT a) FROM t',
    `SELECT count(DISTINCT b COLLATE ${collation}) FROM t`,
    'SELECT lower(x) FROM (SELECT DISTINCT a AS x FROM t) ORDER BY 1',
    'SELECT n, count(DISTINCT a) FROM t GROUP BY n',
    'SELECT lower(min(a)), lower(max(a)) FROM t WHERE id < 100',
    `SELECT lower(min('b', 'A' COLLATE ${collation}, 'c')), lower(max('b' COLLATE ${collation}, 'A', 'C'))`,
    `SELECT nullif('a' COLLATE ${collation}, 'A'), nullif('a' COLLATE ${collation}, 'B')`,
    'SELECT lower(a) FROM t UNION SELECT lower(a) FROM u ORDER BY 1',
    'SELECT count(*) FROM (SELECT a FROM t UNION SELECT a FROM u)',
    'SELECT count(*) FROM (SELECT a FROM t EXCEPT SELECT a FROM u)',
    'SELECT count(*) FROM (SELECT a FROM t INTERSECT SELECT a FROM u)',
    'SELECT a FROM t WHERE id < 9 UNION ALL SELECT a FROM u WHERE m = 1 ORDER BY a, 1',
    'SELECT t.id, u.m FROM t JOIN u ON t.a = u.a ORDER BY 1, 2',
    'SELECT t.id, u.m FROM u LEFT JOIN t ON u.a = t.a AND t.n = 1 ORDER BY 2, 1',
    'SELECT x.id, y.id FROM t x, t y WHERE x.a = y.b AND x.id < y.id ORDER BY 1, 2',
    'SELECT id, row_number() OVER (ORDER BY a, id), rank() OVER (ORDER BY a), count(*) OVER (PARTITION BY a) FROM t ORDER BY id',
    'SELECT group_concat(id) OVER (ORDER BY a RANGE UNBOUNDED PRECEDING) IS NOT NULL FROM t',
    'SELECT lower(group_concat(a ORDER BY a DESC, id)) FROM t WHERE id < 8',
    'WITH RECURSIVE r(a, d) AS (SELECT a, 0 FROM t WHERE id < 4 UNION SELECT upper(a), d + 1 FROM r WHERE d < 2) SELECT count(*) FROM r',
    'SELECT a, n FROM t WHERE id < 100 GROUP BY a COLLATE BINARY, n ORDER BY a COLLATE BINARY, n',
  ];
  test.each(queries('C').map((_, index) => index))('query %i', (index) => {
    const answer = (Engine: typeof SUBJECT, collation: string): unknown => {
      const db = new Engine(':memory:');
      try {
        if (collation !== 'NOCASE') db.collation(collation, nocase);
        for (const sql of setUp(collation)) db.exec(sql);
        return db
          .prepare(queries(collation)[index] ?? '')
          .raw()
          .all();
      } finally {
        db.close();
      }
    };
    expect(answer(SUBJECT, 'folded')).toStrictEqual(answer(REFERENCE, 'NOCASE'));
  });

  test('UNIQUE, ON CONFLICT, UPDATE and DELETE', () => {
    const answer = (Engine: typeof SUBJECT, collation: string): unknown => {
      const db = new Engine(':memory:');
      if (collation !== 'NOCASE') db.collation(collation, nocase);
      const outcomes: unknown[] = [];
      const run = (sql: string) => {
        try {
          const statement = db.prepare(sql);
          outcomes.push(statement.reader ? statement.raw().all() : statement.run().changes);
        } catch (error) {
          outcomes.push(String(error));
        }
      };
      for (const sql of [
        `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE ${collation} UNIQUE, n INT, UNIQUE (n, a))`,
        `CREATE TABLE w (k TEXT COLLATE ${collation} PRIMARY KEY, v) WITHOUT ROWID`,
        "INSERT INTO t VALUES (1, 'a', 1), (2, 'B', 2), (3, NULL, 3), (4, NULL, 3)",
        "INSERT INTO t VALUES (5, 'A', 5)",
        "INSERT INTO t VALUES (5, 'b', 5)",
        "INSERT OR IGNORE INTO t VALUES (5, 'b', 5)",
        "INSERT OR REPLACE INTO t VALUES (6, 'b', 6)",
        "INSERT INTO t VALUES (7, 'A', 7) ON CONFLICT (a) DO UPDATE SET n = excluded.n",
        'SELECT * FROM t ORDER BY id',
        "UPDATE t SET a = 'A' WHERE id = 1",
        "UPDATE t SET a = 'B' WHERE id = 1",
        'UPDATE t SET n = n + 1, a = upper(a)',
        "DELETE FROM t WHERE a = 'B'",
        'SELECT * FROM t ORDER BY id',
        'PRAGMA integrity_check',
        "INSERT INTO w VALUES ('x', 1), ('y', 2)",
        "INSERT INTO w VALUES ('X', 3)",
        "INSERT OR REPLACE INTO w VALUES ('X', 3)",
        'SELECT * FROM w ORDER BY k',
        "UPDATE w SET v = 9 WHERE k = 'Y'",
        "DELETE FROM w WHERE k = 'x'",
        'SELECT * FROM w ORDER BY k',
        'PRAGMA integrity_check',
        'CREATE TABLE d (a)',
        "INSERT INTO d VALUES ('q'), ('Q'), (NULL), (NULL)",
        `CREATE UNIQUE INDEX d_a ON d (a COLLATE ${collation})`,
        "DELETE FROM d WHERE a = 'Q'",
        `CREATE UNIQUE INDEX d_a ON d (a COLLATE ${collation})`,
        "INSERT INTO d VALUES ('Q')",
        'REINDEX',
        'ANALYZE',
        'PRAGMA integrity_check',
      ]) {
        run(sql);
      }
      db.close();
      return outcomes;
    };
    expect(answer(SUBJECT, 'folded')).toStrictEqual(answer(REFERENCE, 'NOCASE'));
  });
});

describe('db.collation', () => {
  test('checks its arguments', () => {
    withDatabase((db) => {
      const define = db.collation.bind(db) as (...args: unknown[]) => unknown;
      expect(() => define()).toThrow(new TypeError('Expected first argument to be a string'));
      expect(() => define('c')).toThrow(new TypeError('Expected second argument to be a function'));
      expect(() => define('', german)).toThrow(new TypeError('Collation name cannot be an empty string'));
      expect(() => define('NoCase', german)).toThrow('built in');
      expect(define('c', german)).toBe(db);
      const iterator = db.prepare('SELECT 1').iterate();
      iterator.next();
      expect(() => define('c', german)).toThrow(TypeError);
      iterator.return?.();
    });
  });

  test('orders as a language does', () => {
    withDatabase((db) => {
      db.collation('german', german);
      const sorted = ['Apfel', 'Äpfel', 'Birne', 'Öl', 'Ofen', 'zu', 'Über', 'ß', 'ss'];
      db.exec('CREATE TABLE t (a TEXT COLLATE GERMAN)');
      const insert = db.prepare('INSERT INTO t VALUES (?)');
      for (const word of sorted) insert.run(word);
      expect(db.prepare('SELECT a FROM t ORDER BY a').pluck().all()).toStrictEqual([...sorted].sort(german));
      expect(db.prepare('SELECT a FROM t ORDER BY a DESC').pluck().all()).toStrictEqual([...sorted].sort(german).reverse());
    });
  });

  test('is named in a schema for those who open it; who lacks it can do everything else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'collation-'));
    const first = new SUBJECT(join(folder, 'db'));
    expect(() => first.exec('CREATE TABLE t (a COLLATE german)')).toThrow('no such collation sequence: german');
    expect(() => first.prepare("SELECT 'a' = 'b' COLLATE german")).toThrow('no such collation sequence: german');
    first.collation('german', german);
    first.exec(
      "CREATE TABLE t (a COLLATE german UNIQUE, b); CREATE INDEX i ON t (b COLLATE german); INSERT INTO t VALUES ('ä', 1), ('b', 2)",
    );
    first.close();
    const second = new SUBJECT(join(folder, 'db'));
    expect(second.prepare('SELECT a, b FROM t ORDER BY b').raw().all()).toStrictEqual([
      ['ä', 1],
      ['b', 2],
    ]);
    for (const sql of [
      'SELECT a FROM t ORDER BY a',
      "SELECT a FROM t WHERE a = 'ä'",
      'SELECT DISTINCT a FROM t',
      'SELECT count(*) FROM t GROUP BY a',
      "INSERT INTO t VALUES ('c', 3)",
    ]) {
      expect(() => second.prepare(sql).run(), sql).toThrow('no such collation sequence: german');
    }
    expect(second.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(second.prepare('DELETE FROM t WHERE b = 2').run().changes).toBe(1);
    second.collation('German', german);
    expect(second.prepare('SELECT a FROM t ORDER BY a').pluck().all()).toStrictEqual(['ä']);
    expect(second.pragma('collation_list')).toContainEqual({ seq: 0, name: 'german' });
    second.close();
    rmSync(folder, { recursive: true });
  });

  test('what the comparator throws comes out as it is, from wherever it was called', () => {
    withDatabase((db) => {
      const what = { thrown: true };
      let fails = false;
      db.collation('c', (a, b) => {
        if (fails) throw what;
        return nocase(a, b);
      });
      db.exec("CREATE TABLE t (a TEXT COLLATE c UNIQUE); INSERT INTO t VALUES ('a'), ('b'), ('c')");
      fails = true;
      for (const sql of [
        'SELECT a FROM t ORDER BY a',
        "SELECT a FROM t WHERE a = 'b'",
        'SELECT DISTINCT a FROM t',
        'SELECT max(a) FROM t',
        'SELECT a FROM t GROUP BY a',
        'SELECT a FROM t UNION SELECT a FROM t',
        'SELECT rank() OVER (ORDER BY a) FROM t',
        'SELECT 1 FROM t x JOIN t y ON x.a = y.a',
        'SELECT a IN (SELECT a FROM t) FROM t',
        "INSERT INTO t VALUES ('d')",
      ]) {
        let caught: unknown;
        try {
          db.exec(sql);
        } catch (error) {
          caught = error;
        }
        expect(caught, sql).toBe(what);
      }
      fails = false;
      expect(db.prepare('SELECT a FROM t ORDER BY a').pluck().all()).toStrictEqual(['a', 'b', 'c']);
    });
  });

  test('must answer a number; the connection is busy meanwhile', () => {
    withDatabase((db) => {
      db.collation('c', (() => 'x') as unknown as () => number);
      expect(() => db.prepare("SELECT 'a' = 'b' COLLATE c").get()).toThrow(
        new TypeError('Collation c returned an invalid value'),
      );
      let outcome: unknown;
      db.collation('c', () => {
        try {
          db.prepare('SELECT 1');
        } catch (error) {
          outcome = error;
        }
        return Number.NEGATIVE_INFINITY;
      });
      expect(db.prepare("SELECT 'a' < 'b' COLLATE c").pluck().get()).toBe(1);
      expect(outcome).toStrictEqual(new TypeError('This database connection is busy executing a query'));
    });
  });

  test('a collation defined anew counts from then on', () => {
    withDatabase((db) => {
      db.collation('c', nocase);
      db.exec("CREATE TABLE t (a TEXT COLLATE c); INSERT INTO t VALUES ('b'), ('A'), ('c')");
      const statement = db.prepare('SELECT a FROM t ORDER BY a').pluck();
      expect(statement.all()).toStrictEqual(['A', 'b', 'c']);
      db.collation('C', (a, b) => -nocase(a, b));
      expect(statement.all()).toStrictEqual(['c', 'b', 'A']);
    });
  });

  test('sorting many texts calls the comparator as often as sorting does', () => {
    withDatabase((db) => {
      let calls = 0;
      db.collation('c', (a, b) => {
        calls++;
        return nocase(a, b);
      });
      db.exec('CREATE TABLE t (a TEXT COLLATE c)');
      const count = 4096;
      const insert = db.prepare('INSERT INTO t VALUES (?)');
      const texts = Array.from({ length: count }, (_, index) => `${(index * 2654435761) % 4294967296}`);
      db.transaction(() => {
        for (const text of texts) insert.run(text);
      })();
      expect(db.prepare('SELECT a FROM t ORDER BY a').pluck().all()).toStrictEqual(texts.sort(nocase));
      expect(calls).toBeLessThan(count * 13);
    });
  });
});

/** `db.function` and `db.aggregate`, on better-sqlite3 and on us. */
import { describe, expect, test } from 'vitest';
import { contract, record, type Side, SUBJECT } from './testing/contract.ts';

type Loose = (...args: unknown[]) => unknown;

/** The methods without their types: contract tests call them wrongly, too. */
function loose(db: Side['db']): { function: Loose; aggregate: Loose } {
  return {
    function: (...args) => (db.function as Loose).apply(db, args) === db,
    aggregate: (...args) => (db.aggregate as Loose).apply(db, args) === db,
  };
}

/** A connection is equal to no other. */
function exec(db: Side['db'], sql: string): string {
  db.exec(sql);
  return 'done';
}

describe('db.function: arguments of the method', () => {
  contract('are checked in the same order and with the same words', ({ db, note }) => {
    const { function: define } = loose(db);
    const fn = () => 1;
    note(() => define());
    note(() => define(null));
    note(() => define(1, fn));
    note(() => define('f'));
    note(() => define('f', null));
    note(() => define('f', {}));
    note(() => define('f', null, 5));
    note(() => define('f', 'x', fn));
    note(() => define('f', 5, fn));
    note(() => define('', fn));
    note(() => define('f', undefined, fn));
    note(() => define('f', null, fn));
    note(() => define('f', fn, 'ignored'));
    for (const option of ['safeIntegers', 'deterministic', 'directOnly', 'varargs']) {
      for (const value of [undefined, null, 0, 1, 'true', {}]) note(() => define('f', { [option]: value }, fn));
      for (const value of [true, false]) note(() => define('f', { [option]: value }, fn));
    }
    note(() => define('f', { unknown: 1 }, fn));
    note(() => define('f'.repeat(255), fn));
    note(() => define('f'.repeat(256), fn));
    note(() => define('é'.repeat(128), fn));
  });

  contract('the length of the function is the number of arguments', ({ db, note }) => {
    const { function: define } = loose(db);
    const ofLength = (length: unknown) => Object.defineProperty((...args: unknown[]) => args.length, 'length', { value: length });
    for (const length of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2', undefined, 101, 100, 0]) {
      note(() => define('f', ofLength(length)));
      note(() => define('g', { varargs: true }, ofLength(length)));
    }
    define('two', (a: number, b: number) => a + b);
    note(() => db.prepare('SELECT two(1, 2)').pluck().get());
    note(() => db.prepare('SELECT two(1)'));
    note(() => db.prepare('SELECT two(1, 2, 3)'));
    note(() => db.prepare('SELECT two()'));
    note(() => db.prepare('SELECT two(*)'));
    define('any', { varargs: true }, (...args: unknown[]) => args.length);
    note(() => db.prepare('SELECT any(), any(1), any(1, 2, 3), any(*)').raw().get());
    note(() =>
      db
        .prepare(`SELECT any(${Array(100).fill('1').join()})`)
        .pluck()
        .get(),
    );
    note(() =>
      db
        .prepare(`SELECT f(${Array(100).fill('1').join()}) OR 1`)
        .pluck()
        .get(),
    );
  });
});

describe('db.function: which function a name means', () => {
  contract('overloads by number of arguments; the exact one goes before one for any number', ({ db, note }) => {
    const { function: define } = loose(db);
    define('f', (a: unknown) => `one ${a}`);
    define('F', (a: unknown, b: unknown) => `two ${a} ${b}`);
    define('f', { varargs: true }, (...args: unknown[]) => `any ${args.length}`);
    note(() => db.prepare("SELECT f('x'), F('x', 'y'), f(1, 2, 3), f()").raw().get());
    define('f', (a: unknown) => `new one ${a}`);
    note(() => db.prepare("SELECT f('x'), f('x', 'y'), \"f\"(1, 2, 3), [F]()").raw().get());
  });

  contract('built-in functions can be overridden, one number of arguments at a time', ({ db, note }) => {
    const { function: define } = loose(db);
    define('abs', (a: unknown, b: unknown) => `abs ${a} ${b}`);
    note(() => db.prepare('SELECT abs(-1), abs(1, 2)').raw().get());
    note(() => db.prepare('SELECT abs(1, 2, 3)'));
    define('upper', (a: unknown) => `up ${a}`);
    note(() => db.prepare("SELECT upper('x')").raw().get());
    define('coalesce', { varargs: true }, (...args: unknown[]) => `coalesce ${args.length}`);
    note(() => db.prepare('SELECT coalesce(NULL, 1), coalesce(), ifnull(NULL, 1)').raw().get());
    define('like', (pattern: unknown, text: unknown) => `like ${pattern} ${text}`);
    note(() => db.prepare("SELECT 'a' LIKE 'b', 'a' LIKE 'b' ESCAPE 'c', 'a' NOT LIKE 'b'").raw().get());
    define('glob', () => 1);
    note(() => db.prepare("SELECT 'a' GLOB 'b'").raw().get());
    define('->', (a: unknown, b: unknown) => `${a} to ${b}`);
    note(() => db.prepare("SELECT '{}' -> 'x'").raw().get());
    define('count', () => 'counted');
    db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
    note(() => db.prepare('SELECT count(*) FROM t').raw().all());
    note(() => db.prepare('SELECT count(a) FROM t').raw().all());
    define('sum', (a: unknown) => `sum ${a}`);
    note(() => db.prepare('SELECT sum(a) FROM t').raw().all());
    note(() => db.prepare('SELECT sum(a) OVER () FROM t'));
    define('row_number', () => 'row');
    note(() => db.prepare('SELECT row_number() FROM t').raw().all());
    note(() => db.prepare('SELECT row_number() OVER () FROM t').raw().all());
  });

  contract('operators without a function of their own find one', ({ db, note }) => {
    const { function: define } = loose(db);
    note(() => db.prepare("SELECT 'a' REGEXP 'b'"));
    note(() => db.prepare("SELECT 'a' regexp 'b'"));
    note(() => db.prepare("SELECT 'a' NOT Regexp 'b'"));
    note(() => db.prepare("SELECT 'a' MATCH 'b'").get());
    define('regexp', (pattern: string, text: string) => Number(new RegExp(pattern).test(text)));
    define('match', (a: unknown, b: unknown) => `${b} matches ${a}`);
    note(() => db.prepare("SELECT 'abc' REGEXP '^a', 'abc' NOT REGEXP '^a', 'x' MATCH 'y'").raw().get());
    note(() => db.prepare("SELECT regexp('b', 'abc')").raw().get());
  });

  contract('misuse is told with the same words', ({ db, note }) => {
    const { function: define } = loose(db);
    define('f', (a: unknown) => a);
    for (const sql of [
      'SELECT nothing(1)',
      'SELECT f(1) FILTER (WHERE 1)',
      'SELECT f(1 ORDER BY 1)',
      'SELECT f(1) OVER ()',
      'SELECT f(1, 2) OVER ()',
      'SELECT nothing(1) OVER ()',
      'SELECT f(nothing(1))',
    ]) {
      note(() => db.prepare(sql).raw().all());
    }
    note(() => db.prepare('SELECT f(DISTINCT 1)').raw().all());
  });

  contract('statements prepared before see what is defined later', ({ db, note }) => {
    const { function: define } = loose(db);
    define('f', () => 1);
    const statement = db.prepare('SELECT f(), abs(-1)').raw();
    note(() => statement.get());
    define('f', () => 2);
    note(() => statement.get());
    define('abs', (a: unknown) => `abs ${a}`);
    note(() => statement.get());
    note(() => db.prepare('SELECT f(), abs(-1)').raw().get());
  });

  contract('function_list shows them', ({ db, note }) => {
    const { function: define, aggregate } = loose(db);
    define('f', () => 1);
    define('F', { varargs: true, deterministic: true }, () => 1);
    define('g', { directOnly: true }, () => 1);
    define('abs', (a: unknown, b: unknown) => [a, b]);
    aggregate('w', { step: () => 1, inverse: () => 1 });
    aggregate('a', { step: (a: unknown, b: unknown) => b ?? a, directOnly: true, deterministic: true });
    const sql =
      "SELECT * FROM pragma_function_list WHERE lower(name) IN ('f', 'g', 'abs', 'w', 'a', 'match') ORDER BY name, narg";
    note(() => db.prepare(sql).all());
  });
});

describe('db.function: values', () => {
  contract('arguments are what a row would give', ({ db, note }) => {
    const { function: define } = loose(db);
    const seen: unknown[] = [];
    define('see', { varargs: true }, (...args: unknown[]) => {
      seen.push(...args);
    });
    note(() => db.prepare("SELECT see(1, 1.5, 'tëxt €😀', x'00ff', NULL, 9007199254740993, '', x'', -0.0, 1e999)").pluck().get());
    note(() => seen.splice(0));
    note(() => db.prepare('SELECT see(?, ?, ?, ?, ?)').pluck().get(1, 1n, 'x', Buffer.from('b'), null));
    note(() => seen.splice(0));
    define('see', { safeIntegers: true, varargs: true }, (...args: unknown[]) => {
      seen.push(...args);
    });
    note(() => db.prepare('SELECT see(1, 1.5, 9007199254740993)').pluck().get());
    note(() => seen.splice(0));
    db.defaultSafeIntegers(true);
    define('safe', (value: unknown) => typeof value);
    define('unsafe', { safeIntegers: false }, (value: unknown) => typeof value);
    db.defaultSafeIntegers(false);
    define('unsafe2', (value: unknown) => typeof value);
    note(() => db.prepare('SELECT safe(1), unsafe(1), unsafe2(1)').raw().get());
    note(() => db.prepare("SELECT see(CAST(x'ff41' AS TEXT)), see('a' || char(0) || 'b')").raw().get());
    note(() => seen.splice(0));
  });

  contract('results become values', ({ db, note }) => {
    const { function: define } = loose(db);
    let result: unknown;
    define('f', () => result);
    const results: unknown[] = [
      1,
      1.5,
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 60,
      5n,
      -(2n ** 63n),
      2n ** 63n - 1n,
      2n ** 63n,
      -(2n ** 63n) - 1n,
      '',
      'tëxt €😀',
      'a\0b',
      '\ud800',
      null,
      undefined,
      Buffer.from([1, 2]),
      Buffer.alloc(0),
      new Uint8Array([3]),
      new Uint16Array([1, 2]),
      new Float64Array(1),
      new DataView(new ArrayBuffer(3), 1),
      new ArrayBuffer(2),
      true,
      false,
      {},
      [],
      [1],
      new Date(0),
      Symbol('x'),
      () => 1,
      new Map(),
      Promise.resolve(1),
      new String('x'),
      new Number(1),
      Object(1n),
      /x/,
    ];
    const statement = db.prepare('SELECT f(), typeof(f()), hex(f())').raw();
    for (result of results) note(() => statement.get());
    define('Odd Name', () => ({}));
    note(() => db.prepare('SELECT "odd name"()').get());
  });

  contract('buffers are copies both ways', ({ db, note }) => {
    const { function: define } = loose(db);
    const mine = Buffer.from('mine');
    define('give', () => mine);
    define('spoil', (bytes: Buffer) => {
      bytes.fill(0);
      return bytes;
    });
    note(() => db.prepare("SELECT give() AS a, x'0102' AS b, hex(spoil(x'0102')) AS c").get());
    const [got] = db.prepare('SELECT give()').raw().get() as [Buffer];
    got.fill(0);
    note(() => mine.toString());
    note(() => db.prepare("WITH t(b) AS MATERIALIZED (SELECT x'0102') SELECT hex(spoil(b)), hex(b) FROM t").raw().get());
  });

  contract('this is undefined', ({ db, note }) => {
    loose(db).function('self', function self(this: unknown) {
      return typeof this;
    });
    note(() => db.prepare('SELECT self()').pluck().get());
  });
});

describe('db.function: exceptions', () => {
  contract('come out as they were thrown, whatever they are', ({ db, note }) => {
    const { function: define } = loose(db);
    const thrown: unknown[] = [
      new Error('e'),
      new TypeError('t'),
      'text',
      5,
      0,
      '',
      null,
      undefined,
      false,
      7n,
      Symbol.iterator,
      { a: 1 },
      () => 1,
    ];
    let what: unknown;
    define('fail', () => {
      throw what;
    });
    db.exec('CREATE TABLE t (a)');
    for (what of thrown) {
      for (const run of [
        () => db.prepare('SELECT fail()').get(),
        () => db.prepare('SELECT fail()').all(),
        () => [...db.prepare('SELECT fail()').iterate()],
        () => db.prepare('INSERT INTO t VALUES (fail())').run(),
        () => db.exec('SELECT fail()'),
      ]) {
        note(() => {
          try {
            return run();
          } catch (error) {
            return Object.is(error, what);
          }
        });
      }
    }
    note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
  });

  contract('rows before the exception are handed out first', ({ db, note }) => {
    loose(db).function('upTo', (n: number, last: number) => {
      if (n > last) throw 'enough';
      return n;
    });
    const statement = db
      .prepare('WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c LIMIT 100) SELECT upTo(n, ?) FROM c')
      .pluck();
    for (const last of [0, 1, 5, 50]) {
      const rows: unknown[] = [];
      note(() => {
        for (const row of statement.iterate(last)) rows.push(row);
      });
      note(() => rows);
      note(() => statement.all(last));
      note(() => statement.get(last));
    }
    note(() => {
      const iterator = statement.iterate(3);
      iterator.next();
      return iterator.return();
    });
    note(() => statement.get(1));
  });

  contract('undo their statement, not the transaction', ({ db, note }) => {
    loose(db).function('check_it', (value: number) => {
      if (value === 3) throw new Error('three');
      return value;
    });
    db.exec('CREATE TABLE t (a); CREATE TABLE s (a); INSERT INTO s VALUES (1), (2), (3), (4)');
    note(() => exec(db, 'INSERT INTO t SELECT check_it(a) FROM s'));
    note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
    note(() => exec(db, 'BEGIN; INSERT INTO t VALUES (9)'));
    note(() => exec(db, 'INSERT OR IGNORE INTO t SELECT check_it(a) FROM s'));
    note(() => exec(db, 'UPDATE s SET a = check_it(a)'));
    note(() => exec(db, 'DELETE FROM s WHERE check_it(a)'));
    note(() => db.inTransaction);
    note(() => exec(db, 'COMMIT'));
    note(() => db.prepare('SELECT a FROM t').pluck().all());
    note(() => db.prepare('SELECT a FROM s').pluck().all());
  });
});

describe('db.function: how often', () => {
  contract('a call whose arguments are constant is made once for each execution', ({ db, note }) => {
    const { function: define } = loose(db);
    let calls = 0;
    const count = (value: unknown) => {
      calls += 1;
      return value;
    };
    define('steady', { deterministic: true }, count);
    define('other', count);
    exec(db, 'CREATE TABLE t (a)');
    exec(db, 'INSERT INTO t VALUES (1), (2), (3)');
    exec(db, 'CREATE TABLE u (x, y CHECK (steady(5) = 5), z AS (steady(6) + x))');
    exec(db, 'CREATE TABLE w (x)');
    exec(db, 'CREATE TRIGGER wt AFTER INSERT ON w BEGIN UPDATE t SET a = a + 0 * steady(0) * steady(new.x); END');
    for (const sql of [
      'SELECT steady(1), steady(1) FROM t',
      'SELECT steady(1 + 2 * ?) FROM t',
      'SELECT steady(steady(1)) FROM t',
      'SELECT steady(CURRENT_DATE) IS NULL FROM t',
      'SELECT steady(a) FROM t',
      'SELECT steady(random()) IS NULL FROM t',
      'SELECT other(1) FROM t',
      'SELECT a FROM t WHERE a > steady(1)',
      'SELECT a FROM t WHERE a IN (steady(1), steady(2))',
      'SELECT steady(1) FROM t WHERE 0',
      'SELECT CASE WHEN a > 5 THEN steady(1) END FROM t',
      'SELECT (SELECT steady(1) WHERE a > 0) FROM t',
      'SELECT sum(steady(a) * steady(2)) FROM t GROUP BY a % 2',
      'UPDATE t SET a = a + 0 * steady(1)',
      'INSERT INTO u (x) VALUES (1), (2), (3)',
      'INSERT INTO w VALUES (1)',
    ]) {
      const statement = db.prepare(sql);
      const parameters = sql.includes('?') ? [2] : [];
      for (let execution = 0; execution < 2; execution += 1) {
        calls = 0;
        note(() => (statement.reader ? statement.all(...parameters) : statement.run(...parameters)));
        note(() => calls);
      }
    }
  });
});

describe('db.function: in the schema', () => {
  contract('only what is deterministic may be part of indexes and generated columns', ({ db, note }) => {
    const { function: define } = loose(db);
    define('f', (a: unknown) => a);
    define('d', { deterministic: true }, (a: number) => a * 2);
    note(() => exec(db, 'CREATE TABLE c1 (a CHECK (f(a)))'));
    note(() => exec(db, 'CREATE TABLE c2 (a, b AS (f(a)))'));
    note(() => exec(db, 'CREATE TABLE c3 (a, b AS (d(a)), c AS (d(b)) STORED)'));
    note(() => exec(db, 'CREATE TABLE c4 (a); CREATE INDEX i1 ON c4 (f(a))'));
    note(() => exec(db, 'CREATE INDEX i2 ON c4 (a) WHERE f(a)'));
    note(() => exec(db, 'CREATE UNIQUE INDEX i3 ON c4 (d(a)) WHERE d(a) > 2'));
    note(() => exec(db, 'INSERT INTO c3 (a) VALUES (1), (2)'));
    note(() => db.prepare('SELECT * FROM c3').raw().all());
    note(() => exec(db, 'INSERT INTO c4 VALUES (1), (1), (2)'));
    note(() => exec(db, 'INSERT INTO c4 VALUES (2)'));
    note(() => db.prepare('SELECT a FROM c4 WHERE d(a) = 4 AND d(a) > 2').raw().all());
    note(() => exec(db, 'INSERT INTO c1 VALUES (0)'));
    note(() => exec(db, 'INSERT INTO c1 VALUES (1)'));
    note(() => exec(db, 'CREATE TABLE c5 (a, b DEFAULT (f(7))); INSERT INTO c5 (a) VALUES (1)'));
    note(() => db.prepare('SELECT * FROM c5').raw().all());
    note(() => db.pragma('integrity_check'));
  });

  contract('directOnly keeps a function out of the schema', ({ db, note }) => {
    const { function: define } = loose(db);
    define('f', (a: unknown) => a);
    define('only', { directOnly: true, deterministic: true }, (a: unknown) => a);
    note(() => db.prepare('SELECT only(1)').pluck().get());
    note(() => exec(db, 'CREATE TABLE t (a)'));
    note(() => exec(db, 'CREATE TABLE c1 (a CHECK (only(a)))'));
    note(() => exec(db, 'CREATE TABLE c2 (a, b AS (only(a)))'));
    note(() => exec(db, 'CREATE INDEX i ON t (only(a))'));
    note(() => exec(db, 'CREATE INDEX i ON t (a) WHERE only(a)'));
    note(() => exec(db, 'CREATE VIEW v AS SELECT only(1) AS x'));
    note(() => db.prepare('SELECT * FROM v').all());
    note(() => exec(db, 'CREATE VIEW vf AS SELECT f(1) AS x'));
    note(() => db.prepare('SELECT * FROM vf').all());
    note(() => exec(db, 'CREATE TEMP VIEW tv AS SELECT only(1) AS x'));
    note(() => db.prepare('SELECT * FROM tv').all());
    note(() => exec(db, 'CREATE TEMP TABLE tt (a CHECK (only(a))); INSERT INTO tt VALUES (1)'));
    db.pragma('trusted_schema = 0');
    note(() => db.prepare('SELECT * FROM vf').all());
    note(() => db.prepare('SELECT f(1)').pluck().get());
    note(() => exec(db, 'CREATE TABLE c6 (a CHECK (f(a)))'));
  });
});

describe('db.function: the connection is busy during a call', () => {
  contract('with TypeErrors for what may not be done, and answers for what may', ({ Database, db, folder, note }) => {
    const { function: define } = loose(db);
    db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
    const statement = db.prepare('SELECT a FROM t');
    const bound = db.prepare('SELECT a FROM t');
    const iterator = db.prepare('SELECT a FROM t').iterate();
    iterator.next();
    iterator.return?.();
    let act: () => unknown = () => 1;
    let outcome: unknown;
    define('act', () => {
      outcome = act();
    });
    const inside = (call: () => unknown) =>
      note(() => {
        act = call;
        outcome = undefined;
        db.prepare('SELECT act()').get();
        return outcome;
      });
    inside(() => db.prepare('SELECT 1'));
    inside(() => db.exec('SELECT 1'));
    inside(() => db.pragma('user_version'));
    inside(() => db.explain('SELECT 1'));
    inside(() => db.function('x', () => 1));
    inside(() => db.aggregate('x', { step: () => 1 }));
    inside(() => db.loadExtension('x'));
    inside(() => db.close());
    inside(() => db.transaction(() => 1)());
    inside(() => statement.run());
    inside(() => statement.get());
    inside(() => statement.all());
    inside(() => statement.iterate());
    inside(() => bound.bind());
    inside(() => statement.pluck());
    inside(() => statement.raw());
    inside(() => statement.expand());
    inside(() => statement.safeIntegers());
    inside(() => statement.columns());
    inside(() => [statement.busy, statement.reader, statement.readonly, statement.source, statement.toString()]);
    inside(() => [db.open, db.inTransaction, db.name, db.memory, db.readonly]);
    inside(() => db.defaultSafeIntegers(false) === db);
    inside(() => iterator.next());
    const open = db.prepare('SELECT a FROM t').iterate();
    inside(() => open.next());
    inside(() => open.return?.());
    note(() => open.next());
    note(() => open.return?.());
    note(() => {
      act = () => db.inTransaction;
      db.exec('BEGIN; SELECT act(); COMMIT');
      return outcome;
    });
    inside(() => {
      const other = new Database(`${folder}/other`);
      loose(other).function('twice', (a: number) => a * 2);
      other.exec('CREATE TABLE o (a); INSERT INTO o VALUES (21)');
      const rows = other.prepare('SELECT twice(a) FROM o').raw().all();
      other.close();
      return rows;
    });
    inside(() => {
      const other = new Database(':memory:');
      loose(other).function('fail', () => {
        throw new RangeError('inner');
      });
      try {
        other.prepare('SELECT fail()').get();
      } finally {
        other.close();
      }
    });
    note(() => statement.all());
  });

  contract('functions cannot be defined beside an open iterator, not even in unsafe mode', ({ db, note }) => {
    const { function: define, aggregate } = loose(db);
    const iterator = db.prepare('SELECT 1 UNION SELECT 2').iterate();
    iterator.next();
    note(() => define('f', () => 1));
    note(() => aggregate('f', { step: () => 1 }));
    note(() => db.loadExtension('x'));
    db.unsafeMode();
    note(() => define('f', () => 1));
    note(() => aggregate('f', { step: () => 1 }));
    iterator.return?.();
    note(() => define('f', () => 1));
    db.close();
    note(() => define('f', () => 1));
    note(() => aggregate('f', { step: () => 1 }));
    note(() => db.loadExtension('x'));
    note(() => define('', () => 1));
  });
});

describe('db.aggregate', () => {
  contract('its options are checked in the same order and with the same words', ({ db, note }) => {
    const { aggregate } = loose(db);
    const step = () => 1;
    note(() => aggregate());
    note(() => aggregate(1, { step }));
    note(() => aggregate('a'));
    note(() => aggregate('a', null));
    note(() => aggregate('a', step));
    note(() => aggregate('a', {}));
    note(() => aggregate('', {}));
    for (const key of ['step', 'inverse', 'result']) {
      for (const value of [undefined, null, 0, 5, 'x', {}]) note(() => aggregate('a', { step, [key]: value }));
    }
    for (const option of ['safeIntegers', 'deterministic', 'directOnly', 'varargs']) {
      for (const value of [undefined, null, 1]) note(() => aggregate('a', { step, [option]: value }));
    }
    const ofLength = (length: unknown) => Object.defineProperty(() => 1, 'length', { value: length });
    for (const length of [-1, 0.5, Number.NaN, 'x', 102, 101]) {
      note(() => aggregate('a', { step: ofLength(length) }));
      note(() => aggregate('a', { step, inverse: ofLength(length) }));
      note(() => aggregate('a', { step: ofLength(length), varargs: true }));
    }
    aggregate('three', { step: (_: unknown, a: unknown) => a, inverse: (_: unknown, _a: unknown, _b: unknown, c: unknown) => c });
    note(() => db.prepare('SELECT three(1, 2, 3)').pluck().get());
    note(() => db.prepare('SELECT three(1)').pluck().get());
    aggregate('none', { start: 0, step: (n: number) => n + 1 });
    note(() => db.prepare('SELECT none(), none(*)').raw().get());
  });

  contract('start, step and result', ({ db, note }) => {
    const { aggregate } = loose(db);
    db.exec('CREATE TABLE t (g, x); INSERT INTO t VALUES (1, 3), (1, 5), (2, 7), (2, NULL)');
    aggregate('last', { step: (_: unknown, x: unknown) => x });
    note(() => db.prepare('SELECT last(x) FROM t WHERE x').pluck().get());
    note(() => db.prepare('SELECT last(x) FROM t WHERE 0').pluck().get());
    aggregate('kept', {
      start: () => ({ n: 0 }),
      step: (a: { n: number }, x: number) => {
        a.n += x;
      },
      result: (a: { n: number }) => a.n,
    });
    note(() => db.prepare('SELECT g, kept(x) FROM t GROUP BY g').raw().all());
    aggregate('nothing', { start: undefined, step: () => undefined });
    note(() => db.prepare('SELECT nothing(), typeof(nothing()) FROM t').raw().all());
    aggregate('object', { start: () => ({}), step: () => undefined });
    note(() => db.prepare('SELECT object() FROM t').get());
    aggregate('big', { start: 2n ** 64n, step: () => undefined });
    note(() => db.prepare('SELECT big() FROM t').get());
    aggregate('bytes', { start: () => Buffer.alloc(0), step: (all: Buffer, x: Buffer) => Buffer.concat([all, x]) });
    note(() => db.prepare("SELECT bytes(column1) FROM (VALUES (x'01'), (x'02'))").get());
    aggregate('types', { start: '', safeIntegers: true, step: (all: string, x: unknown) => `${all} ${typeof x}` });
    note(() => db.prepare("SELECT types(column1) FROM (VALUES (1), (1.5), ('x'), (NULL))").get());
    aggregate('many', { varargs: true, start: 0, step: (n: number, ...args: unknown[]) => n + args.length });
    note(() => db.prepare('SELECT many(), many(1), many(1, 2, 3) FROM t').raw().all());
    aggregate('self', {
      start: null,
      step(this: unknown) {
        return typeof this;
      },
    });
    note(() => db.prepare('SELECT self() FROM t').raw().all());
    note(() => db.prepare('SELECT kept(x) FROM t WHERE kept(x)'));
    note(() => db.prepare('SELECT kept(kept(x)) FROM t'));
    note(() => db.prepare('SELECT kept(x) OVER () FROM t'));
    note(() => db.prepare('SELECT kept(DISTINCT x, g) FROM t'));
    note(() => db.prepare('SELECT kept(1, 2) FROM t'));
  });

  contract('exceptions of each part come out as they are', ({ db, note }) => {
    const { aggregate } = loose(db);
    db.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)');
    const what = { thrown: true };
    const fail = () => {
      throw what;
    };
    const step = (a: number, x: number) => a + x;
    const inverse = (a: number, x: number) => a - x;
    for (const parts of [{ start: fail }, { step: fail }, { inverse: fail }, { result: fail }]) {
      aggregate('a', { start: 0, step, inverse, ...parts });
      for (const sql of [
        'SELECT a(x) FROM t',
        'SELECT a(x) FROM t WHERE 0',
        'SELECT a(x) FROM t GROUP BY x',
        'SELECT a(x) OVER (ORDER BY x ROWS 1 PRECEDING) FROM t',
      ]) {
        note(() => {
          try {
            return db.prepare(sql).raw().all();
          } catch (error) {
            return error === what;
          }
        });
      }
    }
    note(() => db.prepare('SELECT count(*) FROM t').raw().all());
  });

  const callOrder = [
    'SELECT w(x) FROM t',
    'SELECT w(x) FROM t WHERE 0',
    'SELECT w(x) FROM t WHERE 0 GROUP BY x',
    'SELECT g, w(x) FROM t GROUP BY g',
    'SELECT g FROM t GROUP BY g HAVING w(x) > 6',
    'SELECT w(x) FILTER (WHERE x > 6) FROM t',
    'SELECT w(x) FILTER (WHERE 0) FROM t',
    'SELECT w(DISTINCT x) FROM t',
    'SELECT w(x ORDER BY x DESC) FROM t',
    'SELECT w(DISTINCT x ORDER BY x DESC) FROM t',
    'SELECT w(x), w(g) FROM t',
    'SELECT w(x), w(x) + 1, w(g) FROM t',
    'SELECT w(x), max(x), g FROM t',
    'SELECT g, (SELECT w(x) FROM t u WHERE u.g = t.g) FROM t',
    'SELECT w(x) OVER () FROM t',
    'SELECT w(x) OVER (ORDER BY x) FROM t',
    'SELECT w(x) OVER (PARTITION BY g) FROM t',
    'SELECT w(x) OVER (PARTITION BY g ORDER BY x) FROM t',
    'SELECT w(x) OVER (PARTITION BY g ORDER BY x ROWS 1 PRECEDING) FROM t',
    'SELECT w(x) FILTER (WHERE x > 6) OVER (ORDER BY rowid ROWS 1 PRECEDING) FROM t',
    ...[
      'ROWS 1 PRECEDING',
      'ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
      'ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING',
      'ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING',
      'ROWS BETWEEN 2 FOLLOWING AND 2 FOLLOWING',
      'ROWS BETWEEN 9 FOLLOWING AND 10 FOLLOWING',
      'ROWS BETWEEN 3 FOLLOWING AND 1 FOLLOWING',
      'ROWS BETWEEN 1 PRECEDING AND 3 PRECEDING',
      'ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
      'ROWS BETWEEN CURRENT ROW AND CURRENT ROW',
      'ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING',
      'ROWS BETWEEN UNBOUNDED PRECEDING AND 2 FOLLOWING',
      'ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING',
      'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
      'GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW',
      'GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING',
      'GROUPS BETWEEN 2 PRECEDING AND 1 PRECEDING',
      'GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING',
      'GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING',
      'RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING',
      'RANGE BETWEEN 1 FOLLOWING AND 9 FOLLOWING',
      'RANGE BETWEEN 9 PRECEDING AND 1 PRECEDING',
      'RANGE BETWEEN CURRENT ROW AND 5 FOLLOWING',
      'RANGE BETWEEN 5 PRECEDING AND CURRENT ROW',
      'RANGE BETWEEN CURRENT ROW AND CURRENT ROW',
      'RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
      'ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW',
      'ROWS UNBOUNDED PRECEDING EXCLUDE GROUP',
      'ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES',
    ].map((frame) => `SELECT x, w(x) OVER (ORDER BY x ${frame}) FROM t`),
  ];
  for (const [name, rows] of [
    ['mixed', '(1, 10), (1, 20), (2, 5), (2, NULL), (3, 7), (1, 10)'],
    ['one', '(1, 10)'],
    ['two', '(1, 1), (2, 3)'],
  ] as const) {
    contract(`start, step, inverse and result are called the same times, in the same order: ${name}`, ({ db, note }) => {
      db.exec(`CREATE TABLE t (g, x); INSERT INTO t VALUES ${rows}`);
      const log: string[] = [];
      loose(db).aggregate('w', {
        start: () => {
          log.push('start');
          return 0;
        },
        step: (total: number, x: number) => {
          log.push(`+${x}`);
          return total + (x ?? 0);
        },
        inverse: (total: number, x: number) => {
          log.push(`-${x}`);
          return total - (x ?? 0);
        },
        result: (total: number) => {
          log.push(`=${total}`);
          return total;
        },
      });
      for (const sql of callOrder) note(() => [sql, db.prepare(sql).raw().all(), log.splice(0).join(' ')]);
    });
  }
});

describe('db.interrupt', () => {
  const endless = 'WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c)';

  test('a function can stop the statement that calls it', () => {
    const db = new SUBJECT(':memory:');
    let calls = 0;
    db.function('f', () => {
      calls++;
      if (calls === 10) db.interrupt();
      return calls;
    });
    for (const sql of [
      `${endless} SELECT f() FROM c`,
      `${endless} SELECT count(*) FROM c WHERE f()`,
      `${endless} SELECT n FROM c WHERE f() < 0`,
      `${endless} SELECT count(DISTINCT f()) FROM c`,
      `${endless} SELECT f() AS x FROM c ORDER BY x`,
    ]) {
      calls = 0;
      const thrown = record(SUBJECT, ({ note }) => note(() => db.prepare(sql).all()));
      expect(thrown).toStrictEqual([{ thrown: 'SqliteError SQLITE_INTERRUPT: interrupted' }]);
      expect(calls).toBe(10);
    }
    expect(db.prepare('SELECT 1').pluck().get()).toBe(1);
    db.close();
  });

  test('a statement that hands out rows stops at the next ones', () => {
    const db = new SUBJECT(':memory:');
    let rows = 0;
    const run = () => {
      for (const _ of db.prepare(`${endless} SELECT n FROM c`).iterate()) {
        if (++rows === 100) db.interrupt();
        if (rows > 10_000) break;
      }
    };
    expect(run).toThrow('interrupted');
    expect(rows).toBeLessThan(1000);
    expect(db.prepare('SELECT 1').pluck().get()).toBe(1);
    db.close();
  });

  test('what was interrupted is undone, and the next statement runs', () => {
    const db = new SUBJECT(':memory:');
    db.exec('CREATE TABLE t (a)');
    let calls = 0;
    db.function('f', (n: number) => {
      calls++;
      if (calls === 100) db.interrupt();
      return n;
    });
    db.exec('BEGIN; INSERT INTO t VALUES (1)');
    expect(() => db.exec(`INSERT INTO t ${endless} SELECT f(n) FROM c`)).toThrow('interrupted');
    expect(db.inTransaction).toBe(false);
    expect(db.prepare('SELECT count(*) FROM t').pluck().get()).toBe(0);
    db.interrupt();
    expect(db.prepare('SELECT count(*) FROM t').pluck().get()).toBe(0);
    db.close();
    expect(() => db.interrupt()).toThrow(TypeError);
  });
});

describe('calls over many rows', () => {
  /** 600 rows: mostly numbers, with other values between them. */
  function fill(db: Side['db']): void {
    db.exec('CREATE TABLE many(id INTEGER PRIMARY KEY, a, b INT)');
    const insert = db.prepare('INSERT INTO many VALUES (?, ?, ?)');
    const value = (id: number): unknown => {
      if (id % 7 === 0) return null;
      if (id % 97 === 0) return `text ${id}`;
      if (id % 199 === 0) return Buffer.from([id % 256]);
      if (id % 5 === 0) return id / 3;
      return id % 301 === 0 ? 2n ** 60n + 1n : BigInt(id * 1000 - 300_000);
    };
    for (let id = 1; id <= 600; id++) insert.run(id, value(id), BigInt(id % 13));
  }

  const QUERIES = [
    'sum(f(a)) FROM many',
    'sum(f(b)) FROM many',
    'total(f(b)), 1 FROM many WHERE b > 3 AND a IS NOT NULL',
    'avg(f(id)) FROM many',
    'count(f(a)) FROM many WHERE id BETWEEN 100 AND 500',
    'sum(f(b)) FROM many WHERE f(id) > 500',
    'sum(f(b)), sum(f(id)) FROM many',
    'sum(DISTINCT f(b)) FROM many',
    'sum(f(b)) FILTER (WHERE id > 500) FROM many',
    'max(f(b)), a FROM many',
    'sum(two(id, b)), sum(f(b)) FROM many',
    'sum(two(id, b)) FROM many',
    'sum(three(id, b, -1.5)) FROM many',
    '(SELECT sum(f(b)) FROM many WHERE b < outside.b) FROM many AS outside WHERE id < 5',
    'mysum(b) FROM many',
    'mysum(a), count(*) FROM many',
    'mysum(f(b)) FROM many',
    'pairs(id, b) FROM many WHERE id <= 600',
    'b, mysum(id) FROM many GROUP BY b',
    'sum(f(b)) FROM many WHERE 0',
    'mysum(b) FROM many WHERE 0',
  ];

  contract('are as many, in the order of the rows, and see the same', ({ db, note }) => {
    const { function: define, aggregate } = loose(db);
    fill(db);
    const seen: unknown[] = [];
    const see = (...values: unknown[]): void => {
      seen.push(values.map((value) => (Buffer.isBuffer(value) ? [...value] : value)));
    };
    let answer = (value: unknown): unknown => value;
    const noteAll = (): void => {
      for (const query of QUERIES) {
        note(() => db.prepare(`SELECT ${query}`).raw().all());
        note(() => seen.splice(0));
      }
    };
    const f = (value: unknown): unknown => {
      see('f', value);
      return answer(value);
    };
    const two = (a: number, b: number): unknown => {
      see('two', a, b);
      return answer(a * b);
    };
    const three = (a: number, b: number, c: number): unknown => {
      see('three', a, b, c);
      return answer(a * b * c);
    };
    const step = (total: number, value: number): unknown => {
      see('step', total, value);
      return answer(total + Number(value));
    };
    const pair = (total: unknown[], a: number, b: number): void => {
      see('pair', a, b);
      total.push(a, b);
      answer(a);
    };
    for (const options of [{}, { safeIntegers: true }]) {
      define('f', options, f);
      define('two', options, two);
      define('three', options, three);
      aggregate('mysum', { ...options, start: 0, step });
      aggregate('pairs', { ...options, start: () => [], step: pair, result: (total: unknown[]) => total.length });
      answer = (value) => value;
      noteAll();
      let calls = 0;
      // Answers of all kinds, then what is no answer, an exception, and a use of the connection.
      const answers = [null, 'x', 2.5, Number.NaN, -0, 7n, undefined, Buffer.from('b'), 1, Number.POSITIVE_INFINITY];
      answer = () => answers[calls++ % answers.length];
      noteAll();
      for (const stop of [0, 256, 300]) {
        answer = (value) => {
          if (calls++ < stop) return value;
          return calls % 2 === 0 ? {} : Symbol.iterator;
        };
        calls = 0;
        noteAll();
        answer = (value) => {
          if (calls++ < stop) return value;
          calls = 0;
          throw new Error(`after ${stop} calls`);
        };
        calls = 0;
        noteAll();
      }
      answer = (value) => {
        db.prepare('SELECT 1');
        return value;
      };
      noteAll();
    }
  });
});

/** `db.table`, on better-sqlite3 and on us. */
import { describe, expect, test } from 'vitest';
import { contract, type Side, SUBJECT } from './testing/contract.ts';

type Loose = (...args: unknown[]) => unknown;

/** `db.table` without its types. */
function definer(db: Side['db']): Loose {
  return (...args) => (db.table as Loose).apply(db, args) === db;
}

function exec(db: Side['db'], sql: string): string {
  db.exec(sql);
  return 'done';
}

/** Two parameters, and a log of what the generator does. */
function defineSeries(db: Side['db'], log: string[]): void {
  definer(db)('series', {
    columns: ['value'],
    parameters: ['start', 'stop'],
    *rows(start: number | undefined, stop: number | undefined) {
      log.push(`open(${start}, ${stop})`);
      for (let value = start ?? 0; value <= (stop ?? 3); value++) {
        log.push(`yield ${value}`);
        yield [value];
      }
      log.push('end');
    },
  });
}

describe('db.table: definitions', () => {
  contract('are checked in the same order and with the same words', ({ db, note }) => {
    const table = definer(db);
    function* rows() {}
    const columns = ['a'];
    note(() => table());
    note(() => table(5, { rows, columns }));
    note(() => table('', { rows, columns }));
    note(() => table('', 5));
    for (const definition of [undefined, null, 5, 'x', true]) note(() => table('t', definition));
    const bad: object[] = [
      {},
      [],
      { rows },
      { columns },
      Object.create({ rows, columns }),
      { rows: 1, columns },
      { rows: () => [], columns },
      { rows: async function* () {}, columns },
      { rows: function* () {}.bind(null), columns },
      { rows, columns: 'a' },
      { rows, columns: null },
      { rows, columns: [] },
      { rows, columns: [1] },
      { rows, columns: ['a', undefined] },
      { rows, columns: ['a', 'a'] },
      { rows, columns: { length: 1, 0: 'a' } },
      { rows, columns, parameters: 5 },
      { rows, columns, parameters: null },
      { rows, columns, parameters: undefined },
      { rows, columns, parameters: [1] },
      { rows, columns, parameters: ['x', 'x'] },
      { rows, columns, parameters: ['a'] },
      { rows, columns, parameters: [] },
      { rows, columns, parameters: Array.from({ length: 33 }, (_, index) => `p${index}`) },
      { rows, columns, parameters: Array.from({ length: 32 }, (_, index) => `p${index}`) },
      { rows: function* (..._: unknown[]) {}, columns },
      { *rows(_a: unknown) {}, columns: ['$1'] },
      { rows: Object.defineProperty(function* () {}, 'length', { value: -1 }), columns },
      { rows: Object.defineProperty(function* () {}, 'length', { value: 33 }), columns },
      { rows, columns, safeIntegers: 1 },
      { rows, columns, safeIntegers: undefined },
      { rows, columns, safeIntegers: true },
      { rows, columns, directOnly: null },
      { rows, columns, directOnly: 'x' },
      { rows, columns, directOnly: true },
      { rows, columns: ['a"b', ''] },
      { rows, columns: ['a HIDDEN'] },
      { rows, columns: ['A', 'a'] },
    ];
    bad.forEach((definition, index) => {
      note(() => table(`t${index}`, definition));
      note(() => db.prepare(`SELECT * FROM t${index}`).all());
    });
    note(() => table('t'.repeat(300), { rows, columns }));
  });
});

describe('db.table: eponymous tables', () => {
  const queries = [
    'SELECT * FROM series',
    'SELECT * FROM series()',
    'SELECT * FROM series(1)',
    'SELECT * FROM SERIES(1, 2)',
    'SELECT * FROM series(1, 2, 3)',
    'SELECT *, start, stop FROM series(1, 2)',
    'SELECT start, stop, value, rowid, oid FROM series WHERE start = 2 AND stop = 3',
    'SELECT s.rowid, s.* FROM series(5, 6) AS s',
    'SELECT value FROM series WHERE stop = 1',
    'SELECT value FROM series(NULL)',
    'SELECT value FROM series(1, NULL)',
    'SELECT value FROM series WHERE start = NULL',
    'SELECT value FROM series WHERE start IS NULL',
    'SELECT value FROM series WHERE start IS NOT NULL',
    'SELECT value FROM series WHERE start > 1',
    'SELECT value FROM series WHERE 1 > start',
    'SELECT value FROM series WHERE start <> 1',
    'SELECT value FROM series WHERE start IS 1',
    'SELECT value FROM series WHERE start BETWEEN 1 AND 2',
    'SELECT value FROM series WHERE start IN (1, 2) AND stop = 2',
    'SELECT value FROM series WHERE start IN (2, 1, NULL, 2) AND stop IN (2, 3)',
    'SELECT value FROM series WHERE start IN (SELECT n FROM t) AND stop = 3',
    'SELECT value FROM series(1) WHERE start = 2 AND stop = 3',
    'SELECT value FROM series(1, 3) WHERE value > 1',
    'SELECT value FROM series(1, 3) WHERE value = 2 OR start = 9',
    'SELECT 2 IN (SELECT value FROM series(1, 3))',
    'SELECT n FROM t WHERE n IN series',
    'SELECT n, value FROM t, series(1, n)',
    'SELECT n, value FROM series(1, n), t',
    'SELECT n, value FROM t JOIN series ON start = n AND stop = n + 1',
    'SELECT n, value FROM t LEFT JOIN series ON start = n AND stop = 2',
    'SELECT n, value FROM t LEFT JOIN series(2, n)',
    'SELECT n, value FROM t LEFT JOIN series(2, n) ON value = 3',
    'SELECT n, value FROM series JOIN t ON start = n WHERE stop = 3',
    'SELECT n, (SELECT count(*) FROM series(1, n)) FROM t',
    'SELECT n FROM t WHERE EXISTS (SELECT 1 FROM series(2, n) WHERE value = n)',
    'SELECT a.value, b.value FROM series(1, 2) a, series(a.value, 2) b',
    'SELECT a.value, b.value FROM series(1, 2) a, series b WHERE b.start = a.value AND b.stop = 2',
    'SELECT a.value, b.value FROM series a, series b WHERE b.start = a.start AND a.start = b.start',
    'SELECT sum(value), count(*), max(value) FROM series(1, 10)',
    'SELECT value FROM series(1, 3) ORDER BY value DESC',
    'SELECT value % 2 AS odd, count(*) FROM series(1, 5) GROUP BY odd',
    'SELECT value FROM series(1, 2) UNION ALL SELECT value FROM series(2, 3)',
    'SELECT value FROM (SELECT value FROM series(1, 9)) WHERE value < 3',
    'SELECT typeof(value), typeof(start), typeof(stop) FROM series(1, 1)',
    "SELECT start, typeof(start) FROM series('1', 1)",
    'SELECT value FROM main.series(1, 1)',
    'SELECT value FROM nowhere.series(1, 1)',
    'SELECT nothing FROM series',
    'SELECT value FROM series(nothing)',
    'SELECT value FROM series INDEXED BY x',
  ];
  contract('take arguments, conditions and join partners', ({ db, note }) => {
    const log: string[] = [];
    defineSeries(db, log);
    db.exec('CREATE TABLE t (n); INSERT INTO t VALUES (1), (2), (3)');
    for (const sql of queries) {
      note(() => [sql, db.prepare(sql).raw().all()]);
      note(() => log.splice(0).join(' '));
    }
    note(() => db.prepare('SELECT value FROM series(?, ?)').pluck().all(1, 2));
    note(() => log.splice(0).join(' '));
    note(() => db.prepare('SELECT value, value AS v, start FROM series(1, 1)').columns());
  });

  contract('rows are pulled one at a time', ({ db, note }) => {
    const log: string[] = [];
    defineSeries(db, log);
    note(() => db.prepare('SELECT value FROM series(1, 9) LIMIT 2').raw().all());
    note(() => log.splice(0).join(' '));
    note(() => db.prepare('SELECT value FROM series(1, 9)').get());
    note(() => log.splice(0).join(' '));
    note(() => db.prepare('SELECT EXISTS (SELECT 1 FROM series(1, 9))').pluck().get());
    note(() => log.splice(0).join(' '));
    note(() => db.prepare('SELECT value FROM series(1, 9) WHERE value > 2 LIMIT 1').raw().all());
    note(() => log.splice(0).join(' '));
  });

  contract('rows may be arrays or objects, nothing else', ({ db, note }) => {
    definer(db)('rows_of', {
      columns: ['a', 'b'],
      *rows(kind: number) {
        const all: unknown[] = [
          [1, 2],
          { a: 1, b: 2 },
          { b: 2, a: 1 },
          [1],
          [1, 2, 3],
          { a: 1 },
          { a: 1, b: 2, c: 3 },
          5,
          null,
          undefined,
          'ab',
          [{}, 2],
          [2n ** 63n, 1],
          [1, true],
          [undefined, null],
          [1n, 'x'],
          [Buffer.from('a'), 1.5],
          new Map(),
          [[], 1],
          Object.create({ a: 1, b: 2 }),
          new (class {
            a = 1;
            b = 2;
          })(),
        ];
        yield all[kind];
      },
    });
    for (let kind = 0; kind < 21; kind++) {
      note(() => db.prepare('SELECT a, b FROM rows_of(?)').raw().all(kind));
      note(() => db.prepare('SELECT b FROM rows_of(?)').raw().all(kind));
      note(() => db.prepare('SELECT count(*) FROM rows_of(?)').raw().all(kind));
    }
  });

  contract('exceptions come out as they are', ({ db, note }) => {
    const what = { thrown: true };
    definer(db)('failing', {
      columns: ['a'],
      *rows(after: number) {
        for (let row = 0; row < after; row++) yield [row];
        throw what;
      },
    });
    db.exec('CREATE TABLE t (a)');
    for (const sql of [
      'SELECT a FROM failing(0)',
      'SELECT a FROM failing(3)',
      'INSERT INTO t SELECT a FROM failing(2) RETURNING a',
    ]) {
      const seen: unknown[] = [];
      note(() => {
        try {
          for (const row of db.prepare(sql).raw().iterate()) seen.push(row);
          return 'no exception';
        } catch (error) {
          return [error === what, seen];
        }
      });
    }
    note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
    note(() => db.prepare('SELECT a FROM failing(5) LIMIT 2').raw().all());
  });

  contract('integers come as numbers, or as bigints where that was asked for', ({ db, note }) => {
    const table = definer(db);
    const kinds = {
      columns: ['kind'],
      *rows(a: unknown, b: unknown) {
        yield [`${typeof a} ${typeof b} ${Buffer.isBuffer(b)}`];
      },
    };
    table('plain', kinds);
    table('safe', { ...kinds, safeIntegers: true });
    db.defaultSafeIntegers(true);
    table('by_default', kinds);
    table('plain2', { ...kinds, safeIntegers: false });
    note(() => db.prepare("SELECT kind, typeof($1), typeof($2) FROM by_default(1, x'00')").raw().get());
    db.defaultSafeIntegers(false);
    for (const name of ['plain', 'safe', 'by_default', 'plain2']) {
      note(() => db.prepare(`SELECT kind, typeof("$1"), typeof("$2") FROM ${name}(1, x'00')`).raw().get());
      note(() => db.prepare(`SELECT kind, typeof("$1") FROM ${name}(1.5, 'x')`).raw().get());
    }
  });

  contract('cannot be changed, dropped, indexed or altered', ({ db, note }) => {
    const log: string[] = [];
    defineSeries(db, log);
    for (const sql of [
      'INSERT INTO series VALUES (1)',
      'INSERT INTO series DEFAULT VALUES',
      'UPDATE series SET value = 1',
      'DELETE FROM series',
      'DELETE FROM series WHERE value = 1',
      'REPLACE INTO main.series VALUES (1)',
      'DROP TABLE series',
      'DROP TABLE IF EXISTS series',
      'DROP VIEW series',
      'CREATE INDEX i ON series (value)',
      'ALTER TABLE series RENAME TO s',
      'ALTER TABLE series ADD COLUMN x',
      'ALTER TABLE series RENAME COLUMN value TO x',
      'ALTER TABLE series DROP COLUMN value',
      'CREATE TRIGGER g AFTER INSERT ON series BEGIN SELECT 1; END',
      'CREATE VIRTUAL TABLE v USING series',
      'CREATE VIRTUAL TABLE v USING series(1)',
    ]) {
      note(() => exec(db, sql));
    }
    note(() => db.pragma('table_info(series)'));
    note(() => db.pragma('table_xinfo(series)'));
    note(() => db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
    note(() => exec(db, 'CREATE TABLE series (a)'));
    note(() => db.prepare('SELECT * FROM series').all());
    note(() => exec(db, 'DROP TABLE series'));
    note(() => db.prepare('SELECT * FROM series(1, 1)').all());
  });

  contract('directOnly keeps a table out of views', ({ db, note }) => {
    const table = definer(db);
    const one = {
      columns: ['a'],
      *rows() {
        yield [1];
      },
    };
    table('free', one);
    table('direct', { ...one, directOnly: true });
    note(() => db.prepare('SELECT * FROM direct').all());
    for (const name of ['free', 'direct']) {
      note(() => exec(db, `CREATE VIEW v_${name} AS SELECT * FROM ${name}`));
      note(() => db.prepare(`SELECT * FROM v_${name}`).all());
      note(() => exec(db, `CREATE TEMP VIEW t_${name} AS SELECT * FROM ${name}`));
      note(() => db.prepare(`SELECT * FROM t_${name}`).all());
    }
    db.pragma('trusted_schema = 0');
    note(() => db.prepare('SELECT * FROM v_free').all());
    note(() => db.prepare('SELECT * FROM free').all());
  });
});

describe('db.table: CREATE VIRTUAL TABLE', () => {
  const statements = [
    'SELECT * FROM mod',
    'SELECT * FROM mod(1)',
    'CREATE VIRTUAL TABLE v1 USING mod',
    'SELECT * FROM v1',
    'SELECT * FROM v1(5)',
    'SELECT *, p, rowid FROM v1 WHERE p = 5',
    'SELECT * FROM v1(5, 6)',
    `CREATE VIRTUAL TABLE v2 USING mod(a, "b c", 'd', e = 1,  2+3 )`,
    'SELECT * FROM V2',
    'CREATE VIRTUAL TABLE v1 USING mod',
    'CREATE VIRTUAL TABLE IF NOT EXISTS v1 USING mod',
    'CREATE VIRTUAL TABLE v3 USING nomod(1)',
    'CREATE VIRTUAL TABLE v4 USING mod(throw)',
    'CREATE VIRTUAL TABLE v5 USING mod(number)',
    'CREATE VIRTUAL TABLE v6 USING mod(unfinished)',
    'CREATE VIRTUAL TABLE v7 USING mod(twice)',
    'CREATE VIRTUAL TABLE sqlite_x USING mod',
    'CREATE VIRTUAL TABLE nowhere.x USING mod',
    "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE name LIKE 'v_'",
    'INSERT INTO v1 VALUES (1, 2)',
    'DELETE FROM v1',
    'UPDATE v1 SET c1 = 1',
    'CREATE INDEX i ON v1 (c1)',
    'CREATE TRIGGER g AFTER INSERT ON v1 BEGIN SELECT 1; END',
    'ALTER TABLE v1 ADD COLUMN z',
    'ALTER TABLE v1 RENAME COLUMN c1 TO z',
    'ALTER TABLE v1 DROP COLUMN c1',
    'ALTER TABLE v1 RENAME TO v9',
    "SELECT name, sql FROM sqlite_schema WHERE name LIKE 'v_'",
    'SELECT * FROM v9',
    'ALTER TABLE v9 RENAME TO v1',
    "SELECT * FROM pragma_table_info('v1')",
    "SELECT * FROM pragma_table_xinfo('v1')",
    "SELECT name, type, ncol FROM pragma_table_list WHERE name = 'v1'",
    'CREATE VIEW w AS SELECT c1 + 1 AS d FROM v2',
    'SELECT * FROM w',
    'SELECT v1.c1, v2.c1 FROM v1 JOIN v2 ON v1.c1 < v2.c1',
    'DROP VIEW v1',
    'DROP TABLE v1',
    'SELECT * FROM v1',
    'CREATE TABLE v2 (a)',
    'CREATE VIRTUAL TABLE temp.tv USING mod',
    'SELECT * FROM tv',
    'SELECT * FROM temp.tv(3)',
    'BEGIN',
    'CREATE VIRTUAL TABLE vr USING mod',
    'SELECT * FROM vr',
    'ROLLBACK',
    'SELECT * FROM vr',
    'PRAGMA integrity_check',
  ];
  contract('factories make tables', ({ db, note }) => {
    const log: string[] = [];
    definer(db)('mod', function (this: { module: string; database: string; table: string }, ...args: string[]) {
      log.push(`${this.module} ${this.database} ${this.table} ${JSON.stringify(args)}`);
      if (args[0] === 'throw') throw 'refused';
      if (args[0] === 'number') return 5;
      if (args[0] === 'unfinished') return { columns: ['a'] };
      if (args[0] === 'twice') return { columns: ['a', 'A'], *rows() {} };
      return {
        columns: ['c1', 'c2'],
        parameters: ['p'],
        *rows(p: unknown) {
          yield [args.length, p];
        },
      };
    });
    for (const sql of statements) {
      note(() => {
        const statement = db.prepare(sql);
        return [sql, statement.reader ? statement.raw().all() : statement.run().changes];
      });
    }
    note(() => log.filter((line) => line.includes('v2')).slice(0, 1));
    note(() => log.filter((line) => line.includes('tv')).slice(0, 1));
  });

  contract('a module defined anew changes its tables', ({ db, note }) => {
    const table = definer(db);
    const making = (word: string) => () => ({
      columns: [word],
      *rows() {
        yield [word];
      },
    });
    table('mod', making('first'));
    db.exec('CREATE VIRTUAL TABLE v USING mod');
    const statement = db.prepare('SELECT * FROM v');
    note(() => statement.all());
    table('MOD', making('second'));
    note(() => statement.all());
    note(() => db.prepare('SELECT * FROM v').all());
  });

  test('tables stay in the file; whoever opens it needs the module', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const folder = mkdtempSync(join(tmpdir(), 'virtual-'));
    const define = (db: InstanceType<typeof SUBJECT>) =>
      db.table('mod', (...words) => ({
        columns: ['word'],
        *rows() {
          for (const word of words) yield [word];
        },
      }));
    const first = define(new SUBJECT(join(folder, 'db')));
    first.exec('CREATE VIRTUAL TABLE v USING mod(a, b)');
    first.close();
    const second = new SUBJECT(join(folder, 'db'));
    expect(() => second.prepare('SELECT * FROM v')).toThrow('no such module: mod');
    expect(() => second.exec('INSERT INTO v VALUES (1)')).toThrow('no such module: mod');
    expect(define(second).prepare('SELECT * FROM v').pluck().all()).toStrictEqual(['a', 'b']);
    second.exec('DROP TABLE v');
    expect(second.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()).toBe(0);
    second.close();
    rmSync(folder, { recursive: true });
  });

  test('a generator that is left early is told so, better-sqlite3 leaves it waiting', () => {
    const db = new SUBJECT(':memory:');
    const log: string[] = [];
    db.table('t', {
      columns: ['a'],
      *rows() {
        try {
          for (let row = 0; ; row++) yield [row];
        } finally {
          log.push('done');
        }
      },
    });
    expect(db.prepare('SELECT a FROM t LIMIT 2').pluck().all()).toStrictEqual([0, 1]);
    expect(db.prepare('SELECT a FROM t').pluck().get()).toBe(0);
    for (const row of db.prepare('SELECT a FROM t').pluck().iterate()) if (row === 5) break;
    expect(log).toStrictEqual(['done', 'done', 'done']);
    db.function('fail', () => {
      throw new RangeError('mine');
    });
    expect(() => db.prepare('SELECT fail() FROM t').all()).toThrow(new RangeError('mine'));
    expect(log.length).toBe(4);
    db.close();
  });
});

describe('db.table: the connection is busy', () => {
  contract('while a generator or factory runs', ({ db, note }) => {
    const table = definer(db);
    const statement = db.prepare('SELECT 1');
    const attempts: (() => unknown)[] = [
      () => db.prepare('SELECT 1'),
      () => db.exec('SELECT 1'),
      () => db.pragma('user_version'),
      () => db.close(),
      () => (db.table as Loose)('x', { columns: ['a'], *rows() {} }),
      () => db.function('x', () => 1),
      () => statement.get(),
      () => statement.run(),
      () => [db.open, db.inTransaction],
    ];
    let attempt: () => unknown = () => 1;
    let outcome: unknown;
    const tryIt = () => {
      try {
        outcome = attempt();
      } catch (error) {
        outcome = String(error);
      }
    };
    table('busy', {
      columns: ['a'],
      *rows() {
        tryIt();
        yield [1];
      },
    });
    table('busy_factory', () => {
      tryIt();
      return { columns: ['a'], *rows() {} };
    });
    for (attempt of attempts) {
      note(() => db.prepare('SELECT * FROM busy').all());
      note(() => outcome);
    }
    for (attempt of attempts.slice(0, 3)) {
      note(() => exec(db, 'CREATE VIRTUAL TABLE IF NOT EXISTS v USING busy_factory; DROP TABLE v'));
      note(() => outcome);
    }
    const iterator = db.prepare('SELECT 1').iterate();
    iterator.next();
    note(() => table('y', { columns: ['a'], *rows() {} }));
    db.unsafeMode();
    note(() => table('y', { columns: ['a'], *rows() {} }));
    iterator.return?.();
    note(() => table('y', { columns: ['a'], *rows() {} }));
    db.close();
    note(() => table('y', { columns: ['a'], *rows() {} }));
  });
});

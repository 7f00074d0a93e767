/** `function`, `aggregate` and `table`: JavaScript called from SQL. */
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const BOOLEAN_OPTIONS = ['varargs', 'deterministic', 'directOnly', 'safeIntegers'] as const;
const NOT_BOOLEANS = [undefined, null, 0, 1, 'true', {}];
const THROWN = [new TypeError('mine'), 'text', 5, null, undefined, { code: 'X' }];
const RETURNED = [
  undefined,
  null,
  0,
  1.5,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  5n,
  9223372036854775807n,
  9223372036854775808n,
  '',
  'text',
  'a\0b',
  Buffer.from('ab'),
  new Uint8Array([1]),
  new ArrayBuffer(2),
  true,
  {},
  [],
  Symbol('s'),
  new Date(0),
  () => 1,
];

const expectOptions = (define: (side: Side, options: object) => unknown) => (side: Side) => {
  for (const option of BOOLEAN_OPTIONS) {
    for (const value of NOT_BOOLEANS) side.note(() => define(side, { [option]: value }));
    for (const value of [true, false]) side.note(() => define(side, { [option]: value }) === side.db);
  }
};

/** A table-valued function of so many rows. */
const numbers = {
  columns: ['n', 'label'],
  parameters: ['count'],
  *rows(count: unknown) {
    for (let n = 1; n <= Number(count); n++) yield [n, `#${n}`];
  },
};

export const functionChecks: readonly SideCheck[] = [
  ...rulesOf('Database.function()', {
    'checks its arguments in order': ({ db, note }) => {
      const fn = (): number => 1;
      for (const args of [
        [],
        [null],
        [1, fn],
        ['f'],
        ['f', null],
        ['f', {}],
        ['f', null, 5],
        ['f', 'x', fn],
        ['f', 5, fn],
        ['', fn],
        ['f', [], fn],
      ]) {
        note(() => wrong(db.function).apply(db, args) === db);
      }
    },
    'options are booleans': expectOptions(({ db }, options) => db.function('f', options, () => 1)),
    'the number of arguments is the length of the function': ({ db, note }) => {
      db.function('two', (a: number, b: number) => a + b);
      for (const args of ['', '1', '1, 2', '1, 2, 3']) note(() => db.prepare(`SELECT two(${args})`).pluck().get());
    },
    'odd lengths': ({ db, note }) => {
      for (const length of [-1, 1.5, '2', Number.NaN, 100, 101, 1e10]) {
        note(
          () =>
            db.function(
              'f',
              Object.defineProperty(() => 1, 'length', { value: length }),
            ) === db,
        );
      }
    },
    'any number of them with varargs': ({ db, note }) => {
      db.function('count', { varargs: true }, (...args: unknown[]) => args.length);
      for (const args of ['', '1', '1, 2, NULL']) note(() => db.prepare(`SELECT count(${args})`).pluck().get());
    },
    'one name for several numbers of arguments': ({ db, note }) => {
      db.function('f', () => 'none');
      db.function('F', (_a: unknown) => 'one');
      db.function('f', { varargs: true }, (...args: unknown[]) => `many ${args.length}`);
      note(() => db.prepare('SELECT f(), f(1), f(1, 2), F(1, 2, 3)').raw().get());
      db.function('f', () => 'again');
      note(() => db.prepare('SELECT f()').pluck().get());
    },
    'a function of SQLite can be replaced': ({ db, note }) => {
      db.function('abs', (a: number) => a * 10);
      note(() => db.prepare('SELECT abs(-2)').pluck().get());
    },
    'gets values': ({ db, note }) => {
      const got: unknown[] = [];
      db.function('take', { varargs: true }, (...args: unknown[]) => {
        got.push(...args);
      });
      db.prepare("SELECT take(1, 1.5, 'x', x'0102', NULL, 9007199254740993, ?)").get(5);
      note(() => got);
      db.function('take', { varargs: true, safeIntegers: true }, (...args: unknown[]) => {
        got.push(...args);
      });
      db.prepare('SELECT take(1, 1.5, 9007199254740993)').get();
      note(() => got);
      db.defaultSafeIntegers();
      db.function('take', { varargs: true }, (...args: unknown[]) => {
        got.push(...args);
      });
      db.prepare('SELECT take(7)').get();
      note(() => got);
    },
    'returns values': ({ db, note }) => {
      for (const value of RETURNED) {
        db.function('give', () => wrong(value));
        note(() => db.prepare('SELECT give() AS v, typeof(give()) AS t').get());
      }
    },
    'what it throws comes out as it is': ({ db, note }) => {
      for (const thrown of THROWN) {
        db.function('fail', () => {
          throw thrown;
        });
        note(() => db.prepare('SELECT fail()').get());
        note(() => db.exec('SELECT fail()'));
        let caught: unknown;
        try {
          db.prepare('SELECT fail()').get();
        } catch (error) {
          caught = error;
        }
        note(() => caught === thrown);
      }
    },
    'this is undefined': ({ db, note }) => {
      let seen: unknown = 'nothing';
      db.function('f', function (this: unknown) {
        seen = this;
        return 1;
      });
      db.prepare('SELECT f()').get();
      note(() => seen);
    },
    'buffers are copies': ({ db, note }) => {
      const kept: Buffer[] = [];
      db.function('keep', (bytes: Buffer) => {
        kept.push(bytes);
        bytes[0] = 9;
        return bytes;
      });
      note(() => db.prepare("SELECT a AS before, keep(a) AS during, a AS after FROM (SELECT x'0102' AS a)").get());
      note(() => kept);
    },
    'deterministic ones go into indexes': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
      db.function('f', (a: number) => -a);
      note(() => db.exec('CREATE INDEX i ON t (f(a))'));
      db.function('f', { deterministic: true }, (a: number) => -a);
      note(() => db.exec('CREATE INDEX i ON t (f(a))').open);
      note(() => db.prepare('SELECT a FROM t WHERE f(a) = -2').all());
    },
    'directOnly ones stay out of the schema': ({ db, note }) => {
      db.function('f', { directOnly: true }, () => 1);
      note(() => db.prepare('SELECT f()').pluck().get());
      note(() => db.exec('CREATE VIEW v AS SELECT f() AS x').open);
      note(() => db.prepare('SELECT * FROM v').get());
    },
    'in every clause': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (3), (1), (2)');
      db.function('half', (a: number) => a / 2);
      note(() => db.prepare('SELECT a FROM t WHERE half(a) >= 1 ORDER BY half(-a)').all());
      note(() => db.prepare('SELECT half(a) AS h, count(*) FROM t GROUP BY half(a) HAVING half(a) > 0.5').all());
      note(() => db.prepare('UPDATE t SET a = half(a)').run());
      note(() => db.prepare('SELECT a FROM t').pluck().all());
    },
  }),
  ...rulesOf('Database.aggregate()', {
    'checks its arguments in order': ({ db, note }) => {
      const step = (): void => {};
      for (const args of [
        [],
        [null],
        [1, { step }],
        ['f'],
        ['f', null],
        ['f', 5],
        ['f', {}],
        ['', { step }],
        ['f', { step: 5 }],
        ['f', { step: null }],
        ['f', { step, inverse: 5 }],
        ['f', { step, result: 5 }],
        ['f', { step, result: null, inverse: null }],
        ['f', step],
      ]) {
        note(() => wrong(db.aggregate).apply(db, args) === db);
      }
    },
    'options are booleans': expectOptions(({ db }, options) => db.aggregate('f', { step: () => {}, ...options })),
    'starts, steps and gives a result': ({ db, note }) => {
      db.exec('CREATE TABLE t (a, g); INSERT INTO t VALUES (1, 1), (2, 1), (3, 2), (NULL, 2)');
      db.aggregate('total_of', { start: 0, step: (total: number, a: number) => total + a });
      db.aggregate('list', {
        start: () => [] as unknown[],
        step: (list: unknown[], a: unknown) => void list.push(a),
        result: (list) => JSON.stringify(list),
      });
      note(() => db.prepare('SELECT total_of(a), list(a) FROM t').get());
      note(() => db.prepare('SELECT g, total_of(a), list(a) FROM t GROUP BY g').all());
      note(() => db.prepare('SELECT total_of(a), list(a) FROM t WHERE 0').get());
      note(() => db.prepare('SELECT list(DISTINCT g), list(a) FILTER (WHERE a > 1) FROM t').get());
    },
    'without a start it is null': ({ db, note }) => {
      db.aggregate('last', { step: (_total: unknown, a: unknown) => a });
      db.aggregate('kept', { start: 'start', step: () => undefined });
      note(() => db.prepare('SELECT last(1), kept(), last(NULL)').get());
      note(() => db.prepare('SELECT last(1) WHERE 0').get());
    },
    'its arguments are those of step, less one': ({ db, note }) => {
      db.aggregate('pair', { start: 0, step: (total: number, a: number, b: number) => total + a * b });
      for (const args of ['', '1', '2, 3', '1, 2, 3']) note(() => db.prepare(`SELECT pair(${args})`).pluck().get());
      db.aggregate('any_of', { varargs: true, start: 0, step: (total: number, ...args: number[]) => total + args.length });
      note(() => db.prepare('SELECT any_of(), any_of(1, 2)').raw().get());
    },
    'what is thrown comes out as it is': ({ db, note }) => {
      const fail = (): never => {
        throw new RangeError('mine');
      };
      db.aggregate('in_start', { start: fail, step: () => 1 });
      db.aggregate('in_step', { start: 0, step: fail });
      db.aggregate('in_result', { start: 0, step: () => 1, result: fail });
      for (const name of ['in_start', 'in_step', 'in_result']) {
        note(() => db.prepare(`SELECT ${name}()`).get());
        note(() => db.prepare(`SELECT ${name}() WHERE 0`).get());
      }
    },
    'results are values': ({ db, note }) => {
      for (const value of RETURNED) {
        db.aggregate('give', { start: 0, step: () => 1, result: () => wrong(value) });
        note(() => db.prepare('SELECT give() AS v').get());
      }
    },
    'over a window, with inverse': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3), (4)');
      const calls: string[] = [];
      db.aggregate('moving', {
        start: () => {
          calls.push('start');
          return 0;
        },
        step: (total: number, a: number) => {
          calls.push(`step ${a}`);
          return total + a;
        },
        inverse: (total: number, a: number) => {
          calls.push(`inverse ${a}`);
          return total - a;
        },
        result: (total: number) => {
          calls.push(`result ${total}`);
          return total;
        },
      });
      note(() =>
        db.prepare('SELECT moving(a) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS m FROM t').pluck().all(),
      );
      note(() => calls);
      note(() => db.prepare('SELECT moving(a) OVER () AS m FROM t').pluck().all());
      note(() => db.prepare('SELECT moving(a) FROM t').pluck().get());
    },
    'over a window without inverse it is an error': ({ db, note }) => {
      db.aggregate('plain', { start: 0, step: (total: number, a: number) => total + a });
      note(() => db.prepare('SELECT plain(1) OVER ()').get());
    },
    'safe integers': ({ db, note }) => {
      const seen: unknown[] = [];
      db.aggregate('f', { safeIntegers: true, step: (_total: unknown, a: unknown) => void seen.push(a) });
      db.prepare('SELECT f(5)').get();
      note(() => seen);
    },
  }),
  ...rulesOf('Database.table()', {
    'checks its arguments': ({ db, note }) => {
      const rows = function* (): Generator<unknown[]> {};
      for (const args of [
        [],
        [null],
        [5, numbers],
        ['t'],
        ['t', null],
        ['t', 5],
        ['t', {}],
        ['', numbers],
        ['t', { rows }],
        ['t', { columns: ['a'] }],
        ['t', { columns: [], rows }],
        ['t', { columns: 'a', rows }],
        ['t', { columns: [5], rows }],
        ['t', { columns: ['a', 'a'], rows }],
        ['t', { columns: ['a'], rows: 5 }],
        ['t', { columns: ['a'], rows: () => [] }],
        ['t', { columns: ['a'], rows, parameters: 5 }],
        ['t', { columns: ['a'], rows, parameters: ['a'] }],
        ['t', { columns: ['a'], rows, parameters: [5] }],
        ['t', { columns: ['a'], rows, parameters: ['x', 'x'] }],
        ['t', { columns: ['a'], rows, safeIntegers: 1 }],
        ['t', { columns: ['a'], rows, directOnly: 1 }],
        ['t', { columns: ['a', 'A'], rows }],
      ]) {
        note(() => wrong(db.table).apply(db, args) === db);
      }
    },
    'rows from a generator': ({ db, note }) => {
      db.table('numbers', numbers);
      note(() => db.prepare('SELECT * FROM numbers(3)').all());
      note(() => db.prepare('SELECT n, label, count FROM numbers(?)').all(2));
      note(() => db.prepare('SELECT * FROM numbers').all());
      note(() => db.prepare('SELECT * FROM numbers WHERE count = 2').all());
      note(() => db.prepare('SELECT * FROM numbers(2) JOIN numbers(2) AS b USING (n)').all());
      note(() => db.prepare('SELECT * FROM numbers(1, 2)').all());
      note(() => db.prepare('SELECT * FROM numbers(NULL)').all());
      note(() => db.prepare('SELECT sum(n) FROM numbers(100) WHERE n % 2').pluck().get());
      note(() => db.prepare('SELECT * FROM numbers(2)').columns());
    },
    'rows as objects': ({ db, note }) => {
      db.table('objects', {
        columns: ['a', 'b'],
        *rows() {
          yield { a: 1, b: 'x' };
          yield { b: 'y', a: 2 };
          yield [3, 'z'];
        },
      });
      note(() => db.prepare('SELECT * FROM objects').all());
    },
    'rows that are none': ({ db, note }) => {
      for (const row of [5, null, 'x', [], [1, 2], {}, { a: 1, b: 2 }, { b: 1 }, [true], [{}], [Symbol('s')], undefined]) {
        db.table('bad', {
          columns: ['a'],
          *rows() {
            yield wrong(row);
          },
        });
        note(() => db.prepare('SELECT * FROM bad').all());
      }
    },
    'what is thrown comes out as it is': ({ db, note }) => {
      db.table('fails', {
        columns: ['a'],
        *rows() {
          yield [1];
          throw new RangeError('mine');
        },
      });
      note(() => db.prepare('SELECT * FROM fails').get());
      note(() => db.prepare('SELECT * FROM fails').all());
    },
    'is read-only': ({ db, note }) => {
      db.table('numbers', numbers);
      note(() => db.prepare('INSERT INTO numbers VALUES (1, 2)').run());
      note(() => db.prepare('DELETE FROM numbers').run());
      note(() => db.prepare('DROP TABLE numbers').run());
    },
    'a factory makes tables': ({ db, note }) => {
      const made: unknown[] = [];
      db.table('sequence', function (this: unknown, ...args: string[]) {
        made.push({ ...(this as object) }, args);
        return {
          columns: ['value'],
          *rows() {
            for (let value = 0; value < Number(args[0]); value++) yield [value];
          },
        };
      } as never);
      note(() => db.exec('CREATE VIRTUAL TABLE five USING sequence(5)').open);
      note(() => db.prepare('SELECT * FROM five').pluck().all());
      note(() => made);
      note(() => db.prepare('SELECT * FROM sequence').all());
      note(() => db.exec('CREATE VIRTUAL TABLE more USING sequence( 2 , \'x y\', "z")').open);
      note(() => made);
      note(() => db.exec('DROP TABLE five').open);
      note(() => db.exec('CREATE VIRTUAL TABLE none USING nothing(1)'));
      note(() => db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all());
    },
  }),
];

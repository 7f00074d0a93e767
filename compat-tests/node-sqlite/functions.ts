/** `function()`, `aggregate()` and `createModule()`: JavaScript that SQL calls. */
import { ODD_VALUES, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const RESULTS: Readonly<Record<string, readonly unknown[]>> = {
  numbers: [0, 1, -0, 1.5, Number.NaN, Infinity, 2 ** 53],
  bigints: [5n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 64n)],
  strings: ['', 'text', 'a\0b', 'ä', '\ud800'],
  'null and undefined': [null, undefined],
  bytes: [
    new Uint8Array(0),
    new Uint8Array([1, 2]),
    Buffer.from('x'),
    new Float64Array([1]),
    new DataView(new ArrayBuffer(2)),
    new ArrayBuffer(2),
  ],
  'what is no value': [true, false, Symbol('s'), {}, [], () => 1, new Date(0), Promise.resolve(1), Object(1)],
};

const results = Object.entries(RESULTS).flatMap(([kind, values]) => [
  ...rulesOf('function()', {
    [`it returns ${kind}`]: ({ db, note }) => {
      let result: unknown;
      db.function('f', () => wrong(result));
      const statement = db.prepare('SELECT typeof(f()) AS t, f() AS v', { readBigInts: true });
      for (const value of values) {
        result = value;
        note(() => statement.get());
      }
    },
  }),
  ...rulesOf('aggregate()', {
    [`its result is ${kind}`]: ({ db, note }) => {
      let result: unknown;
      db.aggregate('f', { start: 0, step: () => 0, result: () => wrong(result) });
      const statement = db.prepare('SELECT f() AS v', { readBigInts: true });
      for (const value of values) {
        result = value;
        note(() => statement.get());
      }
    },
  }),
]);

const THROWN: readonly unknown[] = [new Error('mine'), new RangeError('range'), 'text', 5, null, undefined, Symbol.iterator];

const functionOptions = ['useBigIntArguments', 'varargs', 'deterministic', 'directOnly'].flatMap((option) =>
  rulesOf('function()', {
    [`its option ${option}`]: ({ db, note }) => {
      for (const value of [...ODD_VALUES, undefined, false]) note(() => db.function('f', wrong({ [option]: value }), () => 1));
    },
  }),
);

const aggregateOptions = ['useBigIntArguments', 'varargs', 'directOnly', 'start', 'step', 'result', 'inverse'].flatMap((option) =>
  rulesOf('aggregate()', {
    [`its option ${option}`]: ({ db, note }) => {
      for (const value of [...ODD_VALUES, undefined, false]) {
        note(() => db.aggregate('f', wrong({ start: 0, step: () => 1, [option]: value })));
      }
    },
  }),
);

const fill = (db: Side['db']): void => db.exec('CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 1), (2, 1), (3, 2), (4, NULL)');

const summing = { start: 0, step: (total: number, value: number) => total + value };

export const functionChecks: readonly SideCheck[] = [
  ...results,
  ...functionOptions,
  ...aggregateOptions,
  ...rulesOf('function()', {
    'arguments that are none': ({ db, note }) => {
      for (const value of [undefined, ...ODD_VALUES]) {
        if (typeof value !== 'string') note(() => db.function(wrong(value), () => 1));
        if (typeof value !== 'function') note(() => db.function('f', wrong(value)));
        note(() => db.function('f', wrong(value), () => 1));
        if (typeof value !== 'function') note(() => db.function('f', {}, wrong(value)));
      }
      note(() => Reflect.apply(db.function, db, []));
      note(() => Reflect.apply(db.function, db, ['f']));
    },
    'when it is called by what is sorted': ({ db, note }) => {
      const calls: string[] = [];
      for (const name of ['w', 'x', 'y', 'z']) {
        db.function(name, (value: unknown) => {
          calls.push(`${name}${String(value)}`);
          return wrong(value);
        });
      }
      db.exec('CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (3, 1); CREATE TABLE u (a PRIMARY KEY, b)');
      for (const sql of [
        'SELECT x(a), z(b) FROM t ORDER BY y(b), a',
        'SELECT x(a) FROM t ORDER BY y(b) LIMIT 1',
        'SELECT x(a) FROM t ORDER BY 1',
        'SELECT x(a), z(b) FROM t ORDER BY z(b), y(a)',
        'SELECT DISTINCT x(a) FROM t ORDER BY y(b)',
        'SELECT x(a), count(*) FROM t GROUP BY y(b) ORDER BY z(b)',
        'SELECT x(a), w(b) FROM t WHERE z(a) ORDER BY y(b)',
        'SELECT * FROM (SELECT x(a) FROM t ORDER BY y(b))',
        'INSERT INTO u SELECT x(a) + 10, w(b) FROM t ORDER BY y(b)',
        'SELECT x(a) FROM u ORDER BY +a, y(b)',
        'SELECT a IN (SELECT x(a) FROM u ORDER BY y(b)) FROM t',
        'SELECT x(a) FROM t UNION SELECT y(b) FROM t ORDER BY 1',
        'SELECT group_concat(x(a) ORDER BY y(b)) FROM t',
        'SELECT count(DISTINCT x(a) ORDER BY y(b)) FILTER (WHERE z(a)) FROM t',
        'SELECT sum(w(b)) OVER (PARTITION BY z(a)) FROM t',
        'SELECT x(a), sum(w(b)) FILTER (WHERE z(a)) OVER (PARTITION BY z(b) ORDER BY y(b)) FROM t',
        'SELECT x(a), lag(w(b), y(1), z(a)) OVER (ORDER BY y(b)) FROM t ORDER BY x(b)',
        'CREATE TABLE c AS SELECT x(a) FROM t ORDER BY y(b)',
      ]) {
        note(() => db.exec(sql));
        note(() => calls.splice(0));
      }
    },
    'what it returns': ({ db, note }) => {
      note(() => db.function('f', () => 1));
    },
    'what it is called with': ({ db, note }) => {
      db.function('f', function (this: unknown, a: unknown) {
        note(() => [this === undefined, a]);
        return null;
      });
      const statement = db.prepare('SELECT f(?)');
      for (const value of [1, 1.5, 5n, 'text', 'a\0b', null, new Uint8Array([1, 2])]) statement.get(value);
    },
    'integers that are too large for a number': ({ db, note }) => {
      db.function('f', (a: unknown) => String(a));
      db.function('g', { useBigIntArguments: true }, (a: unknown) => `${typeof a} ${String(a)}`);
      for (const call of ['f(9007199254740991)', 'f(9007199254740993)', 'g(9007199254740993)', 'g(5)', 'g(1.5)']) {
        note(() => db.prepare(`SELECT ${call} AS v`).get());
      }
    },
    'how many arguments': ({ db, note }) => {
      db.function('f', (a: number, b: number) => a + b);
      db.function('g', { varargs: true }, (...all: unknown[]) => all.length);
      db.function('h', (a: number, b = 5) => a + b);
      for (const call of ['f()', 'f(1)', 'f(1, 2)', 'f(1, 2, 3)', 'g()', 'g(1, 2, 3)', 'h(1)', 'h(1, 2)']) {
        note(() => db.prepare(`SELECT ${call} AS v`).get());
      }
    },
    'a length that is none': ({ db, note }) => {
      for (const length of [-1, 1.5, 'x', 1001, undefined, null]) {
        const fn = Object.defineProperty(() => 1, 'length', { value: length });
        note(() => db.function('f', fn));
        note(() => db.prepare('SELECT f() AS v').get());
      }
    },
    'names of every kind': ({ db, note }) => {
      for (const name of ['', 'ä', 'a b', 'x'.repeat(255), 'x'.repeat(256), 'a\0b', 'abs', 'F']) {
        note(() => db.function(name, () => 7));
        note(() => db.prepare(`SELECT "${name.replace('\0', '')}"() AS v`).get());
      }
    },
    'one of SQLite is replaced': ({ db, note }) => {
      db.function('upper', (a: unknown) => `mine ${String(a)}`);
      note(() => db.prepare("SELECT upper('x') AS v").get());
    },
    'replaced and overloaded': ({ db, note }) => {
      db.function('f', () => 0);
      db.function('f', (_a: unknown) => 1);
      db.function('F', () => 'other');
      note(() => db.prepare('SELECT f() AS a, f(1) AS b').get());
    },
    'while a statement runs': ({ db, note }) => {
      db.function('f', () => 1);
      const iterator = db.prepare('SELECT f() AS a UNION ALL SELECT f()').iterate();
      note(() => iterator.next());
      note(() => db.function('f', () => 2));
      note(() => db.function('g', () => 2));
      note(() => iterator.next());
    },
    'what it throws': ({ db, note }) => {
      let thrown: unknown;
      db.function('f', () => {
        throw thrown;
      });
      for (const value of THROWN) {
        thrown = value;
        note(() => db.prepare('SELECT f()').get());
        note(() => db.prepare('SELECT f()').all());
        note(() => db.prepare('SELECT f()').run());
        note(() => [...db.prepare('SELECT f()').iterate()]);
        note(() => db.exec('SELECT f()'));
      }
      note(() => db.prepare('SELECT 1 AS a').get());
    },
    'a statement that it fails changes nothing': ({ db, note }) => {
      fill(db);
      db.function('f', (a: number) => {
        if (a === 3) throw new Error('three');
        return a;
      });
      note(() => db.prepare('UPDATE t SET a = f(a) + 10').run());
      note(() => db.prepare('SELECT a FROM t').all());
    },
    'deterministic ones in indexes': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      db.function('f', { deterministic: true }, (a: number) => a);
      db.function('g', (a: number) => a);
      note(() => db.exec('CREATE INDEX i ON t (f(a))'));
      note(() => db.exec('CREATE INDEX j ON t (g(a))'));
    },
    'direct ones in views': ({ db, note }) => {
      db.function('f', { directOnly: true }, () => 1);
      db.exec('CREATE VIEW v AS SELECT f() AS a');
      note(() => db.prepare('SELECT f() AS a').get());
      note(() => db.prepare('SELECT a FROM v').get());
    },
    'it uses the database': ({ db, note }) => {
      fill(db);
      db.function('reads', () => (db.prepare('SELECT max(a) AS m FROM t').get() as { m: number }).m);
      db.function('writes', () => Number(db.prepare('INSERT INTO t VALUES (9, 9)').run().changes));
      note(() => db.prepare('SELECT reads() AS v').get());
      note(() => db.prepare('SELECT writes() AS v').get());
      note(() => db.prepare('SELECT count(*) AS n FROM t').get());
    },
    'it looks at the database': ({ db, note }) => {
      db.function('f', () => {
        note(() => [db.isOpen, db.isTransaction, db.location(), db.limits.attach]);
        return 1;
      });
      note(() => db.prepare('SELECT f() AS v').get());
      db.exec('BEGIN');
      note(() => db.prepare('SELECT f() AS v').get());
    },
    'it closes the database': ({ db, note }) => {
      db.function('f', () => {
        db.close();
        return 1;
      });
      note(() => db.prepare('SELECT f() AS v').get());
      note(() => db.isOpen);
      db.function('g', () => {
        db[Symbol.dispose]();
        return 1;
      });
      note(() => db.prepare('SELECT g() AS v').get());
      note(() => db.isOpen);
    },
    'it runs its own statement': ({ db, note }) => {
      let statement: ReturnType<typeof db.prepare> | undefined;
      db.function('f', () => {
        statement?.get();
        return 1;
      });
      statement = db.prepare('SELECT f() AS v');
      note(() => statement?.get());
      note(() => statement?.all());
    },
    'it closes its own statement': ({ db, note }) => {
      let statement: ReturnType<typeof db.prepare> | undefined;
      db.function('f', () => {
        statement?.close();
        return 1;
      });
      statement = db.prepare('SELECT f() AS v');
      note(() => statement?.get());
    },
    'another database works inside': ({ db, open, note }) => {
      const other = open();
      db.function('f', () => (other.prepare('SELECT 5 AS v').get() as { v: number }).v);
      note(() => db.prepare('SELECT f() AS v').get());
    },
  }),
  ...rulesOf('aggregate()', {
    'arguments that are none': ({ db, note }) => {
      note(() => db.aggregate('f', {} as never));
      note(() => db.aggregate('f', { start: 0 } as never));
      note(() => db.aggregate('f', { step: () => 1 } as never));
    },
    'sums, with and without groups and rows': ({ db, note }) => {
      fill(db);
      note(() => db.aggregate('mysum', summing));
      note(() => db.prepare('SELECT mysum(a) AS s FROM t').get());
      note(() => db.prepare('SELECT b, mysum(a) AS s FROM t GROUP BY b').all());
      note(() => db.prepare('SELECT mysum(a) AS s FROM t WHERE 0').get());
      note(() => db.prepare('SELECT mysum(DISTINCT b) AS s FROM t').get());
      note(() => db.prepare('SELECT mysum(a) FILTER (WHERE a > 1) AS s FROM t').get());
    },
    'start as a function': ({ db, note }) => {
      fill(db);
      db.aggregate('list', {
        start: () => [] as unknown[],
        step: (list: unknown[], value: unknown) => [...list, value],
        result: (list: unknown[]) => list.join(),
      });
      note(() => db.prepare('SELECT b, list(a) AS l FROM t GROUP BY b').all());
    },
    'start as an object is shared': ({ db, note }) => {
      fill(db);
      const start: unknown[] = [];
      db.aggregate('list', {
        start: wrong(start),
        step: wrong((list: unknown[], value: unknown) => {
          list.push(value);
          return list;
        }),
        result: wrong((list: unknown[]) => list.join()),
      });
      note(() => db.prepare('SELECT list(a) AS l FROM t').get());
      note(() => db.prepare('SELECT list(a) AS l FROM t').get());
    },
    'undefined from step': ({ db, note }) => {
      fill(db);
      db.aggregate('f', wrong({ start: 5, step: () => undefined, result: (value: unknown) => String(value) }));
      note(() => db.prepare('SELECT f(a) AS v FROM t').get());
    },
    'start null': ({ db, note }) => {
      fill(db);
      db.aggregate('f', wrong({ start: null, step: (total: unknown, value: unknown) => `${String(total)},${String(value)}` }));
      note(() => db.prepare('SELECT f(a) AS v FROM t').get());
      note(() => db.prepare('SELECT f(a) AS v FROM t WHERE 0').get());
    },
    'what it is called with': ({ db, note }) => {
      db.aggregate('f', {
        start(this: unknown) {
          note(() => ['start', this === null, this === undefined]);
          return 1;
        },
        step: wrong(function (this: unknown, ...args: unknown[]) {
          note(() => ['step', this === undefined, args]);
          return 2;
        }),
        result: wrong(function (this: unknown, ...args: unknown[]) {
          note(() => ['result', this === null, args]);
          return 3;
        }),
        varargs: true,
      });
      note(() => db.prepare('SELECT f(1, 2) AS v').get());
    },
    'window functions': ({ db, note }) => {
      fill(db);
      db.aggregate('mysum', { ...summing, inverse: (total: number, value: number) => total - value });
      note(() => db.prepare('SELECT mysum(a) OVER (ORDER BY a ROWS 1 PRECEDING) AS s FROM t').all());
      note(() => db.prepare('SELECT mysum(a) OVER (PARTITION BY b) AS s FROM t').all());
      note(() => db.prepare('SELECT mysum(a) AS s FROM t').all());
    },
    'no window without inverse': ({ db, note }) => {
      fill(db);
      db.aggregate('mysum', summing);
      note(() => db.prepare('SELECT mysum(a) OVER (ORDER BY a) AS s FROM t').all());
    },
    'how many arguments': ({ db, note }) => {
      db.aggregate('f', { start: 0, step: (_total: unknown, _a: unknown, _b: unknown) => 1 });
      db.aggregate('g', wrong({ start: 0, step: () => 1 }));
      db.aggregate('h', { start: 0, step: wrong((...all: unknown[]) => all.length), varargs: true });
      db.aggregate('i', wrong({ start: 0, step: (_t: unknown) => 1, inverse: (_t: unknown, _a: unknown, _b: unknown) => 1 }));
      for (const call of ['f()', 'f(1)', 'f(1, 2)', 'g()', 'g(1)', 'h()', 'h(1, 2, 3)', 'i()', 'i(1, 2)']) {
        note(() => db.prepare(`SELECT ${call} AS v`).get());
      }
    },
    'what start, step, inverse and result throw': ({ db, note }) => {
      fill(db);
      for (const place of ['start', 'step', 'inverse', 'result']) {
        const fail = (): never => {
          throw new RangeError(place);
        };
        db.aggregate('f', wrong({ start: () => 0, step: (_t: unknown, a: unknown) => a, inverse: () => 0, [place]: fail }));
        note(() => db.prepare('SELECT f(a) AS v FROM t').get());
        note(() => db.prepare('SELECT f(a) OVER (ORDER BY a ROWS 1 PRECEDING) AS v FROM t').all());
      }
      note(() => db.prepare('SELECT 1 AS a').get());
    },
    'large integers': ({ db, note }) => {
      db.aggregate('f', { start: '', step: (_t: string, a: unknown) => `${typeof a} ${String(a)}` });
      db.aggregate('g', { start: '', useBigIntArguments: true, step: (_t: string, a: unknown) => `${typeof a} ${String(a)}` });
      for (const call of ['f(5)', 'f(9007199254740993)', 'g(5)', 'g(9007199254740993)', 'g(1.5)', 'g(NULL)']) {
        note(() => db.prepare(`SELECT ${call} AS v`).get());
      }
    },
    'direct ones in views': ({ db, note }) => {
      db.aggregate('f', { ...summing, directOnly: true });
      db.exec('CREATE VIEW v AS SELECT f(1) AS a');
      note(() => db.prepare('SELECT a FROM v').get());
    },
  }),
  ...rulesOf('createModule()', {
    'arguments that are none': ({ db, note }) => {
      const options = { columns: [{ name: 'a', type: 'ANY' }], rows: () => [] };
      for (const value of [undefined, ...ODD_VALUES]) {
        if (typeof value !== 'string') note(() => db.createModule(wrong(value), options));
        note(() => db.createModule('m', wrong(value)));
        note(() => db.createModule('m', { ...options, columns: wrong(value) }));
        note(() => db.createModule('m', { ...options, columns: [wrong(value)] }));
        if (typeof value !== 'function') note(() => db.createModule('m', { ...options, rows: wrong(value) }));
      }
    },
    'columns that are none': ({ db, note }) => {
      for (const column of [
        {},
        { name: 5 },
        { name: '' },
        { name: 'a', type: 5 },
        { name: 'a', type: 'ODD' },
        { name: 'a', type: 'TEXT' },
        { name: 'a', type: 'integer' },
        { name: 'a', type: 'ANY', hidden: 5 },
        { name: 'a', type: 'ANY', hidden: true },
        { name: 5, type: 'ANY' },
        { name: '', type: 'ANY' },
      ]) {
        note(() => db.createModule('m', { columns: [wrong(column)], rows: () => [] }));
      }
      note(() =>
        db.createModule('m', {
          columns: [
            { name: 'a', type: 'ANY' },
            { name: 'A', type: 'ANY' },
          ],
          rows: () => [],
        }),
      );
    },
    'options that are none': ({ db, note }) => {
      for (const option of ['directOnly', 'useBigIntArguments']) {
        for (const value of [...ODD_VALUES, undefined]) {
          note(() =>
            db.createModule(`m_${option}`, wrong({ columns: [{ name: 'a', type: 'ANY' }], rows: () => [], [option]: value })),
          );
        }
      }
    },
    'rows of a table': ({ db, note }) => {
      note(() =>
        db.createModule('pairs', {
          columns: [
            { name: 'a', type: 'INTEGER' },
            { name: 'b', type: 'TEXT' },
          ],
          rows: () => [
            [1, 'one'],
            [2, 'two'],
          ],
        }),
      );
      note(() => db.prepare('SELECT * FROM pairs').all());
      note(() => db.prepare('SELECT b FROM pairs WHERE a = 2').get());
      note(() => db.prepare('SELECT * FROM pairs').columns());
      note(() => db.prepare('SELECT count(*) AS n FROM pairs AS x, pairs AS y').get());
      note(() => db.exec('INSERT INTO pairs VALUES (1, 2)'));
    },
    'rows of a generator': ({ db, note }) => {
      db.createModule('numbers', {
        columns: [{ name: 'a', type: 'ANY' }],
        *rows() {
          for (let number = 0; number < 5; number++) yield [number];
        },
      });
      note(() => db.prepare('SELECT a FROM numbers').all());
      note(() => db.prepare('SELECT a FROM numbers LIMIT 2').all());
    },
    'parameters in hidden columns': ({ db, note }) => {
      db.createModule('series', {
        columns: [
          { name: 'value', type: 'INTEGER' },
          { name: 'first', type: 'ANY', hidden: true },
          { name: 'last', type: 'ANY', hidden: true },
        ],
        rows: wrong(function* (first: unknown, last: unknown) {
          note(() => [first, last]);
          for (let number = Number(first); number <= Number(last); number++) yield [number];
        }),
      });
      note(() => db.prepare('SELECT value FROM series(1, 3)').all());
      note(() => db.prepare('SELECT value, first FROM series WHERE first = 1 AND last = 2').all());
      note(() => db.prepare('SELECT value FROM series(1)').all());
      note(() => db.prepare('SELECT value FROM series').all());
    },
    'CREATE VIRTUAL TABLE': ({ db, note }) => {
      db.createModule('one', { columns: [{ name: 'a', type: 'ANY' }], rows: () => [[1]] });
      note(() => db.exec('CREATE VIRTUAL TABLE t USING one'));
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.exec('CREATE VIRTUAL TABLE u USING one(x, y)'));
      note(() => db.exec('DROP TABLE t'));
    },
    'rows that are none': ({ db, note }) => {
      let rows: unknown;
      db.createModule('m', {
        columns: [
          { name: 'a', type: 'ANY' },
          { name: 'b', type: 'TEXT' },
        ],
        rows: () => wrong(rows),
      });
      for (const value of [
        undefined,
        null,
        5,
        'text',
        [5],
        [null],
        [{}],
        [[1]],
        [[1, 2, 3]],
        [[{}, 1]],
        [[Symbol('s'), 1]],
        [[1n, true]],
        [[undefined, null]],
      ]) {
        rows = value;
        note(() => db.prepare('SELECT a, b FROM m').all());
      }
    },
    'what it throws': ({ db, note }) => {
      db.createModule('m', {
        columns: [{ name: 'a', type: 'ANY' }],
        rows: () => {
          throw new RangeError('mine');
        },
      });
      db.createModule('n', {
        columns: [{ name: 'a', type: 'ANY' }],
        *rows() {
          yield [1];
          throw new RangeError('mine');
        },
      });
      note(() => db.prepare('SELECT a FROM m').all());
      note(() => db.prepare('SELECT a FROM n').all());
    },
    'twice with one name': ({ db, note }) => {
      const make = (value: number) => ({ columns: [{ name: 'a', type: 'ANY' }], rows: () => [[value]] });
      note(() => db.createModule('m', make(1)));
      note(() => db.createModule('m', make(2)));
      note(() => db.prepare('SELECT a FROM m').all());
    },
  }),
];

/** Parameters in, values out: `bind()`, the arguments of every call, the types of both sides. */
import { runInNewContext } from 'node:vm';
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

/** What arrives of the values, and as which type. */
function arrive({ db, note }: Side, ...values: unknown[]): void {
  for (const value of values) {
    note(() => db.prepare('SELECT typeof(?)').pluck().get(value));
    note(() => db.prepare('SELECT ? AS v').pluck().get(value));
  }
}

const WITH_A_HOLE: unknown[] = [];
WITH_A_HOLE[1] = 1;

class Point {
  x = 1;
}

/** Every call that takes parameters, with the same ones. */
function everyCall({ db, note }: Side, sql: string, ...params: unknown[]): void {
  note(() => db.prepare(sql).get(...params));
  note(() => db.prepare(sql).all(...params));
  note(() => db.prepare(sql).run(...params));
  note(() => [...db.prepare(sql).iterate(...params)]);
  note(() =>
    db
      .prepare(sql)
      .bind(...params)
      .get(),
  );
}

const CALLS: Readonly<Record<string, readonly (readonly [string, ...unknown[]])[]>> = {
  'none where none are': [['SELECT 1 AS a'], ['SELECT 1 AS a', []], ['SELECT 1 AS a', {}]],
  'as arguments': [['SELECT ? AS a, ? AS b', 1, 'x']],
  'as an array': [['SELECT ? AS a, ? AS b', [1, 'x']]],
  'as arguments and arrays': [
    ['SELECT ? AS a, ? AS b, ? AS c, ? AS d', 1, [2, 3], 4],
    ['SELECT ? AS a, ? AS b', [1], [2]],
  ],
  'an empty array is nothing': [['SELECT ? AS a', [], 1, []]],
  'nested arrays': [['SELECT ? AS a', [[1]]]],
  'holes are NULL': [['SELECT ? AS a, ? AS b', WITH_A_HOLE]],
  'too few': [['SELECT ?, ?', 1], ['SELECT ?, ?'], ['SELECT ?, ?', []], ['SELECT ?', {}]],
  'too many': [
    ['SELECT ?', 1, 2],
    ['SELECT 1', 1],
    ['SELECT 1', [1]],
    ['SELECT 1', null],
    ['SELECT 1', undefined],
    ['SELECT ?', [1], [2]],
  ],
  'by name': [
    ['SELECT :a AS a, @b AS b, $c AS c', { a: 1, b: 2, c: 3 }],
    ['SELECT $a AS a, $a AS b', { a: 1 }],
    ['SELECT :a AS a', { a: 1, unused: {} }],
  ],
  'a name that is missing': [
    ['SELECT :a', {}],
    ['SELECT :a, :b', { a: 1 }],
    ['SELECT :a', { A: 1 }],
    ['SELECT :a', { ':a': 1 }],
  ],
  'no object where names are': [['SELECT :a'], ['SELECT :a', 1], ['SELECT :a', [1]], ['SELECT ?, :a', 1]],
  'undefined by name is NULL': [['SELECT :a AS a', { a: undefined }]],
  'inherited names do not count': [
    ['SELECT :a', Object.create({ a: 1 })],
    ['SELECT :toString', {}],
  ],
  'names and values together': [
    ['SELECT ? AS x, :a AS a, ? AS y', 1, { a: 2 }, 3],
    ['SELECT ? AS x, :a AS a', { a: 2 }, 3],
    ['SELECT ? AS x, :a AS a', [1], { a: 2 }],
    ['SELECT ? AS x, :a AS a', 1, 2, { a: 2 }],
  ],
  'two objects': [
    ['SELECT :a, :b', { a: 1 }, { b: 2 }],
    ['SELECT :a', { a: 1 }, {}],
    ['SELECT ?', {}, {}],
  ],
  'an object where no names are': [
    ['SELECT ? AS a', { a: 1 }],
    ['SELECT ? AS a', 1, { a: 1 }],
    ['SELECT 1 AS a', { a: 1 }],
  ],
  'instances of classes': [
    ['SELECT :x', new Point()],
    ['SELECT ?', new Point()],
    ['SELECT :x', new Map([['x', 1]])],
    ['SELECT ?', new Date(0)],
    ['SELECT :x', new Date(0)],
    ['SELECT :x', () => {}],
    ['SELECT ?', () => {}],
  ],
  'objects of another realm': [
    ['SELECT :a AS a', runInNewContext('({ a: 5 })')],
    ['SELECT ? AS a', runInNewContext('[5]')],
    ['SELECT :a AS a', Object.assign(Object.create(null), { a: 5 })],
  ],
  'numbered parameters are names': [
    ['SELECT ?1 AS a', { 1: 5 }],
    ['SELECT ?1 AS a', 5],
    ['SELECT ?2 AS a, ?1 AS b', { 1: 5, 2: 6 }],
    ['SELECT ?1 AS a, ? AS b', { 1: 5 }, 6],
    ['SELECT ?3 AS a', { 3: 5 }],
  ],
  'a getter is called': [
    [
      'SELECT :a AS a',
      {
        get a() {
          return 5;
        },
      },
    ],
  ],
  'odd names': [
    ['SELECT :é AS a', { é: 5 }],
    ['SELECT $a::b AS a', { 'a::b': 5 }],
    ['SELECT $a(x y) AS a', { 'a(x y)': 5 }],
    ['SELECT :__proto__ AS a', { ['__proto__']: 5 }],
    ['SELECT :_1 AS a', { _1: 5 }],
  ],
  'values that cannot be bound': [
    ['SELECT ?', true],
    ['SELECT ?', Symbol('s')],
    ['SELECT ?', {}],
    ['SELECT ?', [{}]],
    ['SELECT ?', [true]],
    ['SELECT :a', { a: true }],
    ['SELECT :a', { a: {} }],
    ['SELECT :a', { a: [] }],
    ['SELECT ?', new ArrayBuffer(4)],
    ['SELECT ?', /x/],
    ['SELECT ?', Object(5)],
    ['SELECT ?', new String('x')],
  ],
  'one too many that cannot be bound': [
    ['SELECT 1', {}],
    ['SELECT 1', true],
    ['SELECT 1', new Date(0)],
    ['SELECT ?', 1, true],
  ],
};

export const valueChecks: readonly SideCheck[] = [
  ...rulesOf(
    'parameters',
    Object.fromEntries(
      Object.entries(CALLS).map(([rule, calls]) => [
        rule,
        (side: Side) => {
          for (const [sql, ...params] of calls) everyCall(side, sql, ...params);
        },
      ]),
    ),
  ),
  ...rulesOf('values', {
    'numbers are REAL': (side) => {
      arrive(
        side,
        0,
        -0,
        1,
        -1,
        1.5,
        1e308,
        5e-324,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        2 ** 53,
        2 ** 53 + 2,
        2 ** 63,
        -(2 ** 63),
        0.1,
      );
    },
    'a column may make integers of them': ({ db, note }) => {
      db.exec('CREATE TABLE t (i INTEGER, r REAL, t TEXT, b BLOB, n NUMERIC, x)');
      const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)');
      for (const value of [1, 1.5, -0, 1e15, 1e20, 25n, '7', '7.0', 'x', null, Buffer.from('7')]) {
        insert.run(value, value, value, value, value, value);
        note(() =>
          db
            .prepare('SELECT i, typeof(i), r, typeof(r), t, typeof(t), b, typeof(b), n, typeof(n), x, typeof(x) FROM t')
            .raw()
            .get(),
        );
        db.exec('DELETE FROM t');
      }
    },
    'bigints are INTEGER': (side) => {
      arrive(
        side,
        0n,
        1n,
        -1n,
        9223372036854775807n,
        -9223372036854775808n,
        9223372036854775808n,
        -9223372036854775809n,
        2n ** 100n,
      );
    },
    'large integers lose digits, or are bigints': ({ db, note }) => {
      for (const literal of [
        '9007199254740991',
        '9007199254740993',
        '-9007199254740993',
        '9223372036854775807',
        '-9223372036854775808',
      ]) {
        note(() => db.prepare(`SELECT ${literal}`).pluck().get());
        note(() => db.prepare(`SELECT ${literal}`).pluck().safeIntegers().get());
      }
    },
    'texts are TEXT': (side) => {
      arrive(
        side,
        '',
        'a',
        'ü',
        '🦀',
        'a\0b',
        '\0',
        '\ud800',
        'x\udc00y',
        '\ufeff',
        '\uffff',
        'a'.repeat(5000),
        'ü'.repeat(5000),
        '🦀'.repeat(3000),
        '"',
        "'",
      );
    },
    'bytes are BLOB': (side) => {
      arrive(
        side,
        Buffer.alloc(0),
        Buffer.from('abc'),
        new Uint8Array([1, 2]),
        new Uint16Array([1, 2]),
        new Float64Array([1.5]),
        new Uint8ClampedArray([255]),
        new BigInt64Array([1n]),
        Buffer.alloc(5000, 7),
        new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
      );
    },
    'nothing is NULL': (side) => {
      arrive(side, null, undefined);
    },
    'blobs are copies': ({ db, note }) => {
      const statement = db.prepare("SELECT x'010203'").pluck();
      const blob = statement.get() as Buffer;
      note(() => Buffer.isBuffer(blob));
      blob[0] = 9;
      note(() => statement.get());
    },
    'what SQL computes': ({ db, note }) => {
      for (const expr of [
        '1',
        '1.0',
        "'x'",
        "x''",
        'NULL',
        '1 = 1',
        '5 / 2',
        '5.0 / 2',
        '1e400',
        '-1e400',
        '0.1 + 0.2',
        "CAST('5' AS INTEGER)",
        'zeroblob(3)',
        "'a' || NULL",
        '9223372036854775807 + 1',
        "json('{}')",
        'abs(-5)',
        'random() IS NOT NULL',
      ]) {
        note(() => db.prepare(`SELECT ${expr} AS v`).get());
      }
    },
    'invalid UTF-8 in a text': ({ db, note }) => {
      for (const hex of ['ff', '61ff62', 'c3', 'e282', 'f09f', 'eda080', '61006200']) {
        note(() => db.prepare(`SELECT CAST(x'${hex}' AS TEXT) AS v`).get());
        note(() => db.prepare(`SELECT length(CAST(x'${hex}' AS TEXT)) AS v`).get());
      }
    },
  }),
  ...rulesOf('Statement.bind()', {
    'values stay': ({ db, note }) => {
      const statement = db.prepare('SELECT ? AS a, :b AS b');
      note(() => statement.bind(1, { b: 2 }) === statement);
      note(() => statement.get());
      note(() => statement.get());
      note(() => statement.all());
      note(() => statement.get(1));
      note(() => statement.get({}));
      note(() => statement.get([]));
      note(() => statement.run(1));
      note(() => statement.iterate(1));
    },
    'once only': ({ db, note }) => {
      const statement = db.prepare('SELECT ? AS a').bind(1);
      note(() => statement.bind(2));
      note(() => statement.bind());
      note(() => statement.get());
    },
    'one that failed is none': ({ db, note }) => {
      const statement = db.prepare('SELECT ? AS a');
      note(() => statement.bind());
      note(() => statement.bind(wrong({})));
      note(() => statement.bind(1, 2));
      note(() => statement.get(5));
      note(() => statement.bind(6).get());
    },
    'bytes are copied': ({ db, note }) => {
      const bytes = Buffer.from('abc');
      const statement = db.prepare('SELECT ? AS a').bind(bytes);
      bytes.fill(0);
      note(() => statement.get());
    },
    'without parameters': ({ db, note }) => {
      const statement = db.prepare('SELECT 1 AS a').bind();
      note(() => statement.get());
      note(() => statement.get(1));
      note(() => statement.bind());
    },
    'a writer too': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      const insert = db.prepare('INSERT INTO t VALUES (?)').bind('x');
      note(() => insert.run());
      note(() => insert.run());
      note(() => db.prepare('SELECT * FROM t').all());
    },
  }),
  ...rulesOf('Statement.toString()', {
    'the text, or what it runs once parameters are bound': ({ db, note }) => {
      for (const value of [
        1,
        1.5,
        -0,
        25n,
        'x',
        "it's",
        Buffer.from([1, 2]),
        null,
        undefined,
        Number.NaN,
        1e300,
        'a'.repeat(3000),
        Buffer.alloc(2000, 1),
      ]) {
        const statement = db.prepare('SELECT ? AS a, 5 -- x');
        note(() => statement.toString());
        note(() => `${statement.bind(value)}`);
      }
      note(() => `${db.prepare('SELECT :a, @b, $c, ?9, :a').bind({ a: 1, b: 'x', c: null, 9: 9n })}`);
    },
  }),
];

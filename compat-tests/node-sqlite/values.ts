/** What becomes of JavaScript's values in SQL and of SQL's in JavaScript; which parameters arguments fill. */
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  integers: [0, 1, -1, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e300],
  'numbers that are no integers': [0.5, -0, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE],
  bigints: [0n, 5n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, -(2n ** 63n) - 1n, 2n ** 100n],
  strings: ['', 'text', 'ä€\u{1F980}', 'a\0b', '\ud800', 'x'.repeat(5000), 'ä'.repeat(3000)],
  'null and undefined': [null, undefined],
  booleans: [true, false],
  bytes: [new Uint8Array(0), new Uint8Array([1, 2]), Buffer.from('abc'), new Uint8Array(5000).fill(7)],
  'other views and buffers': [
    new Uint16Array([1, 2]),
    new Float64Array([1]),
    new DataView(new ArrayBuffer(3)),
    new ArrayBuffer(3),
    new SharedArrayBuffer(2),
    new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
    new Uint8ClampedArray(2),
    new BigInt64Array(1),
  ],
  'what is no value': [
    Symbol('s'),
    () => 1,
    {},
    [],
    [1],
    new Date(0),
    /x/,
    new Map(),
    Object.create(null),
    new Error('x'),
    Promise.resolve(),
  ],
  'boxed values': [Object(1), Object('x'), Object(true), Object(1n)],
};

const DATA = 'SELECT typeof(?1) AS t, ?1 AS v, quote(?1) AS q';

const bound = Object.entries(VALUES).flatMap(([kind, values]) =>
  rulesOf('binding', {
    [`${kind}, as the first argument`]: ({ db, note }) => {
      for (const value of values) {
        for (const readBigInts of [false, true]) note(() => db.prepare(DATA, { readBigInts }).get(wrong(value)));
      }
    },
    [`${kind}, as the second argument`]: ({ db, note }) => {
      for (const value of values) note(() => db.prepare('SELECT typeof(?2) AS t, ?2 AS v').get(1, wrong(value)));
    },
    [`${kind}, by name`]: ({ db, note }) => {
      for (const value of values) note(() => db.prepare('SELECT typeof($a) AS t, $a AS v').get({ a: wrong(value) }));
    },
    [`${kind}, in columns with an affinity`]: ({ db, note }) => {
      db.exec('CREATE TABLE t (i INTEGER, r REAL, t TEXT, b BLOB, n NUMERIC)');
      const insert = db.prepare('INSERT INTO t VALUES ($v, $v, $v, $v, $v)');
      for (const value of values) {
        note(() => insert.run({ v: wrong(value) }));
        note(() => db.prepare('SELECT typeof(i), typeof(r), typeof(t), typeof(b), typeof(n) FROM t').all());
        db.exec('DELETE FROM t');
      }
    },
  }),
);

const READ = [
  '9007199254740991',
  '9007199254740992',
  '-9007199254740991',
  '-9007199254740992',
  '9223372036854775807',
  '-9223372036854775808',
  '1.0',
  '1e999',
  '-0.0',
  '1.5',
  "''",
  "'text'",
  "'a' || char(0) || 'b'",
  "'ä€'",
  "CAST(x'ff41' AS TEXT)",
  "CAST(x'c3' AS TEXT)",
  "x''",
  "x'0102'",
  'zeroblob(3000)',
  'NULL',
  'hex(zeroblob(3000))',
];

const read = READ.flatMap((expression) =>
  rulesOf('reading', {
    [expression]: ({ db, note }) => {
      for (const readBigInts of [false, true]) {
        for (const returnArrays of [false, true]) {
          const statement = db.prepare(`SELECT ${expression} AS v, 1 AS w`, { readBigInts, returnArrays });
          note(() => statement.get());
          note(() => statement.all());
          note(() => [...statement.iterate()]);
        }
      }
    },
  }),
);

interface Call {
  readonly sql: string;
  readonly calls: readonly (readonly unknown[])[];
}

const CALLS: Readonly<Record<string, Call>> = {
  'anonymous ones': { sql: 'SELECT ? AS a, ? AS b', calls: [[], [1], [1, 2], [1, 2, 3], [undefined, 1], [[1, 2]]] },
  'numbered ones': { sql: 'SELECT ?2 AS a, ?1 AS b', calls: [[1, 2], [{ 1: 1, 2: 2 }], [{ '?1': 1, '?2': 2 }], [1, 2, 3]] },
  'numbers with gaps': { sql: 'SELECT ?1 AS a, ?5 AS b', calls: [[1, 2, 3, 4, 5], [1], [1, 2, 3, 4, 5, 6]] },
  'named ones': {
    sql: 'SELECT :a AS a, @b AS b, $c AS c',
    calls: [
      [{ a: 1, b: 2, c: 3 }],
      [{ ':a': 1, '@b': 2, $c: 3 }],
      [{ a: 1 }],
      [{}],
      [],
      [{ a: 1, d: 2 }],
      [{ $a: 1 }],
      [1, 2, 3],
      [{ a: 1 }, { b: 2 }],
      [{ a: undefined }],
      [{ a: 1, ':a': 2 }],
      [{ ':a': 2, a: 1 }],
    ],
  },
  'named and anonymous ones': {
    sql: 'SELECT ? AS a, :b AS b, ? AS c',
    calls: [[{ b: 1 }, 2, 3], [1, 2], [1, 2, 3], [{ b: 1 }], [{ b: 1 }, 2, 3, 4], [1, { b: 1 }], [null, 1]],
  },
  'names that differ in their first letter': {
    sql: 'SELECT :a AS a, $a AS b',
    calls: [[{ a: 1 }], [{ ':a': 1, $a: 2 }], [{ $a: 2 }], [1, 2]],
  },
  'one name twice': { sql: 'SELECT :a AS a, :a AS b', calls: [[{ a: 1 }], [1], [1, 2]] },
  'names of Tcl': { sql: 'SELECT $a::b(c) AS a', calls: [[{ 'a::b(c)': 1 }], [{ '$a::b(c)': 2 }]] },
  none: { sql: 'SELECT 1 AS a', calls: [[], [1], [{}], [{ a: 1 }], [null], [undefined]] },
};

const tellCall = ({ db, note }: Side, sql: string, args: readonly unknown[]): void => {
  note(() => Reflect.apply(db.prepare(sql).get, db.prepare(sql), args));
};

const parameters = Object.entries(CALLS).flatMap(([kind, { sql, calls }]) =>
  rulesOf('parameters', {
    [kind]: (side) => {
      const { db, note } = side;
      for (const args of calls) {
        const statement = db.prepare(sql);
        note(() => Reflect.apply(statement.get, statement, args));
        note(() => Reflect.apply(statement.all, statement, args));
        note(() => Reflect.apply(statement.run, statement, args));
        note(() => [...(Reflect.apply(statement.iterate, statement, args) as Iterable<unknown>)]);
        note(() => statement.expandedSQL);
      }
    },
    [`${kind}, without bare names`]: ({ db, note }) => {
      for (const args of calls) {
        const statement = db.prepare(sql, { allowBareNamedParameters: false });
        note(() => Reflect.apply(statement.get, statement, args));
      }
    },
    [`${kind}, with unknown names`]: ({ db, note }) => {
      for (const args of calls) {
        const statement = db.prepare(sql, { allowUnknownNamedParameters: true });
        note(() => Reflect.apply(statement.get, statement, args));
      }
    },
  }),
);

export const valueChecks: readonly SideCheck[] = [
  ...bound,
  ...read,
  ...parameters,
  ...rulesOf('parameters', {
    'anonymous values behind a name of the same place': ({ db, note }) => {
      const named = { 1: 1, 2: 2, a: 1, b: 2 };
      for (const sql of [
        'SELECT ?2 AS q, ?1 AS r',
        'SELECT ?1 AS r, ?2 AS q',
        'SELECT :a AS r, :b AS q',
        'SELECT :a AS r, ? AS q',
      ]) {
        const statement = db.prepare(sql, { allowUnknownNamedParameters: true });
        for (const values of [[null], [undefined], [5], [null, null], ['x', undefined], [null, 6]]) {
          note(() => statement.get(named, ...values.map(wrong)));
          note(() => statement.get(...values.map(wrong)));
        }
      }
    },
    'objects of every kind hold named ones': (side) => {
      class Point {
        x = 1;
        get y(): number {
          return 2;
        }
      }
      const inherited = Object.create({ x: 5 }, { hidden: { value: 1, enumerable: false } });
      for (const args of [
        [new Point()],
        [inherited],
        [new Map([['x', 1]])],
        [new Proxy({ x: 3 }, {})],
        [Object.freeze({ x: 4 })],
      ]) {
        tellCall(side, 'SELECT :x AS x', args);
      }
      tellCall(side, 'SELECT :x AS x', [{ x: 1, [Symbol('s')]: 2 }]);
    },
    'getters of objects': ({ db, note }) => {
      const statement = db.prepare('SELECT :x AS x');
      note(() =>
        statement.get({
          get x(): number {
            throw new RangeError('no x');
          },
        }),
      );
      note(() => statement.get({ x: 1 }));
    },
    'the values of the last call are gone': ({ db, note }) => {
      const statement = db.prepare('SELECT ? AS a, ? AS b');
      note(() => statement.get(1, 2));
      note(() => statement.get(3));
      note(() => statement.get());
    },
    'a refused value leaves what came before it': ({ db, note }) => {
      const statement = db.prepare('SELECT ? AS a, ? AS b');
      note(() => statement.get(1, Symbol('s') as never));
      note(() => statement.expandedSQL);
      note(() => statement.get(7, 8));
    },
    'switches of names': ({ db, note }) => {
      const statement = db.prepare('SELECT :a AS a');
      statement.setAllowBareNamedParameters(false);
      note(() => statement.get({ a: 1 }));
      statement.setAllowBareNamedParameters(true);
      note(() => statement.get({ a: 1 }));
      statement.setAllowUnknownNamedParameters(true);
      note(() => statement.get({ a: 1, b: 2 }));
      statement.setAllowUnknownNamedParameters(false);
      note(() => statement.get({ a: 1, b: 2 }));
    },
    'very many': ({ db, note }) => {
      const marks = Array.from({ length: 2000 }, () => '?').join(', ');
      const values = Array.from({ length: 2000 }, (_, index) => index);
      note(() => db.prepare(`SELECT max(${marks.slice(0, 3 * 100 - 2)}) AS m`).get(...values.slice(0, 100)));
      note(() => db.prepare(`SELECT count(*) AS n FROM (VALUES (${marks.split(', ').join('), (')}))`).get(...values));
    },
  }),
];

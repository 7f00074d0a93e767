/** How values are bound. */
import { contract } from '../case.ts';

const SQL = 'SELECT typeof($a) AS t, $a AS v, hex($a) AS h';

/** Every kind of value, by name. */
const VALUES: Readonly<Record<string, unknown>> = {
  one: 1,
  zero: 0,
  'minus zero': -0,
  'minus one': -1,
  'the largest 32-bit integer': 2 ** 31 - 1,
  'one more': 2 ** 31,
  'the smallest 32-bit integer': -(2 ** 31),
  'one less': -(2 ** 31) - 1,
  '2^53': 2 ** 53,
  '2^53 + 2': 2 ** 53 + 2,
  'a fraction': 1.5,
  'a small fraction': 1e-300,
  'a large number': 1e300,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  true: true,
  false: false,
  text: 'text',
  'empty text': '',
  'text with NUL': 'a\0b',
  'text beyond ASCII': 'é😀𝕊',
  'half a surrogate': 'a\ud800b',
  'long text': 'x'.repeat(10_000),
  'long text beyond ASCII': 'é'.repeat(5000),
  'a digit': '7',
  null: null,
  undefined: undefined,
  'a bigint': 10n,
  'a symbol': Symbol('s'),
  'a date': new Date(86_400_000),
  'a date with milliseconds': new Date(1_700_000_000_123),
  'an invalid date': new Date(Number.NaN),
  'a regular expression': /a+b/gi,
  'a buffer': Buffer.from('bytes'),
  'an empty buffer': Buffer.alloc(0),
  'a long buffer': Buffer.alloc(20_000, 7),
  'a slice of a buffer': Buffer.from('0123456789').subarray(3, 6),
  'a Uint8Array': new Uint8Array([1, 2, 3]),
  'a Uint16Array': new Uint16Array([1, 2]),
  'a Float64Array': new Float64Array([1.5]),
  'an ArrayBuffer': new ArrayBuffer(3),
  'an object': { a: 1 },
  'an array': [1, 2],
  'a function': () => 1,
  'a String object': new String('s'),
  'a Number object': new Number(3),
  'a Map': new Map([[1, 2]]),
};

contract('a value in an array', async ({ db, note, call }) => {
  for (const [name, value] of Object.entries(VALUES)) note(name, await call(db, 'get', SQL, [value]));
});

contract('a value by name', async ({ db, note, call }) => {
  for (const [name, value] of Object.entries(VALUES)) note(name, await call(db, 'get', SQL, { $a: value }));
});

contract('a value as an argument', async ({ db, note, call }) => {
  for (const [name, value] of Object.entries(VALUES)) {
    // Alone, an array or an object would be the parameters; behind another value it is one.
    note(name, await call(db, 'get', 'SELECT ?1 AS first, typeof(?2) AS t, ?2 AS v, hex(?2) AS h', 1, value));
  }
});

contract('a value through bind', async ({ db, note, call }) => {
  const statement = db.prepare(SQL);
  for (const [name, value] of Object.entries(VALUES)) {
    note(`${name}, bound`, await call(statement, 'bind', [value]));
    note(`${name}, got`, await call(statement, 'get'));
    await call(statement, 'reset');
  }
  statement.finalize();
});

contract('a value stored and read', async ({ db, note, call }) => {
  await call(db, 'run', 'CREATE TABLE t(i INTEGER, r REAL, t TEXT, b BLOB, n NUMERIC, x)');
  for (const [name, value] of Object.entries(VALUES)) {
    await call(db, 'run', 'INSERT INTO t VALUES(?1, ?1, ?1, ?1, ?1, ?1)', [value]);
    note(
      name,
      await call(db, 'get', 'SELECT *, typeof(i) ti, typeof(r) tr, typeof(t) tt, typeof(n) tn FROM t ORDER BY rowid DESC'),
    );
  }
});

contract('which parameters', async ({ db, note, call }) => {
  const two = 'SELECT ?1 AS a, ?2 AS b';
  const named = 'SELECT $a AS a, :b AS b, @c AS c';
  const mixed = 'SELECT ? AS a, $n AS n, ? AS b, ?7 AS g';
  const calls: readonly (readonly [string, string, ...unknown[]])[] = [
    ['none', two],
    ['an empty array', two, []],
    ['an array with too few', two, [1]],
    ['an array', two, [1, 2]],
    ['an array with too many', two, [1, 2, 3]],
    ['an array with holes', two, Object.assign(new Array(2), { 1: 2 })],
    ['too many, the last undefined', two, [1, 2, undefined]],
    ['an array and more', two, [1], 2],
    ['arguments, too few', two, 1],
    ['arguments', two, 1, 2],
    ['arguments, too many', two, 1, 2, 3],
    ['null', two, null],
    ['undefined', two, undefined],
    ['undefined twice and more', two, undefined, undefined, 3],
    ['an object by number', two, { 1: 'x', 2: 'y' }],
    ['an object by number, one only', two, { 2: 'y' }],
    ['an object by too high a number', two, { 3: 'z' }],
    ['an object by zero', two, { 0: 'z' }],
    ['an object by a negative number', two, { '-1': 'z' }],
    ['an object by a fraction', two, { '1.5': 'z' }],
    ['an object by an empty name', two, { '': 'z' }],
    ['an object with a name of its number', two, { '?1': 'x' }],
    ['an empty object', two, {}],
    ['an object and more', two, { 1: 'x' }, 2],
    ['names', named, { $a: 1, ':b': 2, '@c': 3 }],
    ['names without prefix', named, { a: 1, b: 2, c: 3 }],
    ['names with the wrong prefix', named, { ':a': 1 }],
    ['one unknown name', named, { $a: 1, $zz: 2 }],
    ['one name only', named, { $a: 1 }],
    ['a name with undefined', named, { $a: undefined, ':b': 2 }],
    ['an unknown name with undefined', named, { $zz: undefined }],
    ['inherited names', named, Object.create({ $a: 'inherited' })],
    ['no prototype', named, Object.assign(Object.create(null), { $a: 'bare' })],
    [
      'a class',
      named,
      new (class {
        $a = 'own';
      })(),
    ],
    ['a Map', named, new Map([['$a', 1]])],
    ['names by position', named, [1, 2, 3]],
    ['names by arguments', named, 1, 2, 3],
    ['names by number', named, { 1: 'x', 3: 'z' }],
    ['mixed by position', mixed, [1, 2, 3]],
    ['mixed by position up to the last', mixed, [1, 2, 3, 4, 5, 6, 7]],
    ['mixed by number', mixed, { 1: 'a', 2: 'n', 3: 'b', 7: 'g' }],
    ['mixed by name and number', mixed, { $n: 'n', 1: 'a' }],
    ['one name twice', 'SELECT $a AS a, $a AS b', { $a: 1 }],
    ['a date alone', two, new Date(5)],
    ['a regular expression alone', two, /x/],
    ['a buffer alone', two, Buffer.from('b')],
    ['a typed array alone', two, new Uint8Array([1])],
    ['a boolean alone', two, true],
    ['text alone', two, 'x'],
    ['a bigint alone', two, 5n],
    ['no parameters, an empty array', 'SELECT 1 AS a', []],
    ['no parameters, undefined', 'SELECT 1 AS a', undefined],
    ['no parameters, one value', 'SELECT 1 AS a', 1],
    ['no parameters, an object', 'SELECT 1 AS a', { $a: 1 }],
    ['no parameters, an empty object', 'SELECT 1 AS a', {}],
    ['?NNN', 'SELECT ?3 AS a, ? AS b', [1, 2, 3, 4]],
    ['many', `SELECT ${Array.from({ length: 100 }, () => '?').join(' + ')} AS sum`, Array.from({ length: 100 }, (_, at) => at)],
  ];
  for (const [name, sql, ...args] of calls) {
    for (const method of ['get', 'all', 'run']) note(`${name}, ${method}`, await call(db, method, sql, ...args));
  }
});

contract('what is bound stays', async ({ db, note, call }) => {
  const statement = db.prepare('SELECT ? AS a, ? AS b', [1, 2]);
  note('bound by prepare', await call(statement, 'get'));
  note('bound by prepare, all', await call(statement, 'all'));
  note('new values', await call(statement, 'get', 3));
  note('are kept', await call(statement, 'all'));
  note('bind', await call(statement, 'bind', 'x', 'y'));
  note('after bind', await call(statement, 'get'));
  note('too many', await call(statement, 'bind', 1, 2, 3));
  note('after too many', await call(statement, 'get'));
  note('reset keeps values', [await call(statement, 'reset'), await call(statement, 'get')]);
  note('bind without values', await call(statement, 'bind'));
  note('after that', await call(statement, 'all'));
  statement.finalize();
});

contract('values are taken when the call is made', async ({ db, note, call }) => {
  const bytes = Buffer.from('before');
  const values: unknown[] = ['first'];
  const got = call(db, 'get', 'SELECT ? AS a', bytes);
  const listed = call(db, 'get', 'SELECT ? AS a', values);
  bytes.write('after!');
  values[0] = 'second';
  note('a buffer', await got);
  note('an array', await listed);
});

/** Binding: arguments become parameters by better-sqlite3's rules. */
import vm from 'node:vm';
import { describe } from 'vitest';
import { contract } from './testing/contract.ts';

class Point {
  x = 1;
}

/** A value of every kind that anybody might pass. */
const VALUES: readonly (readonly [string, unknown])[] = [
  ['integer', 25],
  ['negative zero', -0],
  ['fraction', 0.1],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['2^53 + 2', 9007199254740994],
  ['small bigint', 7n],
  ['largest bigint', 9223372036854775807n],
  ['smallest bigint', -9223372036854775808n],
  ['too large bigint', 9223372036854775808n],
  ['too small bigint', -9223372036854775809n],
  ['empty text', ''],
  ['text', 'hello'],
  ['text of 63', 'x'.repeat(63)],
  ['text of 64', 'x'.repeat(64)],
  ['late umlaut', `${'x'.repeat(40)}ü`],
  ['latin1', 'ÿüé'],
  ['emoji', '👩‍👩‍👧 and 🦀'],
  ['lone surrogate', 'a\ud800b'],
  ['text with NUL', 'a\0b'],
  ['text of 4096', 'y'.repeat(4096)],
  ['text of 4097', 'y'.repeat(4097)],
  ['long text', 'zü'.repeat(100_000)],
  ['empty blob', Buffer.alloc(0)],
  ['blob', Buffer.from([0, 1, 255])],
  ['long blob', Buffer.alloc(100_000, 7)],
  ['Uint8Array', new Uint8Array([1, 2])],
  ['Float64Array', new Float64Array([1.5])],
  ['part of an Int16Array', new Int16Array([1, 2, 3, 4]).subarray(1, 3)],
  ['null', null],
  ['undefined', undefined],
  ['true', true],
  ['false', false],
  ['Date', new Date(0)],
  ['Symbol', Symbol('s')],
  ['function', () => 1],
  ['RegExp', /x/],
  ['Map', new Map()],
  ['ArrayBuffer', new ArrayBuffer(4)],
  ['SharedArrayBuffer', new SharedArrayBuffer(4)],
  ['Number object', Object(1)],
  ['String object', Object('s')],
  ['Error', new Error('e')],
  ['Promise', Promise.resolve()],
  ['class instance', new Point()],
  ['empty object', {}],
  ['object', { a: 1 }],
  ['object of another realm', vm.runInNewContext('({ a: 1 })')],
  ['object without prototype', Object.assign(Object.create(null), { a: 1 })],
  ['object of an object', Object.create({ a: 1 })],
  ['object with a getter', Object.defineProperty({}, 'a', { get: () => 5 })],
  ['empty array', []],
  ['array', [1]],
  ['array of two', [1, 2]],
  ['array of an array', [[1]]],
  ['array of an object', [{ a: 1 }]],
  ['array of another realm', vm.runInNewContext('[1]')],
  ['array with a hole', new Array(1)],
];

const ROW = 'typeof(v) AS kind, v AS value, hex(v) AS hex, length(v) AS length';

describe('each kind of value', () => {
  for (const [kind, value] of VALUES) {
    contract(`${kind}: anonymous, in an array, named, through a column, permanently`, ({ db, note }) => {
      db.exec('CREATE TABLE c(i INTEGER, r REAL, t TEXT, b BLOB, n NUMERIC, x ANY)');
      const anonymous = db.prepare(`SELECT ${ROW} FROM (SELECT ? AS v)`);
      const named = db.prepare(`SELECT ${ROW} FROM (SELECT :a AS v)`);
      const none = db.prepare('SELECT 1');
      note(() => anonymous.get(value));
      note(() => anonymous.get([value]));
      note(() => anonymous.all(value));
      note(() => [...anonymous.iterate(value)]);
      note(() => named.get({ a: value }));
      note(() => named.get(value));
      note(() => none.get(value));
      note(() => db.prepare('SELECT ? , :a').raw().get(1, value));
      note(() => db.prepare('INSERT INTO c VALUES (?,?,?,?,?,?)').run(value, value, value, value, value, value));
      note(() => db.prepare('SELECT typeof(i), typeof(r), typeof(t), typeof(b), typeof(n), typeof(x), * FROM c').raw().all());
      note(() => db.prepare(`SELECT ${ROW} FROM (SELECT ? AS v)`).bind(value).safeIntegers().all());
    });
  }
});

contract('arguments fill the anonymous parameters from left to right', ({ db, note }) => {
  const three = db.prepare('SELECT ?, ?, ?').raw();
  note(() => three.get(1, 2, 3));
  note(() => three.get([1, 2, 3]));
  note(() => three.get([1], 2, [3]));
  note(() => three.get([], [1, 2, 3], []));
  note(() => three.get(1, 2));
  note(() => three.get());
  note(() => three.get(1, 2, 3, 4));
  note(() => three.get([1, 2, 3, 4]));
  note(() => three.get([1, 2, 3], {}));
  note(() => three.get([1, 2, 3], { a: 1 }));
  note(() => three.get({ a: 1 }));
  note(() => three.get(1, 2, 3, undefined));
  note(() => three.get(1, 2, 3, {}, {}));
});

contract('named parameters come from the properties of one object', ({ db, note }) => {
  const named = db.prepare('SELECT :a, @b, $c').raw();
  note(() => named.get({ a: 1, b: 2, c: 3 }));
  note(() => named.get({ a: 1, b: 2, c: 3, d: 4 }));
  note(() => named.get({ a: 1, b: 2 }));
  note(() => named.get({ a: 1, b: undefined, c: null }));
  note(() => named.get({}));
  note(() => named.get());
  note(() => named.get(undefined));
  note(() => named.get(null));
  note(() => named.get(1, 2, 3));
  note(() => named.get([1, 2, 3]));
  note(() => named.get({ a: 1 }, { b: 2, c: 3 }));
  note(() => named.get({ ':a': 1, '@b': 2, $c: 3 }));
  note(() => named.get(Object.create({ a: 1, b: 2, c: 3 })));
  note(() => named.get(new Point()));
  note(() => named.get(new Date(0)));
  note(() => named.get({ a: true, b: 2, c: 3 }));
  note(() => named.get({ a: [1], b: 2, c: 3 }));
  note(() => named.get({ a: {}, b: 2, c: 3 }));
  note(() => named.get({ a: 1n << 64n, b: 2, c: 3 }));
});

contract('one name used twice is one parameter', ({ db, note }) => {
  note(() => db.prepare('SELECT :a, :a').raw().get({ a: 1 }));
  note(() => db.prepare('SELECT :a, @a, $a').raw().get({ a: 1 }));
  note(() => db.prepare('SELECT :a, :A').raw().get({ a: 1 }));
  note(() => db.prepare('SELECT :a, :A').raw().get({ a: 1, A: 2 }));
});

contract('mixed parameters: numbers in the text are names', ({ db, note }) => {
  note(() => db.prepare('SELECT ?, :a, ?').raw().get(1, 2, { a: 3 }));
  note(() => db.prepare('SELECT ?, :a, ?').raw().get({ a: 3 }, 1, 2));
  note(() => db.prepare('SELECT ?, :a, ?').raw().get(1, { a: 3 }, [2]));
  note(() => db.prepare('SELECT ?1').raw().get(1));
  note(() => db.prepare('SELECT ?1').raw().get({ 1: 5 }));
  note(() => db.prepare('SELECT ?2').raw().get({ 2: 5 }));
  note(() => db.prepare('SELECT ?2').raw().get(1, { 2: 5 }));
  note(() => db.prepare('SELECT ?3, ?').raw().get(1, { 3: 5 }));
  note(() => db.prepare('SELECT ?, ?1').raw().get(1));
  note(() => db.prepare('SELECT ?1, ?1, ?2').raw().get({ 1: 'a', 2: 'b' }));
  note(() => db.prepare('SELECT ?0').raw().get());
  note(() => db.prepare('SELECT ?99999').raw().get());
  note(() => db.prepare('SELECT $a::b(c)').raw().get({ 'a::b(c)': 1 }));
});

contract('a failed binding leaves the statement usable', ({ db, note }) => {
  const two = db.prepare('SELECT ?, ?').raw();
  note(() => two.get('x'.repeat(10_000), true));
  note(() => two.get(1, 2));
  note(() => two.get('x'.repeat(10_000)));
  note(() => two.get(1, 2));
  note(() => two.get(Buffer.alloc(5000), 'y'.repeat(5000)));
});

contract('getters and traps that throw pass through', ({ db, note }) => {
  const named = db.prepare('SELECT :a').pluck();
  const thrower = Object.defineProperty({}, 'a', {
    get: () => {
      throw new RangeError('mine');
    },
  });
  note(() => named.get(thrower));
  note(() => named.get(new Proxy({ a: 4 }, {})));
  note(() => named.get({ a: 1 }));
});

contract('binding for good copies and is done once', ({ db, note }) => {
  const bytes = Buffer.from([1, 2, 3]);
  const bound = db.prepare('SELECT ?, ?').raw().bind(1, bytes);
  bytes[0] = 9;
  note(() => bound.get());
  note(() => bound.get());
  note(() => bound.get(1));
  note(() => bound.get([]));
  note(() => bound.get({}));
  note(() => bound.get(undefined));
  note(() => bound.bind(1, 2));
  note(() => bound.bind());
  note(() => bound.all());
  note(() => [...bound.iterate()]);
  const list = [1, 2];
  const fromList = db.prepare('SELECT ?, ?').raw().bind(list);
  list[0] = 5;
  note(() => fromList.get());
  const object = { a: 1 };
  const fromObject = db.prepare('SELECT :a').pluck().bind(object);
  object.a = 2;
  note(() => fromObject.get());
  const empty = db.prepare('SELECT 1').bind();
  note(() => empty.get());
  note(() => empty.bind());
  const failing = db.prepare('SELECT ?');
  note(() => failing.bind());
  note(() => failing.bind(1).get());
  note(() => db.prepare('SELECT ?').bind(true));
});

contract('many parameters', ({ db, note }) => {
  for (const count of [1, 100, 1000, 5000, 32_766]) {
    const sql = `SELECT ${Array.from({ length: Math.min(count, 2000) }, () => '?').join(',')}`;
    const values = Array.from({ length: Math.min(count, 2000) }, (_, index) => (index % 3 === 0 ? `text ${index}` : index));
    note(() => db.prepare(sql).raw().get(values));
  }
  const list = Array.from({ length: 32_766 }, () => '(?)').join(',');
  const values = Array.from({ length: 32_766 }, (_, index) => index);
  note(() => db.prepare(`SELECT sum(column1) FROM (VALUES ${list})`).pluck().get(values));
  note(() =>
    db
      .prepare(`SELECT 1 IN (${Array.from({ length: 32_767 }, () => '?').join(',')})`)
      .pluck()
      .get([...values, 1]),
  );
});

contract('text beside text that does not fit the buffer together', ({ db, note }) => {
  const texts = Array.from({ length: 40 }, (_, index) => String.fromCharCode(97 + (index % 26)).repeat(3000 + index));
  const sql = `SELECT ${texts.map(() => '?').join(',')}`;
  note(() => db.prepare(sql).raw().get(texts));
  const blobs = texts.map((text) => Buffer.from(text));
  note(() => db.prepare(sql).raw().get(blobs));
});

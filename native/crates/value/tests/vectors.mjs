// Writes test vectors for `tests/sqlite.rs`: what SQLite, through better-sqlite3, makes of edge values.
//
//     node vectors.mjs <cases per operation> <seed> > vectors.tsv      (run where better-sqlite3 is installed)
//
// A line is `operation TAB value TAB … TAB result`. A value is `n`, `i<integer>`, `r<f64 bits in hex>`, `t<hex>` or
// `b<hex>`.
import { createRequire } from 'node:module';

const Database = createRequire(`${process.cwd()}/`)('better-sqlite3');
const db = new Database(':memory:').defaultSafeIntegers(true);
const perOperation = Number(process.argv[2] ?? 100);

let state = BigInt(process.argv[3] ?? 1) * 0x9e3779b97f4a7c15n;
const random64 = () => {
  state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
  return z ^ (z >> 31n);
};
const below = (n) => Number(random64() % BigInt(n));
const pick = (list) => list[below(list.length)];

const view = new DataView(new ArrayBuffer(8));
const bitsToReal = (bits) => (view.setBigUint64(0, bits), view.getFloat64(0));
const realToBits = (real) => (view.setFloat64(0, real), view.getBigUint64(0));

const int = (i) => ({ kind: 'i', v: BigInt.asIntN(64, BigInt(i)) });
const real = (r) => (Number.isNaN(r) ? { kind: 'n' } : { kind: 'r', v: r });
const text = (t) => ({ kind: 't', v: Buffer.isBuffer(t) ? t : Buffer.from(t) });
const blob = (b) => ({ kind: 'b', v: Buffer.from(b) });

const edgeIntegers = [0n, 1n, -1n, 2n, 7n, -7n, 63n, 64n, 65n, -63n, -64n, -65n, 1000000n, 2n ** 31n, 2n ** 32n, 2n ** 51n, -(2n ** 51n),
  2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 63n) + 1n];
const edgeReals = [0, -0, 1, -1, 0.5, 1.5, -2.5, 0.1, 1 / 3, 49.47, 1e15, 1e16, 1e17, 1e18, 1e19, 1e22, 1e23, 1e-4, 1e-5, 123456.789, 2 ** 51, 2 ** 53,
  2 ** 53 + 2, 2 ** 63, -(2 ** 63), 2 ** 64, 9.2233720368547748e18, 1e100, 1e307, 1.7976931348623157e308, Infinity, -Infinity, 5e-324, 2.2250738585072014e-308, 0.3, 0.7, 1.005, 999999999999999.9,
  99999999999999990, 0.99999999999999989, 8.5, 100.0, 4503599627370496.5];
const edgeTexts = ['', ' ', '0', '1', ' 1', '1 ', '+1', '-1', '--1', '1e2', '1e', '1e+', '1E-2', '1.', '.5', '.', '-', '+.5', '1.0', '1.5abc', '12abc', 'abc', '0x1F', '1e400', '-1e400', '1e-400',
  '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809', '18446744073709551616', '9223372036854775807.0', '9007199254740993', '1_000', 'é', 'Z', 'a', 'A', 'a ', 'a\t', 'a\0b', 'A\0c', '1\0', '1\0x', '\n1\v', ' 1 2', 'inf', 'nan', '00000000000000000000000001', '1.00000000000000000000000000001', '123456789012345678901234567890', '0.000000000000000000000000000001', '1e18', '1e19', '99999999999999999999e-5', '48.00', 'true'];

const randomDigits = (n) => Array.from({ length: n }, () => below(10)).join('');
const randomInteger = () => int(pick([() => BigInt(below(20)) - 10n, () => pick(edgeIntegers), () => pick(edgeIntegers) + BigInt(below(5)) - 2n, () => random64(), () => random64() >> BigInt(below(64))])());
const randomReal = () => real(pick([() => pick(edgeReals), () => bitsToReal(random64()), () => Number(`${randomDigits(1 + below(17))}e${below(40) - 25}`), () => Number(`${randomDigits(1 + below(4))}.${randomDigits(1 + below(4))}`),
  () => bitsToReal(realToBits(pick(edgeReals)) + BigInt(below(5)) - 2n), () => Number(random64() >> BigInt(below(64))), () => (below(2001) - 1000) / 8, () => bitsToReal(random64() & 0x000fffffffffffffn)])());
const randomText = () => text(pick([() => pick(edgeTexts), () => pick(['', ' ', '-', '+']) + randomDigits(below(25)) + pick(['', '', '.', '.0', '.5', `.${randomDigits(below(25))}`]) + pick(['', '', 'e', 'e5', 'E-7', `e${below(700) - 350}`]) + pick(['', '', ' ', 'x']),
  () => pick(edgeTexts) + pick(edgeTexts), () => Buffer.from(Array.from({ length: below(6) }, () => below(256))), () => Array.from({ length: below(5) }, () => pick(['a', 'A', 'b', ' ', '\0', 'É', '['])).join('')])());
const randomBlob = () => blob(pick([() => pick(edgeTexts), () => Array.from({ length: below(6) }, () => below(256)), () => '']).call());
const randomValue = () => pick([() => ({ kind: 'n' }), randomInteger, randomInteger, randomReal, randomReal, randomText, randomText, randomText, randomBlob])();

const show = ({ kind, v }) => kind + (kind === 'n' ? '' : kind === 'i' ? v : kind === 'r' ? realToBits(v).toString(16).padStart(16, '0') : v.toString('hex'));
const bound = ({ kind, v }) => (kind === 'n' ? null : v);
// Text is bound as a blob and cast, so that its bytes need not be UTF-8.
const placeholder = ({ kind }) => (kind === 't' ? 'CAST(? AS TEXT)' : '?');
const unpack = (row) => (row.t === 'null' ? { kind: 'n' } : row.t === 'integer' ? int(row.r) : row.t === 'real' ? real(row.r) : row.t === 'text' ? text(row.r) : blob(row.r));
const statements = new Map();
const prepared = (sql) => statements.get(sql) ?? (statements.set(sql, db.prepare(sql)), statements.get(sql));
const evaluate = (expression, args) => unpack(prepared(`SELECT typeof(r) t, CASE typeof(r) WHEN 'text' THEN CAST(r AS BLOB) ELSE r END r FROM (SELECT ${expression.includes(' AS r ') ? expression : `${expression} AS r`})`).get(...args.map(bound)));

const lines = [];
const emit = (operation, args, result) => lines.push([operation, ...args.map(show), show(result)].join('\t'));
const unary = (operation, expression, make = randomValue) => {
  for (let i = 0; i < perOperation; i++) {
    const a = make();
    emit(operation, [a], evaluate(expression(placeholder(a)), [a]));
  }
};
const binary = (operation, expression) => {
  for (let i = 0; i < perOperation; i++) {
    const [a, b] = [randomValue(), randomValue()];
    emit(operation, [a, b], evaluate(expression(placeholder(a), placeholder(b)), [a, b]));
  }
};

unary('real_to_text', (a) => `CAST(${a} AS TEXT)`, randomReal);
unary('text_to_real', (a) => `CAST(${a} AS REAL)`, randomText);
for (const type of ['BLOB', 'TEXT', 'NUMERIC', 'INTEGER', 'REAL']) unary(`cast ${type}`, (a) => `CAST(${a} AS ${type})`);
for (const [operation, sign] of Object.entries({ add: '+', subtract: '-', multiply: '*', divide: '/', remainder: '%', bit_and: '&', bit_or: '|', shift_left: '<<', shift_right: '>>', concat: '||' })) binary(operation, (a, b) => `${a} ${sign} ${b}`);
unary('negate', (a) => `-${a}`);
unary('bit_not', (a) => `~${a}`);
unary('truth', (a) => `NOT NOT ${a}`);
for (const collation of ['BINARY', 'NOCASE', 'RTRIM']) {
  for (let i = 0; i < perOperation; i++) {
    const [a, b] = below(2) ? [randomValue(), randomValue()] : [randomText(), randomText()];
    const [x, y] = [placeholder(a), placeholder(b)];
    emit(`compare ${collation}`, [a, b], evaluate(`(+x > +y COLLATE ${collation}) - (+x < +y COLLATE ${collation}) AS r FROM (SELECT ${x} x, ${y} y LIMIT 1)`, [a, b]));
  }
}
const stored = (column) => unpack(prepared(`SELECT typeof(${column}) t, CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) ELSE ${column} END r FROM stored`).get());
db.exec('CREATE TABLE stored (b BLOB, t TEXT, n NUMERIC, i INTEGER, r REAL)');
for (const [column, type] of Object.entries({ b: 'BLOB', t: 'TEXT', n: 'NUMERIC', i: 'INTEGER', r: 'REAL' })) {
  for (let i = 0; i < perOperation; i++) {
    const a = randomValue();
    db.exec('DELETE FROM stored');
    prepared(`INSERT INTO stored(${column}) VALUES (${placeholder(a)})`).run(bound(a));
    emit(`store ${type}`, [a], stored(column));
  }
}
// A comparison between a column and a bare value applies the column's affinity to the value.
for (const [column, type] of Object.entries({ b: 'BLOB', t: 'TEXT', n: 'NUMERIC', i: 'INTEGER', r: 'REAL' })) {
  for (let i = 0; i < perOperation; i++) {
    const [a, b] = [randomValue(), randomValue()];
    db.exec('DELETE FROM stored');
    prepared(`INSERT INTO stored(${column}) VALUES (${placeholder(a)})`).run(bound(a));
    const left = stored(column);
    const right = b.kind === 't' ? text(Buffer.from(b.v.toString('utf8'))) : b;
    const result = prepared(`SELECT (${column} > ?) - (${column} < ?) c FROM stored`).get(...[right, right].map((v) => (v.kind === 't' ? v.v.toString('utf8') : bound(v)))).c;
    emit(`compare_column ${type}`, [left, right], result === null ? { kind: 'n' } : int(result));
  }
}
process.stdout.write(`${lines.join('\n')}\n`);

// Writes test vectors for `tests/sqlite.rs`: what SQLite's functions, through better-sqlite3, answer to edge values.
//
//     node vectors.mjs <cases per function> <seed> [name…] > vectors.tsv      (run where better-sqlite3 is installed, TZ=UTC)
//
// A line is `function TAB argument TAB … TAB result`. A value is `n`, `i<integer>`, `r<f64 bits in hex>`, `t<hex>`,
// `b<hex>`, or `j<hex>` for text with the JSON subtype; an error is `e<message in hex>`. A line of an aggregate starts
// with `@function` and holds its rows, the arguments of a row joined by `,`. One of a table-valued function starts with
// `#function`; its result is the rows joined by `;`, their columns by `,`.
import { createRequire } from 'node:module';

const Database = createRequire(`${process.cwd()}/`)('better-sqlite3');
const db = new Database(':memory:').defaultSafeIntegers(true);
const perFunction = Number(process.argv[2] ?? 100);
const only = process.argv.slice(4);

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
const repeat = (n, make) => Array.from({ length: n }, make);

const view = new DataView(new ArrayBuffer(8));
const bitsToReal = (bits) => (view.setBigUint64(0, bits), view.getFloat64(0));
const realToBits = (real) => (view.setFloat64(0, real), view.getBigUint64(0));

const nothing = { kind: 'n' };
const int = (i) => ({ kind: 'i', v: BigInt.asIntN(64, BigInt(i)) });
const real = (r) => (Number.isNaN(r) ? nothing : { kind: 'r', v: r });
const text = (t) => ({ kind: 't', v: Buffer.from(t) });
const blob = (b) => ({ kind: 'b', v: Buffer.from(b) });
const json = (t) => ({ kind: 'j', v: Buffer.from(t) });

const edgeIntegers = [0n, 1n, -1n, 2n, 3n, 7n, -7n, 10n, 64n, 100n, 255n, 65n, 0x1f600n, 1000000n, 2n ** 31n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 63n) + 1n];
const edgeReals = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 1 / 3, 2 / 3, 49.47, 2.675, 1.005, 1e15, 1e16, 1e17, 1e18, 1e22, 1e23, 1e-4, 1e-5, 123456.789, 999999.5, 9999999.999, 2 ** 51, 2 ** 52, 2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64, 1e100, 1e307, 1.7976931348623157e308, Infinity, -Infinity, 5e-324, 2.2250738585072014e-308, 99999999999999990, 0.99999999999999989, 8.5, 100.0];
const edgeTexts = ['', ' ', '0', '1', ' 1', '1 ', '+1', '-1', '1e2', '1e', '.5', '1.0', '1.5abc', '12abc', 'abc', 'ABC', 'aBc', '0x1F', '9223372036854775807', '9223372036854775808', '-9223372036854775809', 'é', 'Éa', 'Z', 'a', 'a ', '  ab  ', 'a\0b', '\0', '1\0x', '日本語', '😀', 'x😀y', "it's", 'a"b', 'a\\b', '\\u0041', '\\0041\\+01F600', 'tab\there', '\n', '\x1b[0m', 'Robert', 'Rupert', 'Tymczak', '4142', '41 42', '[a-c]', 'hello world', 'banana'];
const randomInteger = () => int(pick([() => BigInt(below(20)) - 10n, () => BigInt(below(20)) - 10n, () => pick(edgeIntegers), () => pick(edgeIntegers) + BigInt(below(5)) - 2n, () => random64(), () => random64() >> BigInt(below(64))])());
const randomReal = () => real(pick([() => pick(edgeReals), () => bitsToReal(random64()), () => (below(2001) - 1000) / 8, () => (below(200001) - 100000) / 1000, () => Number(`${below(1000000)}e${below(40) - 25}`), () => bitsToReal(realToBits(pick(edgeReals)) + BigInt(below(5)) - 2n)])());
const randomBytes = () => repeat(below(8), () => pick([below(256), 0x80 + below(64), 0x41 + below(26), 0xc3, 0xe2, 0xf0]));
const randomText = () => text(pick([() => pick(edgeTexts), () => pick(edgeTexts), () => pick(edgeTexts) + pick(edgeTexts), () => Buffer.from(randomBytes()), () => repeat(below(6), () => pick(['a', 'A', 'b', ' ', 'É', '%', '_'])).join('')])());
const randomBlob = () => blob(pick([() => pick(edgeTexts), randomBytes])());
const any = () => pick([() => nothing, randomInteger, randomInteger, randomReal, randomReal, randomText, randomText, randomText, randomBlob])();
const number = () => pick([randomInteger, randomReal, randomReal, any])();
const small = () => pick([() => int(below(13) - 4), () => int(below(13) - 4), () => int(below(13) - 4), any])();
const textual = () => pick([randomText, randomText, randomText, any])();
const unit = () => pick([() => real((below(2001) - 1000) / 1000), () => real(below(1000) / 7), number, number])();
const repeated = (make, min, max) => () => repeat(min + below(max - min + 1), make);
const args = (...makers) => () => makers.map((make) => make());

const patternPart = () => pick(['%', '_', '*', '?', '[a-c]', '[^b]', '[]]', '[', ']', '-', 'a', 'A', 'b', 'é', 'É', '\\', '!', '%%', '[a-', '[^]', '😀', '\0', 'c']);
const pattern = () => pick([() => text(repeat(below(6), patternPart).join('')), textual])();
const subject = () => pick([() => text(repeat(below(6), () => pick(['a', 'A', 'b', 'c', 'é', 'É', ']', '-', '%', '_', '\\', '!', '😀'])).join('')), textual])();
const template = () => pick([() => text(repeat(1 + below(3), () => `${pick(['', 'x', ' ', 'é'])}%${pick(['', '-', '+', ' ', '#', '!', '0', ',', '-+', '+0', ' 0', '!0', '#0', ',0', '#!', '+,', '-!', '!#+'])}${pick(['', '', '', '1', '5', '12', '30', '*', '050'])}${pick(['', '', '', '.', '.0', '.1', '.3', '.10', '.17', '.25', '.*'])}${pick(['', '', '', 'l', 'll'])}${pick('diuxXoprfeEgGfgeszcqQwjJ%ndsfg'.split(''))}`).join(pick(['', '|']))), () => text(pick(['%', '%%', '%y', 'a%', '%5', '%.', '%l', 'a%yb', '%-', '%S', '%T', '%5%', '%!.15g', '%!.17g', '%!.20e', '%.30f', '%#x']))])();

// A width taken from an argument stays small: SQLite would print a gigabyte.
const printfArguments = (make) => {
  const [first, ...rest] = [template(), ...repeat(below(4), make)];
  const takesWidth = first.v?.includes('*');
  return [first, ...rest.map((value) => (takesWidth && value.kind !== 'n' && value.kind !== 't' ? int(below(81) - 40) : value))].map((value, i) => (i && takesWidth && value.kind === 't' && /\d{4}/.test(value.v) ? nothing : value));
};

const dateText = () => {
  const two = (max) => String(below(max)).padStart(2, '0');
  const day = () => pick(['2024-02-29', '2023-02-29', '2024-12-31', '1970-01-01', '0000-01-01', '9999-12-31', '-4713-11-24', '-0001-06-15', '2000-00-10', '2024-13-01', '2024-01-00', '2024-06-31', `${1900 + below(200)}-${two(13)}-${two(32)}`, `${1900 + below(200)}-${two(13)}-${two(32)}`]);
  const time = () => pick(['00:00', '12:34', '23:59:59', '23:59:59.999', '24:00:00', '24:00', '24:00:01', '25:00', '12:60', '01:02:03.4567', '12:34:56.9995', '12:34:56.', `${two(24)}:${two(60)}:${two(60)}.${below(1000)}`, `${two(24)}:${two(60)}`]);
  const zone = () => pick(['', '', '', '', 'Z', 'z', '+01:00', '-05:30', ' +02:00', '+14:00', '+15:00', '+1:00', '-00:00', ' Z ', 'x']);
  return pick([() => day(), () => day(), () => `${day()} ${time()}${zone()}`, () => `${day()}T${time()}${zone()}`, () => `${day()}  ${time()}`, () => `${time()}${zone()}`, () => pick(['2460000.5', '0', '1e3', '-1', '5373484.5', '5373484.49999', '2459580.123456', ' 2024-01-01', '2024-1-1', 'abc', '', '1700000000', '20240101', '2024-01-01 ', '2024-01-01x', '2024-01-01 12', 'noon'])])();
};
const dateValue = () => pick([() => text(dateText()), () => text(dateText()), () => text(dateText()), () => int(below(2) ? below(5400000) : below(2000000000)), () => real(2400000 + below(100000000) / 1000), () => real(below(4000000000) - 1000000000 + 0.125), any])();
const modifier = () => text(pick([
  () => pick(['start of day', 'start of month', 'start of year', 'end of day', 'end of month', 'end of year', 'unixepoch', 'julianday', 'auto', 'subsec', 'subsecond', 'floor', 'ceiling', 'START OF DAY', 'start of week', 'utc', 'localtime', 'weekday', 'bogus', '', 'Auto', '+', '-', '1', 'start of ', 'end of']),
  () => `weekday ${pick([0, 1, 2, 3, 4, 5, 6, 7, -1, -6, '1.0', '0.5', '-0', 'x', ''])}`,
  () => `${pick(['', '+', '-'])}${pick([0, 1, 2, 5, 11, 12, 13, 30, 31, 40, 100, 400, 1000, 5000, 15000, 1.5, 0.5, 0.001, '1e2', 1e9, 1e12, '.5', '1.'])}${pick([' ', ' ', '  ', ''])}${pick(['day', 'days', 'hour', 'hours', 'minute', 'minutes', 'second', 'seconds', 'month', 'months', 'year', 'years', 'DAYS', 'week', 'dayss', 'mon'])}`,
  () => `${pick(['+', '-', ''])}${pick(['01:00', '12:34:56', '00:00:00.5', '23:59', '24:00', '1:00', '00:60'])}`,
  () => `${pick(['+', '-', ''])}${pick(['0001-02-03', '0000-01-00', '0010-11-30', '0001-12-00', '0001-00-31', '0100-00-00', '12345-01-01', '00001-02-03', '14712-01-01'])}${pick(['', '', ' 01:02', ' 01:02:03', ' 01:02:03.004', 'T01:02', ' '])}`,
])());
const dates = (lead = []) => () => [...lead.map((make) => make()), dateValue(), ...repeat(pick([0, 0, 1, 1, 1, 2, 3]), modifier)];
const dateFormat = () => text(pick([() => `%${pick('deFfGgHIjJklmMnpPRsSTuUVwWYy%q'.split(''))}`, () => repeat(1 + below(4), () => `%${pick('deFfGgHIjJklmMpPRsSTuUVwWY%'.split(''))}`).join(pick([' ', '-', ''])), () => pick(['', 'x', '%', 'a%', 'é%Y', '%Y\0%m', '100%%'])])());

// JSON as people write it, as JSON5 allows it, and wrong.
const jsonScalar = () => pick(['null', 'true', 'false', '0', '-0', '1', '-1', '12', '1.5', '1e5', '-1.5E-3', '9223372036854775807', '9223372036854775808', '-9223372036854775809', '1e400', '123456789012345678901234567890', '0.1', '1.0', '""', '"a"', '"b c"', '"é"', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\ud83d"', '"a\\"b"', '"a\\\\b"', '"\\/"', '"\\n\\t"', '"[1]"', '"1"', '"日本"', '"\\u0000"', '"\u007f"']);
const json5Scalar = () => pick(["'a'", "'it\\'s'", '0x1F', '-0x10', '+1', '.5', '5.', '+.5', '-5.', 'Infinity', '-Infinity', '+Infinity', 'NaN', 'inf', '"a\\x41"', '"a\\\nb"', "'\"'", '"\\v\\0"', '0xffffffffffffffff', '0x8000000000000000', 'QNaN', '1e', '01', '-', '1.2.3', '"tab\there"', '"\\q"', "'unclosed", '"unclosed', 'nul', 'TRUE', '1_000', '"\\u12"', '"\\x4"', '\uFEFF1']);
const key = () => pick(['"a"', '"b"', '"c"', '"a b"', '""', '"\\u0061"', '"é"', '"a.b"', '"0"', '"a\\"b"']);
const json5Key = () => pick(['a', 'b', '$x', '_y', "'a'", '1a', 'a\\u0062', 'é', 'a-b']);
const space = () => pick(['', '', '', ' ', '\n', '\t ', '  ']);
const space5 = () => pick(['', ' ', '/* c */', '// c\n', '\u00a0', '\v', '\f', '/*', '/* *', '\u2028']);
const document = (depth, is5) => {
  const gap = () => (is5 && !below(4) ? space5() : space());
  const scalar = () => (is5 && !below(3) ? json5Scalar() : jsonScalar());
  const roll = below(depth > 0 ? 10 : 4);
  if (roll < 4) return gap() + scalar() + gap();
  const count = pick([0, 1, 1, 2, 2, 3, 5]);
  const trailing = is5 && !below(4) ? ',' : '';
  if (roll < 7) return `${gap()}[${repeat(count, () => document(depth - 1, is5)).join(',')}${trailing}${gap()}]${gap()}`;
  return `${gap()}{${repeat(count, () => `${gap()}${is5 && !below(2) ? json5Key() : key()}${gap()}:${document(depth - 1, is5)}`).join(',')}${trailing}${gap()}}${gap()}`;
};
const broken = (source) => {
  const at = below(source.length + 1);
  return pick([source.slice(0, at), source.slice(0, at) + source.slice(at + 1), source.slice(0, at) + pick(['{', '}', '[', ']', ',', ':', '"', 'x', '\\', '\0', ' ']) + source.slice(at)]);
};
const jsonb = (source) => {
  try {
    return db.prepare('SELECT jsonb(?)').pluck().get(source);
  } catch {
    return Buffer.from([]);
  }
};
const mutated = (bytes) => {
  const copy = Buffer.from(bytes);
  if (copy.length) copy[below(copy.length)] = below(256);
  return below(3) ? copy : copy.subarray(0, below(copy.length + 1));
};
const jsonText = () => pick([() => document(3, false), () => document(3, false), () => document(3, false), () => document(2, true), () => broken(document(3, true))])();
const jsonValue = () => pick([() => text(jsonText()), () => text(jsonText()), () => text(jsonText()), () => text(jsonText()), () => blob(jsonb(document(3, below(2) === 0))), () => blob(jsonb(document(3, below(2) === 0))), () => blob(mutated(jsonb(document(2, false)))), any])();
const goodJson = () => text(document(3, false));
const jsonArgument = () => pick([any, any, () => json(db.prepare('SELECT json(?)').pluck().get(document(2, false))), () => blob(jsonb(document(2, false))), goodJson])();
const path = () => pick([() => `$${repeat(below(4), () => pick(['.a', '.b', '.c', '[0]', '[1]', '[2]', '[#]', '[#-1]', '[#-2]', '."a b"', '.""', '."a"', '[10]', '."a.b"', '.é', '.0'])).join('')}`, () => pick(['$', '$.', '$[', '$[a]', '$[-1]', '$[#-]', '$[#-a]', 'a', '', '$a', '$.a.', '$..a', '$."a', '$[0', '$[0]a', '$.a[', '$[#+1]', '$[00]', '$.a"b"', '$[99999999999]', ' $', '$ ', '$[ 0 ]', "$.'a'", '$.a\0b'])])();
const jsonPath = () => pick([() => text(path()), () => text(path()), () => text(path()), () => text(path()), any])();
const arrowPath = () => pick([() => text(path()), () => text(pick(['a', 'b', '0', 'a b', '', '[0]', '[#-1]', '[1]', 'a.b', '"a"', '-1', '1a', '$'])), () => int(below(8) - 4), any])();
const label = () => pick([() => text(pick(['a', 'b', 'c', 'é', '', 'a"b', 'a\nb', '0'])), () => text(pick(['a', 'b', 'c'])), randomText, any])();

const functions = {
  abs: args(number), char: repeated(small, 0, 4), coalesce: repeated(any, 2, 4), concat: repeated(any, 1, 4), concat_ws: repeated(any, 2, 5), hex: args(any), ifnull: args(any, any), iif: repeated(any, 2, 5), instr: () => (below(3) ? [subject(), subject()] : [any(), any()]), length: args(any), octet_length: args(any),
  like: () => (below(3) ? [pattern(), subject()] : [pattern(), subject(), pick([() => text(pick(['\\', '!', '%', '_', 'é', '', 'ab', 'a'])), any])()]), glob: args(pattern, subject), lower: args(any), upper: args(any),
  ltrim: () => (below(2) ? [textual()] : [textual(), textual()]), rtrim: () => (below(2) ? [textual()] : [textual(), textual()]), trim: () => (below(2) ? [textual()] : [textual(), textual()]), max: repeated(any, 2, 4), min: repeated(any, 2, 4), nullif: args(any, any), quote: args(any), unistr: args(textual), unistr_quote: args(any), replace: args(textual, subject, textual),
  round: () => (below(2) ? [number()] : [number(), small()]), sign: args(number), soundex: args(textual), substr: () => (below(2) ? [any(), small()] : [any(), small(), small()]), typeof: args(any), unhex: () => (below(2) ? [textual()] : [textual(), textual()]), unicode: args(textual), zeroblob: args(() => pick([() => int(below(10) - 2), () => text('3'), () => nothing, () => int(2n ** 40n)])()), subtype: args(jsonArgument), likely: args(any),
  sqlite_compileoption_used: args(() => pick([() => text(pick(['SQLITE_ENABLE_FTS5', 'enable_fts5', 'FTS5', 'THREADSAFE', 'THREADSAFE=2', '', 'SQLITE_', 'DQS', 'ENABLE'])), any])()), sqlite_version: args(), sqlite_source_id: args(),
  printf: () => printfArguments(any), format: () => printfArguments(number),
  acos: args(unit), acosh: args(unit), asin: args(unit), asinh: args(unit), atan: args(unit), atan2: args(unit, unit), atanh: args(unit), ceil: args(number), cos: args(unit), cosh: args(unit), degrees: args(number), exp: args(unit), floor: args(number), ln: args(number), log: () => (below(2) ? [number()] : [number(), number()]), log10: args(number), log2: args(number), mod: args(number, number), pi: args(), pow: args(unit, unit), radians: args(number), sin: args(unit), sinh: args(unit), sqrt: args(number), tan: args(unit), tanh: args(unit), trunc: args(number),
  date: dates(), time: dates(), datetime: dates(), julianday: dates(), unixepoch: dates(), strftime: () => (below(20) ? [dateFormat(), ...dates()()] : [any(), ...dates()()]), timediff: args(dateValue, dateValue),
  json: args(jsonValue), jsonb: args(jsonValue), json_array: repeated(jsonArgument, 0, 4), jsonb_array: repeated(jsonArgument, 0, 4), json_array_length: () => (below(2) ? [jsonValue()] : [jsonValue(), jsonPath()]), json_error_position: args(jsonValue), json_extract: () => [jsonValue(), ...repeat(pick([0, 1, 1, 1, 1, 2, 3]), jsonPath)], jsonb_extract: () => [jsonValue(), ...repeat(pick([0, 1, 1, 1, 1, 2, 3]), jsonPath)],
  '->': args(jsonValue, arrowPath), '->>': args(jsonValue, arrowPath), json_pretty: () => (below(2) ? [jsonValue()] : [jsonValue(), pick([() => text('\t'), () => text(''), any])()]), json_quote: args(jsonArgument), json_type: () => (below(2) ? [jsonValue()] : [jsonValue(), jsonPath()]), json_valid: () => (below(2) ? [jsonValue()] : [jsonValue(), int(below(18))]),
  json_object: () => repeat(below(4), () => [label(), jsonArgument()]).flat().slice(below(15) ? 0 : 1), jsonb_object: () => repeat(below(4), () => [label(), jsonArgument()]).flat().slice(below(15) ? 0 : 1),
  json_patch: args(jsonValue, jsonValue), jsonb_patch: args(jsonValue, jsonValue), json_remove: () => [jsonValue(), ...repeat(pick([0, 1, 1, 1, 2]), jsonPath)], jsonb_remove: () => [jsonValue(), ...repeat(pick([0, 1, 1, 1, 2]), jsonPath)],
};
for (const name of ['insert', 'replace', 'set', 'array_insert']) {
  for (const prefix of ['json_', 'jsonb_']) functions[prefix + name] = () => [jsonValue(), ...repeat(pick([0, 1, 1, 1, 2]), () => [jsonPath(), jsonArgument()]).flat()].slice(0, below(15) ? undefined : 2);
}
const rowNumber = () => pick([any, randomInteger, randomInteger, randomReal, () => int(2n ** 62n + BigInt(below(3))), () => int(below(100)), () => nothing])();
const aggregates = {
  count: () => [any()], sum: () => [rowNumber()], total: () => [rowNumber()], avg: () => [rowNumber()], min: () => [any()], max: () => [any()], group_concat: () => [any()], 'group_concat ': () => [any(), any()], string_agg: () => [any(), any()], median: () => [pick([() => real(below(100) / 4), () => int(below(100)), () => int(below(100)), () => int(below(100)), number])()],
  json_group_array: () => [jsonArgument()], jsonb_group_array: () => [jsonArgument()], json_group_object: () => [label(), jsonArgument()], jsonb_group_object: () => [label(), jsonArgument()],
};
for (const [name, scale] of [['percentile', 100], ['percentile_cont', 1], ['percentile_disc', 1]]) {
  let given;
  aggregates[name] = (i) => ((given = i && below(40) ? given : pick([() => real((scale * below(101)) / 100), () => int(below(2)), any])()), [pick([() => real(below(100) / 4), () => int(below(100)), () => nothing])(), given]);
}

const show = ({ kind, v }) => kind + (kind === 'n' ? '' : kind === 'i' ? v : kind === 'r' ? realToBits(v).toString(16).padStart(16, '0') : v.toString('hex'));
const bound = ({ kind, v }) => (kind === 'n' ? null : v);
// Text is bound as a blob and cast, so that its bytes need not be UTF-8; `+` takes the cast's affinity away.
const placeholder = ({ kind }, i) => (kind === 't' ? `+CAST(?${i} AS TEXT)` : kind === 'j' ? `json(CAST(?${i} AS TEXT))` : `?${i}`);
const unpack = ({ t, r, s }) => (t === 'null' ? nothing : t === 'integer' ? int(r) : t === 'real' ? real(r) : { kind: t === 'blob' ? 'b' : s ? 'j' : 't', v: r });
const statements = new Map();
const prepared = (sql) => statements.get(sql) ?? (statements.set(sql, db.prepare(sql)), statements.get(sql));
const lines = [];
const emit = (name, shown, compute) => {
  let result;
  try {
    const value = compute();
    if (value.v?.length > 10000) return;
    result = show(value);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    result = `e${Buffer.from(error.message).toString('hex')}`;
  }
  lines.push([name, ...shown, result].join('\t'));
};
for (const [name, make] of Object.entries(functions)) {
  if (only.length && !only.includes(name)) continue;
  for (let i = 0; i < perFunction; i++) {
    const values = make();
    const marks = values.map((value, at) => placeholder(value, at + 1));
    const call = name.startsWith('-') ? `(${marks[0]} ${name} ${marks[1]})` : `${name}(${marks.join(', ')})`;
    const parameters = Object.fromEntries(values.map((value, at) => [at + 1, bound(value)]));
    emit(name, values.map(show), () => unpack(prepared(`SELECT typeof(${call}) t, CASE typeof(${call}) WHEN 'text' THEN CAST(${call} AS BLOB) ELSE ${call} END r, subtype(${call}) s`).get(...(values.length ? [parameters] : []))));
  }
}
for (const [name, make] of Object.entries(aggregates)) {
  if (only.length && !only.includes(name.trim())) continue;
  for (let i = 0; i < perFunction; i++) {
    const rows = repeat(pick([0, 1, 2, 3, 5, 8, 20]), (_, at) => make(at));
    const columns = rows.length ? rows[0].map((_, column) => `c${column + 1}`) : make(0).map(() => 'NULL');
    // The rows are an ordered list of SELECTs, so that the JSON subtype lives until the aggregate sees it.
    const sources = rows.map((row, r) => `SELECT ${row.map((value, c) => `${value.kind === 'j' ? `CAST(?${r * row.length + c + 1} AS TEXT)` : placeholder(value, r * row.length + c + 1)} c${c + 1}, ${value.kind === 'j' ? 1 : 0} j${c + 1}`).join(', ')}`);
    const inputs = columns.map((column, c) => (rows.length ? (name.includes('json') ? `iif(j${c + 1}, json(${column}), ${column})` : column) : column));
    const call = `${name.trim()}(${inputs.join(', ')})`;
    const from = rows.length ? `FROM (${sources.join(' UNION ALL ')})` : 'WHERE 0';
    const parameters = Object.fromEntries(rows.flatMap((row, r) => row.map((value, c) => [r * row.length + c + 1, bound(value)])));
    emit(`@${name.trim()}`, rows.map((row) => row.map(show).join(',')), () => unpack(prepared(`SELECT typeof(${call}) t, CASE typeof(${call}) WHEN 'text' THEN CAST(${call} AS BLOB) ELSE ${call} END r, subtype(${call}) s ${from}`).get(...(rows.length ? [parameters] : []))));
    statements.clear();
  }
}
for (const name of ['json_each', 'json_tree', 'jsonb_each', 'jsonb_tree']) {
  if (only.length && !only.includes(name)) continue;
  for (let i = 0; i < perFunction; i++) {
    const values = below(2) ? [jsonValue()] : [jsonValue(), jsonPath()];
    const columns = ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path', 'json', 'root'];
    const selected = columns.map((c) => `typeof(${c}) t_${c}, CASE typeof(${c}) WHEN 'text' THEN CAST(${c} AS BLOB) ELSE ${c} END r_${c}, subtype(${c}) s_${c}`);
    let result;
    try {
      const rows = prepared(`SELECT ${selected.join(', ')} FROM ${name}(${values.map((value, at) => placeholder(value, at + 1)).join(', ')})`).all(Object.fromEntries(values.map((value, at) => [at + 1, bound(value)])));
      result = rows.map((row) => columns.map((c) => show(unpack({ t: row[`t_${c}`], r: row[`r_${c}`], s: row[`s_${c}`] }))).join(',')).join(';');
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
      result = `e${Buffer.from(error.message).toString('hex')}`;
    }
    lines.push([`#${name}`, ...values.map(show), result].join('\t'));
  }
}
process.stdout.write(`${lines.join('\n')}\n`);

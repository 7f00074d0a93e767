/**
 * Lookups by rowid and by unique columns that come again and again: after the first ones the engine looks at the row where a
 * key was found last, and while nothing is written it keeps rows. The rows move, change their keys, go and come back; several
 * snapshots look.
 */
import { join } from 'node:path';
import { describe } from 'vitest';
import { Random } from '../bench/random.ts';
import { contract, type Side } from './testing/contract.ts';

type Parameter = null | number | bigint | string | Buffer;

const ROWS = 40;
const STEPS = 60_000;
/** Of so many steps the first ones write, too. */
const PHASE = 20_000;
const WRITING_STEPS = 1000;
/** What steps are that only look. */
const QUIET = 30;
const SCHEMA = `CREATE TABLE t(id INTEGER PRIMARY KEY, word TEXT UNIQUE, whatever UNIQUE, number INT UNIQUE, real REAL UNIQUE,
  folded TEXT COLLATE NOCASE UNIQUE, a, b TEXT, note TEXT, UNIQUE(a, b));
  CREATE UNIQUE INDEX even ON t(note) WHERE a % 2 = 0`;
const CONDITIONS = [
  'id = ?',
  'word = ?',
  'whatever = ?',
  'number = ?',
  'real = ?',
  'folded = ?',
  'folded = ? COLLATE NOCASE',
  'note = ? AND a % 2 = 0',
  '+number = ?',
];
const WRITES = [
  'INSERT OR REPLACE INTO t VALUES ($id, $text, $mixed, $number, $number, $text, $small, $text, $text)',
  'INSERT OR IGNORE INTO t VALUES ($id, $text, $mixed, $number, $number, $text, $small, $text, $text)',
  'UPDATE OR IGNORE t SET word = $text, number = $number WHERE id = $id',
  'UPDATE OR REPLACE t SET whatever = $mixed, folded = upper($text), a = $small WHERE id = $id',
  'UPDATE OR IGNORE t SET id = $number + 1000 WHERE id = $id',
  'UPDATE OR IGNORE t SET id = $id WHERE number = $number',
  'DELETE FROM t WHERE id = $id',
  'DELETE FROM t WHERE word = $text',
];

/** Of few different values, so that they meet; the same one in several classes. */
function value(random: Random): Parameter {
  const number = random.next(ROWS);
  const makes = [
    () => `w${number}`,
    () => `W${number}`,
    () => number,
    () => BigInt(number),
    () => String(number),
    () => number + 0.5,
    () => Buffer.from(`w${number}`),
    () => null,
  ];
  return (makes[random.next(20)] ?? (() => `w${number}`))();
}

/** One that a row may have. */
function likelyKey(random: Random, condition = ''): Parameter {
  const number = random.next(ROWS);
  return /^(id|number|real|.number)/.test(condition) ? number : `w${number}`;
}

function play({ note }: Side, db: Side['db'], other: Side['db'], seed: number) {
  const random = new Random(seed);
  const lookups = CONDITIONS.map((condition) => `SELECT id, word, whatever, number, folded, a FROM t WHERE ${condition}`);
  const [mine, theirs] = [db, other].map((connection) => lookups.map((text) => connection.prepare(text)));
  const pair = db.prepare('SELECT * FROM t WHERE a = ? AND b = ?');
  const writes = WRITES.map((text) => db.prepare(text));
  const outcomes: unknown[] = [];
  const keep = (call: () => unknown) => {
    try {
      outcomes.push(call());
    } catch (error) {
      outcomes.push(String(error));
    }
  };
  for (let step = 0; step < STEPS; step++) {
    if (step % PHASE === WRITING_STEPS) {
      for (let id = 0; id < ROWS; id++) {
        keep(() => writes[1]?.run({ id, number: id, small: id, text: `w${id}`, mixed: value(random) }).changes);
      }
    }
    const kind = step % PHASE < WRITING_STEPS ? random.next(30) : QUIET;
    if (kind < 4) {
      const write = writes[random.next(writes.length)];
      const [number, id, small] = [random.next(ROWS), random.next(ROWS), random.next(9)];
      keep(() => write?.run({ id, number, small, text: `w${random.next(ROWS)}`, mixed: value(random) }).changes);
    } else if (kind === 4 && db.inTransaction) {
      db.exec(random.next(2) === 0 ? 'COMMIT' : 'ROLLBACK');
    } else if (kind === 4) {
      db.exec('BEGIN');
    } else if (kind === 5) {
      keep(() => pair.get(random.next(9), value(random)));
    } else {
      const statements = db.inTransaction && random.next(3) === 0 ? theirs : mine;
      const index = random.next(CONDITIONS.length);
      const statement = statements?.[index];
      const key = kind === QUIET && random.next(8) > 0 ? likelyKey(random, CONDITIONS[index]) : value(random);
      keep(() => (random.next(2) === 0 ? statement?.get(key) : statement?.all(key)));
    }
  }
  if (db.inTransaction) db.exec('COMMIT');
  note(() => outcomes);
  note(() => db.prepare('SELECT * FROM t ORDER BY id').all());
}

describe('lookups by unique columns', () => {
  for (const seed of [1, 2, 3]) {
    contract(`while rows change, seed ${seed}`, (side) => {
      const path = join(side.folder, 'lookups');
      const [db, other] = [new side.Database(path), new side.Database(path)];
      db.pragma('journal_mode = WAL');
      db.exec(SCHEMA);
      play(side, db, other, seed);
      other.close();
      db.close();
    });
  }
});

/**
 * One chunk of the scan campaign: filters, joins, aggregates and groups over a table of thousands of rows, so that the vector
 * engine meets every kind of column there is: narrow and wide numbers, with and without NULLs, texts that repeat and that
 * do not, mixed classes, values too wide for a leaf, columns younger than their rows, rows changed since they were folded,
 * columns that are another thing in each leaf; in memory, folded, and read back from a file. Now and then many rows change.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Connection, Engine } from '../engine.ts';
import { trace } from '../pool/trace.ts';
import { compare, type Difference, differenceOf, type ErrorRule, type Outcome, outcomeOf, type Pair } from './compare.ts';
import { ExpressionGenerator } from './expression.ts';
import type { FoundCase } from './expression-run.ts';
import type { FunctionGroup } from './function-shape.ts';
import { Random } from './random.ts';
import { shrinkSql } from './shrink.ts';
import { group, list, optional, render, type Sql } from './tree.ts';
import { BLOBS, INTEGERS, ODD_TEXTS, REALS, TEXTS } from './values.ts';

/** Some of them make more than a dozen leaves. */
const ROW_COUNTS = [70, 400, 3000, 3000, 9000];
/** Ranges of rowids begin below it. */
const LAST_ROW = 5000;
const ROWS_PER_INSERT = 500;
const CHANGES = 12;
/** Those that a change meets, or the last of them. */
const INDEXES = ['t_i', 't_j', 't_k'];

const NASTY = [...INTEGERS, ...REALS, ...TEXTS, ...ODD_TEXTS, ...BLOBS, 'NULL'];
const NAMES = ["'ash'", "'Birch'", "'birch'", "'oak'", "'OAK '", "'lime'", "''", "'1'", "'été'"];

/** A column with how its values come about. Which ones a table has is chance. */
const COLUMNS: readonly (readonly [definition: string, value: (random: Random, row: number) => string])[] = [
  ['narrow INTEGER', (random) => String(random.between(-3, 9))],
  ['wide INTEGER', (random) => String(random.between(-1e9, 1e9) * random.pick([1, 1000, 4e9]))],
  ['gaps INTEGER', (random) => (random.oneIn(3) ? 'NULL' : String(random.below(300)))],
  ['same INTEGER', () => '7'],
  ['real REAL', (random) => String(random.between(-1e6, 1e6) / 8)],
  ['odd REAL', (random) => random.pick([...REALS, 'NULL'])],
  ['half REAL', () => '0.5'],
  ['name TEXT', (random) => random.pick(NAMES)],
  ['folded TEXT COLLATE NOCASE', (random) => random.pick([...NAMES, 'NULL'])],
  ['padded COLLATE RTRIM', (random) => random.pick(["'a'", "'a '", "'A'", '1', 'NULL'])],
  ['one TEXT', (_, row) => `'row ${row}'`],
  ['digits TEXT', (random) => `'${random.below(50)}'`],
  ['numeric NUMERIC', (random) => random.pick(["'5'", "'x'", '2.5', '3', 'NULL'])],
  ['mixed', (random) => random.pick(NASTY)],
  ['blob BLOB', (random) => random.pick([...BLOBS, 'NULL'])],
  ['empty', () => 'NULL'],
  // Each leaf has a few values, of a width of its own.
  ['block INTEGER', (_, row) => String(Math.floor(row / 700) * (row > 2500 ? 100_000 : 1))],
  ['era TEXT', (_, row) => NAMES[Math.floor(row / 450) % NAMES.length] ?? 'NULL'],
  ['rising REAL', (_, row) => String(row / 8)],
  ['begun INTEGER', (random, row) => (row < 1500 ? 'NULL' : String(random.below(5)))],
  ['turned', (random, row) => (row % 2000 < 1200 ? String(random.between(-9, 9)) : random.pick(NASTY))],
  ['wordy TEXT', (random) => (random.oneIn(200) ? `printf('%0${random.between(2000, 9000)}d', 1)` : "'short'")],
];

/** Statements that make the table. */
function makeTable(random: Random): { readonly script: readonly string[]; readonly columns: readonly string[] } {
  const chosen = random.sample(COLUMNS, random.between(4, 9));
  const rowCount = random.pick(ROW_COUNTS);
  const step = random.pick([1, 1, 3]);
  const script = [`CREATE TABLE t(k INTEGER PRIMARY KEY, ${chosen.map(([definition]) => definition).join(', ')})`];
  for (let first = 0; first < rowCount; first += ROWS_PER_INSERT) {
    const rows = Array.from({ length: Math.min(ROWS_PER_INSERT, rowCount - first) }, (_, at) => {
      const row = first + at;
      return `(${[row * step, ...chosen.map(([, value]) => value(random, row))].join(', ')})`;
    });
    script.push(`INSERT INTO t VALUES ${rows.join(', ')}`);
  }
  const columns = ['k', ...chosen.map(([definition]) => definition.split(' ')[0] ?? '')];
  if (random.oneIn(2)) {
    script.push(`ALTER TABLE t ADD COLUMN late ${random.pick(["TEXT DEFAULT 'late'", 'INTEGER DEFAULT 4', 'REAL'])}`);
    columns.push('late');
  }
  const folds = random.pick(['never', 'once', 'often']);
  if (folds !== 'never') script.push('VACUUM');
  const lastKey = rowCount * step;
  const changeable = columns.slice(1);
  for (let at = random.below(CHANGES); at > 0; at--) {
    const [low, high] = [random.below(lastKey), random.below(lastKey)];
    script.push(
      random.pick([
        `DELETE FROM t WHERE k BETWEEN ${low} AND ${low + random.below(60)}`,
        `UPDATE t SET ${random.pick(changeable)} = ${random.pick(NASTY)} WHERE k % 97 = ${random.below(97)}`,
        `UPDATE t SET ${random.pick(changeable)} = ${random.pick(NASTY)} WHERE k = ${high}`,
        `INSERT OR REPLACE INTO t(k, ${random.pick(changeable)}) VALUES (${lastKey + random.below(50)}, ${random.pick(NASTY)})`,
      ]),
    );
    if (folds === 'often' && random.oneIn(3)) script.push('VACUUM');
  }
  return { script, columns };
}

const JOINED_COLUMNS = ['id', 'x', 'y', 'w'];

/** Statements that make the table that is joined to it. */
function makeJoinedTable(random: Random): readonly string[] {
  const value = random.pick([
    () => String(random.between(-3, 9)),
    () => random.pick([...NAMES, 'NULL']),
    () => random.pick(["'5'", '5', '5.0', "'x'", '2.5', 'NULL', "x'35'"]),
    () => random.pick(NASTY),
  ]);
  const step = random.pick([1, 1, 4]);
  const rows = Array.from(
    { length: random.pick([0, 1, 20, 300]) },
    (_, row) => `(${[row * step, value(), random.between(0, 9), random.pick([...NAMES, 'NULL'])].join(', ')})`,
  );
  const type = random.pick(['INTEGER', 'TEXT', '', 'NUMERIC', 'TEXT COLLATE NOCASE']);
  const script = [`CREATE TABLE u(id INTEGER PRIMARY KEY, x ${type}, y INTEGER, w TEXT)`];
  if (rows.length > 0) script.push(`INSERT INTO u VALUES ${rows.join(', ')}`);
  // Of several matches, SQLite's automatic indexes give the order; with these it needs none.
  return [...script, 'CREATE INDEX u_x ON u(x)', 'CREATE INDEX u_w ON u(w)'];
}

/** What a query can name, and expressions of it. */
interface Scope {
  readonly columns: readonly string[];
  readonly expressions: ExpressionGenerator;
}

/** Queries over the table. */
class QueryGenerator {
  readonly #random: Random;
  readonly #table: Scope;
  readonly #joined: Scope;
  #scope: Scope;

  constructor(random: Random, columns: readonly string[], functions: readonly FunctionGroup[]) {
    this.#random = random;
    const scope = (names: readonly string[]): Scope => ({
      columns: names,
      expressions: new ExpressionGenerator(random, { columns: names, functions }),
    });
    this.#table = scope(columns);
    this.#joined = scope([...columns, ...JOINED_COLUMNS]);
    this.#scope = this.#table;
  }

  get #columns(): readonly string[] {
    return this.#scope.columns;
  }

  get #expressions(): ExpressionGenerator {
    return this.#scope.expressions;
  }

  #value(): Sql {
    const random = this.#random;
    return random.oneIn(2) ? random.pick(this.#columns) : this.#expressions.make(random.between(1, 3));
  }

  #constant(): string {
    const random = this.#random;
    return random.weighted([
      [3, String(random.between(-5, 300))],
      [2, random.pick(NAMES)],
      [1, random.pick(NASTY)],
    ]);
  }

  #comparison(): Sql {
    const random = this.#random;
    const column = random.pick(this.#columns);
    return random.pick([
      () => `${column} ${random.pick(['=', '<', '<=', '>', '>=', '<>', 'IS', 'IS NOT'])} ${this.#constant()}`,
      () => `${column} BETWEEN ${this.#constant()} AND ${this.#constant()}`,
      () => `${column} IN (${random.many(3, () => this.#constant()).join(', ')})`,
      () => `${column} IS ${random.pick(['', 'NOT '])}NULL`,
      () => `${column} LIKE ${random.pick(["'%a%'", "'o%'", "'%k'", "'b_rch'", "'row 1%'", "'%5'"])}`,
      () => `k BETWEEN ${random.below(LAST_ROW)} AND ${random.below(LAST_ROW * 2)}`,
    ])();
  }

  #where(): Sql {
    const random = this.#random;
    const conditions = random.many(random.below(4), () => (random.oneIn(4) ? this.#value() : this.#comparison()));
    return conditions.length === 0 ? '' : optional(' WHERE ', list(conditions, random.oneIn(4) ? ' OR ' : ' AND '));
  }

  #aggregate(): Sql {
    const random = this.#random;
    const filter = random.oneIn(4) ? optional(' FILTER (WHERE ', this.#comparison(), ')') : '';
    const name = random.weighted([
      [3, 'sum'],
      [3, 'count'],
      [2, 'avg'],
      [2, 'total'],
      [2, 'min'],
      [2, 'max'],
      [1, 'group_concat'],
    ]);
    if (name === 'count' && random.oneIn(2)) return group('count(*)', filter);
    const distinct = random.oneIn(5) ? 'DISTINCT ' : '';
    return group(name, '(', distinct, this.#value(), ')', filter);
  }

  /** The other table, joined in the order that is written. */
  #join(): Sql {
    const random = this.#random;
    const left = (): Sql => (random.oneIn(5) ? group('(', this.#value(), ')') : random.pick(this.#columns));
    const keys = random.pick<() => readonly Sql[]>([
      () => [group('u.id = ', left())],
      () => [group('u.x = ', left())],
      () => [group(left(), ' = u.x')],
      () => [group('u.w = ', left())],
      // No index serves these.
      () => [group('+u.x = ', left())],
      () => [group('+u.w = ', left(), ' COLLATE NOCASE')],
      () => [group('+u.x = ', left()), group('+u.w = ', left())],
    ])();
    const more = random.oneIn(3) ? [random.oneIn(2) ? this.#comparison() : `u.y > ${random.below(9)}`] : [];
    return group(random.pick([' CROSS JOIN u ON ', ' LEFT JOIN u ON ']), list([...keys, ...more], ' AND '));
  }

  #joinedQuery(): Sql {
    const random = this.#random;
    const where = this.#where();
    const join = this.#join();
    this.#scope = this.#joined;
    const aggregates = list(random.many(random.between(1, 4), () => this.#aggregate()));
    const keys = random.many(random.pick([1, 1, 2]), () => (random.oneIn(4) ? this.#value() : random.pick(this.#columns)));
    this.#scope = this.#table;
    const grouping = random.oneIn(3) ? '' : group(' GROUP BY ', list(keys));
    return group('SELECT ', aggregates, ' FROM t', join, where, grouping);
  }

  /** Rows of the table into another one. */
  #copy(): Sql {
    const random = this.#random;
    const values = list(random.many(2, () => this.#value()));
    if (random.oneIn(3)) return group(`CREATE TABLE c AS SELECT `, values, ', k FROM t', this.#where());
    const key = random.pick(['NULL', 'NULL', 'k', 'k / 2', '-k', '5']);
    const columns = random.pick(['', '', '(i, x, y)']);
    const source = group('SELECT ', key, ', ', values, columns === '' ? ', k' : '', ' FROM t', this.#where());
    return group(`INSERT${random.pick(['', ' OR IGNORE', ' OR FAIL', ' OR REPLACE'])} INTO copy${columns} `, source);
  }

  /** A change of many rows. */
  change(): Sql {
    const random = this.#random;
    if (random.oneIn(3)) return this.#copy();
    if (random.oneIn(3)) return group('DELETE FROM t', this.#where());
    const places = random.sample(this.#columns.slice(1), random.pick([1, 1, 2]));
    const assigned = places.map((place) =>
      group(`${place} = `, random.oneIn(3) ? this.#constant() : random.oneIn(3) ? `${place} + 1` : this.#value()),
    );
    return group(`UPDATE${random.pick(['', '', ' OR IGNORE', ' OR FAIL', ' OR REPLACE'])} t SET `, list(assigned), this.#where());
  }

  /** Statements before a change: what it meets then. */
  beforeChange(): readonly string[] {
    const random = this.#random;
    const types = random.many(2, () => random.pick(['INTEGER', 'TEXT', 'REAL', 'NUMERIC', '', 'TEXT NOT NULL']));
    const copy = `CREATE TABLE copy(i INTEGER PRIMARY KEY, x ${types[0]}, y ${types[1]}, z DEFAULT 'z')`;
    const begin = ['BEGIN', copy, ...(random.oneIn(3) ? ["INSERT INTO copy VALUES (7, 1, 2, 3), (4000, 'a', 'b', 'c')"] : [])];
    return random.oneIn(2) ? begin : [...begin, ...INDEXES.slice(random.below(INDEXES.length)).map((name) => this.#index(name))];
  }

  /** An index for a change; a unique one is made only where it can be. */
  #index(name: string): string {
    const random = this.#random;
    const columns = random.sample(this.#columns.slice(1), random.pick([1, 1, 2]));
    const terms = columns.map((column) =>
      random.weighted([
        [4, column],
        [1, `${column} DESC`],
        [1, `${column} COLLATE NOCASE`],
        [1, `${column} || 'x'`],
        [1, `(${column} + 1)`],
      ]),
    );
    const column = random.pick(this.#columns);
    // No condition of a query implies it: SQLite would read the index, and copy rows in its order.
    const partial = random.pick([`${column} IS NOT 3.5`, `${column} < 'b' OR k % 2`, 'k % 3 > 0']);
    return `CREATE ${random.oneIn(6) ? 'UNIQUE ' : ''}INDEX ${name} ON t(${terms.join(', ')})${random.oneIn(5) ? ` WHERE ${partial}` : ''}`;
  }

  next(): Sql {
    const random = this.#random;
    if (random.oneIn(4)) return this.#joinedQuery();
    const where = this.#where();
    const aggregates = list(random.many(random.between(1, 4), () => this.#aggregate()));
    switch (random.below(5)) {
      case 4: {
        // Rows that tie in all terms come in the rowid's order on both engines.
        const terms = random.many(random.pick([1, 1, 2]), () =>
          group(
            random.oneIn(3) ? this.#value() : random.pick(this.#columns),
            random.pick(['', ' DESC', ' NULLS LAST', ' DESC NULLS FIRST']),
          ),
        );
        const limit = ` LIMIT ${random.pick([1, 5, 30])} OFFSET ${random.pick([0, 0, 3])}`;
        return group('SELECT k, ', this.#value(), ' FROM t', where, ' ORDER BY ', list(terms), limit);
      }
      case 0:
        return group('SELECT ', aggregates, ' FROM t', where);
      case 1:
      case 2: {
        const keys = random.many(random.pick([1, 1, 1, 2, 3]), () =>
          random.oneIn(4) ? this.#value() : random.pick(this.#columns),
        );
        const having = random.oneIn(5) ? optional(' HAVING count(*) > ', String(random.below(5))) : '';
        return group('SELECT ', aggregates, ' FROM t', where, ' GROUP BY ', list(keys), having);
      }
      default: {
        const limit =
          random.oneIn(3) && !render(where).includes(' OR ')
            ? optional(` LIMIT ${random.below(40)} OFFSET ${random.below(40)}`)
            : '';
        return group('SELECT ', list(random.many(2, () => this.#value())), ' FROM t', where, limit);
      }
    }
  }
}

/**
 * Whether the order of rows says something. Beside the rowid other keys of a GROUP BY decide nothing, and groups may come
 * in the rowid's order; the parts of an OR may be looked up one after the other.
 */
const isOrdered = (sql: string): boolean => !/ GROUP BY .*\bk\b| OR /s.test(sql);

/** Of answers of thousands of rows, the first that differ. */
function firstLines(difference: Difference | undefined): Difference | undefined {
  if (difference === undefined) return undefined;
  const [reference, subject] = [difference.reference.split('\n'), difference.subject.split('\n')];
  const at = Math.max(
    0,
    reference.findIndex((line, index) => line !== subject[index]),
  );
  const shown = (lines: readonly string[]): string =>
    [`from line ${at} of ${lines.length}`, ...lines.slice(at, at + 3)].join('\n');
  return { kind: difference.kind, reference: shown(reference), subject: shown(subject) };
}

function made(db: Connection, script: readonly string[]): Connection {
  for (const sql of script) {
    try {
      db.exec(sql);
    } catch (error) {
      if (!sql.startsWith('CREATE UNIQUE INDEX')) throw error;
    }
  }
  return db;
}

/** The same, closed and opened again. */
function readBack(engine: Engine, path: string, script: readonly string[]): Connection {
  made(engine.open(path), script).close();
  return engine.open(path);
}

/** After a change: what was made for it goes. */
const CLEANING = [
  ...INDEXES.map((name) => `DROP INDEX IF EXISTS ${name}`),
  'DROP TABLE IF EXISTS copy',
  'DROP TABLE IF EXISTS c',
];

/** Runs `count` queries over one table. */
export function runScanChunk(
  engines: { readonly reference: Engine; readonly subject: Engine },
  seed: number,
  count: number,
  functions: readonly FunctionGroup[],
  rule: ErrorRule,
): FoundCase[] {
  const random = new Random(seed);
  const { script: table, columns } = makeTable(random);
  const script = [...table, ...makeJoinedTable(random)];
  const folder = random.oneIn(3) ? mkdtempSync(join(tmpdir(), 'pluresdb-scan-')) : undefined;
  const pair: Pair = {
    reference: made(engines.reference.open(':memory:'), script),
    subject:
      folder === undefined
        ? made(engines.subject.open(':memory:'), script)
        : readBack(engines.subject, join(folder, 'db'), script),
  };
  const generator = new QueryGenerator(random, columns, functions);
  const found: FoundCase[] = [];
  /** The change in a transaction, and what it leaves. The last rowid is not of it: the file was opened again. */
  const changed = (before: readonly string[], sql: Sql, end: string): Difference | undefined => {
    for (const db of [pair.reference, pair.subject]) made(db, before);
    const outcomes = [pair.reference, pair.subject].map((db): Outcome => {
      const outcome = outcomeOf(db, render(sql));
      return outcome.kind === 'changes' ? { ...outcome, lastInsertRowid: '0' } : outcome;
    });
    const difference =
      differenceOf(outcomes[0] as Outcome, outcomes[1] as Outcome, true, rule) ??
      compare(pair, 'SELECT * FROM t ORDER BY k', true, rule) ??
      compare(pair, 'SELECT * FROM copy', true, rule) ??
      compare(pair, 'SELECT rowid, * FROM c', true, 'any') ??
      compare(pair, 'PRAGMA integrity_check', true, rule);
    const isSame = difference === undefined;
    for (const db of [pair.reference, pair.subject]) made(db, isSame ? [...CLEANING, end] : ['ROLLBACK']);
    return difference;
  };
  for (let at = 0; at < count; at++) {
    const isChange = random.oneIn(8);
    const before = isChange ? generator.beforeChange() : [];
    const end = random.oneIn(2) ? 'COMMIT' : 'ROLLBACK';
    const query = isChange ? generator.change() : generator.next();
    trace(render(query));
    let isFirst = true;
    const compared = (sql: Sql): Difference | undefined => {
      if (!isChange) return compare(pair, render(sql), isOrdered(render(sql)), rule);
      const difference = changed(before, sql, isFirst ? end : 'ROLLBACK');
      isFirst = false;
      return difference;
    };
    const difference = compared(query);
    if (difference === undefined) continue;
    const differs = (sql: Sql): Difference | undefined => firstLines(compared(sql));
    const small = shrinkSql(query, (sql) => differs(sql)?.kind === difference.kind);
    found.push({
      script: [`-- the table of seed ${seed}: ${script[0]}`, ...before, render(small)],
      difference: differs(small) ?? difference,
    });
    break;
  }
  pair.reference.close();
  pair.subject.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
  return found;
}

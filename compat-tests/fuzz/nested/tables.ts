/**
 * The databases of the nested campaign: tables of 0 to 20,000 rows over several leaves, of every organisation, indexed in
 * every way, whose values follow from the row's number. So the statements that make them are few and short, and what is
 * known of a column (how often a value comes, whether equal values are the same) holds for all its rows.
 */
import type { Random } from '../random.ts';

/** What its values are, and so what may be computed from them. */
export type Kind = 'integer' | 'real' | 'text' | 'mixed';

/** A column of a table, or of anything else that stands in FROM. */
export interface Column {
  readonly name: string;
  readonly kind: Kind;
  /** Its affinity is a number's. SQLite finds no texts by such a value, nor what has no affinity. */
  readonly isNumeric: boolean;
  /** Equal values are the same: whichever of them an engine shows, it shows that one. */
  readonly isExact: boolean;
  /** The most rows that may share a value. */
  readonly repeats: number;
  /** Literals of which some are in the column. */
  readonly literals: readonly string[];
}

export interface Table {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** A row is found by its id without a scan. */
  readonly isKeyed: boolean;
}

export interface Tables {
  readonly script: readonly string[];
  readonly tables: readonly Table[];
}

/** A column as it may be made. `i` is the row's number. */
interface Recipe {
  readonly name: string;
  readonly types: readonly string[];
  readonly value: string;
  readonly kind: Kind;
  readonly isExact: boolean;
  readonly repeats: (rows: number) => number;
  readonly literals: readonly string[];
}

const evenly =
  (values: number) =>
  (rows: number): number =>
    Math.ceil(rows / values);
const numbers = ['0', '1', '2', '3', '5', '7', '10', '-1', '40', '150', '1500', 'NULL', "'3'", '2.0'];

/** Prime moduli that no multiplier divides: each value comes equally often. */
const RECIPES: readonly Recipe[] = [
  {
    name: 'g',
    types: ['INTEGER', 'INT', 'NUMERIC', ''],
    value: '(i * 7919) % 13',
    kind: 'integer',
    isExact: true,
    repeats: evenly(13),
    literals: numbers,
  },
  {
    name: 'f',
    types: ['INTEGER', ''],
    value: '(i * 31) % 499',
    kind: 'integer',
    isExact: true,
    repeats: evenly(499),
    literals: numbers,
  },
  {
    name: 'u',
    types: ['INTEGER', 'INTEGER UNIQUE', ''],
    value: '(i * 17) % 20011',
    kind: 'integer',
    isExact: true,
    repeats: () => 1,
    literals: [...numbers, '17', '34', '10000'],
  },
  {
    name: 's',
    types: ['INTEGER', ''],
    value: 'CASE WHEN i % 4 = 1 THEN (i * 7) % 997 ELSE 0 END',
    kind: 'integer',
    isExact: true,
    repeats: (rows) => rows,
    literals: numbers,
  },
  {
    name: 'n',
    types: ['INTEGER', 'NUMERIC'],
    value: 'CASE WHEN i % 3 THEN (i * 11) % 101 END',
    kind: 'integer',
    isExact: true,
    repeats: evenly(101),
    literals: numbers,
  },
  {
    name: 'x',
    types: ['TEXT', ''],
    value: "'name ' || ((i * 37) % 211)",
    kind: 'text',
    isExact: true,
    repeats: evenly(211),
    literals: ["'name 3'", "'name 100'", "''", 'NULL', "'name 20'", "'zz'"],
  },
  {
    name: 'd',
    types: ['TEXT', 'VARCHAR(9)'],
    value: 'CASE WHEN i % 10 THEN (i * 3) % 307 END',
    kind: 'text',
    isExact: true,
    repeats: evenly(300),
    literals: ["'3'", '3', "'150'", '40', 'NULL', "''"],
  },
  {
    name: 'c',
    types: ['TEXT COLLATE NOCASE'],
    value: "CASE WHEN i % 2 THEN 'Ash ' ELSE 'aSH ' END || ((i * 5) % 89)",
    kind: 'text',
    isExact: false,
    repeats: evenly(89),
    literals: ["'ash 3'", "'ASH 50'", "'Ash 5'", 'NULL', "'b'"],
  },
  {
    name: 'p',
    types: ['TEXT COLLATE RTRIM'],
    value: "'p' || ((i * 5) % 53) || substr('   ', 1, i % 3)",
    kind: 'text',
    isExact: false,
    repeats: evenly(53),
    literals: ["'p3'", "'p50  '", "'p5 '", 'NULL'],
  },
  {
    name: 'm',
    types: ['', 'NUMERIC', 'BLOB'],
    value:
      "CASE i % 6 WHEN 0 THEN i % 60 WHEN 1 THEN (i % 60) || '' WHEN 2 THEN (i % 60) / 2.0 WHEN 3 THEN CAST(i % 60 AS BLOB) WHEN 4 THEN 'm' || (i % 60) END",
    kind: 'mixed',
    isExact: false,
    repeats: (rows) => Math.ceil(rows / 6),
    literals: ["'3'", '3', '1.5', "x'3237'", "'m4'", '12', '7.0', 'NULL'],
  },
  {
    name: 'r',
    types: ['REAL'],
    value: '((i * 29) % 811) / 8.0',
    kind: 'real',
    isExact: true,
    repeats: evenly(811),
    literals: ['3', '0.5', '12.125', '50', '100.0', "'7'", 'NULL'],
  },
  {
    name: 'w',
    types: ['TEXT'],
    value: "printf('%0*d', 10 + (i * 37) % 300, (i * 7) % 601)",
    kind: 'text',
    isExact: true,
    repeats: evenly(601),
    literals: ["'0'", "'00000000001'", "'1'", 'NULL'],
  },
];

/** How the rows are kept: the definition of the key, and what goes behind the columns. The key is a unique number. */
const ORGANISATIONS: readonly (readonly [id: string, constraint: string, options: string])[] = [
  ['id INTEGER PRIMARY KEY', '', ''],
  ['id INTEGER PRIMARY KEY', '', ''],
  ['id INTEGER PRIMARY KEY', '', ''],
  ['id INT NOT NULL', '', ''],
  ['id INT NOT NULL UNIQUE', '', ''],
  ['id INT PRIMARY KEY', '', ' WITHOUT ROWID'],
  ['id INTEGER NOT NULL', ', PRIMARY KEY(g, id)', ' WITHOUT ROWID'],
  ['id INTEGER NOT NULL', ', PRIMARY KEY(g DESC, id)', ' WITHOUT ROWID'],
  ['id INTEGER NOT NULL', ', PRIMARY KEY(x, id)', ' WITHOUT ROWID'],
];

/** In the order of the rows' numbers, from behind, and as chance has it. */
const IDS = ['i', 'i', '3 * i', '20011 - i', '(i * 101) % 20011'];

const ID_LITERALS = ['0', '1', '3', '30', '50', '300', '1500', '2000', '19000', '-1', 'NULL', "'7'"];

const ROW_COUNTS = [0, 1, 50, 50, 700, 2000];
const LARGE = 20_000;

function makeIndexes(random: Random, table: string, columns: readonly string[]): readonly string[] {
  return Array.from({ length: random.between(0, 4) }, (_, at) => {
    const [first = 'id', second = 'id'] = random.sample(columns, 2);
    const terms = random.weighted([
      [6, first],
      [5, `${first}, ${second}`],
      [2, `${first} DESC`],
      [2, `${first}, ${second} DESC`],
      [1, `${first} COLLATE NOCASE`],
      [1, `${first} COLLATE RTRIM, ${second}`],
      [1, `coalesce(${first}, 0)`],
      [1, `${first} || '', ${second}`],
    ]);
    const condition = random.weighted([
      [7, ''],
      [1, ` WHERE ${first} IS NOT NULL`],
      [1, ` WHERE ${second} > 3`],
    ]);
    return `CREATE INDEX ${table}_${at} ON ${table}(${terms})${condition}`;
  });
}

function makeTable(random: Random, name: string, rows: number): { readonly script: readonly string[]; readonly table: Table } {
  const [id, constraint, options] = random.pick(ORGANISATIONS);
  const drawn = random.sample(RECIPES, random.between(3, 6));
  const inKey = constraint === '' ? undefined : RECIPES.find((recipe) => constraint.includes(`(${recipe.name}`));
  const recipes = inKey === undefined || drawn.includes(inKey) ? drawn : [...drawn, inKey];
  const types = recipes.map((recipe) => random.pick(recipe.types));
  const definitions = [id, ...recipes.map((recipe, at) => `${recipe.name} ${types[at]}`.trim())];
  const values = [random.pick(IDS), ...recipes.map(({ value }) => value)];
  const names = ['id', ...recipes.map((recipe) => recipe.name)];
  const insert = `INSERT INTO ${name} WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${rows}) SELECT ${values.join(', ')} FROM c`;
  const indexes = makeIndexes(random, name, names);
  const create = `CREATE TABLE ${name}(${definitions.join(', ')}${constraint})${options}`;
  const fill = rows === 0 ? [] : [insert];
  const script = [create, ...(random.oneIn(2) ? [...indexes, ...fill] : [...fill, ...indexes])];
  const columns = recipes.map((recipe, at) => ({
    name: recipe.name,
    kind: recipe.kind,
    isNumeric: /INT|NUM|REAL/.test(types[at] ?? ''),
    isExact: recipe.isExact,
    repeats: Math.min(rows, recipe.repeats(rows)),
    literals: recipe.literals,
  }));
  const key: Column = { name: 'id', kind: 'integer', isNumeric: true, isExact: true, repeats: 1, literals: ID_LITERALS };
  const isKeyed = constraint === '' && id !== 'id INT NOT NULL';
  return { script, table: { name, rows, columns: [key, ...columns], isKeyed } };
}

/** Rows that go, so that leaves are thinner than they were. */
function makeChange(random: Random, { name, columns }: Table): string {
  const nullable = columns.filter((column) => ['n', 'd', 'm'].includes(column.name));
  const change = nullable.length > 0 && random.oneIn(2) ? `UPDATE ${name} SET ${random.pick(nullable).name} = NULL` : undefined;
  const start = random.below(15_000);
  const condition = random.pick([`id % 7 = ${random.below(7)}`, `id BETWEEN ${start} AND ${start + random.between(50, 3000)}`]);
  return `${change ?? `DELETE FROM ${name}`} WHERE ${condition}`;
}

/** Statements that make the tables, and what is known of them. */
export function makeTables(random: Random): Tables {
  const counts = [...random.sample(ROW_COUNTS, random.between(3, 5)), random.pick([700, 2000, LARGE])];
  const made = random.sample(counts, counts.length).map((rows, at) => makeTable(random, `t${at}`, rows));
  const tables = made.map(({ table }) => table);
  const changes = random.many(random.below(3), () => makeChange(random, random.pick(tables)));
  const upkeep = random.many(random.below(3), () => random.pick(['VACUUM', 'ANALYZE']));
  return { script: [...made.flatMap(({ script }) => script), ...changes, ...upkeep], tables };
}

/**
 * Invents tables, whose columns have mixed affinities, collations and constraints, and their indexes.
 */
import type { Context } from './context.ts';
import type { Column, DatabaseName, Index, Table } from './picture.ts';
import { group, list, optional, render, type Sql } from './tree.ts';

type KeyKind = 'rowid' | 'integer' | 'autoincrement' | 'plain' | 'pair' | 'without rowid' | 'without rowid pair';

const COLUMN_NAMES = ['a', 'b', 'c', 'd', 'e'];
const TYPES = [
  'INTEGER',
  'INT',
  'REAL',
  'TEXT',
  'NUMERIC',
  'BLOB',
  '',
  'VARCHAR(10)',
  'DOUBLE',
  'DECIMAL(5,2)',
  'BOOLEAN',
  'ANY',
];
const STRICT_TYPES = ['INTEGER', 'INT', 'REAL', 'TEXT', 'BLOB', 'ANY'];
const COLLATIONS = ['', '', '', ' COLLATE NOCASE', ' COLLATE RTRIM', ' COLLATE BINARY'];
const CONFLICTS = ['', '', '', 'IGNORE', 'REPLACE', 'FAIL', 'ABORT', 'ROLLBACK'].map((word) =>
  word === '' ? '' : ` ON CONFLICT ${word}`,
);
const CHECKS = [
  "typeof(%) <> 'blob'",
  '% IS NULL OR % <> 42',
  'length(%) < 20',
  '% > -1000 OR % IS NULL',
  "% NOT IN (3, 'b')",
  'CASE WHEN % = 10 THEN 0 ELSE 1 END',
];
const DEFAULTS = [
  '0',
  '7',
  "'def'",
  'NULL',
  '-1.5',
  "x'00'",
  '(1+2)',
  "(upper('q'))",
  '+9',
  'TRUE',
  "(json_array(1, 'x'))",
  'bare',
];
const STRICT_DEFAULTS: Readonly<Record<string, string>> = {
  INTEGER: '7',
  INT: '-3',
  REAL: '1.5',
  TEXT: "'def'",
  BLOB: "x'00'",
  ANY: "'any'",
};
const ACTIONS = ['NO ACTION', 'RESTRICT', 'SET NULL', 'SET DEFAULT', 'CASCADE', 'CASCADE'];

/** A definition under way: what the next parts may say depends on the parts before. */
interface Draft {
  readonly name: string;
  readonly database: DatabaseName;
  readonly keyKind: KeyKind;
  readonly isStrict: boolean;
  readonly columns: Column[];
  readonly parts: Sql[];
  readonly conflictTargets: string[];
}

const isPair = (kind: KeyKind): boolean => kind === 'pair' || kind === 'without rowid pair';

export function makeTable(context: Context, database: DatabaseName): { readonly sql: Sql; readonly table: Table } {
  const { random, schema } = context;
  const name = schema.freshName('t');
  const keyKind = random.weighted<KeyKind>([
    [5, 'rowid'],
    [6, 'integer'],
    [2, 'autoincrement'],
    [2, 'plain'],
    [2, 'pair'],
    [2, 'without rowid'],
    [1, 'without rowid pair'],
  ]);
  const least = isPair(keyKind) ? 2 : 1;
  const names = COLUMN_NAMES.slice(0, random.oneIn(8) ? least : random.between(2, COLUMN_NAMES.length));
  const draft: Draft = { name, database, keyKind, isStrict: random.oneIn(6), columns: [], parts: [], conflictTargets: [] };
  for (const [at, column] of names.entries()) addColumn(context, draft, column, at);
  if (names.length < COLUMN_NAMES.length && random.oneIn(5)) addGenerated(context, draft);
  addTableConstraints(context, draft);
  const hasRowid = !keyKind.startsWith('without');
  const options = [...(hasRowid ? [] : ['WITHOUT ROWID']), ...(draft.isStrict ? ['STRICT'] : [])];
  const keyColumns = isPair(keyKind) ? 2 : 1;
  const table: Table = {
    database,
    name,
    columns: isPair(keyKind)
      ? draft.columns.map((column, at) => (at < 2 ? { ...column, isUnique: true } : column))
      : draft.columns,
    key: hasRowid ? ['rowid'] : names.slice(0, keyColumns),
    hasRowid,
    isStrict: draft.isStrict,
    conflictTargets: draft.conflictTargets,
    isDescending: /PRIMARY KEY DESC/.test(JSON.stringify(draft.parts)),
    hasConstraints: /UNIQUE|CHECK|NOT NULL|PRIMARY|REFERENCES/.test(JSON.stringify(draft.parts)),
  };
  const prefix = database === 'main' ? '' : `${database}.`;
  const create = random.oneIn(15) ? 'CREATE TABLE IF NOT EXISTS ' : 'CREATE TABLE ';
  const head = database === 'temp' && random.oneIn(2) ? `CREATE TEMP TABLE ${name}` : `${create}${prefix}${name}`;
  return { sql: group(head, '(', list(draft.parts), `)${options.length > 0 ? ` ${options.join(', ')}` : ''}`), table };
}

function addColumn(context: Context, draft: Draft, name: string, at: number): void {
  const { random } = context;
  const { keyKind } = draft;
  const isKey = at === 0 && keyKind !== 'rowid' && !isPair(keyKind);
  const isAlias = isKey && (keyKind === 'integer' || keyKind === 'autoincrement');
  const types = draft.isStrict ? STRICT_TYPES : TYPES;
  // An INTEGER that is the key would be the rowid's alias.
  const type = isAlias ? 'INTEGER' : random.pick(isKey ? types.filter((each) => each !== 'INTEGER') : types);
  const isNotNull = !isKey && random.oneIn(6);
  const isUnique = !isKey && random.oneIn(8);
  const parts: Sql[] = [];
  if (isAlias) parts.push(' PRIMARY KEY', keyKind === 'autoincrement' ? ' AUTOINCREMENT' : '', optional(random.pick(CONFLICTS)));
  else if (isKey) parts.push(` PRIMARY KEY${random.oneIn(4) ? ' DESC' : ''}`, optional(random.pick(CONFLICTS)));
  if (isAlias && keyKind === 'autoincrement') parts.splice(1, 2, optional(random.pick(CONFLICTS)), ' AUTOINCREMENT');
  if (!isAlias) parts.push(optional(random.pick(COLLATIONS)));
  if (isNotNull) parts.push(optional(' NOT NULL', optional(random.pick(CONFLICTS))));
  if (isUnique) parts.push(optional(' UNIQUE', optional(random.pick(CONFLICTS))));
  if (!isAlias && random.oneIn(4)) {
    parts.push(optional(` DEFAULT ${draft.isStrict ? (STRICT_DEFAULTS[type] ?? 'NULL') : random.pick(DEFAULTS)}`));
  }
  if (!isKey && random.oneIn(8)) parts.push(optional(checkOf(context, name)));
  const mayRefer = context.features.has('foreign-keys');
  const parent = mayRefer && !isKey && random.oneIn(6) ? parentOf(context, draft) : undefined;
  if (parent !== undefined) {
    // A row that REPLACE takes away must not act on the row that is changed (`deviation`).
    const actions = parent.startsWith(`${draft.name}(`) ? [] : referenceActions(context);
    parts.push(optional(` REFERENCES ${parent}`, ...actions));
  }
  if (isKey || isUnique) draft.conflictTargets.push(`(${name})`);
  draft.columns.push({
    name,
    type,
    isUnique: isUnique || isKey,
    isNotNull,
    isAlias,
    isGenerated: false,
    isReference: parent !== undefined,
  });
  draft.parts.push(group(`${name} ${type}`.trimEnd(), ...parts));
}

function checkOf({ random }: Context, name: string): string {
  const constraint = random.oneIn(3) ? ` CONSTRAINT k${name}` : '';
  return `${constraint} CHECK (${random.pick(CHECKS).replaceAll('%', name)})`;
}

/** A table of the same database and a unique key of it; now and then what is no key, an error when a row asks. */
function parentOf({ random, schema }: Context, draft: Draft): string | undefined {
  const candidates = schema.picture.tables.filter((table) => table.database === draft.database);
  if (draft.columns[0]?.isUnique === true && random.oneIn(4)) return `${draft.name}(a)`;
  if (candidates.length === 0) return undefined;
  const parent = random.pick(candidates);
  const aliases = parent.columns.filter(({ isAlias }) => isAlias);
  if (aliases.length > 0) return random.oneIn(4) ? parent.name : `${parent.name}(${aliases[0]?.name})`;
  const unique = parent.columns.filter(({ isUnique }) => isUnique);
  if (unique.length > 0) return `${parent.name}(${random.pick(unique).name})`;
  return random.oneIn(20) ? `${parent.name}(a)` : undefined;
}

function referenceActions({ random }: Context): Sql[] {
  const parts: Sql[] = [];
  if (random.oneIn(2)) parts.push(optional(` ON DELETE ${random.pick(ACTIONS)}`));
  if (random.oneIn(2)) parts.push(optional(` ON UPDATE ${random.pick(ACTIONS)}`));
  if (random.oneIn(3)) parts.push(optional(random.pick([' DEFERRABLE INITIALLY DEFERRED', ' NOT DEFERRABLE', ' DEFERRABLE'])));
  return parts;
}

function addGenerated({ random }: Context, draft: Draft): void {
  const source = random.pick(draft.columns).name;
  const value = random.pick([
    `quote(${source})`,
    `typeof(${source})`,
    `length(${source})`,
    `${source} IS NULL`,
    `hex(${source}) || '!'`,
    `CAST(${source} AS INTEGER) % 10`,
  ]);
  const kind = random.pick([' VIRTUAL', ' STORED', '']);
  const always = random.oneIn(2) ? ' GENERATED ALWAYS' : '';
  const type = draft.isStrict ? 'ANY' : random.pick(['', 'TEXT', 'INTEGER', 'NUMERIC']);
  const isUnique = random.oneIn(8);
  const unique = isUnique ? optional(' UNIQUE') : '';
  if (isUnique) draft.conflictTargets.push('(g)');
  draft.columns.push({ name: 'g', type, isUnique, isNotNull: false, isAlias: false, isGenerated: true, isReference: false });
  draft.parts.push(group(`g ${type}`.trimEnd(), `${always} AS (${value})${kind}`, unique));
}

function addTableConstraints(context: Context, draft: Draft): void {
  const { random } = context;
  const { columns, parts, conflictTargets } = draft;
  if (isPair(draft.keyKind)) {
    parts.push(group('PRIMARY KEY (a, b)', optional(random.pick(CONFLICTS))));
    conflictTargets.push('(a, b)');
  } else if (columns.length > 2 && random.oneIn(10)) {
    parts.push(optional('UNIQUE (b, c)', optional(random.pick(CONFLICTS))));
    conflictTargets.push('(b, c)');
  }
  if (random.oneIn(12)) parts.push(optional(checkOf(context, random.pick(columns).name).trimStart()));
  if (context.features.has('foreign-keys') && columns.length > 2 && random.oneIn(6)) {
    const parent = context.schema.picture.tables.find(
      (table) => table.database === draft.database && table.conflictTargets.includes('(a, b)'),
    );
    if (parent !== undefined)
      parts.push(optional(`FOREIGN KEY (b, c) REFERENCES ${parent.name}(a, b)`, ...referenceActions(context)));
  }
}

export function makeIndex(context: Context, table: Table): { readonly sql: Sql; readonly index: Index; readonly target: string } {
  const { random, schema } = context;
  const name = schema.freshName('i');
  const columns = random.sample(table.columns, random.between(1, 3));
  const terms = columns.map((column) => {
    const computed = random.pick([
      `length(${column.name})`,
      `quote(${column.name})`,
      `${column.name} || 'x'`,
      `CAST(${column.name} AS INTEGER) % 7`,
    ]);
    return random.oneIn(7) ? computed : column.name;
  });
  const sorted = terms.map((term) =>
    group(term, optional(random.pick(COLLATIONS)), optional(random.pick(['', '', ' DESC', ' ASC']))),
  );
  const isUnique = random.oneIn(6);
  const column = random.pick(table.columns).name;
  const condition = random.pick([
    `${column} IS NOT NULL`,
    `${column} > 1`,
    `typeof(${column}) = 'text'`,
    `${column} IN (1, 2, 3)`,
  ]);
  const partial = random.oneIn(6) ? optional(` WHERE ${condition}`) : '';
  const prefix = table.database === 'main' ? '' : `${table.database}.`;
  const exists = random.oneIn(15) ? 'IF NOT EXISTS ' : '';
  const create = group('CREATE ', isUnique ? optional('UNIQUE ') : '', `INDEX ${exists}${prefix}${name} ON ${table.name}(`);
  const isPlain = terms.every((term, at) => term === columns[at]?.name);
  return {
    sql: group(create, list(sorted), ')', partial),
    index: {
      database: table.database,
      name,
      table: table.name,
      isPlain,
      condition: partial === '' ? undefined : condition,
      isUnique,
      isDescending: render(sorted[0] ?? '').endsWith(' DESC'),
    },
    target: isUnique ? `(${terms.join(', ')})${partial === '' ? '' : ` WHERE ${condition}`}` : '',
  };
}

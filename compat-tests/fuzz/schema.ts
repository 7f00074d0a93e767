/**
 * Invents schemas: tables whose columns have mixed affinities, collations and constraints, with indexes and views.
 *
 * The generator keeps its own picture of the schema, so that most statements name what exists.
 */
import type { Random } from './random.ts';
import { group, list, optional, type Sql } from './tree.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isUnique: boolean;
  readonly isNotNull: boolean;
  /** INTEGER PRIMARY KEY: the rowid by another name. */
  readonly isAlias: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** What tells every row from the others, in the table's own order. */
  readonly key: readonly string[];
  readonly hasRowid: boolean;
  /** Unique keys that an ON CONFLICT clause may name. */
  readonly conflictTargets: readonly string[];
  readonly hasConstraints: boolean;
}

export interface Schema {
  tables: Table[];
  indexes: string[];
  views: { readonly name: string; readonly columns: readonly string[] }[];
  savepoints: string[];
  /** As far as the generator knows; an error may have ended it. */
  isInTransaction: boolean;
  nameCount: number;
}

export const newSchema = (): Schema => ({
  tables: [],
  indexes: [],
  views: [],
  savepoints: [],
  isInTransaction: false,
  nameCount: 0,
});

const COLUMN_NAMES = ['a', 'b', 'c', 'd', 'e'];
const TYPES = ['INTEGER', 'INT', 'REAL', 'TEXT', 'NUMERIC', 'BLOB', '', 'VARCHAR(10)', 'DOUBLE', 'DECIMAL(5,2)', 'BOOLEAN'];
const COLLATIONS = ['', '', '', ' COLLATE NOCASE', ' COLLATE RTRIM', ' COLLATE BINARY'];
const CONFLICTS = [
  '',
  '',
  '',
  ' ON CONFLICT IGNORE',
  ' ON CONFLICT REPLACE',
  ' ON CONFLICT FAIL',
  ' ON CONFLICT ABORT',
  ' ON CONFLICT ROLLBACK',
];
const CHECKS = ["typeof(%) <> 'blob'", '% IS NULL OR % <> 42', 'length(%) < 20', '% > -1000 OR % IS NULL', "% NOT IN (3, 'b')"];
const DEFAULTS = ['0', '7', "'def'", 'NULL', '-1.5', "x'00'", '(1+2)', "(upper('q'))", '+9', 'TRUE'];

export function makeTable(random: Random, schema: Schema): { readonly sql: Sql; readonly table: Table } {
  const name = `t${schema.nameCount++}`;
  const names = COLUMN_NAMES.slice(0, random.between(2, COLUMN_NAMES.length));
  const keyKind = random.weighted<'rowid' | 'integer' | 'autoincrement' | 'plain' | 'pair' | 'without rowid'>([
    [5, 'rowid'],
    [5, 'integer'],
    [2, 'autoincrement'],
    [2, 'plain'],
    [2, 'pair'],
    [3, 'without rowid'],
  ]);
  const conflictTargets: string[] = [];
  const columns: Column[] = [];
  const parts: Sql[] = [];
  for (const [at, column] of names.entries()) {
    const isKey = at === 0 && keyKind !== 'rowid' && keyKind !== 'pair';
    const isAlias = isKey && (keyKind === 'integer' || keyKind === 'autoincrement');
    const type = isAlias ? 'INTEGER' : random.pick(TYPES);
    const isNotNull = !isKey && random.oneIn(6);
    const isUnique = !isKey && random.oneIn(7);
    const constraints: Sql[] = [];
    if (isAlias) constraints.push(' PRIMARY KEY', keyKind === 'autoincrement' ? ' AUTOINCREMENT' : '');
    else if (isKey) constraints.push(` PRIMARY KEY${random.oneIn(4) ? ' DESC' : ''}`, optional(random.pick(CONFLICTS)));
    if (!isAlias) constraints.push(optional(random.pick(COLLATIONS)));
    if (isNotNull) constraints.push(optional(' NOT NULL', optional(random.pick(CONFLICTS))));
    if (isUnique) constraints.push(optional(' UNIQUE', optional(random.pick(CONFLICTS))));
    if (!isAlias && random.oneIn(4)) constraints.push(optional(` DEFAULT ${random.pick(DEFAULTS)}`));
    if (!isKey && random.oneIn(8)) constraints.push(optional(` CHECK (${random.pick(CHECKS).replaceAll('%', column)})`));
    if (isKey || isUnique) conflictTargets.push(column);
    columns.push({ name: column, type, isUnique: isUnique || isKey, isNotNull, isAlias });
    parts.push(group(`${column} ${type}`.trimEnd(), ...constraints));
  }
  const isPair = keyKind === 'pair';
  if (isPair) {
    parts.push(group(`PRIMARY KEY (a, b)`, optional(random.pick(CONFLICTS))));
    conflictTargets.push('a, b');
  }
  const hasRowid = keyKind !== 'without rowid';
  const table: Table = {
    name,
    columns: isPair ? columns.map((column, at) => (at < 2 ? { ...column, isUnique: true } : column)) : columns,
    key: hasRowid ? ['rowid'] : ['a'],
    hasRowid,
    conflictTargets,
    hasConstraints: /UNIQUE|CHECK|NOT NULL|PRIMARY/.test(JSON.stringify(parts)),
  };
  return { sql: group(`CREATE TABLE ${name}(`, list(parts), `)${hasRowid ? '' : ' WITHOUT ROWID'}`), table };
}

export function makeIndex(random: Random, schema: Schema, table: Table): { readonly sql: Sql; readonly name: string } {
  const name = `i${schema.nameCount++}`;
  const columns = random.sample(table.columns, random.between(1, 3)).map((column) => {
    const isComputed = random.oneIn(8);
    const term = isComputed ? `length(${column.name})` : column.name;
    return group(term, optional(random.pick(COLLATIONS)), optional(random.pick(['', '', ' DESC', ' ASC'])));
  });
  const unique = random.oneIn(6) ? optional('UNIQUE ') : '';
  const partial = random.oneIn(6) ? optional(` WHERE ${random.pick(table.columns).name} IS NOT NULL`) : '';
  return { sql: group('CREATE ', unique, `INDEX ${name} ON ${table.name}(`, list(columns), ')', partial), name };
}

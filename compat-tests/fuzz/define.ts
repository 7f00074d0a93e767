/**
 * Statements that change the schema, each with what it makes of the picture.
 */
import { predicate } from './condition.ts';
import { type Context, nameOf } from './context.ts';
import { makeIndex, makeTable } from './make-table.ts';
import {
  type Column,
  type DatabaseName,
  type Effect,
  type Picture,
  type Table,
  withoutDatabase,
  withoutTable,
} from './picture.ts';
import { shape } from './source.ts';
import { expression, group, list, optional, type Sql } from './tree.ts';
import { makeRecursiveTrigger, makeTrigger } from './trigger.ts';

export interface Definition extends Effect {
  readonly sql: Sql;
}

const MAX_TABLES = 6;
const TYPES = ['', ' INTEGER', ' TEXT', ' REAL', ' ANY', ' NUMERIC COLLATE NOCASE'];

export function define(context: Context): Definition {
  const { random, schema, features } = context;
  const { tables, indexes, views, triggers, isAttached, isRecursive } = schema.picture;
  const table = random.pick(tables);
  const when = (isPossible: boolean, weight: number): number => (isPossible ? weight : 0);
  return random.weighted<() => Definition>([
    [8, () => createIndex(context, table)],
    [when(tables.length < MAX_TABLES, 8), () => createTable(context)],
    [when(tables.length < MAX_TABLES, 4), () => createTableAs(context)],
    [when(indexes.length > 0, 4), () => dropIndex(context)],
    [when(views.length < 4, 7), () => createView(context)],
    [when(views.length > 0, 2), () => dropView(context)],
    [when(tables.length > 1, 3), () => dropTable(context, table)],
    [when(mayTrigger(context, table), 14), () => (isRecursive ? makeRecursiveTrigger(context, table) : makeTrigger(context))],
    [when(features.has('triggers') && triggers.length === 0 && !schema.isInTransaction, 2), () => recursiveTriggers(isRecursive)],
    [when(triggers.length > 0, 3), () => dropTrigger(context)],
    [when(features.has('alter'), 8), () => alter(context, table)],
    [when(features.has('attach') && !isAttached, 4), () => attach(context)],
    [when(isAttached, 1), () => detach(context)],
    [2, () => reindex(context, table)],
    [1, () => vacuum(context)],
    [when(features.has('analyze'), 2), () => analyze(context, table)],
    [1, () => pragmaSetting(context)],
    [1, () => tempStore(context)],
    [2, () => clash(context, table)],
  ])();
}

/** Recursive triggers stand alone on their table, so that they go on in a line and never branch. */
function mayTrigger({ features, schema }: Context, table: Table): boolean {
  const { triggers, isRecursive } = schema.picture;
  if (!features.has('triggers') || triggers.length >= 5) return false;
  return !isRecursive || !triggers.some((trigger) => trigger.table === table.name);
}

const recursiveTriggers = (isRecursive: boolean): Definition => ({
  sql: `PRAGMA recursive_triggers = ${isRecursive ? 'OFF' : 'ON'}`,
  after: (picture) => ({ ...picture, isRecursive: !isRecursive }),
});

export function createTable(context: Context): Definition {
  const { random, schema } = context;
  const database = random.weighted<DatabaseName>([
    [8, 'main'],
    [2, 'temp'],
    [schema.picture.isAttached ? 4 : 0, 'aux'],
  ]);
  const { sql, table } = makeTable(context, database);
  return { sql, after: (picture) => ({ ...picture, tables: [...picture.tables, table] }) };
}

/** Its columns have the affinities of the query's outputs and no constraints. */
function createTableAs(context: Context): Definition {
  const { random, schema } = context;
  const name = schema.freshName('t');
  const names = Array.from({ length: random.between(1, 3) }, (_, at) => String.fromCharCode(97 + at));
  const database = random.pick<DatabaseName>(schema.picture.isAttached ? ['main', 'temp', 'aux'] : ['main', 'main', 'temp']);
  const column = (each: string): Column => ({
    name: each,
    type: '',
    isUnique: false,
    isNotNull: false,
    isAlias: false,
    isGenerated: false,
    isReference: false,
  });
  const table: Table = {
    database,
    name,
    columns: names.map(column),
    key: ['rowid'],
    hasRowid: true,
    isStrict: false,
    conflictTargets: [],
    hasConstraints: false,
    isDescending: false,
  };
  // Rowids follow the order of the rows, so that order must be one: of the key, not of an output with its name.
  const source = random.pick(schema.picture.tables);
  const outputs = names.map((each) => `${random.pick(source.columns).name} AS ${each}`).join(', ');
  const key = source.key.map((each) => `s.${each}`).join(', ');
  const select = `SELECT ${outputs} FROM ${nameOf(context, source)} AS s ORDER BY ${key} LIMIT 8`;
  const head = database === 'temp' ? `CREATE TEMP TABLE ${name}` : `CREATE TABLE ${database === 'main' ? '' : 'aux.'}${name}`;
  return { sql: group(head, ` AS ${select}`), after: (picture) => ({ ...picture, tables: [...picture.tables, table] }) };
}

export function createIndex(context: Context, table: Table): Definition {
  const { sql, index, target } = makeIndex(context, table);
  const withTarget = (picture: Picture): readonly Table[] =>
    picture.tables.map((each) =>
      each.name === table.name && target !== '' ? { ...each, conflictTargets: [...each.conflictTargets, target] } : each,
    );
  return {
    sql,
    after: (picture) => ({ ...picture, tables: withTarget(picture), indexes: [...picture.indexes, index] }),
  };
}

function dropIndex(context: Context): Definition {
  const index = context.random.pick(context.schema.picture.indexes);
  return {
    sql: `DROP INDEX ${context.random.oneIn(3) ? 'IF EXISTS ' : ''}${nameOf(context, index)}`,
    after: (picture) => ({ ...picture, indexes: picture.indexes.filter(({ name }) => name !== index.name) }),
  };
}

function createView(context: Context): Definition {
  const { random, schema } = context;
  const name = schema.freshName('v');
  const database = random.pick<DatabaseName>(['main', 'main', 'temp']);
  const head = database === 'temp' ? 'CREATE TEMP VIEW ' : `CREATE VIEW ${random.oneIn(10) ? 'IF NOT EXISTS ' : ''}`;
  const simple = random.oneIn(2);
  const table = random.pick(schema.picture.tables);
  const columns = simple
    ? table.columns.map((column) => column.name)
    : Array.from({ length: random.between(1, 3) }, (_, at) => `x${at}`);
  const where = random.oneIn(2) ? optional(' WHERE ', predicate(context, columns, 2)) : '';
  const source = nameOf(context, table);
  const body = simple ? group(`SELECT ${columns.join(', ')} FROM ${source}`, where) : shape(context, columns);
  const outputs = random.oneIn(4) ? columns.map((column) => `${column}_`) : columns;
  const names = outputs === columns ? '' : `(${outputs.join(', ')})`;
  return {
    sql: group(`${head}${name}${names} AS `, body),
    after: (picture) => ({ ...picture, views: [...picture.views, { database, name, columns: outputs }] }),
  };
}

function dropView(context: Context): Definition {
  const view = context.random.pick(context.schema.picture.views);
  return {
    sql: `DROP VIEW ${context.random.oneIn(3) ? 'IF EXISTS ' : ''}${nameOf(context, view)}`,
    after: (picture) => ({ ...picture, views: picture.views.filter(({ name }) => name !== view.name) }),
  };
}

/** Views and triggers that name the table stay and fail from now on, as in SQLite; new statements leave views alone. */
function dropTable(context: Context, table: Table): Definition {
  return {
    sql: `DROP TABLE ${context.random.oneIn(3) ? 'IF EXISTS ' : ''}${nameOf(context, table)}`,
    after: (picture) => ({ ...withoutTable(picture, table), views: [] }),
  };
}

function dropTrigger(context: Context): Definition {
  const trigger = context.random.pick(context.schema.picture.triggers);
  return {
    sql: `DROP TRIGGER ${context.random.oneIn(3) ? 'IF EXISTS ' : ''}${nameOf(context, trigger)}`,
    after: (picture) => ({ ...picture, triggers: picture.triggers.filter(({ name }) => name !== trigger.name) }),
  };
}

function alter(context: Context, table: Table): Definition {
  return context.random.weighted<() => Definition>([
    [3, () => addColumn(context, table)],
    [2, () => renameTable(context, table)],
    [3, () => renameColumn(context, table)],
    [2, () => dropColumn(context, table)],
  ])();
}

const withTable = (picture: Picture, table: Table, change: (table: Table) => Table): Picture => ({
  ...picture,
  tables: picture.tables.map((each) => (each.name === table.name ? change(each) : each)),
});

function addColumn(context: Context, table: Table): Definition {
  const { random, schema } = context;
  const name = schema.freshName('n');
  const type = table.isStrict ? random.pick([' INTEGER', ' TEXT', ' ANY']) : random.pick(TYPES);
  const rest = random.weighted<() => string>([
    [4, () => ''],
    [3, () => ` DEFAULT ${table.isStrict ? 'NULL' : random.pick(['5', "'new'", 'NULL', '-0.5', '(1 + 1)', 'CURRENT_TIME'])}`],
    [1, () => ` NOT NULL DEFAULT ${/TEXT|ANY/.test(type) ? "'set'" : '1'}`],
    [1, () => ' NOT NULL'],
    [1, () => ' UNIQUE'],
    [1, () => ` CHECK (${name} IS NULL OR ${name} <> 3)`],
    [1, () => ` AS (quote(${table.columns[0]?.name}))`],
    [1, () => ` AS (1) STORED`],
  ])();
  const isGenerated = / AS /.test(rest);
  const column: Column = {
    name,
    type: type.trim().split(' ')[0] ?? '',
    isUnique: false,
    isNotNull: rest.startsWith(' NOT NULL'),
    isAlias: false,
    isGenerated,
    isReference: false,
  };
  return {
    sql: group(`ALTER TABLE ${nameOf(context, table)} ADD ${random.oneIn(2) ? 'COLUMN ' : ''}${name}${type}`, optional(rest)),
    after: (picture) =>
      withTable(picture, table, (each) => ({
        ...each,
        columns: [...each.columns, column],
        hasConstraints: each.hasConstraints || rest !== '',
      })),
  };
}

function renameTable(context: Context, table: Table): Definition {
  const name = context.schema.freshName('t');
  return {
    sql: `ALTER TABLE ${nameOf(context, table)} RENAME TO ${name}`,
    after: (picture) => ({
      ...withTable(picture, table, (each) => ({ ...each, name })),
      indexes: picture.indexes.map((index) => (index.table === table.name ? { ...index, table: name } : index)),
      triggers: picture.triggers.map((trigger) => (trigger.table === table.name ? { ...trigger, table: name } : trigger)),
    }),
  };
}

function renameColumn(context: Context, table: Table): Definition {
  const { random, schema } = context;
  const old = random.pick(table.columns).name;
  const name = schema.freshName('r');
  const renamed = (text: string): string => text.replace(new RegExp(`\\b${old}\\b`, 'g'), name);
  return {
    sql: `ALTER TABLE ${nameOf(context, table)} RENAME ${random.oneIn(2) ? 'COLUMN ' : ''}${old} TO ${name}`,
    after: (picture) => ({
      ...withTable(picture, table, (each) => ({
        ...each,
        columns: each.columns.map((column) => (column.name === old ? { ...column, name } : column)),
        key: each.key.map(renamed),
        conflictTargets: each.conflictTargets.map(renamed),
      })),
      // Which outputs of a view take their name from the column is not worth following.
      views: [],
    }),
  };
}

function dropColumn(context: Context, table: Table): Definition {
  const { random } = context;
  const { name } = random.pick(table.columns.slice(1).concat(table.columns.slice(0, 1)));
  return {
    sql: `ALTER TABLE ${nameOf(context, table)} DROP ${random.oneIn(2) ? 'COLUMN ' : ''}${name}`,
    after: (picture) =>
      withTable(picture, table, (each) => ({ ...each, columns: each.columns.filter((column) => column.name !== name) })),
  };
}

export function attach({ random }: Context): Definition {
  const sql = random.pick(["ATTACH ':memory:' AS aux", "ATTACH DATABASE ':memory:' AS aux"]);
  return { sql, after: (picture) => ({ ...picture, isAttached: true }) };
}

function detach({ random }: Context): Definition {
  return {
    sql: random.pick(['DETACH aux', 'DETACH DATABASE aux']),
    after: (picture) => ({ ...withoutDatabase(picture, 'aux'), isAttached: false }),
  };
}

function reindex(context: Context, table: Table): Definition {
  const { random, schema } = context;
  const { indexes } = schema.picture;
  const index = indexes.length > 0 ? random.pick(indexes).name : table.name;
  return {
    sql: random.pick(['REINDEX', `REINDEX ${nameOf(context, table)}`, `REINDEX ${index}`, 'REINDEX NOCASE', 'REINDEX nowhere']),
  };
}

function vacuum({ random }: Context): Definition {
  return { sql: random.pick(['VACUUM', 'VACUUM main', 'VACUUM aux', 'VACUUM nowhere']) };
}

function analyze(context: Context, table: Table): Definition {
  return { sql: context.random.pick(['ANALYZE', `ANALYZE ${nameOf(context, table)}`, 'ANALYZE main', 'ANALYZE nowhere']) };
}

function pragmaSetting({ random }: Context): Definition {
  const value = random.pick(['ON', 'OFF', '1', '0']);
  return {
    sql: random.pick([
      `PRAGMA foreign_keys = ${value}`,
      `PRAGMA defer_foreign_keys = ${value}`,
      `PRAGMA user_version = ${random.between(0, 9)}`,
      `PRAGMA application_id = ${random.between(0, 9)}`,
      `PRAGMA case_sensitive_like = ${value}`,
      `PRAGMA reverse_unordered_selects = OFF`,
      `PRAGMA ignore_check_constraints = ${value}`,
    ]),
  };
}

/** Another kind of storage ends the temp database. */
function tempStore({ random, schema }: Context): Definition {
  const next = (schema.picture.tempStore + random.between(1, 2)) % 3;
  return { sql: `PRAGMA temp_store = ${next}`, after: (picture) => ({ ...withoutDatabase(picture, 'temp'), tempStore: next }) };
}

/** Definitions that must be refused, and words that name what is not there. */
function clash(context: Context, table: Table): Definition {
  const { random } = context;
  const column = random.pick(table.columns).name;
  const sql = random.pick<() => Sql>([
    () => `CREATE TABLE ${table.name}(z)`,
    () => 'DROP TABLE nowhere',
    () => `CREATE INDEX ${table.name} ON ${table.name}(${column})`,
    () => `CREATE INDEX bad0 ON ${table.name}(nothing)`,
    () => `CREATE INDEX bad1 ON ${table.name}(random())`,
    () => `CREATE INDEX bad2 ON ${table.name}(${column}) WHERE (SELECT 1)`,
    () => 'DROP VIEW nowhere',
    () => `DROP VIEW ${table.name}`,
    () => 'DROP INDEX sqlite_autoindex_t0_1',
    () => 'CREATE TABLE sqlite_own(a)',
    () => 'CREATE TABLE bad3(a, A)',
    () => 'CREATE TABLE bad4(a INT PRIMARY KEY, b PRIMARY KEY)',
    () => 'CREATE TABLE bad5(a TEXT PRIMARY KEY AUTOINCREMENT)',
    () => 'CREATE TABLE bad6(a) WITHOUT ROWID',
    () => 'CREATE TABLE bad7(a, b) STRICT',
    () => 'CREATE TABLE bad8(a AS (b), b AS (a))',
    () => group('CREATE TABLE bad9(', list(['a', 'b', expression('CHECK (c > 1)')]), ')'),
    () => `ALTER TABLE ${table.name} RENAME COLUMN nothing TO something`,
    () => `ALTER TABLE ${table.name} DROP COLUMN nothing`,
    () => `ALTER TABLE ${table.name} ADD COLUMN ${column}`,
    () => `ALTER TABLE ${table.name} ADD COLUMN p INTEGER PRIMARY KEY`,
    () => 'ALTER TABLE sqlite_schema RENAME TO s',
    () => 'DROP TRIGGER nowhere',
    () => 'DETACH nowhere',
    () => 'DETACH main',
    () => "ATTACH ':memory:' AS main",
    () => `CREATE VIEW bad10(a, b, c, d, e, f, g, h) AS SELECT * FROM ${table.name}`,
    () => `CREATE TABLE bad11 AS SELECT nothing FROM ${table.name}`,
  ])();
  return { sql };
}

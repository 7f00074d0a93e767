/**
 * Triggers of all kinds. What they do is bounded: one that changes its own table does so under a WHEN that ends it.
 */

import { settable, subtypeOf } from './change.ts';
import { predicate, scalar } from './condition.ts';
import { type Context, literalsFor } from './context.ts';
import type { DatabaseName, Picture, Table } from './picture.ts';
import { expression, group, list, optional, type Sql } from './tree.ts';

export interface MadeTrigger {
  readonly sql: Sql;
  readonly after: (picture: Picture) => Picture;
}

type TriggerEvent = 'INSERT' | 'UPDATE' | 'DELETE';

const CONFLICTS = ['', '', '', ' OR IGNORE', ' OR REPLACE', ' OR FAIL', ' OR ABORT', ' OR ROLLBACK'];

export function makeTrigger(context: Context): MadeTrigger {
  const { random, schema } = context;
  const { tables, views } = schema.picture;
  const isOnView = views.length > 0 && random.oneIn(4);
  const target = isOnView ? random.pick(views) : random.pick(tables);
  const columns = target.columns.map((column) => (typeof column === 'string' ? column : column.name));
  const event = random.pick<TriggerEvent>(['INSERT', 'UPDATE', 'DELETE']);
  const time = isOnView ? 'INSTEAD OF' : random.pick(['BEFORE', 'AFTER', 'AFTER', '']);
  const of = event === 'UPDATE' && random.oneIn(2) ? ` OF ${random.sample(columns, random.between(1, 2)).join(', ')}` : '';
  // SQLite computes NEW's generated columns too early for them (`deviation`).
  const isEarly = event === 'UPDATE' && (time === 'BEFORE' || time === '');
  const isGenerated = (name: string): boolean =>
    target.columns.some((column) => typeof column !== 'string' && column.name === name && column.isGenerated);
  const isTold = (name: string): boolean => !isEarly || !isGenerated(name);
  const names = [
    ...(event === 'DELETE' ? [] : columns.filter(isTold).map((column) => `NEW.${column}`)),
    ...(event === 'INSERT' ? [] : columns.map((column) => `OLD.${column}`)),
  ];
  const name = schema.freshName('g');
  const database: DatabaseName = target.database === 'main' && random.oneIn(8) ? 'temp' : target.database;
  const prefix = database === 'temp' ? 'TEMP TRIGGER ' : database === 'main' ? 'TRIGGER ' : `TRIGGER ${database}.`;
  const on = database === target.database ? target.name : `${target.database}.${target.name}`;
  const statements = list(
    random.many(random.between(1, 3), () => group(bodyStatement(context, target.name, database, names), ';')),
    ' ',
  );
  const when = random.oneIn(3) ? optional(' WHEN ', predicate(context, names, 2)) : '';
  const each = random.pick(['', ' FOR EACH ROW']);
  return {
    sql: group(`CREATE ${prefix}${name} ${time} ${event}${of} ON ${on}${each}`, when, ' BEGIN ', statements, ' END'),
    after: (picture) => ({ ...picture, triggers: [...picture.triggers, { database, name, table: target.name }] }),
  };
}

/** A trigger that sets itself off again, until a condition ends it or a constraint does. */
export function makeRecursiveTrigger(context: Context, table: Table): MadeTrigger {
  const { random, schema } = context;
  const name = schema.freshName('z');
  const { database } = table;
  const head = `CREATE ${database === 'temp' ? 'TEMP TRIGGER ' : database === 'main' ? 'TRIGGER ' : `TRIGGER ${database}.`}${name}`;
  const key = table.key[0] ?? 'rowid';
  const columns = settable(table);
  const values = columns.map((column) => (column.isAlias ? 'NULL' : random.pick(literalsFor(context, table, column))));
  const row = `(${columns.map((column) => column.name).join(', ')}) VALUES (${values.join(', ')})`;
  const sql = random.pick([
    `${head} AFTER INSERT ON ${table.name} WHEN (SELECT count(*) FROM ${table.name}) < 9 BEGIN INSERT INTO ${table.name}${row}; END`,
    `${head} AFTER DELETE ON ${table.name} BEGIN DELETE FROM ${table.name} WHERE ${key} = (SELECT min(${key}) FROM ${table.name}); END`,
    `${head} BEFORE DELETE ON ${table.name} WHEN OLD.${key} > 3 BEGIN DELETE FROM ${table.name} WHERE ${key} = 3; END`,
    `${head} AFTER UPDATE ON ${table.name} WHEN NEW.${key} < 6
      BEGIN UPDATE ${table.name} SET ${key} = ${key} WHERE ${key} = NEW.${key} + 1; END`,
  ]);
  return { sql, after: (picture) => ({ ...picture, triggers: [...picture.triggers, { database, name, table: table.name }] }) };
}

/** The tables that a trigger may change: those of its own database, each once on the way to itself. */
function bodyStatement(context: Context, target: string, database: DatabaseName, names: readonly string[]): Sql {
  const { random, schema } = context;
  const reachable = schema.picture.tables.filter((table) => database === 'temp' || table.database === database);
  const table = random.pick(reachable.length > 0 ? reachable : schema.picture.tables);
  const value = (): Sql => bodyValue(context, names);
  return random.weighted<() => Sql>([
    [5, () => bodyInsert(context, table, names)],
    [3, () => bodyUpdate(context, table, names)],
    [2, () => group(`DELETE FROM ${table.name} WHERE ${random.pick(table.columns).name} = `, value())],
    [2, () => group(raise(context), random.oneIn(4) ? '' : group(' WHERE ', predicate(context, names, 2)))],
    [1, () => group('SELECT CASE WHEN ', predicate(context, names, 2), ` THEN ${raise(context).slice('SELECT '.length)} END`)],
    [1, () => group('SELECT ', value(), `, count(*) FROM ${table.name}`)],
    [target === table.name ? 0 : 1, () => group(`INSERT INTO ${table.name} SELECT * FROM ${table.name} WHERE false`)],
  ])();
}

function bodyValue(context: Context, names: readonly string[]): Sql {
  const { random, pool } = context;
  return random.weighted<() => Sql>([
    [6, () => expression(random.pick(names))],
    [2, () => expression(random.pick(pool))],
    [1, () => expression(random.pick(['changes()', 'last_insert_rowid()', 'total_changes()']))],
    [1, () => group('hex(', scalar(context, names, 1), ')')],
    [1, () => subtypeOf(random.pick(names))],
  ])();
}

function bodyInsert(context: Context, table: Table, names: readonly string[]): Sql {
  const { random } = context;
  const columns = settable(table);
  const values = columns.map((column) => {
    if (column.isAlias) return random.pick(['NULL', 'NULL', String(random.between(1, 60))]);
    return random.oneIn(3) || table.isStrict ? random.pick(literalsFor(context, table, column)) : bodyValue(context, names);
  });
  const verb = random.oneIn(10) ? 'REPLACE' : group('INSERT', optional(random.pick(CONFLICTS)));
  const target = `${table.name}(${columns.map(({ name }) => name).join(', ')})`;
  const row = group(...values.flatMap((each, at) => [at === 0 ? '' : ', ', each]));
  if (random.oneIn(3)) return group(verb, ` INTO ${target} SELECT `, row, ` WHERE (SELECT count(*) FROM ${table.name}) < 20`);
  const conflict = random.oneIn(6) ? ' ON CONFLICT DO NOTHING' : '';
  return group(verb, ` INTO ${target} VALUES (`, row, ')', conflict);
}

function bodyUpdate(context: Context, table: Table, names: readonly string[]): Sql {
  const { random } = context;
  const columns = settable(table).filter(({ isAlias }) => !isAlias);
  if (columns.length === 0) return `DELETE FROM ${table.name} WHERE false`;
  const column = random.pick(columns);
  const value = table.isStrict ? random.pick(literalsFor(context, table, column)) : bodyValue(context, names);
  const where = random.oneIn(2)
    ? group(`+${random.pick(table.columns).name} = `, bodyValue(context, names))
    : `${table.key[0]} = ${random.between(1, 10)}`;
  return group('UPDATE', optional(random.pick(CONFLICTS)), ` ${table.name} SET ${column.name} = `, value, ' WHERE ', where);
}

const raise = ({ random }: Context): string =>
  random.pick([
    'SELECT RAISE(IGNORE)',
    "SELECT RAISE(ABORT, 'stopped')",
    "SELECT RAISE(FAIL, 'failed here')",
    "SELECT RAISE(ROLLBACK, 'all undone')",
    "SELECT RAISE(ABORT, 'no ' || 1)",
  ]);

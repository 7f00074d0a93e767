/**
 * Conditions and values over the columns in scope, with subqueries that look back at them.
 *
 * Nothing here can fail while running: which row fails first is a matter of the plan.
 */
import { aggregate } from './aggregate.ts';
import { type Context, nameOf } from './context.ts';
import { ExpressionGenerator } from './expression.ts';
import type { Table } from './picture.ts';
import { expression, group, list, optional, type Sql } from './tree.ts';

export const COMPARISONS = ['=', '=', '<', '<=', '>', '>=', '<>', 'IS', 'IS NOT', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'];
export const MAX_NESTING = 2;

/** Something that stands in FROM under an alias. */
export interface Source {
  readonly alias: string;
  readonly sql: Sql;
  readonly columns: readonly string[];
  /** Unique key, qualified; none where the rows may repeat. */
  readonly key: readonly string[];
  /** Names that USING may take. */
  readonly names: readonly string[];
}

export function tableSource(context: Context, table: Table, alias: string, hint = ''): Source {
  const names = table.columns.map(({ name }) => name);
  return {
    alias,
    sql: `${nameOf(context, table)} AS ${alias}${hint}`,
    columns: names.map((name) => `${alias}.${name}`),
    key: table.key.map((name) => `${alias}.${name}`),
    names,
  };
}

/** A value computed from the columns; one in eight leaves is a subquery. */
export function scalar(context: Context, columns: readonly string[], depth = 2, nesting = MAX_NESTING): Sql {
  const scope = { columns, functions: context.functions, neverFails: true };
  const hasSubqueries = nesting < MAX_NESTING && context.schema.picture.tables.length > 0;
  const subquery = (): Sql => scalarSubquery(context, columns, nesting + 1);
  return new ExpressionGenerator(context.random, hasSubqueries ? { ...scope, subquery } : scope).make(depth);
}

/** A condition that indexes like, or any expression at all. */
export function predicate(context: Context, columns: readonly string[], nesting = 0): Sql {
  const { random, schema } = context;
  const column = random.pick(columns);
  const value = (): string => random.pick(context.pool);
  const again = (): Sql => predicate(context, columns, nesting);
  const make = random.weighted<() => Sql>([
    [8, () => expression(`${column} ${random.pick(COMPARISONS)} ${value()}`)],
    [2, () => expression(`${column} ${random.pick(COMPARISONS)} ${random.pick(columns)}`)],
    [
      1,
      () => expression(`${column} COLLATE ${random.pick(['NOCASE', 'RTRIM', 'BINARY'])} ${random.pick(COMPARISONS)} ${value()}`),
    ],
    [2, () => expression(`${column}${random.pick([' ', ' NOT '])}BETWEEN ${value()} AND ${value()}`)],
    [
      2,
      () =>
        expression(
          `${column}${random.pick([' IN (', ' IN (', ' NOT IN ('])}`,
          list(random.many(random.between(1, 4), value)),
          ')',
        ),
    ],
    [1, () => expression(`${column}${random.pick([' IS NULL', ' IS NOT NULL', ' IS TRUE', ' IS NOT FALSE'])}`)],
    [
      1,
      () =>
        expression(
          `${column} ${random.pick(['LIKE', 'NOT LIKE'])} '${random.pick(nesting > 0 ? ['%b%', '_ed', '%'] : ['a%', '%b%', '_ed', '1%', '%'])}'`,
        ),
    ],
    [1, () => expression(`${column} GLOB '${random.pick(['a*', '*b*', '?ed', '[0-9]*', '*'])}'`)],
    [2, () => rowCondition(context, columns)],
    [3, () => scalar(context, columns, 2, nesting)],
    [4, () => expression('(', again(), random.pick([' AND ', ' OR ']), again(), ')')],
    [1, () => expression('NOT (', again(), ')')],
    [nesting < MAX_NESTING && schema.picture.tables.length > 0 ? 3 : 0, () => subqueryCondition(context, columns, nesting + 1)],
  ]);
  return make();
}

/** Row values side by side. */
function rowCondition(context: Context, columns: readonly string[]): Sql {
  const { random } = context;
  const left = `(${random.pick(columns)}, ${random.pick(columns)})`;
  const row = (): string =>
    `(${random.oneIn(4) ? random.pick(columns) : random.pick(context.pool)}, ${random.pick(context.pool)})`;
  return random.pick([
    () => expression(`${left} ${random.pick(COMPARISONS)} ${row()}`),
    () => expression(`${left} ${random.pick(['IN', 'NOT IN'])} (VALUES ${row()}, ${row()})`),
    () => expression(`${left} BETWEEN ${row()} AND ${row()}`),
  ])();
}

function subqueryCondition(context: Context, columns: readonly string[], nesting: number): Sql {
  const { random, schema } = context;
  const table = random.pick(schema.picture.tables);
  const inner = tableSource(context, table, `n${nesting}`);
  const own = random.pick(inner.columns);
  const outer = random.pick(columns);
  const from = group(' FROM ', inner.sql, innerWhere(context, inner, outer, nesting));
  const other = random.pick(columns);
  return random.pick([
    () => expression(random.pick(['EXISTS ', 'NOT EXISTS ']), '(SELECT 1', from, ')'),
    () => expression(`${outer}${random.pick([' IN ', ' NOT IN '])}(SELECT ${own}`, from, ')'),
    () => expression(`${outer} ${random.pick(COMPARISONS)} `, scalarSubquery(context, columns, nesting)),
    () =>
      expression(
        `(${outer}, ${other}) ${random.pick(['IN', 'NOT IN'])} (SELECT ${own}, ${random.pick(inner.columns)}`,
        from,
        ')',
      ),
    () => expression(`(${outer}, ${other}) ${random.pick(['=', '<', '>=', 'IS'])} (SELECT min(${own}), max(${own})`, from, ')'),
    () => inTable(context, columns),
  ])();
}

/**
 * `x IN t`: the table or view has as many columns as the left side. Of several it has no index that descends
 * (`deviation`).
 */
function inTable(context: Context, columns: readonly string[]): Sql {
  const { random, schema } = context;
  const { tables, views, indexes } = schema.picture;
  const descends = (table: Table): boolean =>
    table.isDescending || indexes.some((index) => index.isDescending && index.table === table.name);
  const ascending = tables.filter((table) => table.columns.length === 1 || !descends(table));
  const candidates = [...ascending, ...views].filter((relation) => relation.columns.length <= 3);
  if (candidates.length === 0) return expression(`${random.pick(columns)} IN ()`);
  const relation = random.pick(candidates);
  const left = relation.columns.map(() => random.pick(columns)).join(', ');
  const name = nameOf(context, relation);
  return expression(`${relation.columns.length === 1 ? left : `(${left})`} ${random.pick(['IN', 'NOT IN'])} ${name}`);
}

function innerWhere(context: Context, inner: Source, outer: string, nesting: number): Sql {
  const { random } = context;
  if (random.oneIn(2)) return optional(` WHERE ${random.pick(inner.columns)} ${random.pick(COMPARISONS)} ${outer}`);
  return optional(' WHERE ', predicate(context, inner.columns, nesting));
}

/** One value from another table, the same whatever the plan. */
export function scalarSubquery(context: Context, columns: readonly string[], nesting: number): Sql {
  const { random, schema } = context;
  const inner = tableSource(context, random.pick(schema.picture.tables), `n${nesting}`);
  const outer = columns.length === 0 ? random.pick(context.pool) : random.pick(columns);
  const from = group(' FROM ', inner.sql, innerWhere(context, inner, outer, nesting));
  const own = random.pick(inner.columns);
  return random.pick([
    () => expression('(SELECT ', aggregate(context, inner.columns, inner.key), from, ')'),
    () => expression(`(SELECT ${own}`, from, ` ORDER BY ${inner.key.join(', ')} LIMIT 1)`),
    () => expression(`(SELECT ${own}`, from, ` ORDER BY ${inner.key.map((name) => `${name} DESC`).join(', ')} LIMIT 1 OFFSET 1)`),
    () => expression(`(SELECT count(*) + (${outer} IS NULL)`, from, ')'),
  ])();
}

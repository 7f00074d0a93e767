/**
 * WITH: plain and recursive common table expressions.
 *
 * A recursive one is counted, walks a tree of rows, or spells texts; its queue has an order of its own when it says so.
 */
import { predicate, tableSource } from './condition.ts';
import type { Context } from './context.ts';
import { shape } from './source.ts';
import { group, optional, type Sql } from './tree.ts';

/** A common table expression under its name. */
export interface Cte {
  readonly sql: Sql;
  readonly isRecursive: boolean;
  readonly name: string;
  readonly columns: readonly string[];
  /** Its rows come out in one order only. */
  readonly isOrdered: boolean;
}

const HINTS = [' AS (', ' AS (', ' AS MATERIALIZED (', ' AS NOT MATERIALIZED ('];

export function cte(context: Context, name: string): Cte {
  const { random, schema } = context;
  return random.weighted<() => Cte>([
    [3, () => counting(context, name)],
    [schema.picture.tables.length > 0 ? 2 : 0, () => walking(context, name)],
    [schema.picture.tables.length > 0 ? 5 : 0, () => plain(context, name)],
  ])();
}

/** The last terms of a recursive select: the order of the queue, and how many rows leave it. */
function queue(
  { random }: Context,
  order: readonly string[],
  mustEnd: boolean,
): { readonly sql: Sql; readonly isOrdered: boolean } {
  const isOrdered = random.oneIn(2);
  const terms = isOrdered ? ` ORDER BY ${order.map((term) => `${term}${random.pick(['', ' DESC'])}`).join(', ')}` : '';
  const offset = random.oneIn(4) ? ` OFFSET ${random.between(0, 3)}` : '';
  const limit = mustEnd || random.oneIn(2) ? ` LIMIT ${random.between(mustEnd ? 1 : 0, 40)}${offset}` : '';
  return { sql: group(isOrdered ? optional(terms) : '', limit), isOrdered };
}

function counting(context: Context, name: string): Cte {
  const { random } = context;
  const union = random.pick([' UNION ALL ', ' UNION ']);
  const start = random.pick(['VALUES(1, 0)', 'VALUES(0, 1), (5, 2)', 'SELECT -3, 0', 'SELECT 1, 1 UNION ALL SELECT 2, 0']);
  const step = random.pick(['x + 1, y + 1', 'x * 2, y + 1', 'x + 3, x % 5', 'y, x + 1', 'x + 1, y']);
  const second = random.oneIn(4) ? `${union}SELECT x + 10, y + 1 FROM ${name} WHERE x < 5` : '';
  const { sql, isOrdered } = queue(context, ['1', '2'], true);
  const body = group(`${start}${union}SELECT ${step} FROM ${name} WHERE x < ${random.between(1, 30)}${second}`, sql);
  return {
    sql: group(`${name}(x, y)${random.pick(HINTS)}`, body, ')'),
    isRecursive: true,
    name,
    columns: ['x', 'y'],
    isOrdered,
  };
}

/** From row to row over a table: the next rows are those whose value the last one names. */
function walking(context: Context, name: string): Cte {
  const { random, schema } = context;
  const inner = tableSource(context, random.pick(schema.picture.tables), 'r');
  const [value, link] = [random.pick(inner.columns), random.pick(inner.columns)];
  const { sql } = queue(context, ['2', '1'], true);
  const first = group(`SELECT quote(${value}), 0 FROM `, inner.sql, optional(' WHERE ', predicate(context, inner.columns, 2)));
  const condition = random.pick([`quote(${link}) = ${name}.x`, `quote(${link}) > ${name}.x`, `${link} IS NOT NULL`]);
  const next = group(
    `SELECT quote(${value}), ${name}.y + 1 FROM ${name} JOIN `,
    inner.sql,
    ` ON ${condition} WHERE ${name}.y < 2`,
  );
  // Which of the rows of a step comes first is the plan's choice, so LIMIT may only cut a set.
  return {
    sql: group(`${name}(x, y)${random.pick(HINTS)}`, first, ' UNION ', next, random.oneIn(2) ? '' : orderOf(sql), ')'),
    isRecursive: true,
    name,
    columns: ['x', 'y'],
    isOrdered: false,
  };
}

const orderOf = (sql: Sql): Sql => (typeof sql === 'string' ? '' : (sql.parts[0] ?? ''));

function plain(context: Context, name: string): Cte {
  const { random } = context;
  const columns = Array.from({ length: random.between(1, 3) }, (_, at) => `k${at}`);
  const hasList = random.oneIn(2);
  const inner = hasList ? columns.map((_, at) => `c${at}`) : columns;
  const head = `${name}${hasList ? `(${columns.join(', ')})` : ''}${random.pick(HINTS)}`;
  return { sql: group(head, shape(context, inner), ')'), isRecursive: false, name, columns, isOrdered: false };
}

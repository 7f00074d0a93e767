/**
 * Aggregate calls whose value does not depend on how the rows come: either the function does not care, or an ORDER BY
 * inside the call leaves nothing open.
 */
import type { Context } from './context.ts';
import { expression, group, optional, type Sql } from './tree.ts';

/** No expression to the shrinker: what stands inside would be a bare column outside. */
export function aggregate(context: Context, columns: readonly string[], key: readonly string[]): Sql {
  const { random } = context;
  const call = key.length > 0 && random.oneIn(3) ? orderedCall(context, columns, key) : anyOrderCall(context, columns);
  return group(call, filter(context, columns));
}

export function filter({ random, pool }: Context, columns: readonly string[]): Sql {
  if (!random.oneIn(6)) return '';
  const column = random.pick(columns);
  const condition = random.pick([
    `${column} IS NOT NULL`,
    `${column} > ${random.pick(pool)}`,
    `${column} <> ${random.pick(pool)}`,
  ]);
  return optional(' FILTER (WHERE ', expression(condition), ')');
}

/** The functions that also serve as window functions over any frame. */
export function anyOrderCall({ random }: Context, columns: readonly string[]): string {
  const column = random.pick(columns);
  return random.pick([
    'count(*)',
    `count(${column})`,
    `count(DISTINCT ${column})`,
    `sum(CAST(${column} AS INTEGER) % 1000)`,
    `sum(DISTINCT CAST(${column} AS INTEGER) % 7)`,
    `total(${column} % 100)`,
    `total(DISTINCT ${column} % 9)`,
    `avg(${column} % 64)`,
    `avg(DISTINCT ${column} % 8)`,
    `min(${column})`,
    `max(${column})`,
    `min(DISTINCT ${column})`,
    `max(${column} IS NULL)`,
    `median(CAST(${column} AS INTEGER) % 100)`,
    `percentile(CAST(${column} AS INTEGER) % 100, ${random.pick(['0', '25', '50', '99.5', '100'])})`,
    `percentile_cont(CAST(${column} AS INTEGER) % 100, ${random.pick(['0', '0.25', '0.5', '1.0'])})`,
    `percentile_disc(CAST(${column} AS INTEGER) % 100, ${random.pick(['0', '0.25', '0.5', '1.0'])})`,
  ]);
}

/** Reals are summed, and texts are strung together, in the order that the call itself asks for. */
function orderedCall({ random }: Context, columns: readonly string[], key: readonly string[]): string {
  const column = random.pick(columns);
  const first = random.oneIn(2)
    ? `${random.pick(columns)}${random.pick(['', ' DESC', ' NULLS LAST', ' DESC NULLS FIRST'])}, `
    : '';
  const order = ` ORDER BY ${first}${key.map((name) => `${name}${random.pick(['', ' DESC'])}`).join(', ')}`;
  return random.pick([
    `group_concat(${column}, '|'${order})`,
    `group_concat(quote(${column})${order})`,
    `group_concat(DISTINCT quote(${column}) ORDER BY quote(${column}))`,
    `string_agg(quote(${column}), ','${order})`,
    `sum(CAST(${column} AS REAL)${order})`,
    `total(${column}${order})`,
    `avg(CAST(${column} AS REAL) / 3${order})`,
    `json_group_array(quote(${column})${order})`,
    `json_group_object(quote(${column}), length(${column})${order})`,
    `jsonb_group_array(quote(${column})${order})`,
    `jsonb_group_object(quote(${column}), typeof(${column})${order})`,
  ]);
}

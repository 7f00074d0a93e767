/**
 * Window calls: every function, frame, bound, exclusion and way to name a window.
 *
 * A window whose ORDER BY ends in a unique key leaves nothing open, so every function may stand over it. Where rows may
 * tie, only what treats ties alike does: ranks, and aggregates over frames of RANGE and GROUPS.
 */
import { anyOrderCall, filter } from './aggregate.ts';
import type { Context } from './context.ts';
import { expression, group, optional, type Sql } from './tree.ts';

interface WindowOrder {
  readonly sql: string;
  readonly termCount: number;
  readonly isUnique: boolean;
}

interface WindowParts {
  readonly definition: Sql;
  readonly isUnique: boolean;
}

/** A window call and, for a named window, its definition. */
export interface WindowCall {
  readonly call: Sql;
  readonly clause: Sql;
}

const RANKS = ['rank()', 'dense_rank()', 'percent_rank()', 'cume_dist()'];
const EXCLUSIONS = ['', '', '', ' EXCLUDE NO OTHERS', ' EXCLUDE CURRENT ROW', ' EXCLUDE GROUP', ' EXCLUDE TIES'];

/** `mayFail`: with offsets and arguments that SQLite refuses when a row comes; not where a join decides if one does. */
export function windowCall(
  context: Context,
  columns: readonly string[],
  key: readonly string[],
  name: string,
  mayFail: boolean,
): WindowCall {
  const { random } = context;
  const order = windowOrder(context, columns, key);
  const partition = random.oneIn(2) ? optional(`PARTITION BY ${partitionTerms(context, columns)}`) : '';
  const form = random.weighted<'inline' | 'named' | 'based'>([
    [6, 'inline'],
    [2, 'named'],
    [2, 'based'],
  ]);
  const { definition, isUnique } = frame(context, order, mayFail);
  const call = group(functionCall(context, columns, order, isUnique, mayFail), ' OVER ');
  if (form === 'inline') return { call: group(call, '(', partition, order.sql, definition, ')'), clause: '' };
  if (form === 'named') {
    return { call: group(call, name), clause: group(`${name} AS (`, partition, order.sql, definition, ')') };
  }
  // The base window may have the partition and the order, but never a frame.
  const hasOrder = random.oneIn(2);
  return {
    call: group(call, `(${name}${hasOrder ? '' : order.sql}`, definition, ')'),
    clause: group(`${name} AS (`, partition, hasOrder ? order.sql : '', ')'),
  };
}

function partitionTerms({ random }: Context, columns: readonly string[]): string {
  const column = random.pick(columns);
  return random.pick([column, `${column} IS NULL`, `typeof(${column})`, `length(${column}), ${random.pick(columns)} > 1`]);
}

function windowOrder({ random }: Context, columns: readonly string[], key: readonly string[]): WindowOrder {
  const direction = (): string => random.pick(['', '', ' DESC', ' ASC', ' NULLS LAST', ' DESC NULLS FIRST', ' DESC NULLS LAST']);
  const column = random.pick(columns);
  const isUnique = key.length > 0 && !random.oneIn(3);
  if (!isUnique && random.oneIn(6)) return { sql: '', termCount: 0, isUnique: false };
  const loose = random.pick([column, column, `typeof(${column})`, `CAST(${column} AS INTEGER) % 5`, `${column} COLLATE NOCASE`]);
  const terms = isUnique && random.oneIn(2) ? [] : [`${loose}${direction()}`];
  if (isUnique) terms.push(...key.map((name) => `${name}${random.pick(['', ' DESC'])}`));
  return { sql: ` ORDER BY ${terms.join(', ')}`, termCount: terms.length, isUnique };
}

/** The frame, and whether it may tell tied rows apart. */
function frame(context: Context, order: WindowOrder, mayFail: boolean): WindowParts {
  const { random } = context;
  if (random.oneIn(4)) return { definition: '', isUnique: order.isUnique };
  const units = ['RANGE', ...(order.termCount > 0 ? ['GROUPS'] : []), ...(order.isUnique ? ['ROWS', 'ROWS'] : [])];
  const unit = random.pick(units);
  // RANGE counts in the values of one term.
  const hasOffsets = unit !== 'RANGE' || order.termCount === 1;
  const offset = (): string =>
    random.weighted([
      [12, String(random.between(0, 4))],
      [2, unit === 'RANGE' ? '1.5' : '1 + 1'],
      [1, random.pick(["'2'", '1000', ...(unit === 'RANGE' ? ['0.5', '1e999'] : []), ...(mayFail ? ['-1', 'NULL', '0.5'] : [])])],
    ]);
  const before = hasOffsets ? [`${offset()} PRECEDING`] : [];
  const after = hasOffsets ? [`${offset()} FOLLOWING`] : [];
  const starts = ['UNBOUNDED PRECEDING', ...before, 'CURRENT ROW', ...after];
  const ends = [...before, 'CURRENT ROW', ...after, 'UNBOUNDED FOLLOWING'];
  const isShort = random.oneIn(4);
  const start = random.pick(isShort ? starts.slice(0, hasOffsets ? 3 : 2) : starts);
  const bounds = isShort
    ? start
    : `BETWEEN ${start} AND ${random.pick(ends.filter((end) => mayEnd(start, end, random.oneIn(30))))}`;
  return { definition: optional(` ${unit} ${bounds}${random.pick(EXCLUSIONS)}`), isUnique: order.isUnique };
}

/** A frame that ends before it starts by its words is an error, wanted now and then. */
function mayEnd(start: string, end: string, isWrongWanted: boolean): boolean {
  if (isWrongWanted) return true;
  if (start === 'CURRENT ROW') return !end.endsWith('PRECEDING');
  return !start.endsWith('FOLLOWING') || end.endsWith('FOLLOWING');
}

function functionCall(
  context: Context,
  columns: readonly string[],
  order: WindowOrder,
  isUnique: boolean,
  mayFail: boolean,
): Sql {
  const { random, pool } = context;
  const column = random.pick(columns);
  const aggregated = (): Sql => {
    const call = anyOrderCall(context, columns);
    // DISTINCT is not for window functions; the error is the same every time.
    return group(random.oneIn(40) ? call : call.replace('DISTINCT ', ''), filter(context, columns));
  };
  const small = (): string =>
    random.weighted([
      [10, String(random.between(1, 3))],
      [1, random.pick(["'1'", ...(mayFail ? ['0', '-1', 'NULL', '2.5'] : [])])],
    ]);
  if (!isUnique) return random.oneIn(2) && order.termCount > 0 ? random.pick(RANKS) : aggregated();
  return random.weighted<() => Sql>([
    [5, aggregated],
    [2, () => random.pick(RANKS)],
    [2, () => 'row_number()'],
    [1, () => `ntile(${small()})`],
    [2, () => `${random.pick(['lag', 'lead'])}(${column})`],
    [1, () => `${random.pick(['lag', 'lead'])}(${column}, ${small()})`],
    [1, () => `${random.pick(['lag', 'lead'])}(${column}, ${small()}, ${random.pick(pool)})`],
    [2, () => `${random.pick(['first_value', 'last_value'])}(${column})`],
    [1, () => `nth_value(${column}, ${small()})`],
    [2, () => group(random.pick(listing(column)), filter(context, columns))],
    [2, () => group(`sum((CAST(${column} AS REAL) % 1000) / 3)`, filter(context, columns))],
    [1, () => expression(`avg((${column} % 1000) / 7.0)`)],
    [1, () => `${random.pick(['sum', 'total', 'avg'])}(${mayFail ? column : `CAST(${column} AS REAL)`})`],
  ])();
}

/** What keeps the order of the rows in its result. */
const listing = (column: string): readonly string[] => [
  `group_concat(${column}, '|')`,
  `group_concat(quote(${column}))`,
  `string_agg(${column}, ',')`,
  `json_group_array(quote(${column}))`,
  `jsonb_group_array(length(${column}))`,
  `json_group_object(typeof(${column}), quote(${column}))`,
];

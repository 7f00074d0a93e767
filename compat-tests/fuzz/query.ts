/**
 * Generates queries over the tables that exist.
 *
 * A query either says in which order its rows come, down to a unique key, or its rows are compared as a multiset.
 * Whatever else SQLite leaves open (which of several tied values min() shows, the order in which reals are summed) the
 * generator keeps away from.
 */
import { aggregate } from './aggregate.ts';
import { COMPARISONS, MAX_NESTING, predicate, scalar, scalarSubquery, tableSource } from './condition.ts';
import type { Context } from './context.ts';
import { ExpressionGenerator } from './expression.ts';
import { callsOf } from './function-shape.ts';
import { type From, from, fromTable, source } from './source.ts';
import { expression, group, list, optional, type Sql } from './tree.ts';
import { windowCall } from './window.ts';
import { cte } from './with.ts';

export interface Query {
  readonly sql: Sql;
  readonly isOrdered: boolean;
}

export function query(context: Context): Query {
  return context.random.weighted<() => Query>([
    [9, () => plain(context)],
    [5, () => grouped(context)],
    [3, () => aggregated(context)],
    [2, () => bareColumns(context)],
    [6, () => windowed(context)],
    [4, () => compound(context)],
    [4, () => withClause(context)],
    [2, () => values(context)],
    [4, () => calls(context)],
    [1, () => partiallyIndexed(context)],
  ])();
}

const where = (context: Context, columns: readonly string[]): Sql =>
  context.random.oneIn(3) ? '' : optional(' WHERE ', predicate(context, columns));

function plain(context: Context): Query {
  const { random } = context;
  const rows = from(context);
  const outputs = random.many(random.between(1, 4), () =>
    random.oneIn(3) ? scalar(context, rows.columns, 2, 0) : expression(random.pick(rows.columns)),
  );
  if (random.oneIn(5)) {
    // DISTINCT over values that are equal only when they are the same.
    const distinct = outputs.map((output, at) => group('quote(', output, `) AS d${at}`));
    return { sql: group('SELECT DISTINCT ', list(distinct), rows.sql, where(context, rows.columns)), isOrdered: false };
  }
  const select = random.oneIn(8)
    ? random.pick(['*', 'q0.*', '*, q0.*'])
    : list(outputs.map((output, at) => (random.oneIn(2) ? group(output, ` AS o${at}`) : output)));
  const body = group('SELECT ', select, rows.sql, where(context, rows.columns));
  if (rows.key.length === 0 || random.oneIn(3)) return { sql: body, isOrdered: false };
  return { sql: group(body, orderBy(context, rows), limit(context)), isOrdered: true };
}

/** A partial index serves a query that says what its WHERE says; INDEXED BY is refused without. */
function partiallyIndexed(context: Context): Query {
  const { random, schema } = context;
  const indexes = schema.picture.indexes.filter(({ condition }) => condition !== undefined && !condition.endsWith('NOT NULL'));
  const index = indexes.length === 0 ? undefined : random.pick(indexes);
  const table = schema.picture.tables.find(({ name }) => name === index?.table);
  if (index === undefined || table === undefined) return plain(context);
  const rows = tableSource(context, table, 'q0', random.oneIn(2) ? ` INDEXED BY ${index.name}` : '');
  const condition = random.oneIn(4) ? predicate(context, rows.columns) : (index.condition ?? '1');
  const more = random.oneIn(2) ? optional(' AND ', predicate(context, rows.columns)) : '';
  const sql = group(
    `SELECT ${rows.columns.join(', ')} FROM `,
    rows.sql,
    ' WHERE ',
    condition,
    more,
    ` ORDER BY ${rows.key.join(', ')}`,
  );
  return { sql, isOrdered: true };
}

/** Any terms, and then the key: nothing is left open. */
function orderBy(context: Context, { columns, key }: From): Sql {
  const { random } = context;
  const direction = (): string => random.pick(['', ' ASC', ' DESC', ' DESC NULLS LAST', ' NULLS LAST', ' NULLS FIRST']);
  const collation = (): string => random.pick(['', '', '', ' COLLATE NOCASE', ' COLLATE BINARY', ' COLLATE RTRIM']);
  const term = (): Sql =>
    random.oneIn(4) ? group('(', scalar(context, columns, 1, random.oneIn(3) ? 0 : MAX_NESTING), ')') : random.pick(columns);
  const terms = random.many(random.between(0, 2), () => optional(term(), `${collation()}${direction()}, `));
  const last = key.map((name) => `${name}${random.pick(['', ' DESC'])}`).join(', ');
  return group(' ORDER BY ', ...terms, last);
}

export function limit(context: Context): Sql {
  const { random } = context;
  if (random.oneIn(2)) return '';
  if (random.oneIn(12)) return optional(` LIMIT ${random.between(0, 3)}, ${random.between(0, 5)}`);
  const offset = random.oneIn(2) ? optional(` OFFSET ${random.pick(['0', '1', '2', '5', '-1'])}`) : '';
  if (random.oneIn(12) && context.schema.picture.tables.length > 0) {
    const inner = tableSource(context, random.pick(context.schema.picture.tables), 'l');
    return optional(' LIMIT (SELECT count(*) / 2 FROM ', inner.sql, ')', offset);
  }
  return optional(` LIMIT ${random.pick(['0', '1', '2', '3', '10', '-1', "'2'", '1 + 1', '2.0'])}`, offset);
}

function aggregated(context: Context): Query {
  const rows = from(context);
  const { random } = context;
  const outputs = random.many(random.between(1, 4), () => aggregate(context, rows.columns, rows.key));
  const having = random.oneIn(6) ? optional(' HAVING ', aggregate(context, rows.columns, rows.key), ' IS NOT NULL') : '';
  return { sql: group('SELECT ', list(outputs), rows.sql, where(context, rows.columns), having), isOrdered: true };
}

/** Beside a single min() or max() over a unique key, bare columns show its row. */
function bareColumns(context: Context): Query {
  const { random } = context;
  const rows = fromTable(context);
  const [key] = rows.key;
  if (rows.key.length > 1 || key === undefined) return aggregated(context);
  const bare = random.many(random.between(1, 3), () =>
    random.oneIn(3) ? group('quote(', scalar(context, rows.columns, 1), ')') : random.pick(rows.columns),
  );
  const extreme = `${random.pick(['min', 'max'])}(${key})`;
  const outputs = random.oneIn(2) ? [extreme, ...bare] : [...bare, extreme];
  const groups = random.oneIn(2) ? '' : ` GROUP BY ${random.pick(rows.columns)}`;
  return { sql: group('SELECT ', list(outputs), rows.sql, where(context, rows.columns), groups), isOrdered: false };
}

function grouped(context: Context): Query {
  const { random } = context;
  const rows = from(context);
  const terms = random.sample(rows.columns, random.between(1, 2)).map((column) =>
    random.weighted<() => Sql>([
      [4, () => `quote(${column})`],
      [2, () => `typeof(${column})`],
      [1, () => group('quote(', scalarSubquery(context, [column], MAX_NESTING), ')')],
    ])(),
  );
  const outputs = random.many(random.between(1, 3), () => aggregate(context, rows.columns, rows.key));
  const constant = random.oneIn(4) && context.schema.picture.tables.length > 0;
  const bound = constant ? scalarSubquery(context, [], MAX_NESTING) : random.pick(['1', '2', 'NULL', '0.5']);
  const having = random.oneIn(3)
    ? optional(' HAVING ', aggregate(context, rows.columns, rows.key), ` ${random.pick(COMPARISONS)} `, bound)
    : '';
  const by = random.oneIn(3)
    ? terms.map((_, at) => `${at + 1}`).join(', ')
    : group(...terms.flatMap((term, at) => [at === 0 ? '' : ', ', term]));
  const heads = terms.map((term, at) => group(term, ` AS g${at}, `));
  const body = group('SELECT ', ...heads, list(outputs), rows.sql, where(context, rows.columns), ' GROUP BY ', by, having);
  if (random.oneIn(2)) return { sql: body, isOrdered: false };
  const order = terms.map((_, at) => `g${at}${random.pick(['', ' DESC'])}`).join(', ');
  return { sql: group(body, ` ORDER BY ${order}`, limit(context)), isOrdered: true };
}

function windowed(context: Context): Query {
  const { random } = context;
  const rows = random.oneIn(2) ? fromTable(context) : from(context);
  const windows = Array.from({ length: random.between(1, 3) }, (_, at) =>
    windowCall(context, rows.columns, rows.key, `w${at}`, true),
  );
  const clauses = windows.map(({ clause }) => clause).filter((clause) => clause !== '');
  const plainOutputs = random.many(random.between(0, 2), () => random.pick(rows.columns));
  const clause = clauses.length === 0 ? '' : group(' WINDOW ', ...clauses.flatMap((each, at) => [at === 0 ? '' : ', ', each]));
  const select = list([...windows.map(({ call }) => call), ...plainOutputs]);
  const body = group('SELECT ', select, rows.sql, where(context, rows.columns), clause);
  if (rows.key.length === 0 || random.oneIn(2)) return { sql: body, isOrdered: false };
  return { sql: group(body, orderBy(context, rows), limit(context)), isOrdered: true };
}

function compound(context: Context): Query {
  const { random } = context;
  const width = random.between(1, 3);
  const arm = (): Sql => {
    if (random.oneIn(8)) return group('VALUES ', list(random.many(random.between(1, 3), () => row(context, width))));
    const rows = from(context);
    const outputs = random.many(width, () =>
      group('quote(', random.oneIn(4) ? scalar(context, rows.columns, 1) : random.pick(rows.columns), ')'),
    );
    const named = outputs.flatMap((output, at) => [at === 0 ? '' : ', ', output, ` AS u${at}`]);
    return group('SELECT ', ...named, rows.sql, where(context, rows.columns));
  };
  const operators = random.many(random.between(1, 3), () => random.pick([' UNION ALL ', ' UNION ', ' INTERSECT ', ' EXCEPT ']));
  const body = group(arm(), ...operators.flatMap((operator) => [operator, arm()]));
  if (random.oneIn(2)) return { sql: body, isOrdered: false };
  // Texts that are equal are the same, so all columns together leave nothing open.
  const order = Array.from({ length: width }, (_, at) => `${at + 1}${random.pick(['', ' DESC'])}`).join(', ');
  const sorted = group('SELECT * FROM (', body, ')');
  return { sql: group(random.oneIn(2) ? body : sorted, ` ORDER BY ${order}`, limit(context)), isOrdered: true };
}

/** A row of texts, for VALUES beside other arms. */
function row({ random, pool }: Context, width: number): string {
  return `(${Array.from({ length: width }, () => `quote(${random.pick(pool)})`).join(', ')})`;
}

function withClause(context: Context): Query {
  const { random } = context;
  const tables = Array.from({ length: random.oneIn(4) ? 2 : 1 }, (_, at) => cte(context, `cte${at}`));
  const [first] = tables;
  if (first === undefined) return plain(context);
  const isRecursive = tables.some((table) => table.isRecursive);
  const definitions = tables.flatMap(({ sql }, at) => [at === 0 ? '' : ', ', sql]);
  const head = group(`WITH ${isRecursive && !random.oneIn(4) ? 'RECURSIVE ' : ''}`, ...definitions, ' ');
  const columns = first.columns.map((name) => `${first.name}.${name}`);
  if (random.oneIn(3)) return { sql: group(head, `SELECT * FROM ${first.name}`), isOrdered: first.isOrdered };
  const other = random.pick(tables);
  const joined = random.oneIn(3)
    ? optional(
        ` ${random.pick(['JOIN', 'LEFT JOIN'])} ${other.name} AS z ON z.${random.pick(other.columns)} = ${random.pick(columns)}`,
      )
    : '';
  const outputs = list(columns.map((name) => (random.oneIn(4) ? scalar(context, [name], 1) : name)));
  const condition = optional(' WHERE ', predicate(context, columns, 1));
  return { sql: group(head, 'SELECT ', outputs, ` FROM ${first.name}`, joined, condition), isOrdered: false };
}

function values(context: Context): Query {
  const { random } = context;
  const width = random.between(1, 3);
  const one = (): Sql =>
    group('(', ...random.many(width, () => 0).flatMap((_, at) => [at === 0 ? '' : ', ', scalar(context, [], 2)]), ')');
  return { sql: group('VALUES ', list(random.many(random.between(1, 4), one))), isOrdered: true };
}

/** One call of every function there is, also with what makes it fail: a single row, so the error is the only one. */
function calls(context: Context): Query {
  const { random, schema } = context;
  const isConstant = random.oneIn(2) || schema.picture.tables.length === 0;
  const table = isConstant ? undefined : source(context, 'q0');
  const scope = { columns: isConstant ? [] : (table?.columns ?? []), functions: context.functions };
  const generator = new ExpressionGenerator(random, scope);
  const call = generator.call(random.pick(callsOf(context.functions, false)), 1);
  if (table === undefined) {
    const outputs = random.oneIn(3) ? list([call, generator.make(2)]) : call;
    return { sql: group('SELECT ', outputs), isOrdered: true };
  }
  // Over several rows only texts of calls that cannot fail may follow; the rest reads one row by its key.
  const [key] = table.key;
  if (key === undefined) return values(context);
  const limited = group(' FROM ', table.sql, ` ORDER BY ${table.key.join(', ')} LIMIT 1`);
  return { sql: group('SELECT ', call, ' FROM (SELECT *', limited, ') AS q0'), isOrdered: true };
}

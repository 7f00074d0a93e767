/**
 * FROM: tables, views, subqueries of every shape and table-valued functions, joined in every way.
 */
import { aggregate } from './aggregate.ts';
import { COMPARISONS, MAX_NESTING, predicate, type Source, scalar, tableSource } from './condition.ts';
import { type Context, nameOf } from './context.ts';
import type { Table } from './picture.ts';
import { expression, group, list, optional, type Sql } from './tree.ts';
import { windowCall } from './window.ts';

export interface From {
  readonly sql: Sql;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

const JOINS = [' JOIN ', ' LEFT JOIN ', ' RIGHT JOIN ', ' FULL JOIN ', ' INNER JOIN ', ' LEFT OUTER JOIN ', ' FULL OUTER JOIN '];
const DOCUMENTS = ['[1,"a",null,2.5,true]', '{"a":1,"b":[2,3],"c":{"d":null}}', '[[1,2],[3]]', '[]', '7', '{"x":"y"}'];

/** One to three sources, joined; the columns and the key of the whole. */
export function from(context: Context): From {
  const { random } = context;
  const count = random.weighted([
    [5, 1],
    [4, 2],
    [2, 3],
  ]);
  return joined(
    context,
    Array.from({ length: count }, (_, at) => source(context, `q${at}`)),
  );
}

/** A single table: its key tells the rows apart. */
export function fromTable(context: Context): From {
  const inner = tableSource(context, anyTable(context), 'q0');
  return { sql: group(' FROM ', inner.sql), columns: inner.columns, key: inner.key };
}

const anyTable = ({ random, schema }: Context): Table => random.pick(schema.picture.tables);

export function joined(context: Context, sources: readonly Source[]): From {
  const parts: Sql[] = [];
  const columns: string[] = [];
  const shared: string[] = [];
  for (const [at, next] of sources.entries()) {
    if (at === 0) parts.push(next.sql);
    else {
      // Of three, USING may name what two of them have apart: an error, and `*` may be one.
      const left = at === 1 || context.random.oneIn(3) ? sources.slice(0, at).flatMap(({ names }) => names) : [];
      const common = next.names.filter((name) => left.includes(name));
      const { sql, using } = join(context, next, columns, common);
      parts.push(...sql);
      if (using !== undefined && sources.length === 2) shared.push(using);
    }
    columns.push(...next.columns);
  }
  columns.push(...shared);
  const isKeyed = sources.every(({ key }) => key.length > 0);
  const key = isKeyed ? sources.flatMap((each) => each.key) : [];
  return { sql: group(' FROM ', ...parts), columns, key };
}

interface Join {
  readonly sql: readonly Sql[];
  readonly using?: string;
}

/** How the next source is joined to what stands left of it. */
function join(context: Context, next: Source, columns: readonly string[], common: readonly string[]): Join {
  const { random } = context;
  if (random.oneIn(5)) {
    const condition = random.oneIn(2) ? '' : group(' ON ', expression(`${random.pick(columns)} = ${random.pick(next.columns)}`));
    return random.oneIn(2) ? { sql: [', ', next.sql] } : { sql: [' CROSS JOIN ', next.sql, condition] };
  }
  if (common.length > 0 && random.oneIn(3)) {
    const kind = random.pick(JOINS);
    if (random.oneIn(3)) return { sql: [` NATURAL${kind}`, next.sql], using: random.pick(common) };
    const names = random.sample(common, random.between(1, Math.min(2, common.length)));
    return { sql: [kind, next.sql, ` USING (${names.join(', ')})`], using: random.pick(names) };
  }
  const equality = `${random.pick(columns)} ${random.oneIn(4) ? random.pick(COMPARISONS) : '='} ${random.pick(next.columns)}`;
  const all = [...columns, ...next.columns];
  const more = random.oneIn(4) ? optional(' AND ', predicate(context, all, random.oneIn(4) ? 1 : MAX_NESTING)) : '';
  return { sql: [random.pick(JOINS), next.sql, group(' ON ', expression(equality), more)] };
}

export function source(context: Context, alias: string): Source {
  const { random, schema } = context;
  const { tables, views } = schema.picture;
  return random.weighted<() => Source>([
    [20, () => tableSource(context, random.pick(tables), alias)],
    [2, () => hinted(context, random.pick(tables), alias)],
    [views.length > 0 ? 4 : 0, () => viewSource(context, alias)],
    [5, () => subquerySource(context, alias)],
    [1, () => functionSource(context, alias)],
  ])();
}

/** INDEXED BY an index of all rows and plain columns always has a plan; `query` asks partial ones. */
function hinted(context: Context, table: Table, alias: string): Source {
  const { random, schema } = context;
  const indexes = schema.picture.indexes.filter(
    (index) => index.table === table.name && index.isPlain && index.condition === undefined,
  );
  const isNone = indexes.length === 0 || random.oneIn(3);
  return tableSource(context, table, alias, isNone ? ' NOT INDEXED' : ` INDEXED BY ${random.pick(indexes).name}`);
}

function viewSource(context: Context, alias: string): Source {
  const view = context.random.pick(context.schema.picture.views);
  const columns = view.columns.map((name) => `${alias}.${name}`);
  return { alias, sql: `${nameOf(context, view)} AS ${alias}`, columns, key: [], names: view.columns };
}

function functionSource({ random, schema }: Context, alias: string): Source {
  const table = random.pick(schema.picture.tables);
  const document = random.pick(DOCUMENTS);
  const [call, names] = random.pick<readonly [string, readonly string[]]>([
    [`json_each('${document}')`, ['key', 'value', 'type', 'atom', 'fullkey', 'path']],
    [`json_tree('${document}')`, ['key', 'value', 'type', 'atom', 'fullkey', 'path']],
    [`json_each(jsonb('${document}'), '$')`, ['key', 'value', 'type']],
    [`pragma_table_info('${table.name}')`, ['cid', 'name', 'type', 'notnull', 'dflt_value', 'pk']],
    [`pragma_table_xinfo('${table.name}')`, ['cid', 'name', 'hidden']],
    [`pragma_index_list('${table.name}')`, ['seq', 'name', 'unique', 'origin', 'partial']],
    [`pragma_foreign_key_list('${table.name}')`, ['id', 'seq', 'table', 'from', 'to', 'on_update', 'on_delete']],
  ]);
  const columns = names.map((name) => `${alias}.${/^(unique|table|from|to|notnull)$/.test(name) ? `"${name}"` : name}`);
  return { alias, sql: `${call} AS ${alias}`, columns, key: [], names: [] };
}

function subquerySource(context: Context, alias: string): Source {
  const { random } = context;
  const width = random.between(1, 3);
  const names = Array.from({ length: width }, (_, at) => `x${at}`);
  const columns = names.map((name) => `${alias}.${name}`);
  return { alias, sql: group('(', shape(context, names), `) AS ${alias}`), columns, key: [], names };
}

/** A query with these column names, of any shape; its rows come in no particular order. */
export function shape(context: Context, names: readonly string[]): Sql {
  return context.random.weighted<() => Sql>([
    [5, () => plainShape(context, names)],
    [2, () => groupedShape(context, names)],
    [2, () => windowShape(context, names)],
    [3, () => compoundShape(context, names)],
    [1, () => valuesShape(context, names)],
    [2, () => limitedShape(context, names)],
  ])();
}

const named = (outputs: readonly Sql[], names: readonly string[]): Sql =>
  group(...outputs.flatMap((output, at) => [at === 0 ? '' : ', ', group(output, ` AS ${names[at]}`)]));

function innerSource(context: Context): Source {
  return tableSource(context, context.random.pick(context.schema.picture.tables), 's');
}

const where = (context: Context, columns: readonly string[]): Sql =>
  context.random.oneIn(2) ? optional(' WHERE ', predicate(context, columns, 1)) : '';

/** Computed values travel as text, where equal means the same. */
const output = (context: Context, columns: readonly string[]): Sql =>
  context.random.oneIn(3)
    ? group('quote(', scalar(context, [context.random.pick(columns)], 1), ')')
    : context.random.pick(columns);

function plainShape(context: Context, names: readonly string[]): Sql {
  const inner = innerSource(context);
  const outputs = names.map(() => output(context, inner.columns));
  return group('SELECT ', named(outputs, names), ' FROM ', inner.sql, where(context, inner.columns));
}

function limitedShape(context: Context, names: readonly string[]): Sql {
  const inner = innerSource(context);
  const outputs = names.map(() => output(context, inner.columns));
  const order = ` ORDER BY ${inner.key.join(', ')} LIMIT ${context.random.between(0, 5)}`;
  return group('SELECT ', named(outputs, names), ' FROM ', inner.sql, where(context, inner.columns), order);
}

function groupedShape(context: Context, names: readonly string[]): Sql {
  const inner = innerSource(context);
  const term = context.random.pick(inner.columns);
  const outputs = names.map((_, at) => (at === 0 ? term : aggregate(context, inner.columns, inner.key)));
  return group('SELECT ', named(outputs, names), ' FROM ', inner.sql, where(context, inner.columns), ` GROUP BY ${term}`);
}

function windowShape(context: Context, names: readonly string[]): Sql {
  const inner = innerSource(context);
  const { call, clause } = windowCall(context, inner.columns, inner.key, 'w', false);
  const outputs = names.map((_, at) => (at === 0 ? call : context.random.pick(inner.columns)));
  const window = clause === '' ? '' : group(' WINDOW ', clause);
  return group('SELECT ', named(outputs, names), ' FROM ', inner.sql, where(context, inner.columns), window);
}

function compoundShape(context: Context, names: readonly string[]): Sql {
  const { random } = context;
  const operator = random.pick([' UNION ALL ', ' UNION ', ' INTERSECT ', ' EXCEPT ']);
  // Where rows are not told apart, equal values that are not the same are no matter: the arms may have affinities.
  const forms = operator === ' UNION ALL ' ? ['quote(%)', '%', 'CAST(% AS TEXT)', 'CAST(% AS INTEGER)'] : ['quote(%)'];
  const arm = (): Sql => {
    const inner = innerSource(context);
    const outputs = names.map(() => random.pick(forms).replace('%', random.pick(inner.columns)));
    return group('SELECT ', named(outputs, names), ' FROM ', inner.sql, where(context, inner.columns));
  };
  return group(arm(), operator, arm());
}

/** The columns of VALUES have names of their own, so it stands inside a SELECT. */
function valuesShape({ random, pool }: Context, names: readonly string[]): Sql {
  const row = (): string => `(${names.map(() => random.pick(pool)).join(', ')})`;
  const outputs = names.map((_, at) => `column${at + 1}`);
  return group('SELECT ', named(outputs, names), ' FROM (VALUES ', list(random.many(random.between(1, 4), row)), ')');
}

/**
 * INSERT, UPDATE and DELETE in all their forms.
 *
 * Where several rows compete for a unique key, the outcome follows the order in which a statement visits them. Changes
 * to such columns therefore keep indexes out of their WHERE clause (`+a`), so that every engine visits rows by key.
 */
import { COMPARISONS, MAX_NESTING, predicate, scalar, scalarSubquery } from './condition.ts';
import { type Context, literalsFor, nameOf } from './context.ts';
import { type Column, isRealColumn, type Table } from './picture.ts';
import { shape } from './source.ts';
import { expression, group, list, optional, type Sql } from './tree.ts';

const CONFLICTS = ['', '', '', '', ' OR IGNORE', ' OR REPLACE', ' OR ABORT', ' OR FAIL', ' OR ROLLBACK'];
const COUNTERS = ['changes()', 'total_changes()', 'last_insert_rowid()'];

/** Values with the JSON subtype, which whoever reads the new row may see. */
const JSON_VALUES = [
  `json('[1,"x"]')`,
  `json_object('k', 1)`,
  `json_extract('{"a":[2]}', '$.a')`,
  `json_extract('["[3]"]', '$[0]')`,
];

/** Whether the value has the JSON subtype; a blob has none. */
export const subtypeOf = (name: string): Sql => expression(`json_array(iif(typeof(${name}) = 'blob', 0, ${name}))`);

const castSubtypeOf = (name: string): Sql => expression(`json_array(CAST(iif(typeof(${name}) = 'blob', 0, ${name}) AS TEXT))`);

const separated = (parts: readonly Sql[]): Sql[] => parts.flatMap((part, at) => [at === 0 ? '' : ', ', part]);
const pairOf = (parts: readonly Sql[]): Sql => group('(', ...separated(parts), ')');

/** Mostly what the column takes, so that rows come to be; now and then anything. */
export function valueFor(context: Context, table: Table, column: Column | undefined): Sql {
  const { random, pool } = context;
  const isRowid = column === undefined || column.isAlias;
  if (isRowid && !random.oneIn(25)) return expression(random.oneIn(4) ? 'NULL' : String(random.between(-3, 40)));
  // The largest rowid is no value to try: the next one would be chosen at random.
  if (isRowid) return expression(random.pick(['0.5', "'abc'", "'7'", "x'00'", '-9223372036854775808', '41.0', "' 43'"]));
  if (column.isReference && !random.oneIn(6)) return expression(random.oneIn(4) ? 'NULL' : String(random.between(1, 12)));
  if (random.oneIn(20)) return expression(random.pick(pool));
  const fitting = literalsFor(context, table, column);
  if (table.isStrict && column.type !== 'TEXT') return expression(random.pick(fitting));
  if (random.oneIn(40) && !table.isStrict) return expression(random.pick(COUNTERS));
  if (random.oneIn(40) && !table.isStrict) return expression(random.pick(JSON_VALUES));
  // Computed values travel as hexadecimal text, where equal means the same (see `storedValues`).
  return random.oneIn(8) ? expression('hex(', scalar(context, [], 1), ')') : expression(random.pick(fitting));
}

export const settable = (table: Table): readonly Column[] => table.columns.filter(({ isGenerated }) => !isGenerated);

function columnList({ random }: Context, table: Table): readonly Column[] {
  const all = random.oneIn(60) ? table.columns : settable(table);
  if (random.oneIn(2)) return all;
  const some = random.sample(all, random.between(1, all.length));
  return random.oneIn(10) ? some : all.filter((column) => column.isNotNull || some.includes(column));
}

function returning(context: Context, table: Table): Sql {
  const { random } = context;
  if (!random.oneIn(5)) return '';
  const names = table.columns.map((column) => column.name);
  const computed = group(scalar(context, names, 1, random.oneIn(3) ? 1 : MAX_NESTING), random.pick(['', '', ' AS r']));
  const subtyped = random.oneIn(4) ? castSubtypeOf : subtypeOf;
  const last = random.oneIn(6) ? subtyped(random.pick(names)) : computed;
  return optional(' RETURNING ', random.oneIn(2) ? '*' : list([expression(random.pick(names)), last]));
}

/** A common table expression before a change, which its WHERE or its SELECT reads. */
function withChanged(context: Context): Sql {
  return group('WITH cte(k0) AS (', shape(context, ['c0']), ') ');
}

export function insert(context: Context, table: Table): Sql {
  const { random } = context;
  const name = nameOf(context, table);
  if (random.oneIn(30))
    return group('INSERT', optional(random.pick(CONFLICTS)), ` INTO ${name} DEFAULT VALUES`, returning(context, table));
  const columns = columnList(context, table);
  const names = columns.map((column) => column.name);
  if (table.hasRowid && random.oneIn(10)) names.push(random.pick(['rowid', 'rowid', 'oid', '_rowid_']));
  const row = (): Sql => pairOf(names.map((_, at) => valueFor(context, table, columns[at])));
  const verb = random.oneIn(10) ? 'REPLACE' : group('INSERT', optional(random.pick(CONFLICTS)));
  const rows = list(random.many(random.between(1, 5), row));
  const conflict = random.oneIn(3) ? upsert(context, table) : '';
  const isPlain = columns === table.columns && names.length === columns.length && random.oneIn(3);
  const target = isPlain ? name : `${name}(${names.join(', ')})`;
  return group(verb, ` INTO ${target} VALUES `, rows, conflict, returning(context, table));
}

/** One to three ON CONFLICT clauses; only the last may go without a target. */
function upsert(context: Context, table: Table): Sql {
  const { random } = context;
  const targets = random.sample(table.conflictTargets, random.between(0, 3));
  if (random.oneIn(25)) targets.push('(e)');
  const clauses = targets.map((target) => upsertClause(context, table, target));
  if (clauses.length === 0 || random.oneIn(4)) clauses.push(upsertClause(context, table, ''));
  return group(...clauses);
}

function upsertClause(context: Context, table: Table, target: string): Sql {
  const { random, pool } = context;
  const columns = settable(table).filter(({ isUnique, isAlias }) => !isAlias && (!isUnique || random.oneIn(6)));
  if (columns.length === 0 || random.oneIn(3)) return optional(` ON CONFLICT ${target} DO NOTHING`);
  const column = random.pick(columns);
  const source = random.weighted<() => Sql>([
    [4, () => expression(`excluded.${column.name}`)],
    [2, () => expression(random.pick(literalsFor(context, table, column)))],
    [1, () => expression(`coalesce(${table.name}.${column.name}, excluded.${column.name})`)],
    [1, () => group('hex(', scalarSubquery(context, [`excluded.${column.name}`], MAX_NESTING), ')')],
  ]);
  const isPair = columns.length > 1 && random.oneIn(4);
  const other = random.pick(columns.filter((each) => each !== column).concat(columns.slice(0, isPair ? 0 : 1)));
  const set = isPair
    ? group(`(${column.name}, ${other.name}) = (excluded.${column.name}, ${table.name}.${other.name})`)
    : group(`${column.name} = `, source());
  const condition = random.pick([
    `excluded.${column.name} IS NOT ${table.name}.${column.name}`,
    `${table.name}.${column.name} IS NOT NULL`,
    `excluded.${column.name} > ${random.pick(pool)}`,
  ]);
  const filter = random.oneIn(3) ? optional(' WHERE ', expression(condition)) : '';
  return optional(` ON CONFLICT ${target} DO UPDATE SET `, set, filter);
}

export function insertSelect(context: Context, table: Table): Sql {
  const { random, schema } = context;
  const source = random.pick(schema.picture.tables);
  const columns = settable(table);
  // Reals would meet integers of the same size in columns without affinity.
  const outputs = columns.map(({ isAlias, isReference }) => {
    const column = random.pick(source.columns);
    if (isAlias) return expression(random.pick(['NULL', `${source.hasRowid ? 'rowid' : 'NULL'} + 100`]));
    if (isReference) return expression(random.pick(['NULL', '1', '2', '3']));
    return isRealColumn(column) || column.isGenerated ? expression(`quote(${column.name})`) : expression(column.name);
  });
  const names = source.columns.map(({ name }) => name);
  const where = optional(' WHERE ', predicate(context, names, 1));
  const order = ` ORDER BY ${source.key.join(', ')} LIMIT 6`;
  const target = columns.length === table.columns.length ? '' : `(${columns.map(({ name }) => name).join(', ')})`;
  const insertInto = group('INSERT', optional(random.pick(CONFLICTS)), ` INTO ${nameOf(context, table)}${target} `);
  const select = group('SELECT ', ...separated(outputs), ` FROM ${nameOf(context, source)}`, where, order);
  const isWrapped = random.oneIn(3);
  const rows = isWrapped ? group('SELECT * FROM (', select, ') WHERE true') : select;
  return group(insertInto, rows, isWrapped && random.oneIn(2) ? upsert(context, table) : '', returning(context, table));
}

function assignedValue(context: Context, table: Table, column: Column): Sql {
  const { random } = context;
  if (column.isAlias || column.isReference || table.isStrict) return valueFor(context, table, column);
  const others = table.columns.filter((other) => !isRealColumn(other) && !other.isGenerated);
  const other = others.length > 0 ? random.pick(others).name : 'NULL';
  return random.weighted<() => Sql>([
    [8, () => valueFor(context, table, column)],
    [2, () => expression(other)],
    [1, () => expression(`${other} || 'x'`)],
    [2, () => expression(`CAST(${other} AS INTEGER) / 2`)],
    [1, () => expression(`CASE WHEN ${other} > 5 THEN 'big' ELSE ${other} END`)],
    [1, () => group('hex(', scalarSubquery(context, [`${table.name}.${other}`], MAX_NESTING), ')')],
  ])();
}

function assignments(context: Context, table: Table, columns: readonly Column[]): Sql {
  const { random } = context;
  const [first, second] = columns;
  if (first === undefined || second === undefined || !random.oneIn(3)) {
    return list(columns.map((column) => group(`${column.name} = `, assignedValue(context, table, column))));
  }
  const names = `(${first.name}, ${second.name}) = `;
  // A rowid from somewhere could be the largest there is, after which the next is chosen at random.
  if (random.oneIn(2) || table.isStrict || first.isAlias || second.isAlias)
    return group(names, pairOf([first, second].map((column) => assignedValue(context, table, column))));
  const source = random.pick(context.schema.picture.tables);
  const values = `quote(${random.pick(source.columns).name}), hex(${random.pick(source.columns).name})`;
  return group(names, `(SELECT ${values} FROM ${nameOf(context, source)} ORDER BY ${source.key.join(', ')} LIMIT 1)`);
}

/** A condition under which rows are visited in the order of their keys, when that order can matter. */
function condition(context: Context, table: Table, mayChoosePath: boolean): Sql {
  const { random } = context;
  if (random.oneIn(8)) return '';
  const names = table.columns.map(({ name }) => `${mayChoosePath ? '' : '+'}${table.name}.${name}`);
  if (random.oneIn(3)) {
    const key = random.pick(table.key);
    const comparison = table.key.length === 1 ? '=' : random.pick(['=', '>']);
    return optional(` WHERE ${key} ${comparison} ${random.pick(['1', '2', '3', '10', "'abc'"])}`);
  }
  return optional(' WHERE ', predicate(context, names, 1));
}

function orderedLimit({ random }: Context, table: Table): Sql {
  if (!random.oneIn(6)) return '';
  const keys = table.key.map((name) => `${name}${random.pick(['', ' DESC'])}`).join(', ');
  const order = random.oneIn(6) ? ` ORDER BY row_number() OVER (ORDER BY ${keys})` : ` ORDER BY ${keys}`;
  return optional(order, ` LIMIT ${random.pick(['1', '2', '3', '0', '-1'])}${random.pick(['', '', ' OFFSET 1'])}`);
}

export function update(context: Context, table: Table): Sql {
  const { random, schema } = context;
  const targets = random.oneIn(60) ? table.columns : settable(table);
  const columns = random.sample(targets, random.between(1, 2));
  const mayChoosePath = !table.hasConstraints && schema.picture.indexes.length === 0 && schema.picture.triggers.length === 0;
  const verb = group('UPDATE', optional(random.pick(CONFLICTS)));
  if (mayChoosePath && random.oneIn(3)) return updateFrom(context, table, columns, verb);
  const name = nameOf(context, table);
  const hint = random.oneIn(12) ? ' NOT INDEXED' : '';
  const usesCte = random.oneIn(12);
  const head = usesCte ? withChanged(context) : '';
  const where = usesCte
    ? ` WHERE quote(+${table.name}.${random.pick(table.columns).name}) IN (SELECT quote(k0) FROM cte)`
    : condition(context, table, mayChoosePath);
  const set = assignments(context, table, columns);
  return group(head, verb, ` ${name}${hint} SET `, set, where, orderedLimit(context, table), returning(context, table));
}

/** What UPDATE FROM sets a column to: what is beside the row, or what the query that finds the rows makes of all. */
function valueBeside({ random }: Context, table: Table, column: Column, beside: string): string {
  if (column.isAlias) return `${table.name}.${column.name}`;
  const keys = table.key.map((key) => `${table.name}.${key}`);
  return random.weighted([
    [8, beside],
    [1, `'w' || row_number() OVER (ORDER BY ${keys.join(', ')})`],
    [1, `'s' || count(*) OVER (ORDER BY ${keys.join(' DESC, ')} DESC)`],
    // Bare columns, the row's key among them, are those of the row with the largest key.
    [keys.length === 1 ? 3 : 0, `'m' || max(${keys[0]})`],
  ]);
}

/** UPDATE FROM, such that no row is met twice: which of two matches wins is the plan's choice. */
function updateFrom(context: Context, table: Table, columns: readonly Column[], verb: Sql): Sql {
  const { random, schema } = context;
  const source = random.pick(schema.picture.tables);
  const others = source.key.length === 1 ? source : table;
  const [key] = others.key;
  const value = random.pick(source.columns).name;
  const rows = random.pick([
    `(SELECT ${key} AS k, quote(${random.pick(others.columns).name}) AS v FROM ${nameOf(context, others)}) AS f`,
    `(SELECT count(*) AS k, quote(max(${value})) AS v FROM ${nameOf(context, source)}) AS f`,
    `(VALUES (1, 'one'), (2, 'two'), (10, 'ten')) AS f`,
  ]);
  const [k, v] = rows.startsWith('(VALUES') ? ['column1', 'column2'] : ['k', 'v'];
  const set = list(columns.map((column) => `${column.name} = ${valueBeside(context, table, column, `f.${v}`)}`));
  const target = `${table.name}.${random.oneIn(3) ? random.pick(table.columns).name : table.key[0]}`;
  const more = random.oneIn(3) ? optional(' AND ', predicate(context, [target, `f.${v}`], MAX_NESTING)) : '';
  const isLimited = random.oneIn(6);
  const order = table.key.map((name) => `${table.name}.${name}${random.pick(['', ' DESC'])}`).join(', ');
  const end = isLimited ? optional(` ORDER BY ${order} LIMIT ${random.between(1, 3)}`) : returning(context, table);
  return group(verb, ` ${nameOf(context, table)} SET `, set, ` FROM ${rows} WHERE f.${k} = ${target}`, more, end);
}

export function remove(context: Context, table: Table): Sql {
  const { random, schema } = context;
  const name = nameOf(context, table);
  const mayChoosePath = schema.picture.triggers.length === 0;
  const usesCte = random.oneIn(12);
  const head = usesCte ? withChanged(context) : '';
  const column = random.pick(table.columns).name;
  const where = usesCte
    ? ` WHERE quote(+${table.name}.${column}) IN (SELECT quote(k0) FROM cte)`
    : condition(context, table, mayChoosePath);
  return group(head, `DELETE FROM ${name}`, where, orderedLimit(context, table), returning(context, table));
}

/** Changes of a view: INSTEAD OF triggers take them, or they are refused. */
export function changeView(context: Context): Sql {
  const { random, schema, pool } = context;
  const view = random.pick(schema.picture.views);
  const name = nameOf(context, view);
  const column = random.pick(view.columns);
  const value = (): string => random.pick(pool);
  return random.pick([
    () => group(`INSERT INTO ${name}(${view.columns.join(', ')}) VALUES `, `(${view.columns.map(value).join(', ')})`),
    () =>
      group(
        `UPDATE ${name} SET ${column} = ${value()} WHERE ${random.pick(view.columns)} ${random.pick(COMPARISONS)} ${value()}`,
      ),
    () => group(`DELETE FROM ${name} WHERE ${column} ${random.pick(COMPARISONS)} ${value()}`),
  ])();
}

/**
 * Queries of the nested campaign: subqueries in subqueries in every clause, over joins, derived tables, common table
 * expressions and views of the large tables.
 *
 * Every part tells how many rows it has at most and how many it looks at, and what stands inside it gets what is left of the
 * statement's `work`: so a subquery that runs for each of 2,000 rows reads a small table, or finds its rows by a key. Without
 * this nearly all of these queries would take minutes.
 *
 * Nothing fails while it runs, and nothing is left open: LIMIT stands behind a whole order, and where an engine may choose
 * which of several equal values it shows (DISTINCT, GROUP BY, UNION, min), equal values are the same (`isExact`).
 */
import { ExpressionGenerator } from '../expression.ts';
import type { FunctionGroup } from '../function-shape.ts';
import type { Random } from '../random.ts';
import { expression, group, list, optional, type Sql } from '../tree.ts';
import type { Column, Kind, Table } from './tables.ts';

export interface NestedQuery {
  readonly sql: Sql;
  readonly isOrdered: boolean;
}

/** A part of FROM under an alias. */
interface Source {
  readonly alias: string;
  readonly sql: Sql;
  readonly columns: readonly Column[];
  /** Unique, qualified. */
  readonly key: readonly string[] | undefined;
  readonly rows: number;
  /** Rows looked at to make it. */
  readonly cost: number;
  /** What finds one of its rows without a scan. */
  readonly lookup: Column | undefined;
}

interface From {
  readonly sql: Sql;
  readonly columns: readonly Column[];
  readonly key: readonly string[] | undefined;
  readonly rows: number;
  readonly cost: number;
  /** What WHERE must say for `rows` to hold. */
  readonly conditions: readonly Sql[];
  /** Columns that USING merged. They are ambiguous in subqueries. */
  readonly merged: readonly string[];
}

/** Where a SELECT stands. */
interface Place {
  /** Columns of the queries around it. */
  readonly outer: readonly Column[];
  /** How often it is run. */
  readonly runs: number;
  /** How many subqueries of expressions it is inside, and of FROM. */
  readonly depth: number;
  readonly level: number;
}

/** What expressions of a SELECT may name. */
interface Scope extends Place {
  readonly own: readonly Column[];
}

interface Value {
  readonly sql: Sql;
  readonly kind: Kind;
  readonly isNumeric?: boolean;
  readonly isExact: boolean;
}

interface Select {
  readonly sql: Sql;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly cost: number;
  readonly isOrdered: boolean;
}

/** A view or common table expression, named in FROM. */
interface Named {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly cost: number;
}

interface Wanted {
  readonly width: number;
  /** One row at most, or none. */
  readonly isSingle?: boolean;
  readonly isExact?: boolean;
  /** Any number of rows, in an order or not; else few, unordered. */
  readonly isOutermost?: boolean;
}

const COMPARISONS = ['=', '=', '=', '<', '<=', '>', '>=', '<>', 'IS', 'IS NOT', 'IS NOT DISTINCT FROM'];
const JOINS = [' JOIN ', ' JOIN ', ' INNER JOIN ', ' LEFT JOIN ', ' LEFT JOIN ', ' RIGHT JOIN ', ' FULL JOIN '];
const HINTS = [' AS ', ' AS ', ' AS MATERIALIZED ', ' AS NOT MATERIALIZED '];
const MAX_DEPTH = 3;
const MAX_LEVEL = 2;
/** Longer statements are no better. */
const MAX_SELECTS = 14;
/** More rows than these go through an aggregate or a LIMIT. */
const SHOWN_ROWS = 1500;

const START: Place = { outer: [], runs: 1, depth: 0, level: 0 };

export class NestedQueries {
  readonly #random: Random;
  readonly #tables: readonly Table[];
  readonly #functions: readonly FunctionGroup[];
  readonly #views: Named[] = [];
  #ctes: Named[] = [];
  /** Rows that the statement may look at. SQLite looks at some ten million a second. */
  #work = 0;
  #aliases = 0;
  #selects = 0;

  constructor(random: Random, tables: readonly Table[], functions: readonly FunctionGroup[]) {
    this.#random = random;
    this.#tables = tables;
    this.#functions = functions;
  }

  /** A statement that makes a view; later queries use it. */
  makeView(): Sql {
    this.#begin(30_000);
    const name = `v${this.#views.length}`;
    const made = this.#select({ ...START, level: 1 }, { width: this.#random.between(1, 4) });
    this.#views.push({ ...made, name });
    return group(`CREATE VIEW ${name} AS `, made.sql);
  }

  next(): NestedQuery {
    const random = this.#random;
    this.#begin(
      random.weighted([
        [8, 8_000],
        [5, 40_000],
        [1, 300_000],
      ]),
    );
    const head = random.oneIn(4) ? this.#withClause() : '';
    const made = this.#select(START, { width: random.between(1, 4), isOutermost: true });
    if (made.rows <= SHOWN_ROWS || made.isOrdered) return { sql: group(head, made.sql), isOrdered: made.isOrdered };
    const sums = made.columns.map(({ name }) => `${random.pick(['sum(length(', 'max((', 'count(('])}quote(${name})))`);
    return { sql: group(head, 'SELECT ', list(['count(*)', ...sums]), ' FROM (', made.sql, ')'), isOrdered: true };
  }

  #begin(work: number): void {
    this.#work = work;
    this.#aliases = 0;
    this.#selects = 0;
    this.#ctes = [];
  }

  #alias(): string {
    this.#aliases += 1;
    return `a${this.#aliases}`;
  }

  /** Rows that one run of what stands here may look at. */
  #room({ runs }: Place): number {
    return this.#work / Math.max(1, runs);
  }

  // WITH

  #withClause(): Sql {
    const random = this.#random;
    const definitions = Array.from({ length: random.pick([1, 1, 2]) }, (_, at) => {
      const name = `c${at}`;
      if (random.oneIn(3)) return this.#recursive(name);
      const made = this.#select({ ...START, level: 1 }, { width: random.between(1, 3) });
      this.#ctes.push({ ...made, name });
      return group(name, random.pick(HINTS), '(', made.sql, ')');
    });
    return group(random.pick(['WITH ', 'WITH RECURSIVE ']), list(definitions), ' ');
  }

  /** Counts, or goes from row to row. A set, so that it ends. */
  #recursive(name: string): Sql {
    const random = this.#random;
    const steps = random.between(1, 60);
    const plain = { kind: 'integer', isNumeric: false, isExact: true, repeats: 50, literals: ['0', '1', '5', '30'] } as const;
    const columns: Column[] = [
      { ...plain, name: 'n' },
      { ...plain, name: 'd' },
    ];
    const [table] = random.sample(
      this.#tables.filter(({ isKeyed }) => isKeyed),
      1,
    );
    const number = table?.columns.find(({ name, kind }) => name !== 'id' && kind === 'integer')?.name;
    const walks = table !== undefined && number !== undefined && random.oneIn(2);
    const rows = walks ? 300 : steps + 1;
    this.#ctes.push({ name, columns, rows, cost: 3 * rows });
    const body = walks
      ? `SELECT id, 0 FROM ${table.name} WHERE id < ${random.between(1, 60)} UNION SELECT r.${number}, d + 1 FROM ${name} CROSS JOIN ${table.name} AS r ON r.id = n WHERE d < ${random.between(1, 4)}`
      : `VALUES (${random.between(-3, 3)}, 0) ${random.pick(['UNION', 'UNION ALL'])} SELECT n + ${random.between(1, 9)}, d + 1 FROM ${name} WHERE d < ${steps}`;
    return `${name}(n, d)${random.pick(HINTS)}(${body})`;
  }

  // FROM

  #tableSource(table: Table, isWhole: boolean): Source {
    const alias = this.#alias();
    const columns = table.columns.map((column) => ({ ...column, name: `${alias}.${column.name}` }));
    return {
      alias,
      sql: `${table.name} AS ${alias}`,
      columns,
      key: [`${alias}.id`],
      rows: table.rows,
      cost: isWhole ? table.rows : 1,
      lookup: table.isKeyed ? columns[0] : undefined,
    };
  }

  #namedSource(named: Named): Source {
    const alias = this.#alias();
    const columns = named.columns.map((column) => ({ ...column, name: `${alias}.${column.name}` }));
    return {
      alias,
      sql: `${named.name} AS ${alias}`,
      columns,
      key: undefined,
      rows: named.rows,
      cost: named.cost,
      lookup: undefined,
    };
  }

  #derivedSource(place: Place): Source {
    const random = this.#random;
    const outer = random.oneIn(3) ? place.outer : [];
    // What looks at nothing outside is made once, whatever stands around it.
    const made = this.#select({ ...place, outer, level: place.level + 1 }, { width: random.between(1, 3) });
    const alias = this.#alias();
    const columns = made.columns.map((column) => ({ ...column, name: `${alias}.${column.name}` }));
    return {
      alias,
      sql: group('(', made.sql, `) AS ${alias}`),
      columns,
      key: undefined,
      rows: made.rows,
      cost: made.cost,
      lookup: undefined,
    };
  }

  /** One that may be read as a whole. */
  #source(place: Place): Source | undefined {
    const random = this.#random;
    const room = this.#room(place);
    const fits = ({ rows, cost }: Named): boolean => Math.max(rows, cost) <= room;
    const tables = this.#tables.filter(({ rows }) => rows <= room);
    const named = [...this.#views, ...this.#ctes, ...this.#ctes].filter(fits);
    return random.weighted<() => Source | undefined>([
      [8, () => (tables.length === 0 ? undefined : this.#tableSource(random.pick(tables), true))],
      [named.length > 0 ? 2 : 0, () => this.#namedSource(random.pick(named))],
      [place.level < MAX_LEVEL && room > 50 && this.#selects < MAX_SELECTS ? 2 : 0, () => this.#derivedSource(place)],
    ])();
  }

  /** The first source: also a large one of which only some rows are looked at. */
  #firstSource(place: Place): { readonly source: Source | undefined; readonly conditions: readonly Sql[] } {
    const random = this.#random;
    const keyed = this.#tables.filter(({ isKeyed, rows }) => isKeyed && rows > 0);
    if (keyed.length === 0 || !random.oneIn(4)) return { source: this.#source(place), conditions: [] };
    const source = this.#tableSource(random.pick(keyed), false);
    const id = source.columns[0]?.name ?? '';
    const integers = place.outer.filter(({ kind }) => kind === 'integer');
    if (integers.length > 0 && random.oneIn(2)) {
      const conditions = [`${id} = ${random.pick(integers).name}`];
      return { source: { ...source, rows: 1 }, conditions };
    }
    const count = Math.min(2000, Math.floor(this.#room(place)), source.rows);
    if (count < 1) return { source: this.#source(place), conditions: [] };
    const start = random.below(random.pick([100, 20_000]));
    const conditions = [`${id} BETWEEN ${start} AND ${start + count - 1}`];
    return { source: { ...source, rows: count, cost: count, columns: capped(source.columns, count) }, conditions };
  }

  #from(place: Place): From | undefined {
    const random = this.#random;
    const { source, conditions } = this.#firstSource(place);
    if (source === undefined) return undefined;
    const { sql, columns, key, rows, cost } = source;
    let from: From = { sql: group(' FROM ', sql), columns, key, rows, cost, conditions, merged: [] };
    const more = random.weighted([
      [place.depth === 0 ? 5 : 12, 0],
      [5, 1],
      [3, 2],
      [1, 3],
      [1, 4],
    ]);
    for (let at = 0; at < more; at++) from = this.#join(place, { ...from, merged: [] }, at === 0) ?? from;
    return from;
  }

  #join(place: Place, from: From, isFirst: boolean): From | undefined {
    const random = this.#random;
    const room = this.#room(place);
    const keyed = this.#tables.filter(({ isKeyed }) => isKeyed);
    // A row of the next table is found by its id: it may be as large as it likes.
    if (keyed.length > 0 && random.oneIn(4)) {
      const next = this.#tableSource(random.pick(keyed), false);
      const left = random.pick(from.columns);
      const on = this.#on(place, from, next, [`${next.columns[0]?.name} = ${left.name}`], from.rows);
      const columns = [...from.columns, ...capped(next.columns, from.rows)];
      const sql = group(from.sql, random.pick([' LEFT JOIN ', ' CROSS JOIN ']), next.sql, on);
      return { ...from, sql, columns, key: bothKeys(from, next), cost: from.cost + from.rows };
    }
    for (let trial = 0; trial < 6; trial++) {
      const next = this.#source({ ...place, outer: [] });
      if (next === undefined) return undefined;
      const right = random.pick(next.columns);
      const left = random.pick(from.columns);
      if (random.oneIn(8)) {
        const rows = from.rows * next.rows;
        if (rows > room / 2) continue;
        const comparison = `${left.name} ${random.pick(COMPARISONS)} ${right.name}`;
        const on = this.#on(place, from, next, random.oneIn(3) ? [] : [comparison], rows);
        const join = on === '' ? random.pick([' CROSS JOIN ', ', ', ' LEFT JOIN ', ' JOIN ']) : this.#kind(place, from, next);
        return this.#joined(from, next, join, on, rows + from.rows + next.rows, next.rows, from.rows);
      }
      const rows = Math.min(from.rows * Math.max(1, right.repeats), next.rows * Math.max(1, left.repeats));
      const isFound = right.isNumeric || !left.isNumeric;
      if (!isFound && from.rows * next.rows > room) continue;
      if (rows > room || from.cost + next.cost + rows > room) continue;
      const shared = isFirst ? this.#shared(from, next) : [];
      const total = rows + from.rows + next.rows;
      if (shared.length > 0 && random.oneIn(3)) {
        const using = random.sample(shared, random.pick([1, 1, 2]));
        const first = using[0] ?? '';
        const repeats = next.columns.find(({ name }) => name.endsWith(`.${first}`))?.repeats ?? next.rows;
        if (from.rows * Math.max(1, repeats) > room) continue;
        const isNatural = random.oneIn(4);
        const join = `${isNatural ? ' NATURAL' : ''}${this.#kind(place, from, next)}`;
        const clause = isNatural ? '' : ` USING (${using.join(', ')})`;
        const made = this.#joined(from, next, join, clause, from.rows * repeats + from.rows + next.rows, repeats, from.rows);
        return { ...made, merged: isNatural ? shared : using };
      }
      // Neither `+` nor a collation of its own lets an index serve.
      const isSmall = from.rows * next.rows <= room;
      const collation = isSmall && random.oneIn(6) ? random.pick([' COLLATE NOCASE', ' COLLATE BINARY']) : '';
      const sides = random.oneIn(2) ? [left.name, right.name] : [right.name, left.name];
      const equality = `${isSmall && random.oneIn(6) ? '+' : ''}${sides.join(' = ')}${collation}`;
      const on = this.#on(place, from, next, [equality], from.rows * next.rows);
      return this.#joined(from, next, this.#kind(place, from, next), on, total, right.repeats, left.repeats);
    }
    return undefined;
  }

  /** SQLite makes no index for the table on the right of a RIGHT or FULL JOIN, and looks at all rows on its left. */
  #kind(place: Place, from: From, next: Source): string {
    const isSmall = from.conditions.length === 0 && from.rows * next.rows <= this.#room(place);
    return this.#random.pick(isSmall ? JOINS : JOINS.filter((join) => !/RIGHT|FULL/.test(join)));
  }

  #joined(from: From, next: Source, join: string, on: Sql, rows: number, rightRepeats: number, leftRepeats: number): From {
    const widen = (columns: readonly Column[], times: number): Column[] =>
      columns.map((column) => ({ ...column, repeats: Math.min(rows, (column.repeats + 1) * Math.max(1, times)) }));
    return {
      ...from,
      sql: group(from.sql, join, next.sql, on),
      columns: [...widen(from.columns, rightRepeats), ...widen(next.columns, leftRepeats)],
      key: bothKeys(from, next),
      rows,
      cost: from.cost + next.cost + rows,
    };
  }

  #shared(from: From, next: Source): readonly string[] {
    const names = from.columns.map(({ name }) => name.split('.')[1] ?? '');
    return next.columns.map(({ name }) => name.split('.')[1] ?? '').filter((name) => names.includes(name));
  }

  /** `rows`: how often the condition may be asked. SQLite may ask a subquery in it before it compares for equality. */
  #on(place: Place, from: From, next: Source, first: readonly Sql[], rows: number): Sql {
    const random = this.#random;
    const scope = { ...place, own: [...from.columns, ...next.columns], runs: place.runs * Math.max(1, rows) };
    const more = random.oneIn(4) ? [this.#condition(scope)] : [];
    const conditions = [...first, ...more];
    return conditions.length === 0 ? '' : group(' ON ', list(conditions, ' AND '));
  }

  // Conditions

  /** How likely a subquery is in an expression here, against weights about as large. */
  #nesting({ depth }: Scope, weights: readonly number[]): number {
    return this.#selects < MAX_SELECTS ? (weights[depth] ?? 0) : 0;
  }

  #where(scope: Scope, given: readonly Sql[], isCorrelated: boolean): Sql {
    const random = this.#random;
    const correlation = isCorrelated ? [this.#correlation(scope)] : [];
    const count = random.weighted([
      [5, 0],
      [5, 1],
      [1, 2],
    ]);
    const conditions = [...given, ...correlation, ...random.many(count, () => this.#condition(scope))];
    return conditions.length === 0 ? '' : optional(' WHERE ', list(conditions, ' AND '));
  }

  #correlation({ own, outer }: Scope): Sql {
    const random = this.#random;
    const column = random.pick(own);
    const alike = outer.filter(({ kind }) => kind === column.kind);
    const other = random.pick(alike.length > 0 ? alike : outer).name;
    return random.weighted<() => Sql>([
      [6, () => `${column.name} = ${other}`],
      [2, () => `${column.name} ${random.pick(COMPARISONS)} ${other}`],
      [1, () => `${column.name} BETWEEN ${other} AND ${other} + 20`],
      [1, () => `(${column.name} = ${other} OR ${random.pick(own).name} = ${random.pick(outer).name})`],
      [1, () => `coalesce(${column.name}, 0) = ${other}`],
    ])();
  }

  #column({ own, outer }: Scope): Column {
    const random = this.#random;
    return own.length === 0 || (outer.length > 0 && random.oneIn(6)) ? random.pick(outer) : random.pick(own);
  }

  #literal(column: Column): string {
    return this.#random.pick(column.literals);
  }

  #condition(scope: Scope): Sql {
    const random = this.#random;
    const column = this.#column(scope);
    const { name } = column;
    const again = (): Sql => this.#condition(scope);
    const nested = this.#nesting(scope, [9, 5, 3]);
    return random.weighted<() => Sql>([
      [4, () => expression(`${name} ${random.pick(COMPARISONS)} ${this.#literal(column)}`)],
      [2, () => expression(`${name} ${random.pick(COMPARISONS)} ${this.#column(scope).name}`)],
      [1, () => expression(`${name} BETWEEN ${this.#literal(column)} AND ${this.#literal(column)}`)],
      [
        1,
        () => expression(`${name}${random.pick([' IN (', ' NOT IN ('])}`, list(random.many(3, () => this.#literal(column))), ')'),
      ],
      [1, () => expression(`${name}${random.pick([' IS NULL', ' IS NOT NULL'])}`)],
      [1, () => expression(`${name} LIKE ${random.pick(["'%3%'", "'%e 1%'", "'_sh%'", "'%'"])}`)],
      [1, () => this.#value(scope).sql],
      [1, () => expression('(', again(), random.pick([' AND ', ' OR ', ' OR ']), again(), ')')],
      [1, () => expression('NOT (', again(), ')')],
      [nested, () => this.#subqueryCondition(scope)],
    ])();
  }

  #subqueryCondition(scope: Scope): Sql {
    const random = this.#random;
    const { name } = this.#column(scope);
    const pair = `(${name}, ${this.#column(scope).name})`;
    const not = random.pick(['', '', ' NOT']);
    const inside = (width: number, isSingle = false): Sql => group('(', this.#subquery(scope, { width, isSingle }), ')');
    return random.weighted<() => Sql>([
      [4, () => expression(`${not === '' ? '' : 'NOT '}EXISTS `, inside(1))],
      [5, () => expression(`${name}${not} IN `, inside(1))],
      [2, () => expression(`${pair}${not} IN `, inside(2))],
      [5, () => expression(`${name} ${random.pick(COMPARISONS)} `, inside(1, true))],
      [1, () => expression(`${pair} ${random.pick(['=', '<', '>=', 'IS', '<>'])} `, inside(2, true))],
      [1, () => expression(inside(1, true), ` ${random.pick(COMPARISONS)} `, inside(1, true))],
      [1, () => expression(inside(1, true), `${not} IN `, inside(1))],
      [1, () => expression(`CASE WHEN ${name} IS NULL THEN `, inside(1, true), ' ELSE ', this.#condition(scope), ' END')],
      [1, () => expression(`coalesce(`, inside(1, true), `, ${name}) BETWEEN ${name} AND `, inside(1, true))],
    ])();
  }

  #subquery(scope: Scope, wanted: Wanted): Sql {
    const isCorrelated = this.#random.below(3) > 0;
    const outer = isCorrelated ? [...scope.own, ...scope.outer] : [];
    const runs = isCorrelated ? scope.runs : 1;
    return this.#select({ outer, runs, depth: scope.depth + 1, level: scope.level }, wanted).sql;
  }

  // Values

  #value(scope: Scope): Value {
    const random = this.#random;
    const column = this.#column(scope);
    const { name } = column;
    const integers = scope.own.filter(({ kind }) => kind === 'integer');
    const integer = integers.length > 0 ? random.pick(integers).name : '3';
    const integral = (sql: Sql): Value => ({ sql: expression(sql), kind: 'integer', isExact: true });
    const mixed = (sql: Sql): Value => ({ sql, kind: 'mixed', isExact: false });
    const canNest = this.#nesting(scope, [3, 2, 1]);
    return random.weighted<() => Value>([
      [12, () => ({ ...column, sql: name })],
      [1, () => ({ sql: expression(random.pick(['1', '0', '7'])), kind: 'integer', isExact: true })],
      [2, () => integral(random.pick([`(${integer} + 1)`, `${integer} % 7`, `(${integer} * 2 - 5)`, `-${integer}`]))],
      [1, () => integral(random.pick([`length(${name})`, `(${name} IS NULL)`, `(${name} = ${this.#literal(column)})`]))],
      [1, () => ({ sql: expression(`typeof(${name})`), kind: 'text', isExact: true })],
      [1, () => mixed(expression(`coalesce(${name}, ${this.#column(scope).name})`))],
      [1, () => mixed(expression(`(${name} || ${this.#column(scope).name})`))],
      [1, () => mixed(expression('CASE WHEN ', this.#condition(scope), ` THEN ${name} ELSE ${this.#column(scope).name} END`))],
      [1, () => mixed(this.#expression(scope))],
      [canNest, () => mixed(expression('(', this.#subquery(scope, { width: 1, isSingle: true }), ')'))],
      [canNest > 1 ? 1 : 0, () => integral(this.#subqueryCondition(scope))],
    ])();
  }

  #expression({ own, outer }: Scope): Sql {
    const columns = [...own, ...outer].map(({ name }) => name);
    return new ExpressionGenerator(this.#random, { columns, functions: this.#functions, neverFails: true }).make(2);
  }

  #exactValue(scope: Scope): Value {
    const value = this.#value(scope);
    return value.isExact ? value : { sql: group('quote(', value.sql, ')'), kind: 'text', isExact: true };
  }

  /** Its arguments and its FILTER name columns of its own SELECT: of outer ones alone it would be the outer query's. */
  #aggregate(scope: Scope): Value {
    const random = this.#random;
    const { name } = random.pick(scope.own);
    const numbers = scope.own.filter(({ kind }) => kind === 'integer' || kind === 'real');
    const number = numbers.length > 0 ? random.pick(numbers).name : `length(${name})`;
    const exact = scope.own.filter(({ isExact }) => isExact);
    const least = exact.length > 0 ? random.pick(exact) : undefined;
    const nests = this.#nesting(scope, [1, 1]) > 0 && random.oneIn(6);
    const filter = random.oneIn(6)
      ? optional(' FILTER (WHERE ', this.#condition({ ...scope, outer: [], depth: MAX_DEPTH }), ')')
      : '';
    const integer = (sql: Sql): Value => ({ sql: group(sql, filter), kind: 'integer', isExact: true });
    return random.weighted<() => Value>([
      [3, () => integer('count(*)')],
      [2, () => integer(`count(${name})`)],
      [1, () => integer(`count(DISTINCT ${name})`)],
      [2, () => ({ sql: group(`sum(${number})`, filter), kind: 'mixed', isExact: false })],
      [1, () => ({ sql: group(`${random.pick(['avg', 'total'])}(${number})`, filter), kind: 'real', isExact: true })],
      [
        least === undefined ? 0 : 3,
        () => ({
          sql: group(`${random.pick(['min', 'max'])}(${least?.name})`, filter),
          kind: least?.kind ?? 'mixed',
          isExact: true,
        }),
      ],
      [1, () => ({ sql: group(`group_concat(quote(${name}) ORDER BY quote(${name}))`, filter), kind: 'text', isExact: true })],
      [nests ? 4 : 0, () => integer(group('count(', this.#subquery1(scope), ')'))],
    ])();
  }

  #subquery1(scope: Scope): Sql {
    // With a column of this SELECT beside it, the aggregate cannot be the outer query's.
    return expression(`${this.#random.pick(scope.own).name} + (`, this.#subquery(scope, { width: 1, isSingle: true }), ')');
  }

  // SELECT

  #select(place: Place, wanted: Wanted): Select {
    const random = this.#random;
    this.#selects += 1;
    const from = this.#from(place);
    if (from === undefined || from.columns.length === 0) return this.#withoutFrom(place, wanted);
    const runs = place.runs * Math.max(1, from.rows);
    const scope: Scope = { ...place, own: from.columns, runs };
    const isCorrelated = place.outer.length > 0 && (random.below(5) > 0 || from.conditions.length > 0);
    const where = this.#where(scope, from.conditions, isCorrelated);
    if (wanted.isSingle === true) return this.#single(from, scope, where, wanted);
    return random.weighted<() => Select>([
      [8, () => this.#plain(from, scope, where, wanted)],
      [2, () => this.#aggregated(from, scope, where, wanted)],
      [4, () => this.#grouped(place, from, scope, where, wanted)],
      [place.depth + place.level < 2 ? 2 : 1, () => this.#compound(place, from, scope, where, wanted)],
      [2, () => this.#windowed(from, scope, where, wanted)],
    ])();
  }

  #withoutFrom(place: Place, { width }: Wanted): Select {
    const scope = { ...place, own: [] };
    const outputs = Array.from({ length: width }, () =>
      place.outer.length > 0 ? this.#value(scope) : { sql: '1', kind: 'integer' as const, isExact: true },
    );
    return { sql: group('SELECT ', named(outputs)), columns: columnsOf(outputs, 1), rows: 1, cost: 1, isOrdered: false };
  }

  /** One row at most, and which is clear. */
  #single(from: From, scope: Scope, where: Sql, { width }: Wanted): Select {
    const random = this.#random;
    const { key } = from;
    const one = { rows: 1, cost: from.cost, isOrdered: false };
    if (key === undefined || random.oneIn(2)) {
      const outputs = random.many(width, () => this.#aggregate(scope));
      return { sql: group('SELECT ', named(outputs), from.sql, where), columns: columnsOf(outputs, 1), ...one };
    }
    const outputs = random.many(width, () => this.#value(scope));
    const order = this.#order(scope, key);
    const offset = random.oneIn(4) ? optional(` OFFSET ${random.between(1, 3)}`) : '';
    const sql = group('SELECT ', named(outputs), from.sql, where, order, ' LIMIT 1', offset);
    return { sql, columns: columnsOf(outputs, 1), ...one };
  }

  #order(scope: Scope, key: readonly string[]): Sql {
    const random = this.#random;
    const direction = (): string => random.pick(['', '', ' DESC', ' DESC NULLS LAST', ' NULLS LAST']);
    const terms = random.many(random.pick([0, 1, 1, 2]), () => {
      const isNested = this.#nesting(scope, [1, 1, 1]) > 0 && random.oneIn(5);
      const term = isNested ? group('(', this.#subquery(scope, { width: 1, isSingle: true }), ')') : random.pick(scope.own).name;
      return optional(term, `${direction()}, `);
    });
    return group(' ORDER BY ', ...terms, key.map((name) => `${name}${random.pick(['', ' DESC'])}`).join(', '));
  }

  #limit(rows: number): { readonly sql: Sql; readonly count: number } {
    const random = this.#random;
    const count = random.pick([1, 3, 10, 50]);
    const offset = random.oneIn(3) ? optional(` OFFSET ${random.pick([1, 5, 40, Math.floor(rows / 2)])}`) : '';
    return { sql: group(optional(` LIMIT ${count}`), offset === '' ? '' : offset), count };
  }

  #plain(from: From, scope: Scope, where: Sql, { width, isExact, isOutermost }: Wanted): Select {
    const random = this.#random;
    const { rows, cost, key } = from;
    const isDistinct = random.oneIn(6);
    const outputs = random.many(width, () => (isExact === true || isDistinct ? this.#exactValue(scope) : this.#value(scope)));
    const [merged] = from.merged;
    if (merged !== undefined && isExact !== true && !isDistinct) outputs[0] = { sql: merged, kind: 'mixed', isExact: false };
    const body = group(`SELECT ${isDistinct ? 'DISTINCT ' : ''}`, named(outputs), from.sql, where);
    const columns = columnsOf(outputs, rows, this.#literals(scope));
    if (isDistinct) {
      const ordinals = outputs.map((_, at) => `${at + 1}${random.pick(['', ' DESC'])}`).join(', ');
      if (!random.oneIn(3)) return { sql: body, columns, rows, cost, isOrdered: false };
      const { sql, count } = this.#limit(rows);
      return { sql: group(body, ` ORDER BY ${ordinals}`, sql), columns, rows: count, cost, isOrdered: isOutermost === true };
    }
    if (key === undefined || !random.oneIn(isOutermost === true ? 2 : 5))
      return { sql: body, columns, rows, cost, isOrdered: false };
    const order = this.#order(scope, key);
    if (isOutermost === true && rows < SHOWN_ROWS && random.oneIn(3)) {
      return { sql: group(body, order), columns, rows, cost, isOrdered: true };
    }
    const { sql, count } = this.#limit(rows);
    return { sql: group(body, order, sql), columns, rows: Math.min(rows, count), cost, isOrdered: isOutermost === true };
  }

  #literals({ own }: Scope): readonly string[] {
    return this.#random.pick(own).literals;
  }

  #aggregated(from: From, scope: Scope, where: Sql, { width }: Wanted): Select {
    const random = this.#random;
    const outputs = random.many(width, () => this.#aggregate(scope));
    const having = random.oneIn(4) ? this.#having({ ...scope, runs: 1 }, []) : '';
    const sql = group('SELECT ', named(outputs), from.sql, where, having);
    return { sql, columns: columnsOf(outputs, 1), rows: 1, cost: from.cost, isOrdered: false };
  }

  /** `keys`: what subqueries in HAVING may look at, beside what stands outside. */
  #having(scope: Scope, keys: readonly Column[]): Sql {
    const random = this.#random;
    const { sql } = this.#aggregate({ ...scope, depth: MAX_DEPTH });
    const inside = { ...scope, own: keys };
    const conditions = random.many(random.pick([1, 1, 2]), () => {
      if (this.#nesting(scope, [1, 1, 1]) === 0 || random.oneIn(3))
        return group(sql, ` ${random.pick(['>', '<>', '<='])} ${random.below(9)}`);
      if (keys.length > 0 && random.oneIn(3)) return this.#subqueryCondition(inside);
      const subquery = group('(', this.#subquery(inside, { width: 1, isSingle: true }), ')');
      return group(sql, ` ${random.pick(COMPARISONS)} `, subquery);
    });
    return optional(' HAVING ', list(conditions, random.pick([' AND ', ' AND ', ' OR '])));
  }

  #grouped(place: Place, from: From, scope: Scope, where: Sql, { width, isOutermost }: Wanted): Select {
    const random = this.#random;
    const exact = from.columns.filter(({ isExact }) => isExact);
    if (exact.length === 0) return this.#aggregated(from, scope, where, { width });
    const keys = random.sample(exact, random.pick([1, 1, 1, 2]));
    const loose = random.oneIn(5) ? [random.pick(from.columns).name] : [];
    const groups = Math.min(
      from.rows,
      keys.length > 1 || loose.length > 0 ? from.rows : (keys[0]?.repeats ?? 0) > 1 ? from.rows / 2 : from.rows,
    );
    // Outside of aggregates only the keys have a value.
    const inside: Scope = { ...place, own: keys, runs: place.runs * Math.max(1, groups) };
    const outputs = Array.from({ length: width }, (_, at): Value => {
      if (at === 0) return { ...(keys[0] as Column), sql: keys[0]?.name ?? '' };
      return random.oneIn(4) ? this.#exactValue(inside) : this.#aggregate(scope);
    });
    const having = random.oneIn(3) ? this.#having({ ...scope, runs: inside.runs }, keys) : '';
    // Without one of its keys a query would show any value of a group.
    const by = group(' GROUP BY ', keys.map(({ name }) => name).join(', '), ...loose.map((name) => optional(`, ${name}`)));
    const body = group('SELECT ', named(outputs), from.sql, where, by, having);
    const columns = columnsOf(outputs, groups);
    const made = { columns, rows: groups, cost: from.cost };
    if (loose.length > 0 || random.oneIn(2)) return { sql: body, ...made, isOrdered: false };
    const nested = this.#nesting(scope, [1, 1, 1]) > 0 && random.oneIn(4);
    const first = nested ? optional('(', this.#subquery(inside, { width: 1, isSingle: true }), '), ') : '';
    const order = group(' ORDER BY ', first, keys.map(({ name }) => `${name}${random.pick(['', ' DESC'])}`).join(', '));
    if (isOutermost === true && groups < SHOWN_ROWS && random.oneIn(2))
      return { sql: group(body, order), ...made, isOrdered: true };
    const { sql, count } = this.#limit(groups);
    return { sql: group(body, order, sql), ...made, rows: Math.min(groups, count), isOrdered: isOutermost === true };
  }

  #compound(place: Place, from: From, scope: Scope, where: Sql, { width, isOutermost }: Wanted): Select {
    const random = this.#random;
    const arm = (from: From, scope: Scope, where: Sql): Sql => {
      const outputs = random.many(width, () => {
        const value = this.#value({ ...scope, depth: Math.max(scope.depth, MAX_DEPTH - 1) });
        return { ...value, sql: group('quote(', value.sql, ')') };
      });
      return group('SELECT ', named(outputs), from.sql, where);
    };
    const parts: Sql[] = [arm(from, scope, where)];
    let [rows, cost] = [from.rows, from.cost];
    for (let at = random.pick([1, 1, 2]); at > 0; at--) {
      const next = this.#from(place);
      if (next === undefined) break;
      const inside: Scope = { ...place, own: next.columns, runs: place.runs * Math.max(1, next.rows) };
      const isCorrelated = place.outer.length > 0 && (random.oneIn(2) || next.conditions.length > 0);
      parts.push(random.pick([' UNION ALL ', ' UNION ', ' EXCEPT ', ' INTERSECT ']));
      parts.push(arm(next, inside, this.#where(inside, next.conditions, isCorrelated)));
      [rows, cost] = [rows + next.rows, cost + next.cost];
    }
    const body = group(...parts);
    const columns = Array.from({ length: width }, (_, at) => textColumn(`o${at}`, rows));
    if (random.oneIn(2)) return { sql: body, columns, rows, cost, isOrdered: false };
    const order = ` ORDER BY ${columns.map((_, at) => `${at + 1}${random.pick(['', ' DESC'])}`).join(', ')}`;
    if (isOutermost === true && rows < SHOWN_ROWS && random.oneIn(2)) {
      return { sql: group(body, order), columns, rows, cost, isOrdered: true };
    }
    const { sql, count } = this.#limit(rows);
    return { sql: group(body, order, sql), columns, rows: Math.min(rows, count), cost, isOrdered: isOutermost === true };
  }

  #windowed(from: From, scope: Scope, where: Sql, { width, isOutermost }: Wanted): Select {
    const random = this.#random;
    const { key, rows, cost } = from;
    const partition = random.oneIn(2) ? '' : optional(`PARTITION BY ${random.pick(scope.own).name} `);
    const loose = random.pick(scope.own).name;
    const order = key === undefined ? undefined : `ORDER BY ${random.oneIn(2) ? `${loose}, ` : ''}${key.join(', ')}`;
    const window = (): Value => {
      const frame = random.oneIn(3) ? random.pick([' ROWS 3 PRECEDING', ' ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING']) : '';
      const { name } = random.pick(scope.own);
      const ordered = [
        'row_number()',
        `lag(${name})`,
        `lead(${name}, 2, 0)`,
        `first_value(${name})`,
        `count(${name})`,
        'ntile(3)',
      ];
      const call =
        order === undefined
          ? group(random.pick(['rank()', 'count(*)', 'dense_rank()']), ' OVER (', partition, `ORDER BY ${loose})`)
          : group(random.pick(ordered), ' OVER (', partition, order, frame, ')');
      return { sql: call, kind: 'mixed', isExact: false };
    };
    const outputs = Array.from({ length: width }, (_, at) =>
      at === 0 ? window() : random.oneIn(3) ? window() : this.#value(scope),
    );
    const body = group('SELECT ', named(outputs), from.sql, where);
    const columns = columnsOf(outputs, rows);
    if (key === undefined || isOutermost !== true || random.oneIn(2)) return { sql: body, columns, rows, cost, isOrdered: false };
    const { sql, count } = this.#limit(rows);
    return { sql: group(body, this.#order(scope, key), sql), columns, rows: Math.min(rows, count), cost, isOrdered: true };
  }
}

const capped = (columns: readonly Column[], rows: number): Column[] =>
  columns.map((column) => ({ ...column, repeats: Math.min(rows, column.repeats) }));

const bothKeys = (from: From, next: Source): readonly string[] | undefined =>
  from.key === undefined || next.key === undefined ? undefined : [...from.key, ...next.key];

const textColumn = (name: string, rows: number): Column => ({
  name,
  kind: 'text',
  isNumeric: false,
  isExact: true,
  repeats: rows,
  literals: ["'3'", "'NULL'", "'''name 3'''", 'NULL'],
});

const NUMBERS = ['0', '1', '3', '10', '100', 'NULL'];

const columnsOf = (outputs: readonly Value[], rows: number, literals: readonly string[] = NUMBERS): Column[] =>
  outputs.map(({ kind, isNumeric = false, isExact }, at) => ({
    name: `o${at}`,
    kind,
    isNumeric,
    isExact,
    repeats: rows,
    literals,
  }));

const named = (outputs: readonly Value[]): Sql => list(outputs.map(({ sql }, at) => group(sql, ` AS o${at}`)));

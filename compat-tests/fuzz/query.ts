/**
 * Generates queries over the tables that exist.
 *
 * A query either says in which order its rows come, down to a unique key, or its rows are compared as a multiset.
 * Whatever else SQLite leaves open (which of several tied values min() shows, the order in which reals are summed) the
 * generator keeps away from.
 */
import { ExpressionGenerator, type FunctionGroup } from './expression.ts';
import type { Random } from './random.ts';
import type { Schema, Table } from './schema.ts';
import { expression, group, list, optional, type Sql } from './tree.ts';
import { STORED_VALUES } from './values.ts';

export interface Query {
  readonly sql: Sql;
  readonly isOrdered: boolean;
}

/** Something that stands in FROM under an alias. */
interface Source {
  readonly alias: string;
  readonly sql: Sql;
  readonly columns: readonly string[];
  /** Unique key, qualified; none where the rows may repeat. */
  readonly key: readonly string[];
}

const COMPARISONS = ['=', '<', '<=', '>', '>=', '<>', 'IS', 'IS NOT'];
const JOINS = [' JOIN ', ' LEFT JOIN ', ' RIGHT JOIN ', ' FULL JOIN ', ' INNER JOIN ', ' LEFT OUTER JOIN '];
const MAX_NESTING = 2;

export class QueryGenerator {
  readonly #random: Random;
  readonly #schema: Schema;
  readonly #functions: readonly FunctionGroup[];

  constructor(random: Random, schema: Schema, functions: readonly FunctionGroup[]) {
    this.#random = random;
    this.#schema = schema;
    this.#functions = functions;
  }

  query(): Query {
    return this.#random.weighted<() => Query>([
      [8, () => this.#plain()],
      [5, () => this.#grouped()],
      [4, () => this.#aggregated()],
      [3, () => this.#compound()],
      [2, () => this.#withClause()],
      [1, () => this.#values()],
    ])();
  }

  scalar(columns: readonly string[], depth = 2): Sql {
    return new ExpressionGenerator(this.#random, { columns, functions: this.#functions, neverFails: true }).make(depth);
  }

  /** A condition that indexes like, or any expression at all. */
  predicate(columns: readonly string[], nesting = 0): Sql {
    const random = this.#random;
    const column = random.pick(columns);
    const value = (): string => random.pick(STORED_VALUES);
    const make = random.weighted<() => Sql>([
      [8, () => expression(`${column} ${random.pick(COMPARISONS)} ${value()}`)],
      [2, () => expression(`${column} ${random.pick(COMPARISONS)} ${random.pick(columns)}`)],
      [2, () => expression(`${column} BETWEEN ${value()} AND ${value()}`)],
      [2, () => expression(`${column} IN (`, list(random.many(random.between(1, 4), value)), ')')],
      [1, () => expression(`${column}${random.pick([' IS NULL', ' IS NOT NULL'])}`)],
      [1, () => expression(`${column} LIKE '${random.pick(['a%', '%b%', '_ed', '1%', '%'])}'`)],
      [3, () => this.scalar(columns)],
      [
        4,
        () =>
          expression(
            '(',
            this.predicate(columns, nesting),
            random.pick([' AND ', ' OR ']),
            this.predicate(columns, nesting),
            ')',
          ),
      ],
      [1, () => expression('NOT (', this.predicate(columns, nesting), ')')],
      [nesting < MAX_NESTING ? 3 : 0, () => this.#subqueryCondition(columns, nesting + 1)],
    ]);
    return make();
  }

  #subqueryCondition(columns: readonly string[], nesting: number): Sql {
    const random = this.#random;
    const inner = this.#tableSource(random.pick(this.#schema.tables), `n${nesting}`);
    const own = random.pick(inner.columns);
    const outer = random.pick(columns);
    const where = random.oneIn(2)
      ? optional(` WHERE ${own} ${random.pick(COMPARISONS)} ${outer}`)
      : optional(' WHERE ', this.predicate(inner.columns, nesting));
    const from = group(' FROM ', inner.sql, where);
    return random.pick([
      () => expression(random.pick(['EXISTS ', 'NOT EXISTS ']), '(SELECT 1', from, ')'),
      () => expression(`${outer}${random.pick([' IN ', ' NOT IN '])}(SELECT ${own}`, from, ')'),
      () => expression(`${outer} ${random.pick(COMPARISONS)} (SELECT count(*)`, from, ')'),
      () => expression(`${outer} ${random.pick(COMPARISONS)} (SELECT ${random.pick(['min', 'max'])}(${own})`, from, ')'),
    ])();
  }

  #tableSource(table: Table, alias: string): Source {
    const indexHint = '';
    return {
      alias,
      sql: `${table.name} AS ${alias}${indexHint}`,
      columns: table.columns.map((column) => `${alias}.${column.name}`),
      key: table.key.map((name) => `${alias}.${name}`),
    };
  }

  #source(alias: string): Source {
    const random = this.#random;
    const { tables, views } = this.#schema;
    const view = views.length > 0 && random.oneIn(6) ? random.pick(views) : undefined;
    if (view !== undefined) {
      return { alias, sql: `${view.name} AS ${alias}`, columns: view.columns.map((name) => `${alias}.${name}`), key: [] };
    }
    const table = random.pick(tables);
    if (!random.oneIn(7)) return this.#tableSource(table, alias);
    const inner = this.#tableSource(table, 's');
    const outputs = inner.columns.map((column, at) =>
      random.oneIn(3) ? group(this.scalar([column], 1), ` AS x${at}`) : `${column} AS x${at}`,
    );
    const where = random.oneIn(2) ? optional(' WHERE ', this.predicate(inner.columns, 1)) : '';
    const sql = group(
      '(SELECT ',
      ...outputs.flatMap((output, at) => (at === 0 ? [output] : [', ', output])),
      ' FROM ',
      inner.sql,
      where,
      `) AS ${alias}`,
    );
    return { alias, sql, columns: outputs.map((_, at) => `${alias}.x${at}`), key: [] };
  }

  /** One to three sources, joined; the columns and the key of the whole. */
  #from(): { readonly sql: Sql; readonly columns: readonly string[]; readonly key: readonly string[] } {
    const random = this.#random;
    const sources = random
      .many(
        random.weighted([
          [5, 1],
          [4, 2],
          [1, 3],
        ]),
        () => 0,
      )
      .map((_, at) => this.#source(`q${at}`));
    const parts: Sql[] = [];
    const columns: string[] = [];
    for (const [at, source] of sources.entries()) {
      if (at === 0) parts.push(source.sql);
      else if (random.oneIn(5)) parts.push(random.pick([', ', ' CROSS JOIN ']), source.sql);
      else {
        const equality = `${random.pick(columns)} ${random.oneIn(4) ? random.pick(COMPARISONS) : '='} ${random.pick(source.columns)}`;
        const more = random.oneIn(4) ? optional(' AND ', this.predicate([...columns, ...source.columns], MAX_NESTING)) : '';
        parts.push(random.pick(JOINS), source.sql, group(' ON ', expression(equality), more));
      }
      columns.push(...source.columns);
    }
    const isKeyed = sources.every((source) => source.key.length > 0);
    return { sql: group(' FROM ', ...parts), columns, key: isKeyed ? sources.flatMap((source) => source.key) : [] };
  }

  #where(columns: readonly string[]): Sql {
    return this.#random.oneIn(3) ? '' : optional(' WHERE ', this.predicate(columns));
  }

  #plain(): Query {
    const random = this.#random;
    const from = this.#from();
    const count = random.between(1, 4);
    const outputs = random.many(count, () =>
      random.oneIn(3) ? this.scalar(from.columns) : expression(random.pick(from.columns)),
    );
    if (random.oneIn(5)) {
      // DISTINCT over values that are equal only when they are the same.
      const distinct = outputs.map((output, at) => group('quote(', output, `) AS d${at}`));
      return { sql: group('SELECT DISTINCT ', list(distinct), from.sql, this.#where(from.columns)), isOrdered: false };
    }
    const select = random.oneIn(8)
      ? '*'
      : list(outputs.map((output, at) => (random.oneIn(2) ? group(output, ` AS o${at}`) : output)));
    const body = group('SELECT ', select, from.sql, this.#where(from.columns));
    if (from.key.length === 0 || random.oneIn(3)) return { sql: body, isOrdered: false };
    return { sql: group(body, this.#orderBy(from.columns, from.key), this.#limit()), isOrdered: true };
  }

  /** Any terms, and then the key: nothing is left open. */
  #orderBy(columns: readonly string[], key: readonly string[]): Sql {
    const random = this.#random;
    const direction = (): string => random.pick(['', ' ASC', ' DESC', ' DESC NULLS LAST', ' NULLS LAST', ' NULLS FIRST']);
    const collation = (): string => random.pick(['', '', '', ' COLLATE NOCASE', ' COLLATE BINARY', ' COLLATE RTRIM']);
    const terms = random.many(random.between(0, 2), () =>
      optional(random.oneIn(4) ? this.scalar(columns, 1) : random.pick(columns), `${collation()}${direction()}, `),
    );
    const last = key.map((name) => `${name}${random.pick(['', ' DESC'])}`).join(', ');
    return group(' ORDER BY ', ...terms, last);
  }

  #limit(): Sql {
    const random = this.#random;
    if (random.oneIn(2)) return '';
    const offset = random.oneIn(2) ? optional(` OFFSET ${random.pick(['0', '1', '2', '5', '-1'])}`) : '';
    return optional(` LIMIT ${random.pick(['0', '1', '2', '3', '10', '-1', "'2'"])}`, offset);
  }

  /** Aggregates whose value does not depend on the order of the rows. */
  #aggregate(columns: readonly string[]): Sql {
    const random = this.#random;
    const column = random.pick(columns);
    const plain = random.pick([
      () => 'count(*)',
      () => `count(${column})`,
      () => `count(DISTINCT ${column})`,
      () => `sum(${column} % 1000)`,
      () => `total(${column} % 100)`,
      () => `avg(${column} % 64)`,
      () => `min(${column})`,
      () => `max(${column})`,
      () => `sum(DISTINCT CAST(${column} AS INTEGER) % 7)`,
      () => `group_concat(${column}, '|' ORDER BY quote(${column}))`,
      () => `string_agg(quote(${column}), ',' ORDER BY quote(${column}) DESC)`,
    ])();
    const filter = random.oneIn(6) ? optional(' FILTER (WHERE ', this.predicate(columns, MAX_NESTING), ')') : '';
    // No expression to the shrinker: what stands inside would be a bare column outside.
    return group(plain, filter);
  }

  #aggregated(): Query {
    const from = this.#from();
    const outputs = this.#random.many(this.#random.between(1, 4), () => this.#aggregate(from.columns));
    return { sql: group('SELECT ', list(outputs), from.sql, this.#where(from.columns)), isOrdered: true };
  }

  #grouped(): Query {
    const random = this.#random;
    const from = this.#from();
    const terms = random.sample(from.columns, random.between(1, 2)).map((column) => `quote(${column})`);
    const outputs = random.many(random.between(1, 3), () => this.#aggregate(from.columns));
    const having = random.oneIn(3)
      ? optional(
          ' HAVING ',
          group(this.#aggregate(from.columns), ` ${random.pick(COMPARISONS)} ${random.pick(['1', '2', 'NULL', '0.5'])}`),
        )
      : '';
    const body = group(
      'SELECT ',
      ...terms.map((term, at) => `${term} AS g${at}, `),
      list(outputs),
      from.sql,
      this.#where(from.columns),
      ' GROUP BY ',
      terms.join(', '),
      having,
    );
    if (random.oneIn(2)) return { sql: body, isOrdered: false };
    const order = terms.map((_, at) => `g${at}${random.pick(['', ' DESC'])}`).join(', ');
    return { sql: group(body, ` ORDER BY ${order}`, this.#limit()), isOrdered: true };
  }

  #compound(): Query {
    const random = this.#random;
    const width = random.between(1, 3);
    const arm = (): Sql => {
      const from = this.#from();
      const outputs = random.many(width, () =>
        group('quote(', random.oneIn(4) ? this.scalar(from.columns, 1) : random.pick(from.columns), ')'),
      );
      return group(
        'SELECT ',
        ...outputs.flatMap((output, at) => [at === 0 ? '' : ', ', output, ` AS u${at}`]),
        from.sql,
        this.#where(from.columns),
      );
    };
    const operators = random.many(random.between(1, 2), () => random.pick([' UNION ALL ', ' UNION ', ' INTERSECT ', ' EXCEPT ']));
    const body = group(arm(), ...operators.flatMap((operator) => [operator, arm()]));
    if (random.oneIn(2)) return { sql: body, isOrdered: false };
    // Texts that are equal are the same, so all columns together leave nothing open.
    const order = Array.from({ length: width }, (_, at) => `${at + 1}${random.pick(['', ' DESC'])}`).join(', ');
    return { sql: group(body, ` ORDER BY ${order}`, this.#limit()), isOrdered: true };
  }

  #withClause(): Query {
    const random = this.#random;
    if (random.oneIn(3)) {
      const step = random.pick(['x + 1', 'x * 2', 'x + 3']);
      const union = random.pick([' UNION ALL ', ' UNION ']);
      const sql = `WITH RECURSIVE n(x) AS (VALUES(${random.pick(['1', '0', '-3'])})${union}SELECT ${step} FROM n WHERE x < ${random.between(1, 30)} LIMIT 40) SELECT x, `;
      return { sql: group(sql, this.scalar(['x']), ' FROM n'), isOrdered: false };
    }
    const table = random.pick(this.#schema.tables);
    const inner = this.#tableSource(table, 'w');
    const names = inner.columns.map((_, at) => `k${at}`);
    const hint = random.pick([' AS (', ' AS MATERIALIZED (', ' AS NOT MATERIALIZED (']);
    const where = this.#where(inner.columns);
    const joined = random.oneIn(2) ? optional(' JOIN cte AS z ON z.k0 = cte.k1') : '';
    const select = list(names.map((name) => `cte.${name}`));
    const cte = group(`WITH cte(${names.join(', ')})${hint}SELECT ${inner.columns.join(', ')} FROM `, inner.sql, where, ') ');
    const condition = optional(
      ' WHERE ',
      this.predicate(
        names.map((name) => `cte.${name}`),
        MAX_NESTING,
      ),
    );
    return { sql: group(cte, 'SELECT ', select, ' FROM cte', joined, condition), isOrdered: false };
  }

  #values(): Query {
    const random = this.#random;
    const width = random.between(1, 3);
    const row = (): Sql =>
      group('(', ...random.many(width, () => 0).flatMap((_, at) => [at === 0 ? '' : ', ', this.scalar([], 2)]), ')');
    return { sql: group('VALUES ', list(random.many(random.between(1, 4), row))), isOrdered: true };
  }
}

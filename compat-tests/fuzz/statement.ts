/**
 * Generates whole statements: definitions, changes, transactions and queries, with a picture of the schema kept up.
 *
 * Where several rows compete for a unique key, the outcome follows the order in which a statement visits them. Changes
 * to such columns therefore keep indexes out of their WHERE clause (`+a`), so that every engine visits rows by key.
 */
import type { FunctionGroup } from './expression.ts';
import { QueryGenerator } from './query.ts';
import type { Random } from './random.ts';
import { type Column, makeIndex, makeTable, newSchema, type Schema, type Table } from './schema.ts';
import { expression, group, list, optional, type Sql } from './tree.ts';
import { STORED_VALUES } from './values.ts';

export interface Statement {
  readonly sql: Sql;
  readonly isOrdered: boolean;
  /** It may change data, so the tables are compared after it. */
  readonly isWrite: boolean;
}

const CONFLICTS = ['', '', '', '', ' OR IGNORE', ' OR REPLACE', ' OR ABORT', ' OR FAIL', ' OR ROLLBACK'];

const write = (sql: Sql): Statement => ({ sql, isOrdered: false, isWrite: true });

export class StatementGenerator {
  readonly #random: Random;
  readonly #schema: Schema = newSchema();
  readonly #queries: QueryGenerator;

  constructor(random: Random, functions: readonly FunctionGroup[]) {
    this.#random = random;
    this.#queries = new QueryGenerator(random, this.#schema, functions);
  }

  /** Tables with rows and indexes to begin with. */
  opening(): Statement[] {
    const random = this.#random;
    const statements: Statement[] = [];
    for (let at = random.between(1, 3); at > 0; at--) {
      statements.push(this.#createTable());
      const table = this.#schema.tables.at(-1);
      if (table === undefined) continue;
      if (random.oneIn(2)) statements.push(this.#createIndex(table));
      for (let row = random.between(1, 4); row > 0; row--) statements.push(this.#insert(table));
    }
    return statements;
  }

  next(): Statement {
    const random = this.#random;
    if (this.#schema.tables.length === 0) return this.#createTable();
    const table = random.pick(this.#schema.tables);
    return random.weighted<() => Statement>([
      [30, () => ({ ...this.#queries.query(), isWrite: false })],
      [14, () => this.#insert(table)],
      [10, () => this.#update(table)],
      [5, () => this.#delete(table)],
      [3, () => this.#insertSelect(table)],
      [6, () => this.#transaction()],
      [4, () => this.#define(table)],
      [2, () => this.#catalog(table)],
    ])();
  }

  /** Mostly what the column takes, so that rows come to be; now and then anything. */
  #value(column: Column | undefined): Sql {
    const random = this.#random;
    const isRowid = column === undefined || column.isAlias;
    if (isRowid && !random.oneIn(25)) return expression(random.oneIn(4) ? 'NULL' : String(random.between(-3, 40)));
    if (column?.isNotNull === true && !random.oneIn(15))
      return expression(random.pick(STORED_VALUES.filter((value) => value !== 'NULL')));
    if (isRowid) return expression(random.pick(STORED_VALUES));
    // Computed values travel as hexadecimal text, where equal means the same (see `STORED_VALUES`).
    return random.oneIn(8) ? expression('hex(', this.#queries.scalar([], 1), ')') : expression(random.pick(STORED_VALUES));
  }

  #createTable(): Statement {
    const { sql, table } = makeTable(this.#random, this.#schema);
    this.#schema.tables.push(table);
    return write(sql);
  }

  #createIndex(table: Table): Statement {
    const { sql, name } = makeIndex(this.#random, this.#schema, table);
    this.#schema.indexes.push(name);
    return write(sql);
  }

  #columnList(table: Table): readonly Column[] {
    const random = this.#random;
    if (random.oneIn(2)) return table.columns;
    return random.sample(table.columns, random.between(1, table.columns.length));
  }

  #returning(table: Table): Sql {
    const random = this.#random;
    if (!random.oneIn(5)) return '';
    const names = table.columns.map((column) => column.name);
    return optional(
      ' RETURNING ',
      random.oneIn(2) ? '*' : list([expression(random.pick(names)), this.#queries.scalar(names, 1)]),
    );
  }

  #insert(table: Table): Statement {
    const random = this.#random;
    if (random.oneIn(30)) return write(`INSERT INTO ${table.name} DEFAULT VALUES`);
    const columns = this.#columnList(table);
    const names = columns.map((column) => column.name);
    if (table.hasRowid && random.oneIn(10)) names.push('rowid');
    const row = (): Sql => group('(', ...names.flatMap((_, at) => [at === 0 ? '' : ', ', this.#value(columns[at])]), ')');
    const verb = random.oneIn(10) ? 'REPLACE' : group('INSERT', optional(random.pick(CONFLICTS)));
    const rows = list(random.many(random.between(1, 5), row));
    const upsert = random.oneIn(4) ? this.#upsert(table) : '';
    return write(group(verb, ` INTO ${table.name}(${names.join(', ')}) VALUES `, rows, upsert, this.#returning(table)));
  }

  #upsert(table: Table): Sql {
    const random = this.#random;
    const target = table.conflictTargets.length > 0 && !random.oneIn(4) ? `(${random.pick(table.conflictTargets)})` : '';
    if (target === '' || random.oneIn(3)) return optional(` ON CONFLICT${target} DO NOTHING`);
    const column = random.pick(table.columns.filter(({ isUnique }) => !isUnique).concat(table.columns.slice(-1)));
    const source = random.oneIn(2) ? `excluded.${column.name}` : random.pick(STORED_VALUES);
    const where = random.oneIn(3) ? optional(` WHERE excluded.${column.name} IS NOT ${table.name}.${column.name}`) : '';
    return optional(` ON CONFLICT${target} DO UPDATE SET ${column.name} = `, expression(source), where);
  }

  #insertSelect(table: Table): Statement {
    const random = this.#random;
    const from = random.pick(this.#schema.tables);
    // Reals would meet integers of the same size in columns without affinity.
    const outputs = table.columns.map(({ isAlias }) => {
      const column = random.pick(from.columns);
      if (isAlias) return expression(random.pick(['NULL', `${from.key[0]} + 100`]));
      return isRealColumn(column) ? expression(`quote(${column.name})`) : expression(column.name);
    });
    const names = from.columns.map(({ name }) => name);
    const where = optional(' WHERE ', this.#queries.predicate(names, 1));
    const order = ` ORDER BY ${from.key.join(', ')} LIMIT 6`;
    const select = group(...outputs.flatMap((output, at) => [at === 0 ? '' : ', ', output]));
    const insert = group('INSERT', optional(random.pick(CONFLICTS)), ` INTO ${table.name} SELECT `);
    return write(group(insert, select, ` FROM ${from.name}`, where, order));
  }

  #assignment(column: Column, table: Table): Sql {
    const random = this.#random;
    const others = table.columns.filter((other) => !isRealColumn(other));
    const other = others.length > 0 ? random.pick(others).name : 'NULL';
    if (column.isAlias) return group(`${column.name} = `, this.#value(column));
    const source = random.weighted<() => Sql>([
      [6, () => this.#value(column)],
      [2, () => expression(other)],
      [1, () => expression(`${other} || 'x'`)],
      [2, () => expression(`CAST(${other} AS INTEGER) / 2`)],
      [1, () => expression(`CASE WHEN ${other} > 5 THEN 'big' ELSE ${other} END`)],
    ]);
    return group(`${column.name} = `, source());
  }

  /** A condition under which rows are visited in the order of their keys, when that order can matter. */
  #condition(table: Table, mayChoosePath: boolean): Sql {
    const random = this.#random;
    if (random.oneIn(6)) return '';
    const names = table.columns.map(({ name }) => (mayChoosePath ? name : `+${name}`));
    if (random.oneIn(3)) return optional(` WHERE ${random.pick(table.key)} = ${random.pick(['1', '2', '3', '10', "'abc'"])}`);
    return optional(' WHERE ', this.#queries.predicate(names, 1));
  }

  #update(table: Table): Statement {
    const random = this.#random;
    const columns = random.sample(table.columns, random.between(1, 2));
    const mayChoosePath = !table.hasConstraints && !columns.some(({ isUnique }) => isUnique) && this.#schema.indexes.length === 0;
    const set = list(columns.map((column) => this.#assignment(column, table)));
    const verb = group('UPDATE', optional(random.pick(CONFLICTS)));
    return write(group(verb, ` ${table.name} SET `, set, this.#condition(table, mayChoosePath), this.#returning(table)));
  }

  #delete(table: Table): Statement {
    return write(group(`DELETE FROM ${table.name}`, this.#condition(table, true), this.#returning(table)));
  }

  #transaction(): Statement {
    const random = this.#random;
    const schema = this.#schema;
    const hasSavepoint = schema.savepoints.length > 0;
    const name = hasSavepoint && !random.oneIn(12) ? random.pick(schema.savepoints) : 'nowhere';
    const isOpen = schema.isInTransaction;
    const choose = random.weighted<() => string>([
      [isOpen ? 1 : 8, () => this.#begin()],
      [isOpen ? 6 : 1, () => this.#end(random.pick(['COMMIT', 'COMMIT', 'END TRANSACTION', 'ROLLBACK', 'ROLLBACK TRANSACTION']))],
      [isOpen ? 6 : 2, () => this.#savepoint()],
      [hasSavepoint ? 5 : 1, () => `ROLLBACK TO ${name}`],
      [hasSavepoint ? 4 : 1, () => `RELEASE ${name}`],
    ]);
    return write(choose());
  }

  #begin(): string {
    this.#schema.isInTransaction = true;
    return this.#random.pick(['BEGIN', 'BEGIN', 'BEGIN IMMEDIATE', 'BEGIN DEFERRED TRANSACTION']);
  }

  #end(sql: string): string {
    this.#schema.isInTransaction = false;
    this.#schema.savepoints = [];
    return sql;
  }

  #savepoint(): string {
    const fresh = this.#random.pick(['s1', 's2', 'S3']);
    this.#schema.savepoints.push(fresh);
    this.#schema.isInTransaction = true;
    return `SAVEPOINT ${fresh}`;
  }

  #define(table: Table): Statement {
    const random = this.#random;
    const schema = this.#schema;
    const drop = <T>(names: readonly T[]): T => random.pick(names);
    return random.weighted<() => Statement>([
      [4, () => this.#createIndex(table)],
      [schema.tables.length < 4 ? 3 : 0, () => this.#createTable()],
      [schema.indexes.length > 0 ? 2 : 0, () => write(`DROP INDEX IF EXISTS ${drop(schema.indexes)}`)],
      [3, () => this.#createView(table)],
      [schema.views.length > 0 ? 1 : 0, () => this.#dropView()],
      [schema.tables.length > 1 ? 1 : 0, () => this.#dropTable(table)],
      [
        1,
        () =>
          write(
            random.pick([
              `CREATE TABLE ${table.name}(z)`,
              'DROP TABLE nowhere',
              `CREATE INDEX ${table.name} ON ${table.name}(a)`,
              'DROP VIEW nowhere',
            ]),
          ),
      ],
    ])();
  }

  #createView(table: Table): Statement {
    const schema = this.#schema;
    const name = `v${schema.nameCount++}`;
    const columns = table.columns.map(({ name }) => name);
    const where = this.#random.oneIn(2) ? optional(' WHERE ', this.#queries.predicate(columns, 2)) : '';
    schema.views.push({ name, columns });
    return write(group(`CREATE VIEW ${name} AS SELECT ${columns.join(', ')} FROM ${table.name}`, where));
  }

  #dropView(): Statement {
    const view = this.#schema.views.pop();
    return write(`DROP VIEW IF EXISTS ${view?.name}`);
  }

  /** Views of the table stay and fail from now on, as in SQLite; new statements leave them alone. */
  #dropTable(table: Table): Statement {
    const schema = this.#schema;
    schema.tables = schema.tables.filter((other) => other !== table);
    schema.views = [];
    return write(`DROP TABLE ${table.name}`);
  }

  #catalog(table: Table): Statement {
    const sql = this.#random.pick([
      'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid',
      `PRAGMA table_info(${table.name})`,
      `PRAGMA index_list(${table.name})`,
      'SELECT * FROM sqlite_sequence ORDER BY name',
    ]);
    return { sql, isOrdered: true, isWrite: false };
  }
}

const isRealColumn = ({ type }: Column): boolean => /REAL|DOUBLE/.test(type);

/**
 * Foreign keys: random small schemas full of keys to each other, to themselves and to nowhere, and statements that keep
 * running into them.
 *
 * Values come from a domain so small that keys meet all the time, in spellings that affinity and collation make equal.
 */
import type { Random } from './random.ts';

const TABLES = ['t0', 't1', 't2', 't3'] as const;
const COLUMNS = ['a', 'b', 'c'] as const;
const VALUES = ['NULL', '1', '2', '3', '4', "'1'", "'2'", '2.0', "'a'", "'A'", "'b'", "'b '", '1.5', "x'61'"] as const;
const TYPES = ['INTEGER', 'INT', 'TEXT', 'TEXT COLLATE NOCASE', 'TEXT COLLATE RTRIM', 'REAL', 'NUMERIC', 'BLOB', ''] as const;
const ACTIONS = ['NO ACTION', 'RESTRICT', 'SET NULL', 'SET DEFAULT', 'CASCADE'] as const;
const SAVEPOINTS = ['s1', 's2'] as const;

interface Table {
  readonly name: string;
  /** Sets of columns that are unique, the primary key first where there is one. */
  readonly keys: readonly (readonly string[])[];
  readonly columns: readonly string[];
}

export class ForeignKeyGenerator {
  readonly #random: Random;
  readonly #tables = new Map<string, Table>();
  readonly #pending: string[] = [];
  /** Table by table, those whose rows act on its rows; also what was dropped, which a ROLLBACK may bring back. */
  readonly #actors = new Map<string, Set<string>>();
  /** From then on no key gets an action: it could make a trigger's UPDATE one that must not replace. */
  #hasTriggers = false;
  /** From then on, the order of the tables in SQLite's hash table is its history's. */
  #hasDropped = false;

  constructor(random: Random) {
    this.#random = random;
    for (const name of random.sample(TABLES, random.between(2, TABLES.length))) this.#pending.push(...this.#createTable(name));
    if (random.oneIn(3)) this.#pending.push(...this.#createTriggers());
    this.#pending.reverse();
  }

  next(): string {
    return this.#pending.pop() ?? this.#statement();
  }

  #statement(): string {
    const random = this.#random;
    return random.weighted<() => string>([
      [30, () => this.#insert()],
      [20, () => this.#update()],
      [14, () => this.#delete()],
      [5, () => this.#upsert()],
      [14, () => this.#control()],
      [4, () => this.#pragma()],
      [1, () => this.#change()],
    ])();
  }

  // The schema.

  #createTable(name: string): string[] {
    const random = this.#random;
    const keys: string[][] = [];
    const definitions: string[] = [];
    const primary = random.pick(['INTEGER PRIMARY KEY', 'INT PRIMARY KEY', 'TEXT PRIMARY KEY', 'composite', 'none'] as const);
    if (primary === 'composite') keys.push(['a', 'b']);
    else if (primary !== 'none') {
      definitions.push(`id ${primary}`);
      keys.push(['id']);
    }
    for (const column of COLUMNS) definitions.push(this.#column(column, keys));
    if (random.oneIn(5)) {
      definitions.push(
        `g AS (${random.pick(['a', 'coalesce(a, b)', 'b'])}) ${random.pick(['STORED', 'VIRTUAL', 'STORED UNIQUE'])}`,
      );
    }
    const columns = definitions.map((definition) => definition.split(' ')[0] as string);
    if (primary === 'composite') definitions.push(`PRIMARY KEY (${random.pick(['a, b', 'b, a'])})`);
    if (random.oneIn(3)) {
      keys.push(['b', 'c']);
      definitions.push(`UNIQUE (${random.pick(['b, c', 'c, b'])})`);
    }
    this.#tables.set(name, { name, keys, columns });
    for (
      let count = random.weighted([
        [1, 0],
        [4, 1],
        [3, 2],
      ]);
      count > 0;
      count--
    )
      definitions.push(this.#foreignKey(name, columns));
    const options = primary !== 'none' && random.oneIn(4) ? ' WITHOUT ROWID' : '';
    const statements = [`CREATE TABLE ${name}(${definitions.join(', ')})${options}`];
    if (random.oneIn(2)) {
      const unique = random.oneIn(4) ? 'UNIQUE ' : '';
      const partial = random.oneIn(6) ? ' WHERE c IS NOT NULL' : '';
      const on = random.sample(columns, random.between(1, 2)).join(', ');
      statements.push(`CREATE ${unique}INDEX ${name}_i ON ${name}(${on})${partial}`);
    }
    return statements;
  }

  #column(name: string, keys: string[][]): string {
    const random = this.#random;
    const parts = [name, random.pick(TYPES)];
    if (random.oneIn(5)) {
      parts.push(random.oneIn(4) ? 'UNIQUE ON CONFLICT REPLACE' : 'UNIQUE');
      keys.push([name]);
    }
    if (random.oneIn(8)) parts.push('NOT NULL');
    if (random.oneIn(2)) parts.push(`DEFAULT ${random.pick(VALUES)}`);
    return parts.filter((part) => part !== '').join(' ');
  }

  #foreignKey(child: string, columns: readonly string[]): string {
    const random = this.#random;
    const parent = random.oneIn(3) ? child : random.pick(TABLES);
    const known = this.#tables.get(parent)?.keys ?? [['id'], ['a', 'b']];
    const key = random.oneIn(12) || known.length === 0 ? random.sample(COLUMNS, random.between(1, 2)) : random.pick(known);
    const implied = random.oneIn(3) && key === known[0];
    const order = random.oneIn(3) ? key.toReversed() : key;
    const actions = this.#hasTriggers
      ? ''
      : [
          random.oneIn(2) ? ` ON DELETE ${random.pick(ACTIONS)}` : '',
          random.oneIn(2) ? ` ON UPDATE ${random.pick(ACTIONS)}` : '',
        ].join('');
    if (actions !== '') this.#actors.set(child, (this.#actors.get(child) ?? new Set()).add(parent));
    // An action may not write a generated column: of that error and another, SQLite reports the one it meets first.
    const children = actions === '' ? columns : columns.filter((column) => column !== 'g');
    return [
      `FOREIGN KEY (${random.sample(children, key.length).join(', ')}) REFERENCES ${parent}`,
      implied ? '' : `(${order.join(', ')})`,
      actions,
      random.oneIn(12) ? ` MATCH ${random.pick(['FULL', 'PARTIAL', 'SIMPLE'])}` : '',
      random.oneIn(3) ? random.pick([' DEFERRABLE INITIALLY DEFERRED', ' NOT DEFERRABLE INITIALLY DEFERRED', ' DEFERRABLE']) : '',
    ].join('');
  }

  #createTriggers(): string[] {
    const random = this.#random;
    this.#hasTriggers = true;
    const statements = ['CREATE TABLE log(what, n)'];
    for (let number = random.between(1, 3); number > 0; number--) {
      const table = this.#table();
      const body = random.weighted<() => string>([
        [4, () => `INSERT INTO log VALUES ('${table}', ${number})`],
        [2, () => this.#delete()],
        [2, () => this.#updateInTrigger()],
        [1, () => `SELECT RAISE(${random.pick(['IGNORE', "ABORT, 'stop'", "FAIL, 'stop'"])}) WHERE ${random.pick(VALUES)} = 2`],
      ])();
      const event = random.pick(['INSERT', 'DELETE', 'UPDATE']);
      statements.push(`CREATE TRIGGER r${number} ${random.pick(['BEFORE', 'AFTER'])} ${event} ON ${table} BEGIN ${body}; END`);
    }
    return statements;
  }

  // What changes rows.

  #table(): string {
    return this.#random.pick([...this.#tables.keys()]);
  }

  #columnsOf(table: string): readonly string[] {
    return (this.#tables.get(table)?.columns ?? COLUMNS).filter((column) => column !== 'g');
  }

  #value(): string {
    return this.#random.oneIn(2) ? this.#random.pick(['1', '2', '3']) : this.#random.pick(VALUES);
  }

  #row(count: number): string {
    return `(${this.#random.many(count, () => this.#value()).join(', ')})`;
  }

  #or(): string {
    return this.#random.oneIn(4) ? ` OR ${this.#random.pick(['REPLACE', 'REPLACE', 'IGNORE', 'FAIL', 'ABORT', 'ROLLBACK'])}` : '';
  }

  /** Whether a row that goes can make other rows of its table change. */
  #actsOnItself(table: string): boolean {
    const reached = new Set<string>();
    const open = [table];
    for (let actor = open.pop(); actor !== undefined; actor = open.pop()) {
      for (const [child, actors] of this.#actors) {
        if (!actors.has(actor) || reached.has(child)) continue;
        reached.add(child);
        open.push(child);
      }
    }
    return reached.has(table);
  }

  #insert(): string {
    const random = this.#random;
    const table = this.#table();
    const all = this.#columnsOf(table);
    const columns = random.oneIn(3) ? random.sample(all, random.between(1, all.length)) : all;
    const into = `INSERT${this.#or()} INTO ${table}(${columns.join(', ')})`;
    const returning = random.oneIn(12) ? ' RETURNING *' : '';
    if (random.oneIn(8)) {
      const expressions = columns.map(() => (random.oneIn(2) ? this.#value() : random.pick(COLUMNS)));
      return `${into} SELECT ${expressions.join(', ')} FROM ${this.#table()} ORDER BY ${columns.map((_, at) => at + 1).join(', ')} LIMIT 3${returning}`;
    }
    const rows = random.many(
      random.weighted([
        [6, 1],
        [2, 2],
        [1, 4],
      ]),
      () => this.#row(columns.length),
    );
    return `${into} VALUES ${rows.join(', ')}${returning}`;
  }

  #upsert(): string {
    const random = this.#random;
    const table = this.#table();
    const columns = this.#columnsOf(table);
    const action = random.oneIn(3) ? 'NOTHING' : `UPDATE SET ${this.#assignments(table, 'excluded.')}`;
    return `INSERT INTO ${table}(${columns.join(', ')}) VALUES ${this.#row(columns.length)} ON CONFLICT DO ${action}`;
  }

  #assignments(table: string, prefix = ''): string {
    const random = this.#random;
    const columns = random.sample(this.#columnsOf(table), random.between(1, 2));
    return columns
      .map((column) => `${column} = ${random.oneIn(4) ? `${prefix}${random.pick(COLUMNS)}` : this.#value()}`)
      .join(', ');
  }

  #where(table: string): string {
    const random = this.#random;
    return random.oneIn(4)
      ? ''
      : ` WHERE ${random.pick(this.#columnsOf(table))} ${random.pick(['=', '=', 'IS', '>'])} ${this.#value()}`;
  }

  #update(): string {
    const table = this.#table();
    // No REPLACE, of the statement or of a constraint, where the row that goes acts on the one that changes (`deviation`).
    const or = this.#actsOnItself(table) ? ` OR ${this.#random.pick(['IGNORE', 'FAIL', 'ABORT', 'ROLLBACK'])}` : this.#or();
    return `UPDATE${or} ${table} SET ${this.#assignments(table)}${this.#where(table)}`;
  }

  /** What sets the trigger off may make an OR REPLACE of any clause here, so the tables are others. */
  #updateInTrigger(): string {
    const tables = [...this.#tables.keys()].filter((table) => !this.#actsOnItself(table));
    if (tables.length === 0) return this.#delete();
    const table = this.#random.pick(tables);
    return `UPDATE${this.#or()} ${table} SET ${this.#assignments(table)}${this.#where(table)}`;
  }

  #delete(): string {
    const table = this.#table();
    return `DELETE FROM ${table}${this.#where(table)}`;
  }

  // Transactions, settings, the schema again.

  #control(): string {
    const random = this.#random;
    return random.weighted<() => string>([
      [5, () => 'BEGIN'],
      [5, () => 'COMMIT'],
      [2, () => 'ROLLBACK'],
      [3, () => `SAVEPOINT ${random.pick(SAVEPOINTS)}`],
      [2, () => `RELEASE ${random.pick(SAVEPOINTS)}`],
      [2, () => `ROLLBACK TO ${random.pick(SAVEPOINTS)}`],
    ])();
  }

  #pragma(): string {
    const random = this.#random;
    return random.weighted<() => string>([
      [3, () => (this.#hasDropped ? `PRAGMA foreign_key_check(${this.#table()})` : 'PRAGMA foreign_key_check')],
      [1, () => `PRAGMA foreign_key_list(${this.#table()})`],
      [1, () => `SELECT * FROM pragma_foreign_key_list('${this.#table()}')`],
      [3, () => `PRAGMA defer_foreign_keys = ${random.pick(['ON', 'ON', 'OFF'])}`],
      [2, () => `PRAGMA foreign_keys = ${random.pick(['ON', 'ON', 'OFF'])}`],
    ])();
  }

  #change(): string {
    const random = this.#random;
    const name = random.pick(TABLES);
    const [create, ...rest] = this.#createTable(name);
    this.#hasDropped = true;
    const statements = random.oneIn(2) ? [`DROP TABLE ${name}`, create as string, ...rest] : [create as string, ...rest];
    this.#pending.push(...statements.reverse());
    return this.#pending.pop() as string;
  }
}

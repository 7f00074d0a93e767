/**
 * Chooses the next statement: a question, a change, a definition or a step of a transaction.
 *
 * The runner tells how each statement ended, so the picture of the schema stays true.
 */
import { catalog } from './catalog.ts';
import { changeView, insert, insertSelect, remove, update } from './change.ts';
import type { Context, Feature } from './context.ts';
import { attach, createIndex, createTable, type Definition, define } from './define.ts';
import type { FunctionGroup } from './function-shape.ts';
import { type LawName, lawCase } from './law.ts';
import { type Effect, Schema, type Table, type TransactionStep } from './picture.ts';
import { type Query, query } from './query.ts';
import type { Random } from './random.ts';
import type { Sql } from './tree.ts';
import { storedValues } from './values.ts';
import { wrong } from './wrong.ts';

export interface Statement extends Effect {
  readonly sql: Sql;
  readonly isOrdered: boolean;
  /** It may change data, so the tables are compared after it. */
  readonly isWrite: boolean;
  /** Not a statement but a case of a law (`law`). */
  readonly law?: LawName;
}

const write = (sql: Sql, effect: Effect = {}): Statement => ({ ...effect, sql, isOrdered: false, isWrite: true });
const read = ({ sql, isOrdered }: Query): Statement => ({ sql, isOrdered, isWrite: false });
const defined = ({ sql, ...effect }: Definition): Statement => write(sql, effect);

/** How many statements of an episode set the stage. */
const OPENING_TABLES = { least: 2, most: 4 };

export class StatementGenerator {
  readonly #context: Context;
  /** The opening, still to come. */
  readonly #stage: (() => Statement)[] = [];

  constructor(random: Random, functions: readonly FunctionGroup[], features: ReadonlySet<Feature>) {
    const pool = storedValues(random.oneIn(6));
    this.#context = { random, functions, features, pool, schema: new Schema() };
    if (features.has('attach') && random.oneIn(4)) this.#stage.push(() => defined(attach(this.#context)));
    for (let at = random.between(OPENING_TABLES.least, OPENING_TABLES.most); at > 0; at--) {
      this.#stage.push(() => defined(createTable(this.#context)));
      if (random.oneIn(2)) this.#stage.push(() => this.#onNewest((table) => defined(createIndex(this.#context, table))));
      const insertRow = (): Statement => this.#onNewest((table) => write(insert(this.#context, table)));
      this.#stage.push(...random.many(random.between(1, 3), () => insertRow));
    }
  }

  next(): Statement {
    const staged = this.#stage.shift();
    if (staged !== undefined) return staged();
    const { random, schema } = this.#context;
    if (schema.picture.tables.length === 0) return defined(createTable(this.#context));
    const table = random.pick(schema.picture.tables);
    const context = this.#context;
    return random.weighted<() => Statement>([
      [34, () => read(query(context))],
      [12, () => write(insert(context, table))],
      [9, () => write(update(context, table))],
      [4, () => write(remove(context, table))],
      [3, () => write(insertSelect(context, table))],
      [schema.picture.views.length > 0 ? 2 : 0, () => write(changeView(context))],
      [6, () => this.#transaction()],
      [7, () => defined(define(context))],
      [1, () => write(this.#sequenceChange())],
      [3, () => read(catalog(context))],
      [2, () => write(wrong(context))],
      [2, () => ({ sql: lawCase(context), isOrdered: false, isWrite: false, law: 'TLP' })],
      [2, () => ({ sql: lawCase(context), isOrdered: false, isWrite: false, law: 'NoREC' })],
    ])();
  }

  settle(statement: Statement, hasSucceeded: boolean, isInTransaction: boolean): void {
    this.#context.schema.settle(statement, hasSucceeded, isInTransaction);
  }

  /** The sequences of AUTOINCREMENT are a table like any other. */
  #sequenceChange(): Sql {
    const { random, schema } = this.#context;
    const { name } = random.pick(schema.picture.tables);
    return random.pick([
      'DELETE FROM sqlite_sequence',
      `UPDATE sqlite_sequence SET seq = ${random.between(10, 90)} WHERE name = '${name}'`,
      `UPDATE sqlite_sequence SET seq = seq + 5`,
    ]);
  }

  #onNewest(make: (table: Table) => Statement): Statement {
    const table = this.#context.schema.picture.tables.at(-1);
    return table === undefined ? defined(createTable(this.#context)) : make(table);
  }

  #transaction(): Statement {
    const { random, schema } = this.#context;
    const hasSavepoint = schema.savepoints.length > 0;
    const name = hasSavepoint && !random.oneIn(12) ? random.pick(schema.savepoints) : 'nowhere';
    const isOpen = schema.isInTransaction;
    const step = (sql: string, next: TransactionStep): Statement => write(sql, { step: next });
    return random.weighted<() => Statement>([
      [
        isOpen ? 1 : 8,
        () =>
          step(random.pick(['BEGIN', 'BEGIN', 'BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE', 'BEGIN DEFERRED TRANSACTION']), {
            kind: 'begin',
          }),
      ],
      [isOpen ? 4 : 1, () => step(random.pick(['COMMIT', 'COMMIT', 'END TRANSACTION']), { kind: 'commit' })],
      [isOpen ? 2 : 1, () => step(random.pick(['ROLLBACK', 'ROLLBACK TRANSACTION']), { kind: 'rollback' })],
      [
        isOpen ? 6 : 2,
        () => {
          const fresh = random.pick(['s1', 's2', 'S3']);
          return step(`SAVEPOINT ${fresh}`, { kind: 'savepoint', name: fresh });
        },
      ],
      [
        hasSavepoint ? 5 : 1,
        () => step(`ROLLBACK ${random.pick(['', 'TRANSACTION '])}TO ${name}`, { kind: 'rollback to', name }),
      ],
      [hasSavepoint ? 4 : 1, () => step(`RELEASE ${random.pick(['', 'SAVEPOINT '])}${name}`, { kind: 'release', name })],
    ])();
  }
}

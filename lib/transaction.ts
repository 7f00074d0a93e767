/** `db.transaction(fn)`: a function that runs inside a transaction, or inside a savepoint when one is open already. */
import type { Database } from './database.ts';
import type { Statement } from './statement.ts';

// biome-ignore lint/suspicious/noExplicitAny: callers' functions take whatever they like
type AnyFunction = (...args: any[]) => unknown;

/** What `transaction` returns: the function itself, with a variant for each kind of BEGIN. */
export type Transaction<F extends AnyFunction> = F & {
  readonly default: Transaction<F>;
  readonly deferred: Transaction<F>;
  readonly immediate: Transaction<F>;
  readonly exclusive: Transaction<F>;
  readonly database: Database;
};

interface Controller {
  readonly commit: Statement;
  readonly rollback: Statement;
  readonly savepoint: Statement;
  readonly release: Statement;
  readonly rollbackTo: Statement;
  readonly begin: Statement;
}

const SAVEPOINT = '`\t_bs3.\t`';
const KINDS = { default: 'BEGIN', deferred: 'BEGIN DEFERRED', immediate: 'BEGIN IMMEDIATE', exclusive: 'BEGIN EXCLUSIVE' };
type Kind = keyof typeof KINDS;

const controllers = new WeakMap<Database, Map<Kind, Controller>>();

function controllerOf(database: Database, kind: Kind): Controller {
  let byKind = controllers.get(database);
  if (byKind === undefined) {
    byKind = new Map();
    controllers.set(database, byKind);
  }
  let controller = byKind.get(kind);
  if (controller === undefined) {
    const other = [...byKind.values()][0];
    controller = {
      commit: other?.commit ?? database.prepare('COMMIT'),
      rollback: other?.rollback ?? database.prepare('ROLLBACK'),
      savepoint: other?.savepoint ?? database.prepare(`SAVEPOINT ${SAVEPOINT}`),
      release: other?.release ?? database.prepare(`RELEASE ${SAVEPOINT}`),
      rollbackTo: other?.rollbackTo ?? database.prepare(`ROLLBACK TO ${SAVEPOINT}`),
      begin: database.prepare(KINDS[kind]),
    };
    byKind.set(kind, controller);
  }
  return controller;
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

function wrap(database: Database, fn: AnyFunction, kind: Kind): AnyFunction {
  const controller = controllerOf(database, kind);
  return function sqliteTransaction(this: unknown, ...args: unknown[]): unknown {
    const isNested = database.inTransaction;
    const { before, after, undo } = isNested
      ? { before: controller.savepoint, after: controller.release, undo: controller.rollbackTo }
      : { before: controller.begin, after: controller.commit, undo: controller.rollback };
    before.run();
    try {
      const result = fn.apply(this, args);
      if (isPromise(result)) throw new TypeError('Transaction function cannot return a promise');
      after.run();
      return result;
    } catch (error) {
      // A conflict clause may have rolled everything back already.
      if (database.inTransaction) {
        undo.run();
        if (isNested) after.run();
      }
      throw error;
    }
  };
}

export function createTransaction<F extends AnyFunction>(database: Database, fn: F): Transaction<F> {
  if (typeof fn !== 'function') throw new TypeError('Expected first argument to be a function');
  const variants = Object.fromEntries((Object.keys(KINDS) as Kind[]).map((kind) => [kind, { value: wrap(database, fn, kind) }]));
  const properties = { ...variants, database: { value: database, enumerable: true } };
  for (const { value } of Object.values(variants)) Object.defineProperties(value, properties);
  return variants['default']?.value as Transaction<F>;
}

/** `SQLTagStore`: template literals as statements, prepared once for each text; the ones used last are kept. */

import type { Connection } from './connection.ts';
import { invalidArgType, invalidArgValue, invalidState, outOfRange } from './errors.ts';
import { Execution } from './execution.ts';
import { getter, nodeClass, receiverAs, refuse, refuseClones } from './face.ts';
import { iterate, type StatementIterator } from './iterator.ts';
import type { StatementResultingChanges } from './types.ts';

const DEFAULT_CAPACITY = 1000;
const MAX_CAPACITY = 0x7fffffff;

let isTagStore: (value: object) => boolean;
let storeOf: (receiver: unknown) => Store;

interface Owner {
  readonly connection: Connection;
  /** The face: `store.db`. */
  readonly database: object;
}

class Store {
  readonly owner: Owner;
  readonly capacity: number;
  /** The least recently used first. */
  readonly #executions = new Map<string, Execution>();

  constructor(owner: Owner, capacity: number) {
    this.owner = owner;
    this.capacity = capacity;
  }

  get size(): number {
    return this.#executions.size;
  }

  clear(): void {
    this.#executions.clear();
  }

  /** The statement of a template, its values bound. */
  take(args: readonly unknown[]): Execution {
    const { connection } = this.owner;
    void connection.opened;
    const [strings, ...values] = args;
    if (!Array.isArray(strings)) throw invalidArgType('First argument must be an array of strings (template literal).');
    const execution = this.#find(templateText(strings, values.length));
    // Fewer, where a value stands inside of a literal or a comment.
    if (execution.parameterCount !== Math.min(values.length, strings.length)) {
      throw invalidArgValue('SQLite parameters must be bound using template literal placeholders.');
    }
    execution.reset();
    execution.bindAll(values);
    return execution;
  }

  #find(sql: string): Execution {
    const known = this.#executions.get(sql);
    this.#executions.delete(sql);
    const execution = known === undefined || known.isFinalized ? this.#prepare(sql) : known;
    this.#executions.set(sql, execution);
    if (this.#executions.size > this.capacity) {
      const [oldest] = this.#executions.keys();
      if (oldest !== undefined) this.#executions.delete(oldest);
    }
    return execution;
  }

  #prepare(sql: string): Execution {
    const { connection } = this.owner;
    return new Execution(connection, sql, connection.options);
  }
}

/** `?` for each value that stands between two parts. */
function templateText(strings: readonly unknown[], valueCount: number): string {
  let sql = '';
  for (const [index, part] of strings.entries()) {
    if (typeof part !== 'string') throw invalidArgType('Template literal parts must be strings.');
    sql += index < valueCount ? `${part}?` : part;
  }
  return sql;
}

const GETTERS: PropertyDescriptorMap = {
  capacity: getter(function () {
    return storeOf(this).capacity;
  }),
  db: getter(function () {
    return storeOf(this).owner.database;
  }),
  size: getter(function () {
    return storeOf(this).size;
  }),
};

export class SQLTagStore {
  readonly #store: Store;

  static {
    isTagStore = (value) => #store in value;
    storeOf = (receiver) => receiverAs<SQLTagStore>(receiver, isTagStore).#store;
  }

  constructor(store: Store) {
    refuseClones(this);
    this.#store = store;
    Object.defineProperties(this, GETTERS);
  }

  get(...args: unknown[]): unknown {
    return storeOf(this).take(args).get();
  }

  all(...args: unknown[]): unknown[] {
    return storeOf(this).take(args).all();
  }

  iterate(...args: unknown[]): StatementIterator {
    return iterate(storeOf(this).take(args));
  }

  run(...args: unknown[]): StatementResultingChanges {
    return storeOf(this).take(args).run();
  }

  clear(..._args: unknown[]): void {
    storeOf(this).clear();
  }
}

// Named by its key: a bundler renames what shares its name with a class, and V8 shows the name in its own messages.
const named = {
  SQLTagStore: function (..._args: unknown[]): void {
    refuse(new.target);
  },
};

nodeClass(SQLTagStore.prototype, named.SQLTagStore);

/** `database.createTagStore(maxSize)` */
export function createTagStore(owner: Owner, maxSize: unknown): SQLTagStore {
  if (!owner.connection.isOpen) throw invalidState('database is not open');
  let capacity = DEFAULT_CAPACITY;
  if (maxSize !== undefined) {
    const message = 'The "maxSize" argument must be a positive integer.';
    if (typeof maxSize !== 'number') throw invalidArgType(message);
    if (!Number.isInteger(maxSize) || maxSize < 1 || maxSize > MAX_CAPACITY) throw outOfRange(message);
    capacity = maxSize;
  }
  return new SQLTagStore(new Store(owner, capacity));
}

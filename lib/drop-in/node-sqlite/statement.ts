/** `Statement` (`StatementSync` by its first name): what `database.prepare` returns. */
import { requireBoolean, requireString } from './arguments.ts';
import { invalidArgValue } from './errors.ts';
import type { Execution } from './execution.ts';
import { getter, nodeClass, receiverAs, refuse, refuseClones } from './face.ts';
import { iterate, type StatementIterator } from './iterator.ts';
import type { StatementColumnMetadata, StatementResultingChanges } from './types.ts';

let isStatement: (value: object) => boolean;
let executionOf: (receiver: unknown) => Execution;

/** What a statement counts. Filters, of which SQLite makes some for joins, the engine has none. */
const COUNTERS: Readonly<Record<string, (execution: Execution) => number>> = {
  fullscanStep: ({ work: [steps] }) => steps,
  sort: ({ work: [, sorts] }) => sorts,
  autoindex: ({ work: [, , rows] }) => rows,
  // There is no machine whose steps could be counted: a statement that ran has made some.
  vmStep: ({ work: [, , , runs] }) => runs,
  reprepare: ({ work: [, , , , recompilations] }) => recompilations,
  run: ({ work: [, , , runs] }) => runs,
  filterMiss: () => 0,
  filterHit: () => 0,
  memused: () => 0,
};

const GETTERS: PropertyDescriptorMap = {
  sourceSQL: getter(function () {
    return executionOf(this).sourceSql;
  }),
  expandedSQL: getter(function () {
    return executionOf(this).expandedSql;
  }),
};

export class Statement {
  readonly #execution: Execution;

  static {
    isStatement = (value) => #execution in value;
    executionOf = (receiver) => receiverAs<Statement>(receiver, isStatement).#execution;
  }

  constructor(execution: Execution) {
    refuseClones(this);
    this.#execution = execution;
    Object.defineProperties(this, GETTERS);
  }

  iterate(...args: unknown[]): StatementIterator {
    const execution = executionOf(this);
    execution.reset();
    execution.bind(args);
    return iterate(execution);
  }

  all(...args: unknown[]): unknown[] {
    const execution = executionOf(this);
    execution.reset();
    execution.bind(args);
    return execution.all();
  }

  get(...args: unknown[]): unknown {
    const execution = executionOf(this);
    execution.reset();
    execution.bind(args);
    return execution.get();
  }

  run(...args: unknown[]): StatementResultingChanges {
    const execution = executionOf(this);
    execution.reset();
    execution.bind(args);
    return execution.run();
  }

  columns(..._args: unknown[]): StatementColumnMetadata[] {
    return executionOf(this).columns();
  }

  stat(...[counter]: unknown[]): number {
    const execution = executionOf(this);
    execution.requireUsable();
    const name = requireString(counter, 'counter');
    if (!Object.hasOwn(COUNTERS, name)) throw invalidArgValue('The "counter" argument is not a valid statistic name.');
    return COUNTERS[name]?.(execution) ?? 0;
  }

  resetStats(..._args: unknown[]): void {
    const execution = executionOf(this);
    execution.requireUsable();
    execution.resetStats();
  }

  setAllowBareNamedParameters(...[enabled]: unknown[]): void {
    const execution = executionOf(this);
    execution.requireUsable();
    execution.switches.allowBareNamedParameters = requireBoolean(enabled, 'allowBareNamedParameters');
  }

  setAllowUnknownNamedParameters(...[enabled]: unknown[]): void {
    const execution = executionOf(this);
    execution.requireUsable();
    execution.switches.allowUnknownNamedParameters = requireBoolean(enabled, 'enabled');
  }

  setReadBigInts(...[enabled]: unknown[]): void {
    const execution = executionOf(this);
    execution.requireUsable();
    execution.switches.readBigInts = requireBoolean(enabled, 'readBigInts');
  }

  setReturnArrays(...[enabled]: unknown[]): void {
    const execution = executionOf(this);
    execution.requireUsable();
    execution.switches.returnArrays = requireBoolean(enabled, 'returnArrays');
  }

  close(..._args: unknown[]): void {
    executionOf(this).close();
  }

  [Symbol.dispose](..._args: unknown[]): void {
    const execution = executionOf(this);
    if (!execution.isFinalized) execution.close();
  }
}

// Named by its key: a bundler renames what shares its name with a class, and V8 shows the name in its own messages.
const named = {
  Statement: function (..._args: unknown[]): void {
    refuse(new.target);
  },
};

/** What users see. */
export const StatementFace = nodeClass(Statement.prototype, named.Statement);

export const createStatement = (execution: Execution): Statement => new Statement(execution);

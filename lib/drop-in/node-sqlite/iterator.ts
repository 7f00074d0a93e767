/** What `statement.iterate()` returns. */
import { invalidState } from './errors.ts';
import type { Execution } from './execution.ts';
import { nodeClass, receiverAs, refuse, refuseClones } from './face.ts';

interface IteratorRecord {
  done: boolean;
  value: unknown;
}

/** Node's records have no prototype. */
const record = (done: boolean, value: unknown): IteratorRecord => ({ __proto__: null, done, value }) as IteratorRecord;

let isIterator: (value: object) => boolean;

export class StatementIterator {
  readonly #execution: Execution;
  readonly #generation: number;
  #isDone = false;

  static {
    isIterator = (value) => #execution in value;
  }

  constructor(execution: Execution) {
    refuseClones(this);
    this.#execution = execution;
    this.#generation = execution.generation;
  }

  next(..._args: unknown[]): IteratorRecord {
    const iterator = receiverAs<StatementIterator>(this, isIterator);
    const execution = iterator.#execution;
    execution.requireUsable();
    if (iterator.#isDone) return record(true, null);
    if (iterator.#generation !== execution.generation) throw invalidState('iterator was invalidated');
    const next = execution.next();
    if (next !== undefined) return record(false, next.row);
    iterator.#isDone = true;
    return record(true, null);
  }

  return(..._args: unknown[]): IteratorRecord {
    const iterator = receiverAs<StatementIterator>(this, isIterator);
    iterator.#execution.requireUsable();
    // Also where another iterator has taken its place, which begins anew then.
    if (!iterator.#isDone) iterator.#execution.rewind();
    iterator.#isDone = true;
    return record(true, null);
  }
}

// Iterator.prototype, for which Node 20 has no name.
Object.setPrototypeOf(StatementIterator.prototype, Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object);
// Named by its key: a bundler renames what shares its name with a class, and V8 shows the name in its own messages.
const named = {
  StatementIterator: function (..._args: unknown[]): void {
    refuse(new.target);
  },
};

nodeClass(StatementIterator.prototype, named.StatementIterator);

/** An iterator over what was bound. */
export const iterate = (execution: Execution): StatementIterator => new StatementIterator(execution);

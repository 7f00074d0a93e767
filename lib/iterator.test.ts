/** Iterators, and what may be done while one is open. */
import type { Statement } from 'pluresdb';
import { describe, expect, test } from 'vitest';
import { contract, type Side, SUBJECT } from './testing/contract.ts';

const NUMBERS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 30) SELECT i FROM n';

describe('an iterator', () => {
  contract('hands out rows and then stays done', ({ db, note }) => {
    const statement = db.prepare(NUMBERS).pluck();
    const iterator = statement.iterate();
    note(() => Object.keys(iterator));
    note(() => iterator.statement === statement);
    note(() => iterator[Symbol.iterator]() === iterator);
    note(() => 'throw' in iterator);
    note(() => iterator.next());
    note(() => Object.keys(iterator.next()));
    note(() => [...iterator].length);
    note(() => iterator.next());
    note(() => iterator.next());
    note(() => iterator.return());
    note(() => statement.busy);
    const stopped = statement.iterate();
    note(() => stopped.next());
    note(() => stopped.return());
    note(() => stopped.next());
    note(() => stopped.return());
    const unstarted = statement.iterate();
    note(() => statement.busy);
    note(() => unstarted.return());
    note(() => statement.busy);
    note(() => unstarted.next());
    note(() => {
      for (const value of statement.iterate()) if (value === 12) return value;
      return undefined;
    });
    note(() => statement.busy);
    note(() => {
      for (const value of statement.iterate()) if (value === 5) throw new RangeError(`at ${value}`);
    });
    note(() => statement.busy);
    note(() => [...db.prepare('SELECT 1 WHERE 0').iterate()]);
  });

  contract('binds when it is made', ({ db, note }) => {
    const statement = db.prepare('SELECT ? AS a, :b AS b');
    const bytes = Buffer.from([1]);
    const list = [bytes];
    const named = { b: 5 };
    const iterator = statement.iterate(list, named);
    bytes[0] = 2;
    named.b = 6;
    list.pop();
    db.prepare('SELECT ?').get('something else in the buffer');
    note(() => [...iterator]);
    note(() => statement.iterate());
    note(() => statement.busy);
    note(() => [...statement.iterate('x'.repeat(20_000), { b: 'y' })]);
  });

  contract('two statements, many iterators', ({ db, note }) => {
    const outer = db.prepare(NUMBERS).pluck();
    const inner = db.prepare('SELECT ? * 2').pluck();
    note(() => {
      const seen: unknown[] = [];
      for (const value of outer.iterate()) for (const twice of inner.iterate(value)) seen.push(twice);
      return seen;
    });
    note(() => {
      const iterators = Array.from({ length: 50 }, () => db.prepare(NUMBERS).pluck().iterate());
      const sums = Array.from({ length: 31 }, () => iterators.map((iterator) => iterator.next().value));
      return sums;
    });
  });

  contract('keeps its rows while the table changes in unsafe mode', ({ db, note }) => {
    db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)');
    db.unsafeMode();
    const other = db.prepare('INSERT INTO t VALUES (10)');
    const iterator = db.prepare('SELECT a FROM t WHERE a < 5').pluck().iterate();
    note(() => iterator.next());
    note(() => other.run());
    note(() => [...iterator]);
    note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
    note(() => db.unsafeMode(false) === db);
    note(() => db.unsafeMode(1 as unknown as boolean));
  });

  test('that nobody finishes does not keep the process from ending the environment', () => {
    const db = new SUBJECT(':memory:');
    const iterator = db.prepare(NUMBERS).iterate();
    iterator.next();
    expect(() => db.close()).toThrow('This database connection is busy executing a query');
    expect(() => db.exec('CREATE TABLE t(a)')).toThrow(TypeError);
    iterator.return();
    expect(db.close().open).toBe(false);
  });
});

/** Everything that can be asked of a connection, each in a state of its own. */
const CALLS: Record<string, (side: Side & State) => unknown> = {
  prepare: ({ db }) => db.prepare('SELECT 1').source,
  exec: ({ db }) => db.exec('SELECT 1') === db,
  pragma: ({ db }) => db.pragma('user_version'),
  close: ({ db }) => db.close() === db,
  transaction: ({ db }) => typeof db.transaction(() => 1),
  unsafeMode: ({ db }) => db.unsafeMode() === db,
  defaultSafeIntegers: ({ db }) => db.defaultSafeIntegers() === db,
  getters: ({ db }) => [db.open, db.inTransaction, db.readonly, db.memory, db.name],
  explain: ({ db }) => db.explain('SELECT 1').length > 0,
  run: ({ select }) => select.run(),
  'run of a writer': ({ insert }) => insert.run(),
  get: ({ select }) => select.get(),
  'get of a writer': ({ returning }) => returning.get(),
  'get of a non-reader': ({ insert }) => insert.get(),
  all: ({ select }) => select.all(),
  iterate: ({ select }) => select.iterate().return(),
  bind: ({ select }) => select.bind() === select,
  pluck: ({ select }) => select.pluck() === select,
  expand: ({ select }) => select.expand() === select,
  raw: ({ select }) => select.raw() === select,
  safeIntegers: ({ select }) => select.safeIntegers() === select,
  columns: ({ select }) => select.columns(),
  printing: ({ select }) => String(select),
  'getters of a statement': ({ select }) => [select.busy, select.source, select.reader, select.readonly],
  'next of an iterator': ({ iterator }) => iterator.next(),
  'return of an iterator': ({ iterator }) => iterator.return(),
};

interface State {
  readonly select: Statement;
  readonly insert: Statement;
  readonly returning: Statement;
  readonly iterator: ReturnType<Statement['iterate']>;
}

function stateOf(db: Side['db']): Omit<State, 'iterator'> {
  db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)');
  return {
    select: db.prepare('SELECT a FROM t'),
    insert: db.prepare('INSERT INTO t VALUES (1)'),
    returning: db.prepare('INSERT INTO t VALUES (1) RETURNING a'),
  };
}

describe('while', () => {
  for (const [name, call] of Object.entries(CALLS)) {
    contract(`another statement iterates: ${name}`, (side) => {
      const state = stateOf(side.db);
      const iterator = side.db.prepare('SELECT a FROM t').iterate();
      iterator.next();
      side.note(() => call({ ...side, ...state, iterator }));
      side.note(() => iterator.return());
      side.note(() => side.db.prepare('SELECT count(*) FROM t').get());
    });

    contract(`the statement itself iterates: ${name}`, (side) => {
      const state = stateOf(side.db);
      const iterator = state.select.iterate();
      iterator.next();
      side.note(() => call({ ...side, ...state, iterator }));
      side.note(() => iterator.return());
    });

    contract(`the connection is closed: ${name}`, (side) => {
      const state = stateOf(side.db);
      const iterator = state.select.iterate();
      iterator.next();
      iterator.return();
      side.db.close();
      side.note(() => call({ ...side, ...state, iterator }));
    });

    contract(`the connection is busy: ${name}`, (side) => {
      let action = () => {};
      const db = new side.Database(':memory:', { verbose: () => action() });
      const state = stateOf(db);
      const iterator = db.prepare('SELECT a FROM t').iterate();
      iterator.next();
      const trigger = db.prepare('SELECT 5');
      let calls = 0;
      action = () => {
        if (calls++ === 0) side.note(() => call({ ...side, db, ...state, iterator }));
      };
      side.note(() => trigger.get());
      action = () => {};
      side.note(() => iterator.return());
    });
  }
});

/** `db.transaction(fn)`. */
import { describe } from 'vitest';
import { contract, type Side } from './testing/contract.ts';

function fill({ db }: Side) {
  db.exec('CREATE TABLE t(a UNIQUE)');
  const insert = db.prepare('INSERT INTO t VALUES (?)');
  const rows = db.prepare('SELECT a FROM t ORDER BY a').pluck();
  return { insert, rows };
}

describe('a transaction function', () => {
  contract('has variants and tells its database', ({ db, note }) => {
    const fn = db.transaction((a: number, b: number) => a + b);
    note(() => fn(1, 2));
    note(() => [fn.default(1, 2), fn.deferred(1, 2), fn.immediate(1, 2), fn.exclusive(1, 2)]);
    note(() => [fn.default === fn, fn.deferred.immediate === fn.immediate, fn.exclusive.default === fn]);
    note(() => [fn.database === db, fn.immediate.database === db]);
    note(() => Object.keys(fn));
    note(() =>
      Object.getOwnPropertyNames(fn).filter((name) => !['length', 'name', 'prototype', 'arguments', 'caller'].includes(name)),
    );
    for (const value of [undefined, null, 1, 'x', {}]) note(() => db.transaction(value as unknown as () => void));
  });

  contract('passes this, arguments and the result', ({ db, note }) => {
    const object = {
      factor: 3,
      times: db.transaction(function (this: { factor: number }, value: number) {
        return this.factor * value;
      }),
    };
    note(() => object.times(5));
    note(() => object.times.call({ factor: 4 }, 5));
    note(() => db.transaction((...args: unknown[]) => args)(1, 'x', undefined));
    note(() => db.transaction(() => undefined)());
  });

  contract('commits, or rolls back and throws', (side) => {
    const { db, note } = side;
    const { insert, rows } = fill(side);
    const inserted = db.transaction((values: readonly unknown[]) => {
      for (const value of values) insert.run(value);
      return db.inTransaction;
    });
    note(() => inserted([1, 2]));
    note(() => db.inTransaction);
    note(() => inserted([3, 4, 1]));
    note(() => db.inTransaction);
    note(() => rows.all());
    note(() =>
      db.transaction(() => {
        insert.run(9);
        throw 'a plain value';
      })(),
    );
    note(() => rows.all());
    note(() => inserted.immediate([5]));
    note(() => inserted.exclusive([6]));
    note(() => inserted.deferred([5]));
    note(() => rows.all());
  });

  contract('nests by savepoints', (side) => {
    const { db, note } = side;
    const { insert, rows } = fill(side);
    const one = db.transaction((value: unknown, fails = false) => {
      insert.run(value);
      if (fails) throw new Error('inner');
    });
    note(() =>
      db.transaction(() => {
        one(1);
        try {
          one(2, true);
        } catch {
          // Only the inner one is undone.
        }
        one.immediate(3);
        return rows.all();
      })(),
    );
    note(() => rows.all());
    note(() =>
      db.transaction(() => {
        one(4);
        one(5, true);
      })(),
    );
    note(() => rows.all());
    note(() => {
      const deep = db.transaction((depth: number): unknown => {
        insert.run(100 + depth);
        if (depth === 0) return rows.all();
        return deep(depth - 1);
      }) as (depth: number) => unknown;
      return deep(20);
    });
    note(() => db.inTransaction);
    db.exec('BEGIN');
    note(() => one(50));
    note(() => one(51, true));
    note(() => db.inTransaction);
    db.exec('ROLLBACK');
    note(() => rows.all().includes(50));
  });

  contract('takes no promises', (side) => {
    const { db, note } = side;
    const { insert, rows } = fill(side);
    note(() =>
      db.transaction(async () => {
        insert.run(1);
      })(),
    );
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
    note(() => db.transaction(() => ({ then: () => 1 }))());
    // biome-ignore lint/suspicious/noThenProperty: this one is no thenable
    note(() => db.transaction(() => ({ then: 1 }))());
    note(() => rows.all());
    note(() => db.inTransaction);
  });

  contract('bears a transaction that ends inside it', (side) => {
    const { db, note } = side;
    const { insert, rows } = fill(side);
    insert.run(1);
    note(() =>
      db.transaction(() => {
        insert.run(2);
        db.prepare('INSERT OR ROLLBACK INTO t VALUES (1)').run();
      })(),
    );
    note(() => [db.inTransaction, rows.all()]);
    note(() =>
      db.transaction(() => {
        insert.run(3);
        db.exec('COMMIT');
      })(),
    );
    note(() => [db.inTransaction, rows.all()]);
    note(() =>
      db.transaction(() => {
        insert.run(4);
        db.exec('ROLLBACK');
        throw new Error('after');
      })(),
    );
    note(() => [db.inTransaction, rows.all()]);
    note(() => db.transaction(() => db.close())());
  });

  contract('beside an iterator', (side) => {
    const { db, note } = side;
    const { insert } = fill(side);
    insert.run(1);
    const fn = db.transaction(() => 1);
    const iterator = db.prepare('SELECT a FROM t').iterate();
    iterator.next();
    note(() => fn());
    note(() => fn.immediate());
    note(() => iterator.return());
    note(() => fn());
    db.close();
    note(() => fn());
  });
});

describe('transactions by SQL', () => {
  contract('inTransaction follows every way in and out', ({ db, note }) => {
    db.exec('CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES (1)');
    const texts = [
      'BEGIN',
      'SELECT * FROM t',
      'COMMIT',
      'SAVEPOINT a',
      'INSERT INTO t VALUES (2)',
      'SAVEPOINT b',
      'ROLLBACK TO a',
      'RELEASE a',
    ];
    texts.push(
      'BEGIN IMMEDIATE',
      'INSERT INTO t VALUES (1)',
      'INSERT OR ROLLBACK INTO t VALUES (1)',
      'END',
      'BEGIN EXCLUSIVE',
      'ROLLBACK',
    );
    for (const text of texts) {
      note(() => db.prepare(text).run());
      note(() => [db.inTransaction, db.prepare('SELECT count(*) FROM t').pluck().get()]);
    }
  });
});

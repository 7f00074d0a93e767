/** `db.transaction()`: what it wraps, how it nests, what it undoes. */
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const rows = ({ db }: Side): unknown[] => db.prepare('SELECT a FROM t').pluck().all();
const TABLE = 'CREATE TABLE t (a UNIQUE)';

const VARIANTS = ['default', 'deferred', 'immediate', 'exclusive'] as const;

export const transactionChecks: readonly SideCheck[] = [
  ...rulesOf('Database.transaction()', {
    'takes a function': ({ db, note }) => {
      for (const fn of [undefined, null, 5, 'x', {}, []]) note(() => db.transaction(wrong(fn)));
      note(() => typeof db.transaction(async () => 5));
    },
    'hands arguments, this and the result through': ({ db, note }) => {
      const object = {
        fn: db.transaction(function (this: unknown, ...args: unknown[]) {
          return [this === object, args];
        }),
      };
      note(() => object.fn(1, 'two', null));
      note(() => object.fn());
      note(() => object.fn.immediate.call(object, 3));
      note(() => db.transaction(() => undefined)());
    },
    'is made once, and runs often': (side) => {
      const { db, note } = side;
      db.exec(TABLE);
      const insert = db.prepare('INSERT INTO t VALUES (?)');
      const add = db.transaction((values: number[]) => {
        for (const value of values) insert.run(value);
        return values.length;
      });
      note(() => add([1, 2]));
      note(() => rows(side));
      note(() => add([3, 3]));
      note(() => rows(side));
      note(() => db.inTransaction);
      note(() => add([4]));
      note(() => rows(side));
    },
    'an exception undoes and comes out as it is': (side) => {
      const { db, note } = side;
      db.exec(TABLE);
      for (const thrown of [new Error('mine'), 'text', 5, null, undefined]) {
        note(() =>
          db.transaction(() => {
            db.exec('INSERT INTO t VALUES (1)');
            throw thrown;
          })(),
        );
        note(() => [rows(side), db.inTransaction]);
      }
    },
    'a promise undoes': (side) => {
      const { db, note } = side;
      db.exec(TABLE);
      const fn = db.transaction(async () => {
        db.exec('INSERT INTO t VALUES (1)');
      });
      note(() => fn());
      note(() => [rows(side), db.inTransaction]);
      // biome-ignore lint/suspicious/noThenProperty: that is what is tried
      note(() => db.transaction(() => ({ then: () => {} }))());
      // biome-ignore lint/suspicious/noThenProperty: that is what is tried
      note(() => db.transaction(() => ({ then: 5 }))());
    },
    'nests as savepoints': (side) => {
      const { db, note } = side;
      db.exec(TABLE);
      const insert = db.transaction((value: number) => {
        db.prepare('INSERT INTO t VALUES (?)').run(value);
        if (value < 0) throw new Error('below zero');
      });
      const outer = db.transaction((values: number[]) => {
        for (const value of values) note(() => insert(value));
        note(() => db.inTransaction);
      });
      note(() => outer([1, -2, 3]));
      note(() => rows(side));
      const strict = db.transaction((values: number[]) => values.map((value) => insert(value)));
      note(() => strict([4, -5]));
      note(() => rows(side));
    },
    'nests deeply': (side) => {
      const { db, note } = side;
      db.exec(TABLE);
      const down = db.transaction((depth: number) => {
        db.prepare('INSERT INTO t VALUES (?)').run(depth);
        if (depth === 5) throw new Error('deep');
        try {
          down(depth + 1);
        } catch (error) {
          if (depth !== 3) throw error;
        }
      });
      note(() => down(1));
      note(() => rows(side));
    },
    'within a transaction of SQL it is a savepoint': (side) => {
      const { db, note } = side;
      db.exec(`${TABLE}; BEGIN; INSERT INTO t VALUES (1)`);
      const add = db.transaction((value: number) => db.prepare('INSERT INTO t VALUES (?)').run(value).changes);
      note(() => add(2));
      note(() => db.inTransaction);
      note(() => add(2));
      note(() => rows(side));
      db.exec('ROLLBACK');
      note(() => rows(side));
    },
    'what SQLite has rolled back is not rolled back again': (side) => {
      const { db, note } = side;
      db.exec(`${TABLE}; INSERT INTO t VALUES (1)`);
      const fn = db.transaction(() => {
        db.exec('INSERT INTO t VALUES (2)');
        db.exec('INSERT OR ROLLBACK INTO t VALUES (1)');
      });
      note(() => fn());
      note(() => [rows(side), db.inTransaction]);
      const outer = db.transaction(() => {
        try {
          fn();
        } catch (error) {
          note(() => (error as Error).message);
        }
        note(() => db.inTransaction);
      });
      note(() => outer());
      note(() => [rows(side), db.inTransaction]);
    },
    'a function that ends the transaction itself': (side) => {
      const { db, note } = side;
      db.exec(TABLE);
      note(() =>
        db.transaction(() => {
          db.exec('INSERT INTO t VALUES (1); COMMIT');
        })(),
      );
      note(() =>
        db.transaction(() => {
          db.exec('INSERT INTO t VALUES (2); ROLLBACK');
        })(),
      );
      note(() => [rows(side), db.inTransaction]);
    },
    'an open iterator prevents the end': (side) => {
      const { db, note } = side;
      db.exec(`${TABLE}; INSERT INTO t VALUES (1), (2)`);
      const iterator = db.prepare('SELECT a FROM t').iterate();
      iterator.next();
      note(() => db.transaction(() => 5)());
      iterator.return?.();
      note(() => db.transaction(() => [...db.prepare('SELECT a FROM t').iterate()])());
      note(() => db.inTransaction);
    },
    'a deferred foreign key fails at the end': (side) => {
      const { db, note } = side;
      db.exec('CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a REFERENCES p DEFERRABLE INITIALLY DEFERRED)');
      note(() => db.transaction(() => db.exec('INSERT INTO t VALUES (5)').open)());
      note(() => [rows(side), db.inTransaction]);
      note(() => db.transaction(() => db.exec('INSERT INTO t VALUES (5); INSERT INTO p VALUES (5)').open)());
      note(() => rows(side));
    },
    'a generator function returns its iterator': ({ db, note }) => {
      const fn = db.transaction(function* () {
        yield 1;
      });
      note(() => [...(fn() as Iterable<number>)]);
    },
    'runs within a function of SQL: not at all': ({ db, note }) => {
      const fn = db.transaction(() => 5);
      db.function('f', () => fn() as number);
      note(() => db.prepare('SELECT f()').get());
      note(() => db.inTransaction);
    },
    'on a read-only database': ({ open, note }) => {
      open('a.db').exec(TABLE).close();
      const db = open('a.db', { readonly: true });
      const read = db.transaction(() => db.prepare('SELECT count(*) FROM t').pluck().get());
      note(() => read());
      note(() => read.immediate());
      note(() => db.inTransaction);
      note(() => db.transaction(() => db.exec('INSERT INTO t VALUES (1)'))());
      note(() => db.inTransaction);
    },
  }),
  ...VARIANTS.flatMap((variant) =>
    rulesOf(`transaction function .${variant}`, {
      'commits and undoes': (side) => {
        const { db, note } = side;
        db.exec(TABLE);
        const fn = db.transaction((value: number) => db.prepare('INSERT INTO t VALUES (?)').run(value).changes)[variant];
        note(() => fn(1));
        note(() => fn(1));
        note(() => [rows(side), db.inTransaction]);
      },
      'what another connection can do meanwhile': ({ open, note }) => {
        const [a, b] = [open('a.db', { timeout: 0 }), open('a.db', { timeout: 0 })];
        a.pragma('journal_mode = WAL');
        a.exec(TABLE);
        const fn = a.transaction(() => {
          note(() => b.prepare('SELECT count(*) FROM t').pluck().get());
          note(() => b.exec('INSERT INTO t VALUES (5)').open);
        });
        note(() => fn[variant]());
        note(() => a.prepare('SELECT count(*) FROM t').pluck().get());
      },
      'nested it is a savepoint all the same': (side) => {
        const { db, note } = side;
        db.exec(TABLE);
        const inner = db.transaction(() => db.exec('INSERT INTO t VALUES (1)').inTransaction);
        note(() => db.transaction(() => inner[variant]())[variant]());
        note(() => rows(side));
      },
    }),
  ),
];

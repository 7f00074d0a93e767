/** Inserts of three values into an empty table: each its own transaction, or all in one. */
import type { Statement } from '../drivers/engine.ts';
import { type Bench, type Case, inTransaction, type Workload } from '../workload.ts';

function insertCase({ db }: Bench, table: string, count: number, around: (work: () => void) => void): Case {
  const rows = Array.from({ length: count }, (_, index) => [index * 3, `name ${index % 1000}`, index / 8] as const);
  const drop = () => db.exec(`DROP TABLE IF EXISTS ${table}`);
  let insert: Statement;
  return {
    count,
    before() {
      drop();
      db.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, number INTEGER, name TEXT, amount REAL)`);
      insert = db.prepare(`INSERT INTO ${table} (number, name, amount) VALUES (?, ?, ?)`);
    },
    run: () =>
      around(() => {
        for (const [number, name, amount] of rows) insert.run(number, name, amount);
      }),
    answer: () => db.prepare(`SELECT * FROM ${table} ORDER BY id`).all(),
    close: drop,
  };
}

export const insertEach: Workload = {
  name: 'insert-each',
  title: 'insert, one per transaction',
  unit: 'inserts',
  open: (bench) => insertCase(bench, 'inserted_each', Math.ceil(bench.scale.statements / 4), (work) => work()),
};

export const insertMany: Workload = {
  name: 'insert-many',
  title: 'insert 100 k in one transaction',
  unit: 'inserts',
  open: (bench) => insertCase(bench, 'inserted_many', bench.scale.people, (work) => inTransaction(bench.db, work)),
};

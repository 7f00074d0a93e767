/** What a connection costs before and after its work. */
import { join } from 'node:path';
import { inTransaction, type Workload } from '../workload.ts';

const TIMES = 10;

export const openClose: Workload = {
  name: 'open-close',
  title: 'open, one query, close',
  unit: 'times',
  open({ engine, folder, scale }) {
    const path = join(folder, 'opened');
    const made = engine.open(path);
    made.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)');
    const insert = made.prepare('INSERT INTO t (name) VALUES (?)');
    inTransaction(made, () => {
      for (let row = 0; row < scale.people; row++) insert.run(`name ${row}`);
    });
    made.close();
    return {
      count: TIMES,
      run() {
        let row: unknown;
        for (let time = 0; time < TIMES; time++) {
          const db = engine.open(path);
          row = db.prepare('SELECT name FROM t WHERE id = 77').get();
          db.close();
        }
        return row;
      },
    };
  },
};

export const openMemory: Workload = {
  name: 'open-memory',
  title: 'open + close of :memory:',
  unit: 'times',
  open({ engine }) {
    const count = TIMES * 10;
    return {
      count,
      run() {
        for (let time = 0; time < count; time++) engine.open(':memory:').close();
      },
    };
  },
};

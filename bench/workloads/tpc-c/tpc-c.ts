/** TPC-C's mix of five transactions, on one warehouse. */
import type { Workload } from '../../workload.ts';
import { load } from './load.ts';
import { TABLES } from './schema.ts';
import { Terminal } from './transactions.ts';

export const tpcC: Workload = {
  name: 'tpc-c',
  title: 'TPC-C, 1 warehouse',
  unit: 'transactions',
  open({ db, scale }) {
    const sizes = { items: scale.people, customers: (scale.people * 3) / 100 };
    load(db, sizes);
    const terminal = new Terminal(db, sizes);
    const count = scale.statements / 20;
    const answers: unknown[] = [];
    return {
      count,
      run() {
        answers.length = 0;
        for (let step = 0; step < count; step++) answers.push(terminal.next());
      },
      answer: () => [answers, TABLES.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all())],
      close: () => db.exec(TABLES.map((table) => `DROP TABLE ${table};`).join(' ')),
    };
  },
};

/** Results as arrays of objects, and row by row. */
import type { Workload } from '../workload.ts';

const SMALL_RESULT = 100;

export const allSmall: Workload = {
  name: 'all-100',
  title: 'all() of 100 rows',
  unit: 'results',
  open({ db, fixtures, scale }) {
    fixtures.people();
    const count = Math.ceil(scale.statements / 40);
    const query = db.prepare('SELECT id, email, name, age FROM people WHERE id > ? ORDER BY id LIMIT ?');
    return {
      count,
      run() {
        let rows: unknown;
        for (let call = 0; call < count; call++) rows = query.all((call * 7) % (scale.people - SMALL_RESULT), SMALL_RESULT);
        return rows;
      },
    };
  },
};

function bigResult(name: string, title: string, columns: string): Workload {
  return {
    name,
    title,
    unit: 'rows',
    open({ db, fixtures, scale }) {
      fixtures.facts();
      const count = Math.min(scale.people, scale.facts);
      const query = db.prepare(`SELECT ${columns} FROM facts WHERE id <= ?`);
      return { count, run: () => query.all(count) };
    },
  };
}

export const allRepeated = bigResult('all-repeated', 'all() of 100 k rows, repeated text', 'id, quantity, price, label');
export const allUnique = bigResult('all-unique', 'all() of 100 k rows, unique text', 'id, quantity, price, code');

export const iterateRows: Workload = {
  name: 'iterate',
  title: 'iterate() over 100 k rows',
  unit: 'rows',
  open({ db, fixtures, scale }) {
    fixtures.facts();
    const count = Math.min(scale.people, scale.facts);
    const query = db.prepare('SELECT id, quantity, label FROM facts WHERE id <= ?');
    return {
      count,
      run() {
        let sum = 0;
        for (const row of query.iterate(count)) sum += (row as { quantity: number }).quantity;
        return sum;
      },
    };
  },
};

/** Results as arrays of objects, and row by row. */
import { someIds } from '../fixtures.ts';
import type { Workload } from '../workload.ts';

const SMALL_RESULT = 100;

/** Many small results, each from another place of the table. `parametersAt` says where one begins. */
function smallResults(
  name: string,
  title: string,
  where: string,
  parametersAt: (id: number) => readonly [number, number],
): Workload {
  return {
    name,
    title,
    unit: 'results',
    open({ db, fixtures, scale }) {
      fixtures.people();
      const count = Math.ceil(scale.statements / 40);
      const query = db.prepare(`SELECT id, email, name, age FROM people WHERE ${where}`);
      const starts = someIds(count, scale.people - SMALL_RESULT).map(parametersAt);
      return {
        count,
        run() {
          let rows: unknown;
          for (const [first, second] of starts) rows = query.all(first, second);
          return rows;
        },
        answer: () => starts.map(([first, second]) => query.all(first, second)),
      };
    },
  };
}

export const allSmall = smallResults('all-100', 'all() of 100 rows', 'id BETWEEN ? AND ?', (id) => [id, id + SMALL_RESULT - 1]);
export const allPage = smallResults('all-page', 'all() of a page of 100 rows', 'id >= ? ORDER BY id LIMIT ?', (id) => [
  id,
  SMALL_RESULT,
]);

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

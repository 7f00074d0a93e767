/** Statements prepared for one call: with values never seen before, with names never seen, and the same text again. */
import { someIds } from '../fixtures.ts';
import type { Workload } from '../workload.ts';

/** No text comes twice, in all rounds together: `sqlOf` makes the n-th. */
function unseen(name: string, title: string, sqlOf: (n: number, id: number) => string): Workload {
  return {
    name,
    title,
    unit: 'statements',
    open({ db, fixtures, scale }) {
      fixtures.people();
      const count = Math.ceil(scale.statements / 4);
      let texts = 0;
      return {
        count,
        run() {
          let row: unknown;
          for (let call = 0; call < count; call++) {
            texts++;
            row = db.prepare(sqlOf(texts, 1 + (texts % scale.people))).get();
          }
          return row;
        },
      };
    },
  };
}

export const prepareGet = unseen(
  'prepare-get',
  'prepare + get, uncached text',
  (n, id) => `SELECT name, age + ${n} AS later FROM people WHERE id = ${id}`,
);

export const prepareNew = unseen(
  'prepare-new',
  'prepare + get, names never seen',
  (n, id) => `SELECT name, age + 1 AS later FROM people AS p${n} WHERE p${n}.id = ${id}`,
);

export const prepareAgain: Workload = {
  name: 'prepare-again',
  title: 'prepare + get, the same text again',
  unit: 'statements',
  open({ db, fixtures, scale }) {
    fixtures.people();
    const ids = someIds(scale.statements, scale.people);
    return {
      count: ids.length,
      run() {
        let row: unknown;
        for (const id of ids) row = db.prepare('SELECT name, age FROM people WHERE id = ?').get(id);
        return row;
      },
    };
  },
};

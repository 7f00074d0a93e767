/** Statements whose text has never been seen, each run once. */
import type { Workload } from '../workload.ts';

export const prepareGet: Workload = {
  name: 'prepare-get',
  title: 'prepare + get, uncached text',
  unit: 'statements',
  open({ db, fixtures, scale }) {
    fixtures.people();
    const count = Math.ceil(scale.statements / 4);
    // No text comes twice, in all rounds together.
    let texts = 0;
    return {
      count,
      run() {
        let row: unknown;
        for (let call = 0; call < count; call++) {
          texts++;
          row = db.prepare(`SELECT name, age + ${texts} AS later FROM people WHERE id = ${1 + (texts % scale.people)}`).get();
        }
        return row;
      },
    };
  },
};

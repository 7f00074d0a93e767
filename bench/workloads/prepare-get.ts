/** Statements prepared for one call: with values never seen before, with names never seen, and the same text again. */
import { someIds } from '../fixtures.ts';
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

export const prepareNew: Workload = {
  name: 'prepare-new',
  title: 'prepare + get, names never seen',
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
          const person = `p${texts}`;
          row = db
            .prepare(`SELECT name, age + 1 AS later FROM people AS ${person} WHERE ${person}.id = ${1 + (texts % scale.people)}`)
            .get();
        }
        return row;
      },
    };
  },
};

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

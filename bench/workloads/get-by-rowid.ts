/** One row by its rowid, each get its own read transaction. */
import { someIds } from '../fixtures.ts';
import type { Workload } from '../workload.ts';

export const getByRowid: Workload = {
  name: 'get-rowid',
  title: 'get by rowid, autocommit',
  unit: 'gets',
  open({ db, fixtures, scale }) {
    fixtures.people();
    const ids = someIds(scale.statements, scale.people);
    const get = db.prepare('SELECT id, email, name, age FROM people WHERE id = ?');
    return {
      count: ids.length,
      run() {
        let row: unknown;
        for (const id of ids) row = get.get(id);
        return row;
      },
      answer: () => ids.map((id) => get.get(id)),
    };
  },
};

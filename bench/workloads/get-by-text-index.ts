/** One row by a unique text: an index search, then the row. */
import { emailOf, someIds } from '../fixtures.ts';
import type { Workload } from '../workload.ts';

export const getByTextIndex: Workload = {
  name: 'get-text',
  title: 'get by unique text index',
  unit: 'gets',
  open({ db, fixtures, scale }) {
    fixtures.people();
    const emails = someIds(scale.statements, scale.people).map(emailOf);
    const get = db.prepare('SELECT id, email, name, age FROM people WHERE email = ?');
    return {
      count: emails.length,
      run() {
        let row: unknown;
        for (const email of emails) row = get.get(email);
        return row;
      },
      answer: () => emails.map((email) => get.get(email)),
    };
  },
};

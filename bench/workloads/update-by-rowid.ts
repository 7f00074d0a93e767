/** Single rows of a table change one number, all in one transaction. */
import { someIds } from '../fixtures.ts';
import { inTransaction, type Workload } from '../workload.ts';

export const updateByRowid: Workload = {
  name: 'update-rowid',
  title: 'update by rowid in a transaction',
  unit: 'updates',
  open({ db, fixtures, scale }) {
    fixtures.people();
    const ids = someIds(scale.statements, scale.people);
    db.exec('DROP TABLE IF EXISTS updated; CREATE TABLE updated (id INTEGER PRIMARY KEY, name TEXT, age INTEGER)');
    db.exec('INSERT INTO updated SELECT id, name, age FROM people');
    const update = db.prepare('UPDATE updated SET age = age + 1 WHERE id = ?');
    return {
      count: ids.length,
      run: () =>
        inTransaction(db, () => {
          for (const id of ids) update.run(id);
        }),
      answer: () => db.prepare('SELECT * FROM updated ORDER BY id').all(),
      close: () => db.exec('DROP TABLE updated'),
    };
  },
};

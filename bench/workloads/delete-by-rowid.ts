/** Single rows leave a table, all in one transaction; what was deleted comes back outside the clock. */
import { differentIds } from '../fixtures.ts';
import { inTransaction, type Workload } from '../workload.ts';

export const deleteByRowid: Workload = {
  name: 'delete-rowid',
  title: 'delete by rowid in a transaction',
  unit: 'deletes',
  open({ db, fixtures, scale }) {
    fixtures.people();
    const ids = differentIds(scale.statements, scale.people);
    db.exec('DROP TABLE IF EXISTS deleted; CREATE TABLE deleted (id INTEGER PRIMARY KEY, name TEXT, age INTEGER)');
    const remove = db.prepare('DELETE FROM deleted WHERE id = ?');
    const refill = db.prepare('INSERT INTO deleted SELECT id, name, age FROM people WHERE id NOT IN (SELECT id FROM deleted)');
    return {
      count: ids.length,
      before: () => void refill.run(),
      run: () =>
        inTransaction(db, () => {
          for (const id of ids) remove.run(id);
        }),
      answer: () => db.prepare('SELECT * FROM deleted ORDER BY id').all(),
      close: () => db.exec('DROP TABLE deleted'),
    };
  },
};

/** Rows in no order change a column of each of three indexes, all in one transaction. */
import { someIds } from '../fixtures.ts';
import { Random } from '../random.ts';
import { inTransaction, type Workload } from '../workload.ts';

export const updateIndexed: Workload = {
  name: 'update-indexed',
  title: 'random updates with three indexes',
  unit: 'updates',
  open({ db, fixtures, scale }) {
    fixtures.people();
    db.exec(`DROP TABLE IF EXISTS indexed; CREATE TABLE indexed (id INTEGER PRIMARY KEY, name TEXT, age INTEGER, code TEXT);
      INSERT INTO indexed SELECT id, name, age, email FROM people;
      CREATE INDEX indexed_name ON indexed (name);
      CREATE INDEX indexed_age ON indexed (age);
      CREATE INDEX indexed_code ON indexed (code)`);
    const random = new Random(11);
    const changes = someIds(scale.statements / 4, scale.people).map(
      (id) => [`Name ${random.next(5000)}`, random.next(100), `code ${random.next(1_000_000)}`, id] as const,
    );
    const update = db.prepare('UPDATE indexed SET name = ?, age = ?, code = ? WHERE id = ?');
    return {
      count: changes.length,
      run: () =>
        inTransaction(db, () => {
          for (const change of changes) update.run(...change);
        }),
      answer: () => [
        db.prepare('SELECT * FROM indexed ORDER BY id').all(),
        ...['name', 'age', 'code'].map((column) => db.prepare(`SELECT id FROM indexed ORDER BY ${column}, id`).all()),
      ],
      close: () => db.exec('DROP TABLE indexed'),
    };
  },
};

/** An index of a million different integers in no order. */
import type { Workload } from '../workload.ts';

export const createIndex: Workload = {
  name: 'create-index',
  title: 'CREATE INDEX, 1 M rows',
  unit: 'indexes',
  open({ db, fixtures, scale }) {
    fixtures.facts();
    const drop = () => db.exec('DROP INDEX IF EXISTS facts_other');
    return {
      count: 1,
      before: drop,
      run: () => db.exec('CREATE INDEX facts_other ON facts (other)'),
      answer: () =>
        db
          .prepare('SELECT id, other FROM facts WHERE other BETWEEN ? AND ? ORDER BY other')
          .all(scale.facts / 2, scale.facts / 2 + 99),
      close: drop,
    };
  },
};

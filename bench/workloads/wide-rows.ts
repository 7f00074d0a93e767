/** Rows that are wide: by many columns, by blobs, by long texts. */
import { someIds } from '../fixtures.ts';
import { Random } from '../random.ts';
import { type Bench, type Case, inTransaction, type Workload } from '../workload.ts';

const COLUMN_COUNT = 30;
const BLOB_BYTES = 4096;
const TEXT_LENGTH = 20_000;

/** `all()` of a table whose columns are integers, reals and texts in turn. */
export const allManyColumns: Workload = {
  name: 'all-many-columns',
  title: `all() of rows of ${COLUMN_COUNT} columns`,
  unit: 'rows',
  open({ db, scale }) {
    const names = Array.from({ length: COLUMN_COUNT }, (_, index) => `c${index}`);
    db.exec(`CREATE TABLE wide (id INTEGER PRIMARY KEY, ${names.join(', ')})`);
    const insert = db.prepare(`INSERT INTO wide (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`);
    const random = new Random(5);
    const count = scale.people / 10;
    const cellOf = (column: number) => {
      const number = random.next(1_000_000);
      if (column % 3 === 0) return number;
      return column % 3 === 1 ? number / 64 : `text ${number}`;
    };
    inTransaction(db, () => {
      for (let row = 0; row < count; row++) insert.run(...names.map((_, column) => cellOf(column)));
    });
    const query = db.prepare('SELECT * FROM wide');
    return { count, run: () => query.all(), close: () => db.exec('DROP TABLE wide') };
  },
};

const makeTable = ({ db }: Bench, table: string) =>
  db.exec(`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} (id INTEGER PRIMARY KEY, value)`);

/** Values that fill pages by themselves. */
function fillTable({ db }: Bench, table: string, count: number, contentOf: (id: number) => string | Uint8Array): void {
  const insert = db.prepare(`INSERT INTO ${table} VALUES (?, ?)`);
  inTransaction(db, () => {
    for (let id = 1; id <= count; id++) insert.run(id, contentOf(id));
  });
}

function getCase(bench: Bench, table: string, count: number): Case {
  const ids = someIds(bench.scale.statements / 4, count);
  const get = bench.db.prepare(`SELECT value FROM ${table} WHERE id = ?`);
  return {
    count: ids.length,
    run() {
      let last: unknown;
      for (const id of ids) last = get.get(id);
      return last;
    },
    close: () => bench.db.exec(`DROP TABLE ${table}`),
  };
}

const blobOf = (id: number): Uint8Array => new Uint8Array(BLOB_BYTES).map((_, at) => (at * 31 + id * 7) % 251);

export const insertBlobs: Workload = {
  name: 'insert-blobs',
  title: 'insert blobs of 4 kB in a transaction',
  unit: 'inserts',
  open(bench) {
    const count = bench.scale.people / 50;
    const blobs = Array.from({ length: count }, (_, index) => blobOf(index + 1));
    return {
      count,
      before: () => makeTable(bench, 'blobs'),
      run: () => fillTable(bench, 'blobs', count, (id) => blobs[id - 1] as Uint8Array),
      answer: () => bench.db.prepare('SELECT id, value FROM blobs ORDER BY id').all(),
      close: () => bench.db.exec('DROP TABLE blobs'),
    };
  },
};

export const getBlobs: Workload = {
  name: 'get-blobs',
  title: 'get a blob of 4 kB by rowid',
  unit: 'gets',
  open(bench) {
    const count = bench.scale.people / 50;
    makeTable(bench, 'blobs');
    fillTable(bench, 'blobs', count, blobOf);
    return getCase(bench, 'blobs', count);
  },
};

export const getWideText: Workload = {
  name: 'get-wide-text',
  title: 'get a text of 20 kB by rowid',
  unit: 'gets',
  open(bench) {
    const count = bench.scale.people / 100;
    makeTable(bench, 'texts');
    fillTable(bench, 'texts', count, (id) => `${id} lies in a long text, `.repeat(TEXT_LENGTH / 20).slice(0, TEXT_LENGTH));
    return getCase(bench, 'texts', count);
  },
};

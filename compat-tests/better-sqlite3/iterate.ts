/** `iterate()`: an iterator that holds the connection. */
import { inspect } from 'node:util';
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const filled = ({ db }: Side): void => {
  db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3), (4), (5)');
};
const ALL = 'SELECT a FROM t';

export const iterateChecks: readonly SideCheck[] = [
  ...rulesOf('Statement.iterate()', {
    'gives one row after the other, then is done for good': (side) => {
      filled(side);
      const rows = side.db.prepare(ALL).iterate();
      for (let time = 0; time < 8; time++) side.note(() => rows.next());
      side.note(() => rows.return?.());
      side.note(() => rows.next());
    },
    'what it is made of': (side) => {
      filled(side);
      const statement = side.db.prepare(ALL);
      const rows = statement.iterate();
      side.note(() => Object.keys(rows));
      side.note(() => rows[Symbol.iterator]() === rows);
      side.note(() => (rows as unknown as { statement: unknown }).statement === statement);
      side.note(() => 'throw' in rows);
      side.note(() => Object.prototype.toString.call(rows));
      side.note(() => rows.constructor.name);
      side.note(() => inspect(rows, { depth: -1 }));
      rows.return?.();
    },
    'return ends it': (side) => {
      filled(side);
      const statement = side.db.prepare(ALL);
      const rows = statement.iterate();
      side.note(() => rows.next());
      side.note(() => statement.busy);
      side.note(() => wrong(rows).return('x'));
      side.note(() => statement.busy);
      side.note(() => rows.next());
      side.note(() => rows.return?.());
    },
    'return before the first row': (side) => {
      filled(side);
      const rows = side.db.prepare(ALL).iterate();
      side.note(() => rows.return?.());
      side.note(() => rows.next());
      side.note(() => side.db.exec('DELETE FROM t').open);
    },
    'a loop that breaks, throws or returns ends it': (side) => {
      filled(side);
      const { db, note } = side;
      for (const row of db.prepare(ALL).iterate()) {
        note(() => row);
        break;
      }
      note(() => db.exec('INSERT INTO t VALUES (6)').open);
      note(() => {
        for (const _row of db.prepare(ALL).iterate()) throw new Error('out');
      });
      note(() => db.exec('INSERT INTO t VALUES (7)').open);
      const first = (): unknown => {
        for (const row of db.prepare(ALL).iterate()) return row;
        return undefined;
      };
      note(first);
      note(() => db.exec('INSERT INTO t VALUES (8)').open);
      note(() => {
        const [one, two] = db.prepare(ALL).pluck().iterate();
        return [one, two];
      });
      note(() => db.exec('INSERT INTO t VALUES (9)').open);
    },
    'one that is exhausted lets the connection go': (side) => {
      filled(side);
      const { db, note } = side;
      note(() => [...db.prepare(ALL).pluck().iterate()]);
      note(() => db.exec('DELETE FROM t').open);
      note(() => [...db.prepare(ALL).iterate()]);
    },
    'parameters are bound when it is made': ({ db, note }) => {
      const statement = db.prepare('SELECT ? AS a');
      note(() => statement.iterate());
      note(() => statement.iterate(1, 2));
      note(() => statement.busy);
      const bytes = Buffer.from('abc');
      const rows = statement.iterate(bytes);
      bytes.fill(0);
      note(() => rows.next());
      rows.return?.();
    },
    'several at once': (side) => {
      filled(side);
      const { db, note } = side;
      const [a, b] = [db.prepare(ALL).pluck().iterate(), db.prepare(`${ALL} ORDER BY a DESC`).pluck().iterate()];
      for (let time = 0; time < 3; time++) note(() => [a.next().value, b.next().value]);
      a.return?.();
      note(() => db.exec('DELETE FROM t'));
      b.return?.();
      note(() => db.exec('DELETE FROM t').open);
    },
    'the statement itself cannot be used meanwhile': (side) => {
      filled(side);
      const statement = side.db.prepare(ALL);
      for (const _row of statement.iterate()) {
        side.note(() => statement.iterate());
        side.note(() => statement.get());
        side.note(() => statement.busy);
        break;
      }
      side.note(() => statement.get());
    },
    'an error on the way ends it': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (-9223372036854775808), (3)');
      const statement = db.prepare('SELECT abs(a) AS a FROM t');
      const rows = statement.iterate();
      note(() => rows.next());
      note(() => rows.next());
      note(() => rows.next());
      note(() => statement.busy);
      note(() => db.exec('DELETE FROM t').open);
    },
    'an exception of a function on the way ends it': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)');
      db.function('f', (a: number) => {
        if (a === 2) throw new RangeError('two');
        return a;
      });
      const rows = db.prepare('SELECT f(a) AS a FROM t').iterate();
      for (let time = 0; time < 4; time++) note(() => rows.next());
      note(() => db.exec('DELETE FROM t').open);
    },
    'functions and tables of the application are called for a row when it is asked for': (side) => {
      filled(side);
      const { db, note } = side;
      const calls: unknown[] = [];
      db.function('f', (a: number) => {
        calls.push(a);
        return a;
      });
      db.table('numbers', {
        columns: ['n'],
        *rows() {
          for (let n = 1; n < 100; n++) {
            calls.push(`row ${n}`);
            yield [n];
          }
        },
      });
      const columns = ['f(a) FROM t', 'a FROM t WHERE f(a) > 2', 'n FROM numbers', 'a, f(1) FROM t'];
      for (const sql of columns.map((rest) => `SELECT ${rest}`)) {
        const rows = db.prepare(sql).iterate();
        for (let time = 0; time < 3; time++) {
          rows.next();
          note(() => calls.splice(0));
        }
        rows.return?.();
        note(() => calls.splice(0));
        note(() => db.prepare(sql).all().length + calls.splice(0).length);
      }
    },
    'in each mode': (side) => {
      filled(side);
      const { db, note } = side;
      note(() => [...db.prepare(`${ALL}, t AS u`).raw().iterate()].length);
      for (const mode of ['pluck', 'raw', 'expand'] as const) note(() => [...db.prepare(ALL)[mode]().iterate()]);
      note(() => [...db.prepare(ALL).safeIntegers().iterate()]);
    },
    'many rows': ({ db, note }) => {
      const counting = db.prepare(
        'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5000) SELECT x FROM c',
      );
      let sum = 0;
      for (const x of counting.pluck().iterate() as Iterable<number>) sum += x;
      note(() => sum);
    },
    'INSERT with RETURNING': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      const rows = db.prepare('INSERT INTO t VALUES (1), (2), (3) RETURNING a').iterate();
      note(() => rows.next());
      note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
      note(() => rows.return?.());
      note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
    },
    'a snapshot: what is written meanwhile in unsafe mode': (side) => {
      filled(side);
      const { db, note } = side;
      db.unsafeMode();
      const seen: unknown[] = [];
      for (const a of db.prepare(`${ALL} WHERE a < 10`).pluck().iterate()) {
        seen.push(a);
        db.prepare('UPDATE t SET a = a + 100 WHERE a = ?').run(a);
      }
      note(() => seen);
      note(() => db.prepare(ALL).pluck().all());
    },
  }),
];

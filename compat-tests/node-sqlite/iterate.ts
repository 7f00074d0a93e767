/** `statement.iterate()`: when rows are computed, what ends an iterator, what two of them do to each other. */
import { rulesOf, type SideCheck } from './side.ts';

const NUMBERS = 'SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3';

export const iterateChecks: readonly SideCheck[] = rulesOf('iterate()', {
  'return() of one that another has taken the place of': ({ db, note }) => {
    db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)');
    const statement = db.prepare('SELECT a FROM t');
    const [one, two] = [statement.iterate(), statement.iterate()];
    note(() => one.next());
    note(() => [two.next(), two.next()]);
    note(() => one.return?.());
    note(() => [two.next(), two.next()]);
    note(() => one.return?.());
    note(() => [two.next(), one.next(), two.return?.(), two.next()]);
    const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
    const [first, second] = [insert.iterate('x', null), insert.iterate(1)];
    note(() => second.next());
    note(() => first.return?.());
    note(() => insert.all(5, 6));
  },
  'row by row': ({ db, note }) => {
    const iterator = db.prepare(NUMBERS).iterate();
    for (let call = 0; call < 6; call++) note(() => iterator.next());
  },
  'with for, spread and Array.from': ({ db, note }) => {
    const statement = db.prepare(NUMBERS);
    note(() => [...statement.iterate()]);
    note(() => Array.from(statement.iterate(), (row) => (row as { a: number }).a));
    note(() => {
      const seen: unknown[] = [];
      for (const row of statement.iterate()) seen.push(row);
      return seen;
    });
  },
  'helpers of iterators': ({ db, note }) => {
    const statement = db.prepare(NUMBERS);
    note(() => {
      const helped = statement.iterate() as unknown as {
        map(call: (row: { a: number }) => number): { toArray(): number[] };
      };
      return helped.map((row) => row.a * 2).toArray();
    });
    note(() => (statement.iterate() as unknown as { take(n: number): { toArray(): unknown[] } }).take(2).toArray());
  },
  'is its own iterable': ({ db, note }) => {
    const iterator = db.prepare(NUMBERS).iterate();
    note(() => iterator[Symbol.iterator]() === iterator);
  },
  'no rows': ({ db, note }) => {
    const iterator = db.prepare('SELECT 1 WHERE 0').iterate();
    note(() => iterator.next());
    note(() => iterator.next());
  },
  'a break ends it': ({ db, note }) => {
    const statement = db.prepare(NUMBERS);
    const iterator = statement.iterate();
    for (const row of iterator) {
      note(() => row);
      break;
    }
    note(() => iterator.next());
  },
  'return()': ({ db, note }) => {
    const iterator = db.prepare(NUMBERS).iterate();
    note(() => iterator.next());
    note(() => iterator.return?.());
    note(() => iterator.next());
    note(() => iterator.return?.(5 as never));
  },
  'any use of the statement ends it': ({ db, note }) => {
    const statement = db.prepare(NUMBERS);
    for (const use of [
      () => statement.get(),
      () => statement.all(),
      () => statement.run(),
      () => statement.iterate(),
      () => statement.columns(),
      () => statement.expandedSQL,
      () => statement.setReadBigInts(false),
    ]) {
      const iterator = statement.iterate();
      note(() => iterator.next());
      note(() => typeof use());
      note(() => iterator.next());
      note(() => iterator.return?.());
    }
  },
  'a use that fails before it starts ends it or not': ({ db, note }) => {
    const statement = db.prepare('SELECT ? AS a UNION ALL SELECT 2');
    const iterator = statement.iterate(1);
    note(() => iterator.next());
    note(() => statement.get(Symbol('s') as never));
    note(() => iterator.next());
  },
  'two of one statement': ({ db, note }) => {
    const statement = db.prepare(NUMBERS);
    const [first, second] = [statement.iterate(), statement.iterate()];
    note(() => first.next());
    note(() => second.next());
    note(() => second.next());
  },
  'two of one text': ({ db, note }) => {
    const [first, second] = [db.prepare(NUMBERS).iterate(), db.prepare(NUMBERS).iterate()];
    for (let call = 0; call < 4; call++) {
      note(() => first.next());
      note(() => second.next());
    }
  },
  'rows are computed when they are asked for': ({ db, note }) => {
    const seen: unknown[] = [];
    db.function('seen', (a: unknown) => {
      seen.push(a);
      return a as number;
    });
    const iterator = db.prepare(`SELECT seen(a) AS a FROM (${NUMBERS})`).iterate();
    note(() => [...seen]);
    note(() => iterator.next());
    note(() => [...seen]);
    note(() => iterator.next());
    note(() => [...seen]);
  },
  'parameters are bound at once': ({ db, note }) => {
    const bytes = new Uint8Array([1, 2]);
    const iterator = db.prepare('SELECT ? AS a, ? AS b').iterate('x', bytes);
    bytes[0] = 9;
    note(() => iterator.next());
  },
  'bad parameters throw at once': ({ db, note }) => {
    note(() => db.prepare('SELECT ?').iterate(1, 2));
    note(() => db.prepare('SELECT ?').iterate({ a: 1 } as never));
  },
  'other statements write meanwhile': ({ db, note }) => {
    db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)');
    const iterator = db.prepare('SELECT a FROM t ORDER BY rowid').iterate();
    note(() => iterator.next());
    note(() => db.prepare('UPDATE t SET a = a + 10').run());
    note(() => db.exec('CREATE TABLE u (a)'));
    note(() => db.prepare('SELECT a FROM t').all());
    note(() => iterator.return?.());
    note(() => db.exec('DROP TABLE t'));
  },
  'in a transaction that is committed': ({ db, note }) => {
    db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2); BEGIN');
    const iterator = db.prepare('SELECT a FROM t').iterate();
    note(() => iterator.next());
    note(() => db.exec('COMMIT'));
    note(() => db.isTransaction);
    note(() => iterator.next());
    note(() => iterator.next());
  },
  'in a transaction that is rolled back': ({ db, note }) => {
    db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2); BEGIN; INSERT INTO t VALUES (3)');
    const iterator = db.prepare('SELECT a FROM t').iterate();
    note(() => iterator.next());
    note(() => db.exec('ROLLBACK'));
    note(() => iterator.next());
  },
  'of a change with RETURNING': ({ db, note }) => {
    db.exec('CREATE TABLE t (a)');
    const iterator = db.prepare('INSERT INTO t VALUES (1), (2) RETURNING a').iterate();
    note(() => db.prepare('SELECT count(*) AS n FROM t').get());
    note(() => iterator.next());
    note(() => iterator.next());
    note(() => iterator.next());
    note(() => db.prepare('SELECT count(*) AS n FROM t').get());
  },
  'of a change without rows': ({ db, note }) => {
    db.exec('CREATE TABLE t (a)');
    const iterator = db.prepare('INSERT INTO t VALUES (1)').iterate();
    note(() => iterator.next());
    note(() => db.prepare('SELECT count(*) AS n FROM t').get());
    note(() => iterator.next());
    note(() => db.prepare('SELECT count(*) AS n FROM t').get());
  },
  'after an error': ({ db, note }) => {
    const rows = 'SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3';
    const iterator = db.prepare(`SELECT CASE a WHEN 2 THEN json('x') ELSE a END AS a FROM (${rows})`).iterate();
    note(() => iterator.next());
    note(() => iterator.next());
    note(() => iterator.next());
  },
  'what failed fails again when the statement is reset': ({ db, note }) => {
    const fail = (): never => {
      throw new RangeError('mine');
    };
    db.function('fail', fail);
    db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)');
    for (const sql of ["SELECT json('x')", 'INSERT INTO t VALUES (1)', 'SELECT fail()', 'CREATE TABLE t (a)', 'COMMIT']) {
      const statement = note(() => db.prepare(sql));
      if (statement === undefined) continue;
      for (const call of ['get', 'all', 'run', 'iterate'] as const) {
        const iterator = statement.iterate();
        note(() => iterator.next());
        note(() => iterator.next());
        note(() => db.prepare('SELECT 1 AS a').get());
        note(() => typeof statement[call]());
        note(() => typeof statement[call]());
      }
      const iterator = statement.iterate();
      note(() => iterator.next());
      note(() => iterator.return?.());
      note(() => typeof statement.iterate());
    }
  },
  'after a value that no number holds': ({ db, note }) => {
    db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (9007199254740993), (3)');
    const statement = db.prepare('SELECT a FROM t');
    const iterator = statement.iterate();
    note(() => iterator.next());
    note(() => iterator.next());
    note(() => db.exec('DROP TABLE t'));
    note(() => iterator.next());
    note(() => iterator.next());
    note(() => iterator.next());
    note(() => statement.all());
    note(() => db.exec('ALTER TABLE t ADD COLUMN b'));
    note(() => db.prepare('SELECT a FROM t WHERE a > 5').get());
    note(() => db.exec('DROP TABLE t'));
  },
  'the statement lives as long as its iterator': ({ db, note }) => {
    let statement: ReturnType<typeof db.prepare> | undefined = db.prepare(NUMBERS);
    const iterator = statement.iterate();
    statement = undefined;
    note(() => iterator.next());
  },
  'the records have no prototype': ({ db, note }) => {
    note(() => Object.getPrototypeOf(db.prepare(NUMBERS).iterate().next()));
  },
});

/** JavaScript that SQL calls and that uses the database it is called from: statements within statements. */
import { inOtherStores, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const SCHEMA =
  'CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 1), (2, 2), (3, 3);' +
  'CREATE TABLE log (m); CREATE INDEX tb ON t (b)';

/** What an outer statement does with a function `x` that returns its argument. */
const OUTER = [
  'SELECT a, x(a) FROM t',
  'INSERT INTO log SELECT x(a) FROM t',
  'UPDATE t SET b = x(a)',
  'DELETE FROM t WHERE x(a) > 1',
];

/** What the function does once, within the second row. */
const INNER = [
  'SELECT 1',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT x',
  'RELEASE x',
  'ROLLBACK TO x',
  'CREATE TABLE n (a)',
  'CREATE VIEW n AS SELECT 1',
  'CREATE TRIGGER n AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (new.b); END',
  'DROP TABLE log',
  'DROP INDEX tb',
  'ALTER TABLE t ADD COLUMN z DEFAULT 7',
  'ALTER TABLE log RENAME TO logs',
  'ALTER TABLE t DROP COLUMN b',
  'VACUUM',
  'PRAGMA user_version = 3',
  'PRAGMA synchronous = OFF',
  'PRAGMA journal_mode = PERSIST',
  'PRAGMA integrity_check',
  'PRAGMA wal_checkpoint',
  "ATTACH ':memory:' AS other",
  'INSERT INTO log VALUES (9), (9)',
  'INSERT INTO t VALUES (7, 7)',
  'INSERT INTO t VALUES (1, 1)',
  'INSERT OR REPLACE INTO t VALUES (1, 8)',
  'INSERT OR ROLLBACK INTO t VALUES (1, 1)',
  'UPDATE log SET m = 5',
  'no SQL',
];

const state = ({ db, note }: Pick<Side, 'db' | 'note'>): void => {
  note(() => db.isTransaction);
  if (db.isTransaction) note(() => db.exec('COMMIT'));
  note(() => db.prepare('SELECT * FROM t').all());
  note(() => db.prepare('SELECT name FROM sqlite_schema').all());
  note(() => db.prepare('PRAGMA integrity_check').all());
  note(() => db.prepare('SELECT changes(), total_changes(), last_insert_rowid()').get());
};

function runWithin({ db, note }: Pick<Side, 'db' | 'note'>, outer: string, inner: string, begins: string): void {
  db.exec(SCHEMA);
  let calls = 0;
  db.function('x', (value: unknown) => {
    calls++;
    if (calls === 2) note(() => db.exec(inner));
    return value;
  });
  if (begins !== '') db.exec(begins);
  note(() => db.prepare(outer).all());
  state({ db, note });
}

const within = (beginnings: readonly string[]): readonly SideCheck[] =>
  INNER.flatMap((inner) =>
    rulesOf('function()', {
      [`it executes ${inner}`]: (side) => {
        for (const outer of OUTER) {
          for (const begins of beginnings) {
            runWithin({ ...side, db: side.open() }, outer, inner, begins);
          }
        }
      },
    }),
  );

const one = (db: Side['db'], sql: string, ...values: readonly number[]): number =>
  (db.prepare(sql).get(...values) as { readonly v: number }).v;

/** Makes SQLite compile every statement anew, but for those that run: see the rule for DELETE. */
const EXPIRING = [
  'ANALYZE',
  'ANALYZE t',
  'PRAGMA optimize',
  'PRAGMA foreign_keys = OFF',
  'PRAGMA recursive_triggers = ON',
  'PRAGMA writable_schema = ON',
  'CREATE TEMP TABLE n (a)',
];

const expiring = EXPIRING.flatMap((inner) =>
  rulesOf('function()', {
    [`it executes ${inner}`]: (side) => {
      for (const outer of OUTER) if (!outer.startsWith('DELETE')) runWithin({ ...side, db: side.open() }, outer, inner, '');
    },
  }),
);

/** What SQLite opens with the table, or behind its first row. */
const BESIDE = [
  '',
  'CREATE INDEX tb ON t (b)',
  'CREATE TRIGGER tr AFTER DELETE ON t BEGIN SELECT 1; END',
  'CREATE INDEX tb ON t (b); CREATE TRIGGER tr AFTER UPDATE ON t BEGIN SELECT 1; END',
];

const FINDING = [
  'DELETE FROM t WHERE x(a) > 1',
  'DELETE FROM t WHERE x(a) > 0',
  'DELETE FROM t WHERE x(a) > 9',
  'DELETE FROM t WHERE x(a) > 1 AND b > 0',
  'DELETE FROM t WHERE x(a) > 1 RETURNING a',
  'DELETE FROM t WHERE a IN (SELECT a FROM t WHERE x(a) > 1)',
  'DELETE FROM t WHERE x(a) > 1 AND a IN (SELECT 2)',
  'UPDATE t SET b = b + 1 WHERE x(a) > 1',
  'UPDATE t SET b = b + 1 WHERE x(a) > 9',
  'UPDATE t SET b = b + 1 WHERE x(a) > 1 AND b > 0',
  'UPDATE t SET a = a + 10 WHERE x(a) > 1',
];

/** They look, for each row, at a table of which rows may have been changed before. */
const LOOKING = [
  'DELETE FROM t WHERE c() = 3',
  'DELETE FROM t WHERE c() > 1',
  'DELETE FROM t WHERE b >= 0 AND c() = 3',
  'DELETE FROM t WHERE b > 1 AND c() = 3',
  'DELETE FROM t WHERE a = 2 AND c() = 3',
  'DELETE FROM t WHERE a < 3 AND c() = 3',
  'DELETE FROM t WHERE c() = 3 RETURNING a',
  'DELETE FROM t WHERE a IN (SELECT a FROM t WHERE c() = 3)',
  'DELETE FROM t WHERE EXISTS (SELECT 1 FROM log) AND c() = 3',
  'DELETE FROM t WHERE (a = 1 OR b = 3) AND c() = 3',
  'UPDATE t SET b = 9 WHERE s() < 10',
  'UPDATE t SET b = c() WHERE s() < 7',
  'UPDATE t SET b = s()',
  'UPDATE t SET b = s() WHERE b > 0',
  'UPDATE t SET a = a + 10 WHERE c() = 3',
  'UPDATE t SET a = a + c()',
  'UPDATE OR REPLACE t SET b = 4 WHERE c() = 3',
  'UPDATE t SET b = s() WHERE a IN (SELECT a FROM t)',
  'UPDATE t SET b = (SELECT sum(b) FROM t) + s()',
  'UPDATE t SET b = s() FROM log WHERE m = a',
  'UPDATE t SET (b, a) = (SELECT s(), a)',
  'INSERT INTO t SELECT a + 10, c() FROM t WHERE c() < 5',
  'INSERT INTO t SELECT a + 10, c() FROM log, t',
  'INSERT INTO t VALUES (20, c()), (21, c()), (22, s())',
  'DELETE FROM log WHERE l() = 2',
  'DELETE FROM log WHERE m > 0 AND l() = 2',
  'DELETE FROM w WHERE n() = 3',
  "DELETE FROM w WHERE k > 'a' AND n() = 3",
  'UPDATE w SET v = n()',
  'UPDATE w SET v = 9 WHERE v() < 9',
  'UPDATE w SET k = k || v()',
];

const looking = LOOKING.flatMap((sql) =>
  rulesOf('function()', {
    [`it looks at what is being written by ${sql}`]: ({ open, note }) => {
      for (const more of ['SELECT 1', 'CREATE INDEX lm ON log (m); CREATE INDEX wv ON w (v)', 'PRAGMA recursive_triggers = ON']) {
        const db = open();
        db.exec(`${SCHEMA}; INSERT INTO log VALUES (1), (2); CREATE TABLE w (k PRIMARY KEY, v) WITHOUT ROWID;
          INSERT INTO w VALUES ('a', 1), ('b', 2), ('c', 3); ${more}`);
        db.function('c', () => one(db, 'SELECT count(*) AS v FROM t'));
        db.function('s', () => one(db, 'SELECT sum(b) AS v FROM t'));
        db.function('l', () => one(db, 'SELECT count(*) AS v FROM log'));
        db.function('n', () => one(db, 'SELECT count(*) AS v FROM w'));
        db.function('v', () => one(db, 'SELECT sum(v) AS v FROM w'));
        note(() => db.prepare(sql).all());
        for (const table of ['t', 'log', 'w']) note(() => db.prepare(`SELECT * FROM ${table}`).all());
        note(() => db.prepare('PRAGMA integrity_check').all());
      }
    },
  }),
);

function makeIndexWithin({ db, note }: Pick<Side, 'db' | 'note'>, sql: string, outer: string): void {
  db.exec(SCHEMA);
  db.function('x', (value: number) => {
    if (value === 2) note(() => db.exec(sql));
    return value;
  });
  note(() => db.exec(outer));
  note(() => db.prepare('PRAGMA integrity_check').all());
  note(() => db.prepare('SELECT * FROM t').all());
}

function changeWhatIsRead({ open, note }: Side, sql: string): void {
  for (const written of ['UPDATE t SET b = b + 100 WHERE a = ?', 'DELETE FROM t WHERE a = ?']) {
    const db = open();
    db.exec(SCHEMA);
    db.function('x', (value: number) => {
      db.prepare(written).run(value);
      return value;
    });
    note(() => db.prepare(sql).all());
    for (const table of ['t', 'log']) note(() => db.prepare(`SELECT * FROM ${table}`).all());
  }
}

const others: readonly SideCheck[] = [
  ...expiring,
  ...looking,
  ...rulesOf('function()', {
    'it reads and writes': ({ db, note }) => {
      db.exec(SCHEMA);
      db.function('total', () => one(db, 'SELECT sum(b) AS v FROM t'));
      db.function('noted', (value: unknown) => {
        db.prepare('INSERT INTO log VALUES (?)').run(wrong(value));
        return wrong(value);
      });
      note(() => db.prepare('SELECT total() AS v, noted(7) AS w').get());
      note(() => db.prepare('SELECT a, noted(b) AS v FROM t').all());
      note(() => db.prepare('UPDATE t SET b = total()').run());
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.prepare('INSERT INTO t VALUES (10, total()), (11, total())').run());
      note(() => db.prepare('INSERT INTO t SELECT a + 20, noted(total()) FROM t').run());
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.prepare('SELECT * FROM log').all());
      note(() => db.prepare('SELECT a FROM t ORDER BY noted(b) DESC LIMIT 2').all());
      note(() => db.prepare('SELECT noted(b) AS v, count(*) AS n FROM t GROUP BY 1').all());
      note(() => db.prepare('SELECT count(*) AS n FROM log').get());
    },
    'it calls itself': ({ db, note }) => {
      db.function('factorial', (n: number) => (n <= 1 ? 1 : n * one(db, 'SELECT factorial(?) AS v', n - 1)));
      note(() => one(db, 'SELECT factorial(15) AS v'));
      db.function('endless', (n: number) => one(db, 'SELECT endless(?) AS v', n + 1));
      note(() => one(db, 'SELECT endless(1) AS v'));
      note(() => one(db, 'SELECT factorial(3) AS v'));
    },
    'it throws within': ({ db, note }) => {
      db.function('fails', () => {
        throw new RangeError('mine');
      });
      db.function('passes', () => one(db, 'SELECT fails() AS v'));
      db.function('catches', () => {
        try {
          return one(db, 'SELECT fails() AS v');
        } catch (error) {
          return (error as Error).message;
        }
      });
      note(() => db.prepare('SELECT passes() AS v').get());
      note(() => db.prepare('SELECT catches() AS v').get());
      note(() => db.prepare('SELECT catches() AS v, passes() AS w').get());
    },
    'what it wrote when the outer statement fails': ({ db, note }) => {
      db.exec(SCHEMA);
      db.function('fails', (value: number) => {
        db.exec('INSERT INTO log VALUES (1)');
        if (value > 2) throw new Error('mine');
        return value;
      });
      const logged = () => note(() => db.prepare('SELECT count(*) AS n FROM log').get());
      for (const begins of ['SELECT 1', 'BEGIN']) {
        for (const sql of [
          'UPDATE t SET b = fails(a)',
          'INSERT INTO t SELECT a + 10, fails(a) FROM t',
          'SELECT fails(a) FROM t',
        ]) {
          db.exec(begins);
          note(() => db.prepare(sql).all());
          logged();
          if (db.isTransaction) db.exec('ROLLBACK');
          logged();
        }
      }
      note(() => db.prepare('SELECT * FROM t').all());
    },
    'it makes an index of another table than is being written': ({ open, note }) => {
      for (const outer of OUTER) {
        if (!outer.includes('log')) makeIndexWithin({ note, db: open() }, 'CREATE INDEX i ON log (m)', outer);
      }
      makeIndexWithin({ note, db: open() }, 'REINDEX tb', 'INSERT INTO log SELECT x(a) FROM t');
    },
    'it changes what is being read': ({ open, note }) => {
      const run = (written: string, read: string): void => {
        const db = open();
        db.exec(SCHEMA);
        db.function('x', (value: number) => {
          db.prepare(written).run(value);
          return value;
        });
        note(() => db.prepare(read).all());
        note(() => db.prepare('SELECT * FROM t').all());
      };
      run('INSERT OR IGNORE INTO t VALUES (?1 + 10, ?1)', 'SELECT a, x(a) FROM t LIMIT 8');
      run('INSERT OR IGNORE INTO t VALUES (?1 - 10, ?1)', 'SELECT a, x(a) FROM t ORDER BY a DESC LIMIT 8');
      run('DELETE FROM t WHERE a = ?1 + 1', 'SELECT x(a) AS v FROM t');
      run('DELETE FROM t WHERE a > ?1', 'SELECT x(a) AS v FROM t');
      run('UPDATE t SET b = b + 100 WHERE a > ?1', 'SELECT x(a) AS v FROM t');
      run('UPDATE t SET b = b + 100 WHERE a = ?1 + 1', 'SELECT a, b FROM t WHERE x(a) > 0');
      run('DELETE FROM t WHERE b = ?1 + 1', 'SELECT x(b) AS v FROM t WHERE b > 0 ORDER BY b');
    },
    'it changes the row that is being changed': ({ open, note }) => {
      const run = (written: string, sql: string): void => {
        const db = open();
        db.exec(`${SCHEMA}; ALTER TABLE t ADD COLUMN c DEFAULT 0; CREATE INDEX tc ON t (c)`);
        db.function('x', (value: number) => {
          db.prepare(written).run(value);
          return value * 7;
        });
        note(() => db.prepare(sql).run());
        note(() => db.prepare('SELECT * FROM t').all());
        note(() => db.prepare('PRAGMA integrity_check').all());
      };
      run('UPDATE t SET b = b + 100 WHERE a = ?', 'UPDATE t SET b = x(a)');
      run('UPDATE t SET c = c + 100 WHERE a = ?', 'UPDATE t SET b = x(a)');
      run('UPDATE t SET c = c + 100 WHERE a = ?', 'UPDATE t SET b = x(a) WHERE a = 2');
      run('UPDATE t SET c = c + 100 WHERE a = ? + 1', 'UPDATE t SET b = x(a)');
      run('DELETE FROM t WHERE a = ? + 1', 'UPDATE t SET b = x(a)');
      run('INSERT OR IGNORE INTO t VALUES (?1 + 10, ?1, 5)', 'INSERT INTO t SELECT a + 20, x(a), 1 FROM t WHERE a < 4');
    },
    'it expires a DELETE that has come to its first row': ({ open, note }) => {
      for (const inner of EXPIRING) runWithin({ note, db: open() }, 'DELETE FROM t WHERE x(a) > 0', inner, '');
    },
    'it expires a DELETE that has not come to its first row': ({ open, note }) => {
      for (const inner of EXPIRING) runWithin({ note, db: open() }, 'DELETE FROM t WHERE x(a) > 1', inner, '');
    },
    'it expires what finds its rows by it': ({ open, note }) => {
      for (const beside of BESIDE) {
        for (const sql of FINDING) {
          for (const inner of ['ANALYZE', 'PRAGMA foreign_keys = OFF', 'CREATE TEMP TABLE n (a)', 'CREATE TABLE n (a)']) {
            const db = open();
            db.exec(`${SCHEMA}; DROP INDEX tb; ${beside}`);
            let calls = 0;
            db.function('x', (value: unknown) => {
              calls++;
              if (calls === 2) db.exec(inner);
              return wrong(value);
            });
            note(() => db.prepare(sql).all());
            note(() => db.prepare('SELECT * FROM t').all());
          }
        }
      }
    },
    'it changes the row whose columns are read': (side) => {
      for (const sql of [
        'SELECT x(a) AS v, b FROM t',
        'SELECT b AS w, x(a) AS v, b FROM t',
        'SELECT b AS w, x(a) AS v, b FROM t WHERE a < 3 ORDER BY a DESC',
        'SELECT a FROM t NOT INDEXED WHERE x(a) AND b < 100',
        'INSERT INTO log SELECT x(a) + b FROM t',
        'SELECT b + x(a) * 0 + b AS v FROM t',
        "SELECT b || x(a) || b AS v, b < x(a) * 0 + b AS w, printf('%d %d', b, x(a)) AS z FROM t",
        'SELECT sum(b + x(a) * 0 + b) AS v FROM t',
        'SELECT x(t.a) AS v, t.b, u.b AS w FROM t, t AS u WHERE u.a = t.a',
      ]) {
        changeWhatIsRead(side, sql);
      }
    },
    'it changes the row beside other arguments': (side) => {
      for (const sql of [
        "SELECT printf('%d %d %d %d', b, x(a), b, a) AS v FROM t",
        'SELECT max(b, x(a), b) AS v, min(x(a), b) AS w FROM t',
        'SELECT json_array(b, b + 0, x(a), b, x(a), rowid) AS v FROM t',
        "SELECT json_object('b', b, 'x', x(a), 'c', b, 'd', json(json_array(b, x(a)))) AS v FROM t",
        'SELECT x(a) LIKE b AS v, b LIKE x(a) AS w, b || x(a) GLOB b AS z FROM t',
        "SELECT replace(b, (SELECT x(a)), 'z') AS v, instr(+b, (SELECT max(x(a)) FROM log)) AS w FROM t",
        'SELECT coalesce(NULL, b, x(a)) AS v, ifnull(x(a), b) AS w, iif(b < x(a), b, x(a)) AS z FROM t',
        'SELECT group_concat(b, x(a)) AS v, json_group_object(b, x(a)) AS w FROM t WHERE a < 3',
        'SELECT b BETWEEN x(a) * 0 AND b + x(a) AS v, b IN (x(a), b, 3) AS w, (b, b) = (x(a), b) AS z FROM t',
        'SELECT CASE b WHEN x(a) + 0 THEN b ELSE -b END AS v, CASE WHEN b = x(a) THEN b END AS w FROM t',
        "SELECT a FROM t NOT INDEXED WHERE printf('%d %d', b, x(a)) = a || ' ' || a",
        "SELECT a FROM t ORDER BY printf('%d %d', b, x(a)) DESC",
        "INSERT INTO log SELECT printf('%d %d', b, x(a)) FROM t",
        "SELECT printf('%d %d', v, w) AS v FROM (SELECT b AS v, x(a) AS w FROM t)",
      ]) {
        changeWhatIsRead(side, sql);
      }
    },
    'it counts changes': ({ db, note }) => {
      db.exec(SCHEMA);
      db.function('x', (value: unknown) => {
        note(() => db.prepare('INSERT INTO log VALUES (1), (2)').run());
        return wrong(value);
      });
      note(() => db.prepare('UPDATE t SET b = x(b)').run());
      note(() => db.prepare('SELECT x(1)').run());
      note(() => db.prepare('SELECT x(1), changes(), total_changes(), last_insert_rowid()').get());
    },
    'it iterates': ({ db, note }) => {
      db.exec(SCHEMA);
      const rows = db.prepare('SELECT a FROM t').iterate();
      db.function('next', () => (rows.next().value as { a: number } | undefined)?.a ?? -1);
      db.function('sum', (limit: number) => {
        let sum = 0;
        for (const row of db.prepare('SELECT a FROM t').iterate()) {
          sum += (row as { a: number }).a;
          if (sum > limit) break;
        }
        return sum;
      });
      note(() => db.prepare('SELECT next() AS v, sum(a) AS s FROM t').all());
      note(() => rows.next());
      note(() => db.prepare('SELECT sum(2) AS v').get());
    },
    'it asks for wide values and parameters': ({ db, note }) => {
      const long = 'ä'.repeat(10_000);
      db.function('wide', (value: unknown) => (db.prepare('SELECT ? || ? AS v').get(wrong(value), long) as { v: string }).v);
      note(() => (db.prepare('SELECT wide(?) AS v, ? AS w').get(long, long) as { v: string }).v.length);
      const columns = Array.from({ length: 1500 }, (_, index) => `${index} AS c${index}`).join();
      db.function('many', () => Object.keys(db.prepare(`SELECT ${columns}`).get() as object).length);
      note(() => db.prepare('SELECT many() AS v').get());
      db.function(
        'rows',
        () => db.prepare('WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n').all().length,
      );
      note(() => db.prepare('SELECT rows() AS v, rows() AS w').all());
    },
    'triggers, checks, generated columns and defaults call it': ({ db, note }) => {
      db.exec(SCHEMA);
      db.function('noted', { deterministic: true }, (value: unknown) => {
        db.prepare('INSERT INTO log VALUES (?)').run(wrong(value));
        return 1;
      });
      db.exec(
        'CREATE TABLE k (a CHECK (noted(a))); CREATE TABLE g (a, b AS (noted(a)) STORED); CREATE TABLE d (a, b DEFAULT (noted(5)));' +
          'CREATE TABLE r (a); CREATE TRIGGER ra AFTER INSERT ON r BEGIN SELECT noted(new.a); END;' +
          'CREATE TRIGGER rb BEFORE UPDATE ON r BEGIN INSERT INTO log SELECT noted(old.a); END',
      );
      for (const table of ['k', 'g', 'd', 'r']) {
        note(() => db.prepare(`INSERT INTO ${table} (a) VALUES (1), (2)`).run());
        note(() => db.prepare(`UPDATE ${table} SET a = a + 1`).run());
        note(() => db.prepare('SELECT count(*) AS n FROM log').get());
      }
    },
    'what the database can do meanwhile': ({ db, note }) => {
      db.exec(SCHEMA);
      let statement: ReturnType<typeof db.prepare> | undefined;
      const uses: readonly (() => unknown)[] = [
        () => statement?.get(),
        () => statement?.all(),
        () => statement?.run(),
        () => statement?.iterate().next(),
        () => statement?.sourceSQL,
        () => statement?.expandedSQL,
        () => statement?.columns(),
        () => db.function('other', () => 2),
        () => db.function('x', (_value: unknown) => 2),
        () => db.aggregate('others', { start: 0, step: () => 1 }),
        () => db.setAuthorizer(() => 0),
        () => db.setAuthorizer(null),
        () => db.location(),
        () => db.isTransaction,
        () => db.serialize().length > 0,
        () => db.deserialize(db.serialize()),
        () => db.createTagStore().get`SELECT 5 AS v`,
        () => {
          const session = db.createSession();
          db.exec('INSERT INTO t VALUES (50, 50)');
          const changes = session.changeset();
          session.close();
          db.exec('DELETE FROM t WHERE a = 50');
          return [changes.length, db.applyChangeset(changes)];
        },
        () => db.close(),
      ];
      for (const use of uses) {
        let isFirst = true;
        db.function('x', (value: unknown) => {
          if (isFirst) {
            isFirst = false;
            note(use);
          }
          return wrong(value);
        });
        statement = db.prepare('SELECT x(a) AS v FROM t');
        note(() => statement?.all());
      }
    },
  }),
  ...rulesOf('aggregate()', {
    'it uses the database': ({ db, note }) => {
      db.exec(SCHEMA);
      const read = (value: unknown): number => (db.prepare('SELECT ? AS v').get(wrong(value)) as { v: number }).v;
      db.aggregate('summed', {
        start: () => read(5),
        step: (total: unknown, value: unknown) => {
          db.exec('INSERT INTO log VALUES (1)');
          return read(total) + read(value);
        },
        inverse: (total: unknown, value: unknown) => read(total) - read(value),
        result: (total: unknown) => read(total) * 100,
      });
      note(() => db.prepare('SELECT summed(a) AS v FROM t').get());
      note(() => db.prepare('SELECT b % 2 AS k, summed(a) AS v FROM t GROUP BY 1').all());
      note(() => db.prepare('SELECT summed(a) OVER (ORDER BY a ROWS 1 PRECEDING) AS v FROM t').all());
      note(() => db.prepare('SELECT count(*) AS n FROM log').get());
      note(() => db.prepare('INSERT INTO t SELECT 9, summed(a) FROM t').run());
      note(() => db.prepare('SELECT * FROM t').all());
    },
  }),
  ...rulesOf('createModule()', {
    'it uses the database': ({ db, note }) => {
      db.exec(SCHEMA);
      db.createModule('m', {
        columns: [{ name: 'v', type: 'INTEGER' }],
        *rows() {
          for (const row of db.prepare('SELECT a FROM t').iterate()) {
            db.prepare('INSERT INTO log VALUES (?)').run((row as { a: number }).a);
            yield [(row as { a: number }).a];
          }
        },
      });
      note(() => db.prepare('SELECT * FROM m').all());
      note(() => db.prepare('SELECT v FROM m, t WHERE v = a').all());
      note(() => db.prepare('INSERT INTO log SELECT v + 10 FROM m').run());
      note(() => db.prepare('SELECT * FROM log').all());
    },
  }),
  ...rulesOf('applyChangeset()', {
    'its functions use the database': ({ db, open, note }) => {
      db.exec(SCHEMA);
      const session = db.createSession();
      db.exec('INSERT INTO t VALUES (50, 50); UPDATE t SET b = 9 WHERE a = 1');
      const changes = session.changeset();
      session.close();
      const other = open();
      other.exec(`${SCHEMA}; INSERT INTO t VALUES (50, 1)`);
      const look = () => note(() => other.prepare('SELECT count(*) AS n, sum(b) AS s FROM t').get());
      const filter = (): boolean => {
        look();
        note(() => other.exec('INSERT INTO log VALUES (1)'));
        return true;
      };
      const onConflict = (): number => {
        look();
        note(() => other.exec('INSERT INTO log VALUES (2)'));
        return 0;
      };
      note(() => other.applyChangeset(changes, { filter, onConflict }));
      look();
      note(() => other.prepare('SELECT * FROM log').all());
    },
  }),
  ...rulesOf('iterate()', {
    'what is written meanwhile is read': ({ open, note }) => {
      const run = (sql: string, written: string): void => {
        const db = open();
        db.exec(`${SCHEMA}; CREATE TABLE w (k PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO w VALUES ('a', 1), ('b', 2), ('c', 3)`);
        const seen: unknown[] = [];
        for (const row of db.prepare(sql).iterate()) {
          if (seen.push(row) < 3) db.exec(written);
        }
        note(() => seen);
      };
      run('SELECT a, b FROM t', 'INSERT INTO t SELECT max(a) + 10, 1 FROM t');
      run('SELECT a, b FROM t', 'DELETE FROM t WHERE a = 2');
      run('SELECT a, b FROM t', 'DELETE FROM t');
      run('SELECT a, b FROM t', 'UPDATE t SET b = b + 1');
      run('SELECT a, b FROM t ORDER BY a DESC', 'DELETE FROM t WHERE a = 1');
      run('SELECT a FROM t ORDER BY b', 'DELETE FROM t WHERE a = 2');
      run('SELECT k, v FROM w', "INSERT OR IGNORE INTO w VALUES ('z', 1)");
      run('SELECT k, v FROM w', "DELETE FROM w WHERE k = 'b'");
      run('SELECT a, (SELECT count(*) FROM log WHERE m <> t.a) AS c FROM t', 'INSERT INTO log VALUES (9)');
      run('SELECT a, (SELECT count(*) FROM log) AS c FROM t', 'INSERT INTO log VALUES (9)');
      run('SELECT t.a, l.m FROM t LEFT JOIN log AS l', 'INSERT INTO log VALUES (9)');
      run('SELECT a FROM t WHERE a IN (SELECT b FROM t)', 'DELETE FROM t WHERE a = 3');
      run('SELECT a FROM t', 'BEGIN; INSERT INTO t VALUES (99, 1); ROLLBACK');
      run('SELECT a, (SELECT count(*) FROM log WHERE m <> t.a) AS c FROM t', 'BEGIN; INSERT INTO log VALUES (9); ROLLBACK');
    },
  }),
];

/** Differences by design, the same in every store. */
const differing: readonly SideCheck[] = rulesOf('function()', {
  'it deletes the row that is being written': ({ open, note }) => {
    for (const sql of [
      'DELETE FROM t WHERE x(a) > 0',
      'DELETE FROM t WHERE x(a) > 0 AND b > 0',
      'DELETE FROM t WHERE b + x(a) > 0',
      'UPDATE t SET b = x(a)',
      'UPDATE t SET b = b + x(a)',
      'UPDATE t SET b = b WHERE x(a) > 0',
    ]) {
      const db = open();
      db.exec(SCHEMA);
      db.function('x', (value: number) => {
        db.prepare('DELETE FROM t WHERE a = ?').run(value);
        return value;
      });
      note(() => db.prepare(sql).run());
      note(() => db.prepare('SELECT * FROM t').all());
    }
  },
  'it deletes all that is being written': ({ open, note }) => {
    for (const sql of ['UPDATE t SET b = x(a)', 'DELETE FROM t WHERE x(a) > 1', 'INSERT INTO t SELECT a + 10, x(a) FROM t']) {
      const db = open();
      runWithin({ note, db }, sql, 'DELETE FROM t', '');
    }
  },
  'it changes the row whose columns are read from an index': (side) => {
    for (const sql of ['SELECT a FROM t WHERE x(a) AND b < 100', 'SELECT x(b) AS v, a, b FROM t WHERE b > 0']) {
      changeWhatIsRead(side, sql);
    }
  },
  'it makes an index of what is being written': ({ open, note }) => {
    for (const sql of ['CREATE INDEX i ON t (b)', 'REINDEX', 'REINDEX tb']) {
      makeIndexWithin({ note, db: open() }, sql, 'UPDATE t SET b = x(a)');
    }
  },
  'an index calls it': ({ db, note }) => {
    db.exec(SCHEMA);
    db.function('noted', { deterministic: true }, (value: number) => {
      db.prepare('INSERT INTO log VALUES (?)').run(value);
      return value;
    });
    note(() => db.exec('CREATE INDEX i ON t (noted(a))'));
    note(() => db.exec('INSERT INTO t VALUES (8, 8)'));
    note(() => db.prepare('SELECT count(*) AS n FROM log').get());
  },
});

export const reentryChecks: readonly SideCheck[] = [
  ...within(['', 'BEGIN', 'SAVEPOINT x']),
  ...others,
  ...differing,
  ...inOtherStores([...within(['']), ...others]),
];

/** Statements of one text share what is prepared, and nobody can tell. */
import { expect, test } from 'vitest';
import { contract, SUBJECT } from './testing/contract.ts';

contract('modes, values and iterators are each statement’s own', ({ db, note }) => {
  const text = 'SELECT ? AS a, 2 AS b';
  const [one, two, three] = [db.prepare(text), db.prepare(text).raw(), db.prepare(text).safeIntegers()];
  note(() => [one.get(1), two.get(1), three.get(1), one.get(1)]);
  note(() => two.bind('mine') === two);
  note(() => one.get());
  note(() => [one.get('x'), two.get(), three.all('y'), two.all(), String(two), String(one)]);
  const iterator = one.iterate('slow');
  note(() => [two.busy, one.busy]);
  note(() => [iterator.next(), two.get(), three.get(5), db.prepare(text).get(6), iterator.next()]);
  note(() => db.prepare(text).bind(7).get());
  note(() => db.prepare(text).get(8));
  note(() => db.prepare(text).get());
});

contract('a changed schema is seen by the next prepare', ({ db, note }) => {
  const text = 'SELECT * FROM t';
  note(() => db.prepare(text).all());
  db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  note(() => db.prepare(text).all());
  const kept = db.prepare(text);
  db.exec('ALTER TABLE t ADD COLUMN b DEFAULT 2');
  note(() => db.prepare(text).columns().length);
  note(() => db.prepare(text).all());
  note(() => kept.all());
  db.exec('DROP TABLE t');
  note(() => db.prepare(text));
  note(() => db.prepare(text).all());
  note(() => kept.all());
  db.exec('CREATE VIEW t AS SELECT 5 AS five');
  note(() => db.prepare(text).all());
  note(() => kept.all());
  db.exec('BEGIN; DROP VIEW t; CREATE TABLE t(x)');
  note(() => db.prepare(text).columns());
  db.exec('ROLLBACK');
  note(() => db.prepare(text).columns().length);
});

contract('a changed schema is seen across connections', ({ Database, folder, note }) => {
  const [one, two] = [new Database(`${folder}/a`), new Database(`${folder}/a`)];
  one.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  note(() => two.prepare('SELECT * FROM t').all());
  one.exec('ALTER TABLE t ADD COLUMN b DEFAULT 2');
  note(() => two.prepare('SELECT * FROM t').all());
  one.exec('DROP TABLE t');
  note(() => two.prepare('SELECT * FROM t').all());
  one.close();
  two.close();
});

contract('writers prepared again and again', ({ db, note }) => {
  db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, v)');
  for (let n = 0; n < 300; n++) note(() => db.prepare('INSERT INTO t(v) VALUES (?)').run(n));
  for (let n = 0; n < 300; n++) note(() => db.prepare(`SELECT v FROM t WHERE id = ${n}`).get());
  for (let n = 0; n < 300; n++) note(() => db.prepare(`SELECT v FROM t WHERE id = ${n}`).all());
});

contract('a statement that is kept works on, however many texts are prepared meanwhile', ({ db, note }) => {
  db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, 10), (2, 20)');
  const kept = {
    get: db.prepare('SELECT * FROM t WHERE id = ?'),
    twin: db.prepare('SELECT * FROM t WHERE id = ?').raw(),
    named: db.prepare('SELECT v + $more AS sum FROM t WHERE id = :id').pluck(),
    run: db.prepare('INSERT INTO t(v) VALUES (?)'),
    bound: db.prepare('SELECT v FROM t WHERE id = ?').bind(2),
    rows: db.prepare('SELECT id FROM t'),
    described: db.prepare('SELECT id, v AS value FROM t'),
    late: db.prepare('SELECT count(*) AS n FROM t WHERE v > ?'),
  };
  const prepareOthers = (): void => {
    for (let n = 0; n < 400; n++) db.prepare(`SELECT ${n} FROM t`);
  };
  const useAll = (): void => {
    note(() => [kept.get.get(1), kept.twin.all(2), kept.named.get({ more: 1, id: 2 })]);
    note(() => kept.run.run(30));
    note(() => [kept.bound.get(), String(kept.bound)]);
    note(() => [...kept.rows.iterate()]);
    note(() => kept.described.columns());
  };
  const iterator = db.prepare('SELECT v FROM t ORDER BY v').iterate();
  note(() => iterator.next());
  for (let round = 0; round < 3; round++) {
    prepareOthers();
    note(() => iterator.next());
    if (round === 0) note(() => iterator.return?.());
    useAll();
  }
  prepareOthers();
  note(() => kept.late.bind(5).get());
  prepareOthers();
  db.exec('ALTER TABLE t ADD COLUMN w DEFAULT 7');
  useAll();
  note(() => db.prepare('SELECT * FROM t WHERE id = ?').get(1));
  prepareOthers();
  db.exec('DROP TABLE t');
  useAll();
  note(() => kept.late.get());
});

contract('a statement that is kept while its tables grow and shrink gives the rows they hold', ({ db, note }) => {
  db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, kind, v); CREATE TABLE kinds(kind PRIMARY KEY, name)');
  db.exec("INSERT INTO kinds VALUES (0, 'zero'), (1, 'one'), (2, 'two')");
  const kept = [
    'SELECT id FROM t WHERE v % 5 = 0',
    'SELECT kind, count(*), sum(v), max(v) FROM t WHERE v > 1 GROUP BY kind',
    'SELECT id, v FROM t WHERE v % 2 = 0 ORDER BY v % 97 DESC, id LIMIT 4',
    'SELECT name, count(*) FROM t JOIN kinds USING (kind) GROUP BY name',
    'SELECT a.id, b.id FROM t AS a LEFT JOIN t AS b ON b.v = a.v + 1 WHERE a.v < 3',
    'SELECT (SELECT count(*) FROM t AS i WHERE i.v < o.v AND i.kind = o.kind) FROM t AS o WHERE o.v % 50 = 3',
  ].map((text) => db.prepare(text).raw());
  const useAll = (): void => {
    for (const statement of kept) note(() => statement.all());
  };
  const fill = (from: number, to: number): void => {
    const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?)');
    for (let n = from; n < to; n++) insert.run(n, n % 3, (n * 7919) % 1000);
  };
  useAll();
  fill(1, 8);
  useAll();
  fill(8, 600);
  useAll();
  db.exec('DELETE FROM t WHERE id > 5');
  useAll();
  fill(6, 300);
  useAll();
});

contract('a text that fails leaves the others as they are', ({ db, note }) => {
  const kept = db.prepare('SELECT ? AS a');
  for (let n = 0; n < 400; n++) note(() => db.prepare(n % 2 === 0 ? `SELECT ${n}` : `SELECT nosuch${n}`).get());
  note(() => kept.get('still'));
});

test('handles of a closed connection are not given to another before they were let go', () => {
  for (let round = 0; round < 50; round++) {
    const old = new SUBJECT(':memory:');
    const statements = Array.from({ length: 20 }, (_, n) => old.prepare(`SELECT ${n}`));
    old.close();
    const db = new SUBJECT(':memory:');
    const fresh = Array.from({ length: 20 }, (_, n) => db.prepare(`SELECT -${n} AS n`));
    expect(() => statements[3]?.get()).toThrow('The database connection is not open');
    expect(fresh.map((statement) => statement.get())).toEqual(fresh.map((_, n) => ({ n: 0 - n })));
    db.close();
  }
});

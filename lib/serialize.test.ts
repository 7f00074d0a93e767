/** Databases as bytes: better-sqlite3's rules, and files that both read. */
import { expect, test } from 'vitest';
import { contract, REFERENCE, SUBJECT } from './testing/contract.ts';

const SCHEMA = `CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT COLLATE nocase, b REAL, c AS (a || 'x'));
  CREATE INDEX i ON t(a, b DESC); CREATE TABLE w(k TEXT, n INT, v, PRIMARY KEY (k DESC, n)) WITHOUT ROWID;
  CREATE INDEX j ON w(v); CREATE VIEW v AS SELECT a FROM t;
  INSERT INTO t(a, b) VALUES ('x', 1), ('X', 2.5), (NULL, NULL); INSERT INTO w VALUES ('a', 1, x'00'), ('b', 2, 'y');
  PRAGMA user_version = 7; PRAGMA application_id = -3`;

const ROWS = [
  'SELECT *, typeof(b) FROM t ORDER BY a, b DESC, id',
  'SELECT * FROM w',
  'SELECT * FROM v',
  'SELECT v FROM w ORDER BY v',
];

contract('what was serialized is a database in memory, to be written or not', ({ Database, db, note }) => {
  db.exec(SCHEMA);
  const bytes = db.serialize();
  note(() => [Buffer.isBuffer(bytes), bytes.length > 1000, bytes.toString('latin1', 0, 15)]);
  for (const options of [undefined, { readonly: true }, { fileMustExist: true }, { readonly: false, timeout: 1 }]) {
    const copy = new Database(bytes, options);
    note(() => [copy.name, copy.memory, copy.readonly, copy.open, copy.inTransaction]);
    for (const sql of ROWS) note(() => copy.prepare(sql).all());
    note(() => [copy.pragma('user_version'), copy.pragma('application_id'), copy.pragma('integrity_check')]);
    note(() => copy.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema').all());
    note(() => copy.prepare("INSERT INTO t(a) VALUES ('new')").run());
    note(() => copy.exec('CREATE TABLE u(a)') === copy);
    note(() => copy.serialize().equals(new Database(copy.serialize()).serialize()));
  }
  note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
});

contract('an empty database, no bytes, and bytes that are none', ({ Database, db, note }) => {
  note(() => db.serialize().length <= 4096);
  note(() => new Database(Buffer.alloc(0)).prepare('SELECT * FROM sqlite_schema').all());
  note(() => new Database(Buffer.alloc(0)).exec('CREATE TABLE t(a)').serialize().length);
  for (const bytes of [Buffer.from('hello world'), Buffer.alloc(4096)]) {
    note(() => new Database(bytes).prepare('SELECT * FROM sqlite_schema').all());
  }
});

contract('arguments are checked', ({ Database, db, note }) => {
  db.exec("CREATE TABLE t(a); ATTACH ':memory:' AS other; CREATE TABLE other.o(a); INSERT INTO other.o VALUES (1)");
  const bytes = db.serialize();
  for (const bad of [new Uint8Array(bytes), bytes.buffer, {}, [bytes], true]) note(() => new Database(bad as unknown as Buffer));
  note(() => new Database(bytes, { readonly: 1 as unknown as boolean }));
  note(() => new Database(bytes, 5 as unknown as object));
  for (const bad of [5, 'main', true]) note(() => db.serialize(bad as unknown as object));
  for (const attached of [5, '', undefined, null, 'nope']) note(() => db.serialize({ attached: attached as unknown as string }));
  note(() => Buffer.isBuffer(db.serialize(null)));
  note(() => Buffer.isBuffer(db.serialize({ attached: 'MAIN' })));
  note(() => new Database(db.serialize({ attached: 'other' })).prepare('SELECT * FROM o').all());
});

contract('what an open transaction did is in, and who is busy is refused', ({ Database, db, note }) => {
  db.exec('CREATE TABLE t(a); BEGIN; INSERT INTO t VALUES (1), (2)');
  note(() => new Database(db.serialize()).prepare('SELECT * FROM t').all());
  db.exec('ROLLBACK');
  note(() => new Database(db.serialize()).prepare('SELECT * FROM t').all());
  db.exec('INSERT INTO t VALUES (1), (2)');
  const rows = db.prepare('SELECT * FROM t').iterate();
  rows.next();
  note(() => db.serialize());
  rows.return?.();
  note(() => Buffer.isBuffer(db.serialize()));
  db.close();
  note(() => db.serialize());
});

test('each reads what the other serialized', () => {
  for (const [From, To] of [
    [REFERENCE, SUBJECT],
    [SUBJECT, REFERENCE],
  ] as const) {
    const db = new From(':memory:').exec(SCHEMA);
    const copy = new To(db.serialize());
    for (const sql of ROWS) expect(copy.prepare(sql).all()).toStrictEqual(db.prepare(sql).all());
    expect(copy.pragma('integrity_check')).toStrictEqual([{ integrity_check: 'ok' }]);
  }
});

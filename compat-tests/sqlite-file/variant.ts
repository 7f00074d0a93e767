/**
 * SQLite files of every kind, made by better-sqlite3 from a seed: page sizes, encodings, auto-vacuum, journal modes,
 * tables of every shape, rows from empty to many pages long, pages freed and used again, and what a process leaves
 * beside a file when it dies: a WAL, a hot journal.
 */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Connection } from '../engine.ts';
import { Random } from '../fuzz/random.ts';

const Better = BetterSqlite3 as unknown as new (path: string | Buffer, options?: object) => Connection;

const PAGE_SIZES = [512, 1024, 2048, 4096, 4096, 8192, 16384, 32768, 65536] as const;
const ENCODINGS = ['UTF-8', 'UTF-8', 'UTF-8', 'UTF-16le', 'UTF-16be'] as const;
const WORDS = ['alpha', 'Beta', 'BETA', 'gamma ', 'gamma', '', 'é', 'straße', '日本', '𝄞', 'a\0b', 'zz', 'null', '12', '1e3'];

interface TableShape {
  readonly create: string;
  readonly columns: readonly string[];
  readonly indexes: readonly string[];
}

const SHAPES: readonly TableShape[] = [
  {
    create: 'CREATE TABLE $(a, b TEXT, c INT, d REAL)',
    columns: ['a', 'b', 'c', 'd'],
    indexes: ['$(b)', '$(c DESC, a)', '$(d, b COLLATE rtrim)'],
  },
  {
    create: 'CREATE TABLE $(id INTEGER PRIMARY KEY, a, b TEXT COLLATE nocase, d REAL)',
    columns: ['a', 'b', 'd'],
    indexes: ['$(b DESC)', '$(a) WHERE a IS NOT NULL', '$(length(b), id)'],
  },
  {
    create: 'CREATE TABLE $(id INTEGER PRIMARY KEY AUTOINCREMENT, a UNIQUE, b DEFAULT 7)',
    columns: ['a', 'b'],
    indexes: ['$(b, a)'],
  },
  {
    create: 'CREATE TABLE $(a TEXT, b INT, c, PRIMARY KEY (a, b)) WITHOUT ROWID',
    columns: ['a', 'b', 'c'],
    indexes: ['$(c)', '$(b DESC, c)'],
  },
  {
    create: 'CREATE TABLE $(k TEXT COLLATE nocase, n INT, v, w REAL, u UNIQUE, PRIMARY KEY (k DESC, n)) WITHOUT ROWID',
    columns: ['k', 'n', 'v', 'w'],
    indexes: ['$(v)', '$(w, k)'],
  },
  {
    create: "CREATE TABLE $(a TEXT, b INT, v AS (a || '-' || b), s AS (length(a) + b) STORED)",
    columns: ['a', 'b'],
    indexes: ['$(v)', '$(s DESC, a)'],
  },
  {
    create: 'CREATE TABLE $(a INT, b TEXT, c REAL, d BLOB, e ANY) STRICT',
    columns: ['a', 'b', 'c', 'd', 'e'],
    indexes: ['$(e)'],
  },
  {
    create: 'CREATE TABLE $(a INT PRIMARY KEY, b UNIQUE, c CHECK (c IS NOT 5), UNIQUE (b, c))',
    columns: ['a', 'b', 'c'],
    indexes: ['$(c)'],
  },
];

/** What a table's columns take: anything, or the class of a STRICT column, or no blobs, whose text depends on the encoding. */
type Classes = 'any' | 'strict' | 'no blobs';

/** SQL for a value. */
function literal(random: Random, column: string, classes: Classes): string {
  const text = (): string => {
    const word = random.pick(WORDS).replaceAll("'", "''");
    const long = random.oneIn(random.pick([8, 40])) ? random.pick([100, 800, 5000, 40_000]) : 1;
    return word.includes('\0')
      ? "'a' || char(0) || 'b'"
      : long === 1
        ? `'${word}${random.below(1000)}'`
        : `replace(hex(zeroblob(${long})), '00', '${word || 'x'}')`;
  };
  const real = (): string =>
    random.pick(['0.5', '-1.25e10', '3.0', '1e300', '-0.0', `${random.below(1e6)}.0`, '2e15', '140737488355328.0']);
  const integer = (): string =>
    String(random.pick([0, 1, -1, 127, 128, -32769, 8388608, 2147483648, 140737488355328, random.below(1e9)]));
  const blob = (): string => random.pick(["x''", "x'00ff'", `zeroblob(${random.below(3000)})`, `zeroblob(${random.below(30)})`]);
  if (random.oneIn(8) && !['k', 'n'].includes(column)) return 'NULL';
  if (classes === 'strict') {
    const byColumn: Readonly<Record<string, () => string>> = { a: integer, b: text, c: real, d: blob };
    return (byColumn[column] ?? random.pick([text, integer, real, blob]))();
  }
  return random.pick([text, text, integer, real, classes === 'any' ? blob : text])();
}

function fillTable(db: Connection, random: Random, name: string, shape: TableShape, rows: number): void {
  const isGenerated = shape.create.includes(' AS (');
  const classes = shape.create.endsWith('STRICT') ? 'strict' : isGenerated ? 'no blobs' : 'any';
  db.exec('BEGIN');
  for (let row = 0; row < rows; row++) {
    const values = shape.columns.map((column) => literal(random, column, classes));
    db.exec(`INSERT OR IGNORE INTO ${name}(${shape.columns.join()}) VALUES (${values.join()})`);
  }
  db.exec('COMMIT');
}

function makeTable(db: Connection, random: Random, number: number): void {
  const name = random.oneIn(5) ? `"table ${number}"` : `t${number}`;
  const shape = random.pick(SHAPES);
  db.exec(shape.create.replace('$', name));
  const early = random.sample(shape.indexes, random.below(shape.indexes.length + 1));
  for (const [at, index] of early.entries()) db.exec(`CREATE INDEX i${number}_${at} ON ${index.replace('$', name)}`);
  const rows = random.weighted([
    [2, 0],
    [6, random.below(20)],
    [4, random.below(150)],
  ]);
  fillTable(db, random, name, shape, rows);
  if (random.oneIn(4) && !shape.create.includes('STRICT')) {
    db.exec(
      `ALTER TABLE ${name} ADD COLUMN later ${random.pick(["TEXT DEFAULT 'then'", 'REAL DEFAULT 2', 'INT', "BLOB DEFAULT x'0102'"])}`,
    );
    fillTable(db, random, name, shape, random.below(10));
  }
  if (random.oneIn(3)) {
    // Leaves free pages behind, and uses some again.
    db.exec(`DELETE FROM ${name} WHERE ${random.pick(['1', `${shape.columns[0]} > 'b'`, `${shape.columns[1]} IS NULL`])}`);
    fillTable(db, random, name, shape, random.below(30));
  }
  if (random.oneIn(6)) db.exec(`CREATE VIEW v${number} AS SELECT * FROM ${name}`);
  if (random.oneIn(6)) db.exec(`CREATE TRIGGER r${number} AFTER DELETE ON ${name} BEGIN SELECT 1; END`);
}

/** Ten thousand rows, now and then: trees of three levels in small pages. */
function makeLargeTable(db: Connection): void {
  db.exec(`CREATE TABLE large(id INTEGER PRIMARY KEY, a TEXT, b INT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
      INSERT INTO large SELECT i * 3, 'row ' || (i * 7919 % 10007), i % 100 FROM n;
    CREATE INDEX large_a ON large(a); CREATE INDEX large_b ON large(b DESC, a)`);
}

function makeSchema(db: Connection, random: Random): void {
  for (const number of random
    .many(random.between(0, 5), () => random.below(1000))
    .filter((n, at, all) => all.indexOf(n) === at)) {
    makeTable(db, random, number);
  }
  if (random.oneIn(12)) makeLargeTable(db);
  if (random.oneIn(4)) db.exec('ANALYZE');
  if (random.oneIn(10)) db.exec("CREATE VIRTUAL TABLE f USING fts5(a, b); INSERT INTO f VALUES ('some words', 'and more')");
  if (random.oneIn(10)) db.exec('CREATE VIRTUAL TABLE rt USING rtree(id, x0, x1); INSERT INTO rt VALUES (1, 2, 3)');
  db.exec(`PRAGMA user_version = ${random.between(-5, 5)}; PRAGMA application_id = ${random.below(100)}`);
}

/** What stands beside a file goes with it: SQLite finds it by name. */
function copyDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-journal']) if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
}

/** A WAL with commits that no checkpoint took, one transaction that was not committed, and an older log's frames behind. */
function leaveWal(db: Connection, random: Random): void {
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  if (random.oneIn(2)) {
    db.exec('CREATE TABLE IF NOT EXISTS before(a); INSERT INTO before VALUES (zeroblob(9000)), (1)');
    db.pragma('wal_checkpoint(RESTART)');
  }
  for (let commit = random.below(4); commit >= 0; commit--) makeTable(db, random, 2000 + commit);
  if (random.oneIn(2)) {
    db.pragma('cache_size = 2');
    db.exec('BEGIN; CREATE TABLE never(a); INSERT INTO never VALUES (zeroblob(50000)), (zeroblob(50000))');
  }
}

/** A transaction so large that its pages are in the file already when its process dies. */
function leaveHotJournal(db: Connection, random: Random): void {
  db.exec('CREATE TABLE IF NOT EXISTS victim(a); INSERT INTO victim VALUES (zeroblob(20000)), (2), (zeroblob(7000))');
  db.pragma('cache_size = 2');
  // With syncs the journal's header counts its records, without them its size does.
  db.pragma(`synchronous = ${random.pick(['OFF', 'NORMAL'])}`);
  db.exec('BEGIN; UPDATE victim SET a = zeroblob(30000); CREATE TABLE never(a)');
  db.exec('INSERT INTO never SELECT zeroblob(3000) FROM victim, victim, victim');
  if (random.oneIn(2)) db.exec('DELETE FROM victim; DROP TABLE victim');
}

/** The place of a new file; the same seed makes the same. */
export function makeFile(folder: string, seed: number): string {
  const random = new Random(seed);
  const working = join(folder, `working-${seed}.db`);
  const db = new Better(working);
  db.pragma('synchronous = OFF');
  db.pragma(`page_size = ${random.pick(PAGE_SIZES)}`);
  db.pragma(`encoding = '${random.pick(ENCODINGS)}'`);
  db.pragma(`auto_vacuum = ${random.pick([0, 0, 1, 2])}`);
  db.pragma(`legacy_file_format = ${random.below(2)}`);
  const left = random.pick(['nothing', 'nothing', 'nothing', 'wal', 'journal'] as const);
  db.pragma(`journal_mode = ${random.pick(['delete', 'truncate', 'persist', 'wal'])}`);
  makeSchema(db, random);
  if (random.oneIn(6)) db.pragma('incremental_vacuum(3)');
  if (left === 'wal') leaveWal(db, random);
  if (left === 'journal') {
    db.pragma('journal_mode = DELETE');
    leaveHotJournal(db, random);
  }
  const file = join(folder, `file-${seed}.db`);
  if (left !== 'nothing') copyDatabase(working, file);
  if (left !== 'nothing' && (db as Connection).inTransaction) db.exec('ROLLBACK');
  db.close();
  if (left === 'nothing') copyDatabase(working, file);
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(working + suffix, { force: true });
  return file;
}

/** A SQLite file that is opened becomes a database of ours: which calls do that, what is left, and what a crash leaves. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Database, type MigrationProgress } from 'pluresdb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  path = join(folder, 'app.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SCHEMA = `CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT UNIQUE, b REAL DEFAULT 2.5, c AS (a || '!'));
  CREATE INDEX i ON t(b DESC, a) WHERE a IS NOT NULL;
  CREATE TABLE w(k TEXT COLLATE NOCASE PRIMARY KEY, v BLOB) WITHOUT ROWID;
  CREATE VIEW v AS SELECT a FROM t;
  CREATE TRIGGER r AFTER DELETE ON t BEGIN INSERT INTO w VALUES (old.a, x'00'); END;
  WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t(a, b) SELECT 'row ' || i, i / 3.0 FROM n;
  INSERT INTO w SELECT 'key ' || id, zeroblob(id) FROM t LIMIT 50;
  DELETE FROM t WHERE id % 7 = 0; PRAGMA user_version = 11; PRAGMA application_id = 5`;

function makeFile(): void {
  const db = new BetterSqlite3(path);
  db.exec(SCHEMA);
  db.close();
}

type Reader = Pick<Database, 'prepare'>;

function content(db: Reader): unknown {
  const all = (sql: string): unknown => db.prepare(sql).raw().all();
  return [
    all('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name'),
    all('SELECT * FROM t'),
    all('SELECT * FROM w'),
    all("SELECT a FROM t WHERE a >= 'row 2' AND b < 300 ORDER BY b DESC"),
    all('SELECT * FROM sqlite_sequence'),
    all('PRAGMA user_version'),
    all('PRAGMA application_id'),
    all('PRAGMA integrity_check'),
  ];
}

function contentOf(place: string): unknown {
  const db = new BetterSqlite3(place);
  try {
    return content(db as unknown as Reader);
  } finally {
    db.close();
  }
}

/** Another process that ran the SQL and stays. */
async function useFile(sql: string): Promise<{ end: () => Promise<void> }> {
  const script = `
    import Better from 'better-sqlite3';
    const db = new Better(${JSON.stringify(path)});
    db.exec(${JSON.stringify(sql)});
    console.log('ready');
    process.stdin.on('data', () => process.exit());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    async end() {
      child.stdin.write('end');
      await once(child, 'close');
    },
  };
}

test('without the option, the error tells about it and the file stays', () => {
  makeFile();
  const before = readFileSync(path);
  for (const options of [{}, { migrate: false }, { readonly: true }, { store: 'file' as const }]) {
    expect(() => new Database(path, options)).toThrow(
      expect.objectContaining({ code: 'SQLITE_NOTADB', message: expect.stringContaining('{ migrate: true }') }),
    );
  }
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual(['app.db']);
});

describe.each(['directory', 'file'] as const)('into a %s', (store) => {
  test('everything is there, the file is kept, and nothing else is left', () => {
    makeFile();
    const expected = contentOf(path);
    const bytes = readFileSync(path);
    const heard: MigrationProgress[] = [];
    let db = new Database(path, { store, migrate: (progress) => heard.push(progress) });
    expect(content(db)).toEqual(expected);
    db.exec("INSERT INTO t(a) VALUES ('later')");
    db.close();
    expect(readdirSync(folder).sort()).toEqual(['app.db', 'app.db.sqlite-backup']);
    expect(readFileSync(`${path}.sqlite-backup`).equals(bytes)).toBe(true);
    expect(statSync(path).isFile()).toBe(store === 'file');
    expect([...new Set(heard.map(({ phase }) => phase))]).toEqual(['copy', 'check', 'backup', 'swap', 'clean']);
    expect(heard.filter(({ phase }) => phase === 'copy').map(({ table }) => table)).toEqual(['t', 'sqlite_sequence', 'w']);
    // From now on it is an ordinary database, whatever the option says.
    db = new Database(path, { migrate: true });
    expect(db.prepare("SELECT count(*) FROM t WHERE a = 'later'").pluck().get()).toBe(1);
    db.close();
  });

  test('commits that lie in a WAL beside the file are there, and in the backup too', () => {
    const working = join(folder, 'working.db');
    const db = new BetterSqlite3(working);
    db.pragma('journal_mode = WAL');
    db.pragma('wal_autocheckpoint = 0');
    db.exec(SCHEMA);
    for (const suffix of ['', '-wal']) copyFileSync(working + suffix, path + suffix);
    const expected = content(db as unknown as Reader);
    db.close();
    rmSync(working);
    const converted = new Database(path, { store, migrate: true });
    expect(content(converted)).toEqual(expected);
    converted.close();
    expect(readdirSync(folder).sort()).toEqual(['app.db', 'app.db.sqlite-backup', 'app.db.sqlite-backup-wal']);
    expect(contentOf(`${path}.sqlite-backup`)).toEqual(expected);
  });

  test('what the progress callback throws ends it and leaves the file', () => {
    makeFile();
    const before = readFileSync(path);
    for (const at of ['copy', 'check', 'backup']) {
      const stop = (progress: MigrationProgress): void => {
        if (progress.phase === at) throw new RangeError('enough');
      };
      expect(() => new Database(path, { store, migrate: stop })).toThrow(new RangeError('enough'));
      expect(readFileSync(path).equals(before)).toBe(true);
    }
    const db = new Database(path, { store, migrate: true });
    expect(content(db)).toEqual(contentOf(`${path}.sqlite-backup`));
    db.close();
    expect(readdirSync(folder).sort()).toEqual(['app.db', 'app.db.sqlite-backup']);
  });

  // Some dozens of processes, one after the other.
  test('a process killed at any step leaves the file or the new database', { timeout: 240_000 }, () => {
    makeFile();
    const original = join(folder, 'original.db');
    copyFileSync(path, original);
    const expected = contentOf(original);
    let steps = 1;
    for (let step = 0; step < steps; step++) {
      const place = join(folder, `killed-${step}.db`);
      copyFileSync(original, place);
      const script = `
        import { Database } from 'pluresdb';
        let step = 0;
        new Database(${JSON.stringify(place)}, { store: '${store}', migrate: () => {
          if (step++ === ${step}) process.kill(process.pid, 'SIGKILL');
        } });
        console.log(step);`;
      const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
      if (child.signal === 'SIGKILL') steps += 1;
      const db = new Database(place, { store, migrate: true });
      expect(content(db)).toEqual(expected);
      db.close();
      const left = readdirSync(folder).filter((name) => name.startsWith(`killed-${step}.db`));
      expect(left.sort()).toEqual([`killed-${step}.db`, `killed-${step}.db.sqlite-backup`]);
      expect(readFileSync(`${place}.sqlite-backup`).equals(readFileSync(original))).toBe(true);
    }
    expect(steps).toBeGreaterThan(8);
  });

  test('a file that another process uses is locked', async () => {
    // Within one process SQLite's locks end when anybody closes the file, so the user is another one.
    const open = (): Database => new Database(path, { store, migrate: true, timeout: 50 });
    for (const use of ['BEGIN IMMEDIATE', 'PRAGMA journal_mode = WAL; SELECT * FROM t']) {
      rmSync(path, { force: true });
      const user = await useFile(`CREATE TABLE t(a); INSERT INTO t VALUES (1); ${use}`);
      expect(open).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY', message: 'database is locked' }));
      await user.end();
      const db = open();
      expect(db.prepare('SELECT a FROM t').pluck().all()).toEqual([1]);
      db.close();
      rmSync(path, { recursive: true });
    }
  });

  test('damage is an error that leaves the file', () => {
    makeFile();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096 * 3, 4096 * 5);
    const damaged = join(folder, 'damaged.db');
    rmSync(path);
    writeFileSync(damaged, bytes);
    expect(() => new Database(damaged, { store, migrate: true })).toThrow(expect.objectContaining({ code: 'SQLITE_CORRUPT' }));
    expect(readFileSync(damaged).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['damaged.db']);
  });
});

test('opened for reading, it is read as it is', () => {
  makeFile();
  const bytes = readFileSync(path);
  const db = new Database(path, { readonly: true, migrate: true });
  expect(content(db)).toEqual(contentOf(path));
  expect(() => db.exec('DELETE FROM t')).toThrow(expect.objectContaining({ code: 'SQLITE_READONLY' }));
  db.close();
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(readdirSync(folder)).toEqual(['app.db']);
});

test('an earlier backup is kept', () => {
  for (let round = 0; round < 3; round++) {
    const db = new BetterSqlite3(path);
    db.exec(`CREATE TABLE t(a); INSERT INTO t VALUES (${round})`);
    db.close();
    new Database(path, { store: 'file', migrate: true }).close();
    rmSync(path);
  }
  const backups = readdirSync(folder).sort();
  expect(backups).toEqual(['app.db.sqlite-backup', 'app.db.sqlite-backup-1', 'app.db.sqlite-backup-2']);
  expect(existsSync(path)).toBe(false);
});

test('tables of modules we lack keep what they store, and say which module is missing', () => {
  const source = new BetterSqlite3(path);
  source.exec("CREATE VIRTUAL TABLE f USING fts5(a, b); INSERT INTO f VALUES ('some words', 'and more')");
  source.exec('CREATE VIRTUAL TABLE rt USING rtree(id, x0, x1); INSERT INTO rt VALUES (1, 2, 3)');
  const shadow = source.prepare('SELECT * FROM f_content').all();
  source.close();
  const db = new Database(path, { migrate: true });
  expect(db.prepare('SELECT * FROM f_content').all()).toEqual(shadow);
  expect(db.prepare('SELECT count(*) FROM rt_node').pluck().get()).toBe(1);
  for (const [table, module] of [
    ['f', 'fts5'],
    ['rt', 'rtree'],
  ]) {
    expect(() => db.prepare(`SELECT * FROM ${table}`).all()).toThrow(`no such module: ${module}`);
  }
  db.close();
});

test('the option is checked as the others are', () => {
  for (const migrate of [1, 'yes', null, undefined, {}]) {
    expect(() => new Database(':memory:', { migrate } as never)).toThrow(
      new TypeError('Expected the "migrate" option to be a boolean or a function'),
    );
  }
});

/** No ORM: what applications write themselves. Migrations by user_version, a job queue, a desktop app's settings and backups. */
import { copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { runApp } from './harness.mjs';

const MIGRATIONS = [
  `CREATE TABLE users (
     id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE COLLATE NOCASE, created TEXT NOT NULL);
   CREATE TABLE settings (
     user_id INTEGER REFERENCES users ON DELETE CASCADE, key TEXT, value TEXT CHECK (json_valid(value)),
     PRIMARY KEY (user_id, key)) WITHOUT ROWID;`,
  `ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
   CREATE INDEX users_name ON users (name) WHERE name <> '';
   CREATE VIEW active_users AS SELECT id, email FROM users WHERE name <> '';`,
  // As SQLite's page on ALTER TABLE says it: a new table takes the old one's place.
  `CREATE TABLE new_users (
     id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL,
     created INTEGER NOT NULL);
   INSERT INTO new_users SELECT id, email, name, unixepoch(created) FROM users;
   DROP VIEW active_users;
   DROP TABLE users;
   ALTER TABLE new_users RENAME TO users;
   CREATE VIEW active_users AS SELECT id, email, created FROM users WHERE name <> '';`,
  `CREATE TABLE jobs (
     id INTEGER PRIMARY KEY, queue TEXT NOT NULL, payload TEXT NOT NULL,
     state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
     attempts INTEGER NOT NULL DEFAULT 0, run_at INTEGER NOT NULL DEFAULT 0, result TEXT,
     seconds REAL GENERATED ALWAYS AS (length(payload) * 0.5) STORED);
   CREATE INDEX jobs_next ON jobs (queue, state, run_at);
   CREATE TABLE job_log (job_id INTEGER, was TEXT, became TEXT);
   CREATE TRIGGER job_changes AFTER UPDATE OF state ON jobs WHEN old.state <> new.state
   BEGIN INSERT INTO job_log VALUES (new.id, old.state, new.state); END;`,
];

function migrate(db, migrations, note) {
  const from = db.pragma('user_version', { simple: true });
  // SQLite ignores this within a transaction.
  db.pragma('foreign_keys = OFF');
  const run = db.transaction((version, sql) => {
    db.exec(sql);
    const broken = db.pragma('foreign_key_check');
    if (broken.length > 0) throw new Error(`migration ${version} breaks ${broken.length} rows`);
    db.pragma(`user_version = ${version}`);
  });
  try {
    for (const [index, sql] of migrations.entries()) if (index >= from) run.exclusive(index + 1, sql);
  } finally {
    db.pragma('foreign_keys = ON');
  }
  note('migrated', [from, db.pragma('user_version', { simple: true }), db.inTransaction]);
}

function open(file) {
  const db = new Database(file, { timeout: 200 });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  return db;
}

async function migrations({ file, note, noteError }) {
  const db = open(file);
  migrate(db, MIGRATIONS.slice(0, 2), note);
  const add = db.prepare("INSERT INTO users (email, name, created) VALUES (@email, @name, '2024-01-02 03:04:05') RETURNING id");
  note('added', [
    ...['ann', 'Bob', 'çelik'].map((name) => add.get({ email: `${name}@example.org`, name })),
    add.pluck().get({ email: 'x', name: '' }),
  ]);
  await noteError('twice', () => add.get({ email: 'ANN@example.org', name: 'again' }));
  db.prepare("INSERT INTO settings VALUES (1, 'theme', json('{\"dark\":true}')), (2, 'theme', '\"light\"')").run();
  await noteError('no JSON', () => db.prepare("INSERT INTO settings VALUES (1, 'bad', '{')").run());
  await noteError('a broken migration', () =>
    migrate(db, [...MIGRATIONS.slice(0, 2), 'CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)'], note),
  );
  await noteError('one that orphans rows', () =>
    migrate(db, [...MIGRATIONS.slice(0, 2), 'DELETE FROM users WHERE id = 1'], note),
  );
  note(
    'nothing is half done',
    db.prepare("SELECT name FROM sqlite_schema WHERE name IN ('half', 'users') ORDER BY name").pluck().all(),
  );
  migrate(db, MIGRATIONS, note);
  migrate(db, MIGRATIONS, note);
  note('users', db.prepare('SELECT * FROM users ORDER BY id').all());
  note('view', db.prepare('SELECT * FROM active_users').raw().all());
  note('schema', db.pragma('table_info(users)'));
  note('keys', db.pragma('foreign_key_list(settings)'));
  note('indexes', db.pragma('index_list(users)'));
  note('sequence', db.prepare('SELECT * FROM sqlite_sequence').all());
  db.close();
}

async function jobs({ file, note, noteError }) {
  const [producer, worker] = [open(file), open(file)];
  const enqueue = producer.prepare('INSERT INTO jobs (queue, payload, run_at) VALUES (?, ?, ?) RETURNING id, seconds');
  const enqueueAll = producer.transaction((all) => all.map((job) => enqueue.get(...job)));
  const many = Array.from({ length: 20 }, (_, at) => [at % 3 === 0 ? 'mail' : 'image', JSON.stringify({ at }), at % 5]);
  note('enqueued', enqueueAll(many));
  const take = worker.prepare(`UPDATE jobs SET state = 'running', attempts = attempts + 1
    WHERE id = (SELECT id FROM jobs WHERE queue = $queue AND state = 'waiting' AND run_at <= $now ORDER BY run_at, id LIMIT 1)
    RETURNING id, payload, attempts`);
  const finish = worker.prepare("UPDATE jobs SET state = 'done', result = json_object('at', ?, 'ok', json('true')) WHERE id = ?");
  const retry = worker.prepare(
    `UPDATE jobs SET state = iif(attempts < 2, 'waiting', 'failed'), run_at = run_at + 10 WHERE id = ? RETURNING state`,
  );
  const steps = [];
  for (let now = 0; now < 30; now++) {
    for (const queue of ['mail', 'image']) {
      const job = take.get({ queue, now });
      if (job === undefined) continue;
      if (job.id % 4 === 0) steps.push([job, retry.pluck().get(job.id)]);
      else steps.push([job, finish.run(now, job.id).changes]);
    }
  }
  note('steps', steps);
  note(
    'states',
    producer.prepare('SELECT queue, state, count(*) AS n, sum(attempts) AS attempts FROM jobs GROUP BY 1, 2 ORDER BY 1, 2').all(),
  );
  note('log', producer.prepare('SELECT was, became, count(*) AS n FROM job_log GROUP BY 1, 2 ORDER BY 1, 2').all());
  note(
    'results',
    producer
      .prepare("SELECT id, result ->> '$.at' AS at, result -> '$.ok' AS ok FROM jobs WHERE state = 'done' ORDER BY id LIMIT 4")
      .all(),
  );
  note(
    'turns',
    producer
      .prepare('SELECT id, lag(id) OVER (PARTITION BY queue ORDER BY run_at, id) AS before FROM jobs ORDER BY id LIMIT 6')
      .all(),
  );
  await noteError('no such state', () => producer.prepare("UPDATE jobs SET state = 'lost'").run());
  // Two that write at once: the other waits, and is told.
  producer.exec('BEGIN IMMEDIATE');
  enqueue.get('mail', '{}', 0);
  await noteError('busy', () => take.get({ queue: 'mail', now: 99 }));
  note('readers go on', worker.prepare("SELECT count(*) FROM jobs WHERE payload = '{}'").pluck().get());
  producer.exec('ROLLBACK');
  note('rolled back', [producer.inTransaction, take.get({ queue: 'mail', now: 99 }) ?? 'none']);
  // A transaction in a transaction is a savepoint: the inner one alone is undone.
  const inner = producer.transaction((fails) => {
    enqueue.get('inner', '[]', 0);
    if (fails) throw new RangeError('inner fails');
  });
  const outer = producer.transaction(() => {
    enqueue.get('outer', '[]', 0);
    try {
      inner(true);
    } catch (error) {
      return error.message;
    }
  });
  note('nested', [outer(), producer.prepare("SELECT queue FROM jobs WHERE queue IN ('inner', 'outer')").pluck().all()]);
  producer.close();
  worker.close();
}

async function desktop({ file, folder, note, noteError }) {
  const log = [];
  const db = new Database(file, { verbose: (sql) => log.push(sql.split(/\s/)[0]) });
  note(
    'pragmas',
    ['journal_mode', 'synchronous', 'foreign_keys', 'page_size', 'encoding', 'busy_timeout'].map((name) => db.pragma(name)),
  );
  db.pragma('journal_mode = WAL');
  db.function('regexp', { deterministic: true }, (pattern, text) => Number(new RegExp(pattern, 'u').test(text)));
  db.aggregate('median', {
    start: () => [],
    step: (all, value) => void all.push(value),
    result: (all) => all.sort((a, b) => a - b)[all.length >> 1] ?? null,
  });
  db.exec('CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value ANY, stamp INTEGER DEFAULT 0) STRICT');
  const set = db.prepare(
    'INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, stamp = stamp + 1',
  );
  const save = db.transaction((entries) => {
    for (const [key, value] of Object.entries(entries)) set.run(key, value);
  });
  save({
    window: JSON.stringify({ x: 1, y: 2, isMaximized: false }),
    zoom: 1.5,
    opened: 3,
    thumbnail: Buffer.from([1, 2, 255]),
    'last file': null,
  });
  save({ zoom: 2, opened: 9007199254740993n });
  note('state', db.prepare('SELECT key, value, typeof(value) AS type, stamp FROM state ORDER BY key').safeIntegers().all());
  note('matching', db.prepare("SELECT key FROM state WHERE key REGEXP '^[a-o]' ORDER BY key").pluck().all());
  note('median', db.prepare('SELECT median(length(key)) FROM state').pluck().get());
  const found = [];
  for (const row of db.prepare('SELECT key, stamp FROM state ORDER BY key').iterate()) {
    found.push(row.key);
    if (found.length === 2) break;
  }
  note('iterated', [found, db.open, set.run('after', 'x').changes]);
  note(
    'log',
    log.filter((word, at) => log.indexOf(word) === at),
  );
  // A backup while the app writes, then what the user does with it: look, restore, go on.
  const backup = join(folder, 'backup.db');
  const done = await db.backup(backup, { progress: () => 100 });
  note('backup', [done.remainingPages, done.totalPages > 0, existsSync(backup)]);
  set.run('lost', 'after the backup');
  const copy = new Database(backup, { readonly: true, fileMustExist: true });
  note('in the backup', [copy.prepare('SELECT count(*) FROM state').pluck().get(), copy.readonly]);
  await noteError('read only', () => copy.prepare("INSERT INTO state VALUES ('a', 1, 1)").run());
  copy.close();
  const vacuumed = join(folder, 'vacuumed.db');
  db.prepare('VACUUM INTO ?').run(vacuumed);
  note('vacuumed', new Database(vacuumed).prepare('SELECT count(*) FROM state').pluck().get());
  note('in memory', new Database(new Database(vacuumed).serialize()).prepare('SELECT count(*) FROM state').pluck().get());
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  note('closed', [db.open, statSync(file).size > 0]);
  renameSync(file, `${file}.old`);
  copyFileSync(backup, file);
  const again = open(file);
  note('restored', again.prepare("SELECT count(*) FROM state WHERE key = 'lost'").pluck().get());
  note('check', [again.pragma('quick_check'), again.pragma('integrity_check', { simple: true })]);
  again.close();
  rmSync(`${file}.old`);
  await noteError('not there', () => new Database(join(folder, 'none', 'x.db')));
  await noteError('must exist', () => new Database(join(folder, 'x.db'), { fileMustExist: true }));
}

await runApp(async (place) => {
  await migrations(place);
  await jobs(place);
  await desktop(place);
});

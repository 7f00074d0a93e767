/**
 * Makes the database that is then damaged: `original.ts <path> closed|killed`.
 *
 * Two checkpoints, the second of which writes a few rows beside the leaves of the first, then `LATE_COMMITS` commits that
 * are only in the log. The one kind closes the database, so that all is
 * in the blocks; the other ends with SIGKILL. Prints the digest of the whole content after each late commit.
 */
import { loadEngine } from '../engine.ts';
import { commitCount, digestOf } from './reader.ts';

export const LATE_COMMITS = 8;

const [path, ending] = process.argv.slice(2);
if (path !== undefined && process.argv[1] === new URL(import.meta.url).pathname) {
  const engine = await loadEngine('pluresdb');
  const db = engine.open(path);
  db.pragma('journal_mode = WAL');
  db.exec(`CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL, height REAL, note TEXT);
    CREATE INDEX person_name ON person(name);
    CREATE TABLE event(at INTEGER PRIMARY KEY, kind TEXT NOT NULL, person INTEGER REFERENCES person);
    CREATE TABLE reading(at INTEGER PRIMARY KEY, value REAL, note TEXT NOT NULL);
    CREATE TABLE document(title TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;`);
  db.exec('BEGIN');
  const person = db.prepare('INSERT INTO person(name, height, note) VALUES(?, ?, ?)');
  const event = db.prepare('INSERT INTO event(kind, person) VALUES(?, ?)');
  const document = db.prepare('INSERT INTO document VALUES(?, ?)');
  for (let number = 1; number <= 400; number++) {
    person.run(`name ${(number * 7919) % 1000}`, number / 4, number % 5 === 0 ? null : `note ${number}`.repeat(number % 9));
    event.run('early', number);
    if (number % 50 === 0) document.run(`document ${number}`, `wide ${number} `.repeat(3000));
  }
  db.exec(`INSERT INTO reading WITH RECURSIVE n(at) AS (VALUES(1) UNION ALL SELECT at + 1 FROM n WHERE at < 4000)
    SELECT at, at / 8.0, 'reading ' || (at * 7919) FROM n`);
  db.exec('COMMIT');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.exec('UPDATE reading SET value = -value WHERE at % 200 = 0; DELETE FROM reading WHERE at % 500 = 1');
  db.pragma('wal_checkpoint(TRUNCATE)');
  process.stdout.write(`digest ${digestOf(db)}\n`);
  for (let late = 1; late <= LATE_COMMITS; late++) {
    db.exec('BEGIN');
    person.run(`late ${late}`, late, 'x'.repeat(late * 100));
    event.run('late', 400 + late);
    db.exec(`UPDATE reading SET value = ${late} WHERE at % 1000 = ${late}`);
    db.exec('COMMIT');
    process.stdout.write(`digest ${digestOf(db)}\n`);
  }
  if (commitCount(db) !== LATE_COMMITS) throw new Error('the late commits are not there');
  if (ending === 'closed') db.close();
  else process.kill(process.pid, 'SIGKILL');
}

/** The process that the demo kills: one commit after the other, each acknowledged on standard output once it stands. */
import { writeSync } from 'node:fs';
import Database from 'pluresdb';

const [path] = process.argv.slice(2);
const db = new Database(path as string);
db.pragma('synchronous = NORMAL');
db.exec('CREATE TABLE IF NOT EXISTS ledger (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL, note TEXT)');
const insert = db.prepare('INSERT INTO ledger (id, amount, note) VALUES (?, ?, ?)');
for (let id = 1; ; id++) {
  insert.run(id, id * 7, `commit number ${id}`);
  // A plain write: what is acknowledged has left the process.
  writeSync(1, `${id}\n`);
}

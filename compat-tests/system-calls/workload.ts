/**
 * What is watched: a commit and a checkpoint at each level of `synchronous`, and a close: `workload.ts <path>`.
 *
 * Each begins with a line `== <name>` on standard error and ends with `== end`, so that the trace shows what lies
 * before the call returned.
 */
import { writeSync } from 'node:fs';
import { type Connection, loadEngine } from '../engine.ts';

const SYNCHRONOUS = ['FULL', 'NORMAL', 'OFF'] as const;

function watched(name: string, act: () => void): void {
  writeSync(2, `== ${name}\n`);
  act();
  writeSync(2, '== end\n');
}

const engine = await loadEngine('pluresdb');
const db: Connection = engine.open(process.argv[2] ?? '');
db.pragma('journal_mode = WAL');
db.exec('CREATE TABLE t(a, b)');
for (const synchronous of SYNCHRONOUS) {
  db.pragma(`synchronous = ${synchronous}`);
  const insert = db.prepare('INSERT INTO t VALUES (1, 2)');
  insert.run();
  watched(`commit ${synchronous}`, () => insert.run());
  watched(`checkpoint ${synchronous}`, () => db.pragma('wal_checkpoint(TRUNCATE)'));
}
db.pragma('synchronous = NORMAL');
db.exec('INSERT INTO t VALUES (3, 4)');
watched('close', () => db.close());

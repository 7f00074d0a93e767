/** Adds its rows to a database that other workers use too. */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const Database = createRequire(import.meta.url)('../../dist/index.cjs');
const { path, worker, count } = workerData;
const db = new Database(path);
const insert = db.prepare('INSERT INTO t(worker, n) VALUES (?, ?)');
const own = db.prepare('SELECT count(*) FROM t WHERE worker = ?').pluck();
for (let n = 0; n < count; n++) {
  insert.run(worker, n);
  if (n % 10 === 0 && own.get(worker) !== n + 1) throw new Error('a committed row is missing');
}
let code = '';
try {
  db.exec('SELEC');
} catch (error) {
  code = error instanceof Database.SqliteError ? error.code : 'not a SqliteError';
}
// Half of them leave the connection to the environment's end.
if (worker % 2 === 0) db.close();
parentPort.postMessage({ worker, code });

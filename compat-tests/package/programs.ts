/** Programs that a user might start right after installing: each prints one line of JSON. */

const QUERY = `
  const db = new Database(':memory:');
  db.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t (b) VALUES ('x'), ('ü')");
  const rows = db.prepare('SELECT * FROM t').all();
  const file = new Database(require('node:path').join(process.cwd(), 'first.db'));
  file.exec('CREATE TABLE IF NOT EXISTS t (a); DELETE FROM t; INSERT INTO t VALUES (5)');
  const kept = file.prepare('SELECT a FROM t').pluck().all();
  file.close();
  console.log(JSON.stringify([rows, kept]));`;

const ANSWER = '[[{"a":1,"b":"x"},{"a":2,"b":"ü"}],[5]]';

/** How many threads load the addon at once. */
const THREADS = 16;

const WORKERS = `
  const { Worker, isMainThread, parentPort } = require('node:worker_threads');
  const source = \`
    const Database = require('pluresdb');
    const db = new Database(':memory:');
    db.exec('CREATE TABLE t (a)');
    const insert = db.prepare('INSERT INTO t VALUES (?)');
    for (let at = 0; at < 1000; at++) insert.run(at);
    require('node:worker_threads').parentPort.postMessage(db.prepare('SELECT count(*) FROM t').pluck().get());
  \`;
  let sum = 0;
  const ends = Array.from({ length: ${THREADS} }, () => new Promise((resolve, reject) => {
    const worker = new Worker(source, { eval: true });
    worker.on('message', (count) => { sum += count; });
    worker.on('error', reject);
    worker.on('exit', resolve);
  }));
  Promise.all(ends).then(() => console.log(JSON.stringify(sum)));`;

export interface Program {
  readonly name: string;
  readonly flags: readonly string[];
  readonly source: string;
  readonly answer: string;
}

export const PROGRAMS: readonly Program[] = [
  { name: 'require', flags: [], source: `const Database = require('pluresdb');${QUERY}`, answer: ANSWER },
  {
    name: 'import',
    flags: ['--input-type=module'],
    source: `import { createRequire } from 'node:module';
      import Database, { SqliteError } from 'pluresdb';
      const require = createRequire(import.meta.url);
      if (Database.SqliteError !== SqliteError) throw new Error('two classes');${QUERY}`,
    answer: ANSWER,
  },
  {
    name: 'without code generation',
    flags: ['--disallow-code-generation-from-strings'],
    source: `const Database = require('pluresdb');${QUERY}`,
    answer: ANSWER,
  },
  { name: `${THREADS} worker threads at once`, flags: [], source: WORKERS, answer: String(THREADS * 1000) },
];

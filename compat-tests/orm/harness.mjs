/**
 * What every app starts with: `runApp(async ({ file, note }) => { … })`.
 *
 * The app notes what its ORM answers; at the end the whole database is dumped through the driver. Both go to standard
 * output, a line of JSON for each note, so that a run on the original driver and one on ours can be compared.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** Classes, Dates, bytes and bigints as JSON that tells them apart. */
function plain(value) {
  return JSON.stringify(value, function (key, item) {
    const raw = this[key];
    if (typeof raw === 'bigint') return `bigint ${raw}`;
    if (raw === undefined) return 'undefined';
    if (raw instanceof Date) return `Date ${raw.toISOString()}`;
    if (Buffer.isBuffer(raw)) return `Buffer ${raw.toString('hex')}`;
    if (raw instanceof Error) return { error: raw.constructor.name, code: raw.code, message: raw.message };
    if (raw instanceof Map) return { map: [...raw] };
    return item;
  });
}

/** Schema and rows, as the driver gives them. */
function dump(file) {
  const Database = require('better-sqlite3');
  const db = new Database(file, { readonly: true });
  const objects = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name').all();
  const lines = objects.map((object) => ['object', object]);
  for (const { type, name } of objects) {
    if (type !== 'table') continue;
    const rows = db.prepare(`SELECT * FROM "${name}"`).raw().all();
    lines.push(['rows', name, rows.map(plain).sort()]);
  }
  lines.push(['check', db.pragma('foreign_key_check'), db.pragma('integrity_check')]);
  db.close();
  return lines;
}

/** The same through node-sqlite3's API. */
export async function dumpThroughSqlite3(file) {
  const { Database } = require('sqlite3');
  const db = new Database(file);
  const all = (sql) =>
    new Promise((resolve, reject) => {
      db.all(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  const objects = await all('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name');
  const lines = objects.map((object) => ['object', object]);
  for (const { type, name } of objects) {
    if (type !== 'table') continue;
    const rows = await all(`SELECT * FROM "${name}"`);
    // When Knex migrated is in its own table.
    lines.push(['rows', name, name === 'knex_migrations' ? rows.length : rows.map(plain).sort()]);
  }
  lines.push(['check', await all('PRAGMA foreign_key_check'), await all('PRAGMA integrity_check')]);
  await new Promise((resolve) => db.close(resolve));
  return lines;
}

export async function runApp(app, { dumpWith = dump } = {}) {
  const file = join(process.argv[2], 'app.db');
  const note = (what, value) => console.log(plain([what, value]));
  /** Notes what a call throws. */
  const noteError = async (what, call) => {
    try {
      note(what, { returned: await call() });
    } catch (error) {
      const cause = error.cause ?? error.driverError;
      note(what, {
        error: error.constructor.name,
        code: error.code,
        message: error.message,
        cause: cause?.message,
        causeCode: cause?.code,
      });
    }
  };
  await app({ file, note, noteError, folder: process.argv[2] });
  for (const line of await dumpWith(file)) console.log(plain(line));
  // A library may have left a timer running.
  process.exit();
}

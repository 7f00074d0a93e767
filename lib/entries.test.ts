/** Entries side by side: each is bundled apart, as a module and for `require`, over one addon. */
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

const require = createRequire(import.meta.url);

it('loads every entry in one process, as modules and with require, each with its own errors', async () => {
  const entries = ['pluresdb', 'pluresdb/better-sqlite3'];
  const databases = [
    ...(await Promise.all(
      entries.map(async (entry) => ((await import(entry)) as { default: typeof import('pluresdb').default }).default),
    )),
    ...entries.map((entry) => require(entry) as typeof import('pluresdb').default),
  ];
  const { DatabaseSync } = require('pluresdb/node-sqlite') as typeof import('pluresdb/node-sqlite');
  require('pluresdb/sqlite3');
  for (const Database of databases) {
    expect(() => new Database(':memory:').exec('no SQL')).toThrow(Database.SqliteError);
    expect(new Database.SqliteError('a', 'b')).toBeInstanceOf(databases[0]?.SqliteError);
  }
  const code = 'ERR_SQLITE_ERROR';
  expect(() => new DatabaseSync(':memory:').exec('no SQL')).toThrow(expect.objectContaining({ code, errcode: 1 }));
});

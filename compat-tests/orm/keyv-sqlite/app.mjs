/** A cache in @keyv/sqlite, which works through node-sqlite3: set, get, many, expiry, namespaces, iteration. */
import KeyvSqlite from '@keyv/sqlite';
import Keyv from 'keyv';
import { dumpThroughSqlite3, runApp } from './harness.mjs';

const app = async ({ file, note, noteError }) => {
  const store = new KeyvSqlite({ uri: `sqlite://${file}`, busyTimeout: 1000 });
  const errors = [];
  const keyv = new Keyv({ store, namespace: 'app' });
  keyv.on('error', (error) => errors.push(error.message));
  for (let at = 0; at < 30; at++) await keyv.set(`key ${at}`, { at, text: 'ü'.repeat(at), list: [at, null, true] });
  note('get', [await keyv.get('key 3'), await keyv.get('none'), await keyv.has('key 4'), await keyv.has('none')]);
  note('many', await keyv.get(['key 1', 'none', 'key 2']));
  await keyv.set('key 3', 'changed');
  note('changed', await keyv.get('key 3'));
  note('delete', [await keyv.delete('key 5'), await keyv.delete('key 5'), await keyv.delete(['key 6', 'key 7'])]);
  await keyv.set('short', 'lived', 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  note('expired', await keyv.get('short'));
  const other = new Keyv({ store: new KeyvSqlite({ uri: `sqlite://${file}` }), namespace: 'other' });
  await other.set('key 1', Buffer.from([1, 2, 255]).toString('base64'));
  note('namespaces', [await other.get('key 1'), (await keyv.get('key 1')).at]);
  const found = [];
  for await (const [key] of keyv.iterator('app')) found.push(key);
  note('iterator', found.sort());
  await noteError('raw', () => store.query('SELECT * FROM none'));
  note('rows', (await store.query('SELECT count(*) AS n FROM keyv'))[0]);
  await other.clear();
  note('cleared', [await other.get('key 1'), await keyv.get('key 8')]);
  note('errors', errors);
  await keyv.disconnect();
  await other.disconnect();
};

await runApp(app, { dumpWith: dumpThroughSqlite3 });

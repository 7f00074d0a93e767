/** Sessions of a web server in better-sqlite3-session-store: set, get, touch, expire, destroy, all, clear. */
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import makeStore from 'better-sqlite3-session-store';
import session from 'express-session';
import { runApp } from './harness.mjs';

const Store = makeStore(session);
const HOUR_MS = 3_600_000;
/** Far ahead, so that expiry times are the same in every run. */
const LATER = new Date('2099-01-01T00:00:00.000Z');

await runApp(async ({ file, note, noteError }) => {
  const db = new Database(file);
  const store = new Store({ client: db, expired: { clear: false } });
  const call = (name, ...args) => promisify(store[name].bind(store))(...args);
  for (let at = 0; at < 30; at++) {
    await call('set', `session-${at}`, {
      user: `user ${at}`,
      cart: [at, { x: 'ü' }],
      cookie: { originalMaxAge: HOUR_MS, expires: LATER },
    });
  }
  note('length', await call('length'));
  note('get', [await call('get', 'session-3'), await call('get', 'none')]);
  await call('set', 'session-3', { user: 'changed', cookie: { maxAge: HOUR_MS, expires: LATER } });
  note('changed', await call('get', 'session-3'));
  await call('touch', 'session-4', { cookie: { maxAge: HOUR_MS, expires: LATER } });
  await call('destroy', 'session-5');
  note('destroyed', [await call('get', 'session-5'), await call('length')]);
  note('all', (await call('all')).length);
  const old = db.prepare("UPDATE sessions SET expire = '2000-01-01T00:00:00.000Z' WHERE sid IN ('session-7', 'session-8')");
  note('expired', [old.run().changes, await call('get', 'session-7')]);
  store.clearExpiredSessions();
  note('cleared', await call('length'));
  await noteError('no store', () => new Store({}));
  // A session that the server saves on its own.
  const middleware = session({ secret: 'secret', resave: false, saveUninitialized: true, genid: () => 'made-by-server', store });
  const request = { headers: {}, url: '/', originalUrl: '/' };
  const response = { setHeader() {}, end() {}, writeHead() {}, on() {}, getHeader: () => [], headers: {} };
  await new Promise((resolve) => middleware(request, response, resolve));
  request.session.views = 5;
  await promisify(request.session.save.bind(request.session))();
  note('by the server', await call('get', 'made-by-server'));
  await call('clear');
  note('clear', await call('length'));
  for (const sid of ['a', 'b']) await call('set', sid, { sid, cookie: { expires: LATER, maxAge: HOUR_MS } });
  db.exec("UPDATE sessions SET expire = '2099'");
  db.close();
});

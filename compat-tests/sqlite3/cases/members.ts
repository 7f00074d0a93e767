/** What the package, its classes and its objects have. */
import { contract, type Loose } from '../case.ts';

/** Of a prototype: what each member is, EventEmitter's methods included. */
function shape(prototype: object): Record<string, string> {
  const members: Record<string, string> = {};
  for (const name of Object.getOwnPropertyNames(prototype).sort()) {
    const { get, set, value } = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    members[name] = get ? `getter${set ? ' and setter' : ''}` : typeof value;
  }
  return members;
}

contract('the package', async ({ sqlite3, note }) => {
  note('members', Object.keys(sqlite3));
  for (const [name, value] of Object.entries(sqlite3)) {
    if (typeof value === 'number' || typeof value === 'string') note(name, name === 'path' ? typeof value : value);
  }
  note('cached', Object.keys(sqlite3.cached));
  note('a constant cannot be changed', Object.getOwnPropertyDescriptor(sqlite3, 'OK'));
});

contract('the classes', async ({ sqlite3, note }) => {
  for (const name of ['Database', 'Statement', 'Backup'] as const) {
    const found = sqlite3[name] as unknown as { name: string; prototype: object };
    note(`${name} is called`, found.name);
    for (const [member, kind] of Object.entries(shape(found.prototype))) note(`${name}.${member}`, kind);
    note(`${name} inherits`, Object.getPrototypeOf(found.prototype) === Object.prototype);
  }
});

contract('a database', async ({ db, note, open, sqlite3 }) => {
  note('keys', Object.keys(db));
  note('constructor', db.constructor === sqlite3.Database);
  note('instanceof', db instanceof sqlite3.Database);
  for (const name of ['filename', 'mode']) note(name, Object.getOwnPropertyDescriptor(db, name));
  note('open', db.open);
  note(
    'open cannot be set',
    (() => {
      try {
        (db as Loose).open = false;
      } catch (error) {
        return (error as Error).constructor.name;
      }
      return db.open;
    })(),
  );
  db.on('error', () => {});
  note('keys with a listener', Object.keys(db));
  const named = await open(':memory:', sqlite3.OPEN_READWRITE);
  note('mode as given', named.mode);
});

contract('a statement', async ({ db, note, call, sqlite3 }) => {
  const statement = db.prepare('SELECT 1 AS a');
  note('keys', Object.keys(statement));
  note('constructor', statement.constructor === sqlite3.Statement);
  note('sql', Object.getOwnPropertyDescriptor(statement, 'sql'));
  await call(statement, 'run');
  note('keys after run', Object.keys(statement));
  await call(statement, 'get');
  note('keys after get', Object.keys(statement));
  note('finalize returns', statement.finalize() === db);
});

contract('what calls return', async ({ db, note, call }) => {
  for (const method of ['run', 'get', 'all', 'each', 'exec']) note(`db.${method}`, db[method]('SELECT 1') === db);
  note('db.map', db.map('SELECT 1', () => {}) === db);
  note('db.serialize', db.serialize() === db);
  note('db.parallelize', db.parallelize() === db);
  note('db.wait', db.wait() === db);
  note('db.configure', db.configure('busyTimeout', 10) === db);
  note('db.interrupt', db.interrupt() === db);
  const statement = db.prepare('SELECT ? AS a');
  for (const method of ['bind', 'run', 'get', 'all', 'each', 'reset']) {
    note(`statement.${method}`, statement[method](() => undefined) === statement);
  }
  note('statement.map', statement.map(() => undefined) === statement);
  statement.finalize();
  await call(db, 'wait');
  note('db.close', db.close() === db);
});

contract('subclasses', async ({ sqlite3, note }) => {
  class Own extends (sqlite3.Database as Loose) {
    answer() {
      return 42;
    }
  }
  const own: Loose = new (Own as Loose)(':memory:');
  await new Promise((resolve) => own.once('open', resolve));
  note('is one', own instanceof sqlite3.Database);
  note('has its method', own.answer());
  note('works', await new Promise((resolve) => own.get('SELECT 1 AS a', (...results: unknown[]) => resolve(results))));
  own.close();
});

contract('events are those of EventEmitter', async ({ db, note, call }) => {
  const heard: unknown[] = [];
  const listener = (...args: unknown[]) => heard.push(args);
  note('on returns', db.on('x', listener) === db);
  note('once returns', db.once('x', listener) === db);
  note('count', db.listenerCount('x'));
  note('names', db.eventNames());
  note('emit', db.emit('x', 1, 2));
  note('emit without listeners', db.emit('y'));
  note('off returns', db.off('x', listener) === db);
  note('count after off', db.listenerCount('x'));
  note('heard', heard);
  note('removeAllListeners', db.removeAllListeners('x') === db);
  const statement = db.prepare('SELECT 1');
  note('on of a statement', statement.on('x', listener) === statement);
  note('emit of a statement', statement.emit('x', 3));
  note('heard by a statement', heard);
  await call(statement, 'finalize');
});

/** What is there to be seen: names, keys, prototypes, inspect output. */
import { inspect } from 'node:util';
import { rulesOf, type SideCheck, wrong } from './side.ts';

/** Ours has more methods than the original; what is compared is the original's. */
const METHODS = [
  'prepare',
  'transaction',
  'pragma',
  'explain',
  'backup',
  'serialize',
  'function',
  'aggregate',
  'table',
  'loadExtension',
  'exec',
  'close',
  'defaultSafeIntegers',
  'unsafeMode',
] as const;

const STATEMENT_METHODS = [
  'run',
  'get',
  'all',
  'iterate',
  'bind',
  'pluck',
  'expand',
  'raw',
  'safeIntegers',
  'columns',
  'toString',
] as const;

const descriptor = (object: object, key: PropertyKey): string => {
  const found = Object.getOwnPropertyDescriptor(object, key);
  if (found === undefined) return 'none';
  const kind = 'value' in found ? `value ${typeof found.value}` : `getter, ${found.set === undefined ? 'no ' : ''}setter`;
  return `${kind}, ${found.enumerable ? '' : 'not '}enumerable`;
};

export const surfaceChecks: readonly SideCheck[] = [
  ...rulesOf('Database', {
    'has its name and its class of errors': ({ Database, note }) => {
      note(() => Database.name);
      note(() => typeof Database.SqliteError);
      note(() => Object.keys(Database));
      note(() => new Database(':memory:').constructor === wrong(Database));
      note(() => Database.prototype.constructor === wrong(Database));
    },
    'has five keys of its own, in order': ({ db, note }) => {
      note(() => Object.keys(db));
      note(() => JSON.stringify(db));
      note(() => ({ ...db }));
      for (const key of Object.keys(db)) note(() => descriptor(db, key));
    },
    'may be given properties': ({ db, note }) => {
      note(() => Object.isExtensible(db));
      note(() => {
        wrong(db).extra = 1;
        return Object.keys(db);
      });
    },
    'its getters cannot be set': ({ db, note }) => {
      for (const key of ['name', 'open', 'inTransaction', 'readonly', 'memory']) {
        note(() => {
          wrong(db)[key] = 1;
        });
      }
    },
    'is not a promise': ({ db, note }) => {
      note(() => 'then' in db);
      note(() => 'then' in db.prepare('SELECT 1'));
    },
  }),
  ...METHODS.flatMap((name) =>
    rulesOf(`Database.${name}()`, {
      'is a method of the prototype': ({ Database, db, note }) => {
        note(() => typeof Database.prototype[name]);
        note(() => (Database.prototype[name] as { name: string }).name);
        note(() => Object.hasOwn(db, name));
      },
    }),
  ),
  ...STATEMENT_METHODS.flatMap((name) =>
    rulesOf(`Statement.${name}()`, {
      'is a method of the prototype': ({ db, note }) => {
        const statement = db.prepare('SELECT 1');
        note(() => typeof Object.getPrototypeOf(statement)[name]);
        note(() => Object.getPrototypeOf(statement)[name].name);
        note(() => Object.hasOwn(statement, name));
      },
    }),
  ),
  ...rulesOf('Database[inspect]', {
    'shows the five keys': ({ db, note }) => {
      note(() => inspect(db));
      note(() => inspect(db.close()));
    },
    'also within other things, and in one line': ({ db, note }) => {
      note(() => inspect({ db }));
      note(() => inspect([db], { breakLength: Number.POSITIVE_INFINITY }));
      note(() => inspect(db, { compact: false }));
      note(() => inspect({ a: { b: { c: db } } }));
    },
    'of a file, read-only or in a transaction': ({ open, note, folder }) => {
      const db = open('a.db');
      db.exec('BEGIN');
      note(() => inspect(db).replace(folder, 'F'));
    },
    'of a subclass, with properties of its own': ({ Database, note }) => {
      class Sub extends Database {
        extra = { a: 1 };
      }
      const db = new Sub(':memory:');
      note(() => inspect(db));
      db.close();
    },
  }),
  ...rulesOf('Statement', {
    'has its keys and its name': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      note(() => Object.keys(statement));
      note(() => statement.constructor.name);
      note(() => statement.database === db);
      for (const key of ['reader', 'readonly', 'source', 'database', 'busy']) note(() => descriptor(statement, key));
    },
    'cannot be made by hand': ({ db, note }) => {
      const Statement = wrong(db.prepare('SELECT 1').constructor);
      note(() => new Statement('SELECT 1'));
      note(() => new Statement(db, 'SELECT 1'));
      note(() => new Statement());
    },
    'one constructor for all': ({ db, Database, note }) => {
      const other = new Database(':memory:');
      note(() => db.prepare('SELECT 1').constructor === other.prepare('SELECT 2').constructor);
      note(() => Object.getPrototypeOf(db.prepare('SELECT 1')) === Object.getPrototypeOf(db.prepare('SELECT 3')));
      other.close();
    },
    'its properties cannot be set': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      for (const key of ['reader', 'readonly', 'source', 'database', 'busy']) {
        note(() => {
          wrong(statement)[key] = 1;
        });
      }
    },
    'may be given properties': ({ db, note }) => {
      note(() => Object.isExtensible(db.prepare('SELECT 1')));
    },
    'inspect shows what it is': ({ db, note }) => {
      note(() => inspect(db.prepare('SELECT 1'), { depth: 0 }).split('\n')[0]);
    },
  }),
  ...rulesOf('SqliteError', {
    'is an Error with a code': ({ Database, note }) => {
      const { SqliteError } = Database;
      note(() => new SqliteError('text', 'SQLITE_X'));
      note(() => Object.keys(new SqliteError('text', 'SQLITE_X')));
      note(() => new SqliteError('text', 'SQLITE_X') instanceof Error);
      note(() => new SqliteError('text', 'SQLITE_X').name);
      note(() => `${new SqliteError('text', 'SQLITE_X')}`);
      note(() => descriptor(SqliteError.prototype, 'name'));
      note(() => SqliteError.name);
      note(() => SqliteError.length);
      note(() => SqliteError.prototype.constructor === SqliteError);
      note(() => new SqliteError('text', 'SQLITE_X').stack?.split('\n')[0]);
    },
    'its code must be a string, its message becomes one': ({ Database, note }) => {
      const { SqliteError } = Database;
      note(() => new SqliteError('text', wrong(undefined)));
      note(() => new SqliteError('text', wrong(5)));
      note(() => new SqliteError(wrong(5), 'X').message);
      note(() => new SqliteError(wrong(undefined), 'X').message);
      note(() => new SqliteError(wrong(Symbol('s')), 'X').message);
      note(() => wrong(SqliteError)('text', 'X'));
    },
    'can be subclassed': ({ Database, note }) => {
      class Sub extends Database.SqliteError {}
      note(() => new Sub('text', 'X'));
      note(() => new Sub('text', 'X') instanceof Database.SqliteError);
    },
  }),
  ...rulesOf('transaction function', {
    'has its four variants and its database': ({ db, note }) => {
      const fn = db.transaction((a: unknown, b: unknown) => [a, b]);
      note(() => Object.keys(fn));
      for (const key of ['default', 'deferred', 'immediate', 'exclusive', 'database']) note(() => descriptor(fn, key));
      note(() => fn.default === wrong(fn));
      note(() => fn.deferred.immediate === fn.immediate);
      note(() => fn.exclusive.exclusive.default === wrong(fn));
      note(() => fn.database === db);
      note(() => fn.length);
    },
    'is strict, and hands on what it is called on': ({ db, note }) => {
      const fn = db.transaction(function (this: unknown) {
        return this;
      });
      note(() => [fn.name, Object.getOwnPropertyNames(fn)]);
      for (const receiver of [undefined, null, 5, 'text']) note(() => Reflect.apply(fn, receiver, []));
    },
  }),
];

/** `createTagStore()`: statements kept by the text of template literals. */
import { ODD_VALUES, rulesOf, type SideCheck, wrong } from './side.ts';

export const tagStoreChecks: readonly SideCheck[] = [
  ...rulesOf('createTagStore()', {
    capacities: ({ db, note }) => {
      for (const value of [undefined, ...ODD_VALUES, 10, -1, 2.9, Number.NaN, Infinity, 2 ** 40]) {
        note(() => db.createTagStore(wrong(value)).capacity);
      }
    },
    'a database has many': ({ db, note }) => {
      const [first, second] = [db.createTagStore(), db.createTagStore()];
      note(() => first === second);
      note(() => db.createTagStore().db === db);
    },
  }),
  ...rulesOf('SQLTagStore', {
    'get, all, run and iterate': ({ db, note }) => {
      const sql = db.createTagStore();
      note(() => sql.run`CREATE TABLE t (a, b)`);
      note(() => sql.run`INSERT INTO t VALUES (${1}, ${'x'})`);
      note(() => sql.run`INSERT INTO t VALUES (${2}, ${null})`);
      note(() => sql.get`SELECT * FROM t WHERE a = ${2}`);
      note(() => sql.get`SELECT * FROM t WHERE a = ${9}`);
      note(() => sql.all`SELECT * FROM t ORDER BY a`);
      note(() => [...sql.iterate`SELECT a FROM t`]);
      note(() => [sql.size, sql.capacity]);
    },
    'one text is prepared once': ({ db, note }) => {
      const sql = db.createTagStore();
      for (const value of [1, 2, 3]) note(() => sql.get`SELECT ${value} AS a`);
      note(() => sql.size);
      note(() => sql.get`SELECT ${1} AS  a`);
      note(() => sql.size);
    },
    'the oldest is forgotten': ({ db, note }) => {
      const sql = db.createTagStore(2);
      note(() => [sql.get`SELECT 1 AS a`, sql.size]);
      note(() => [sql.get`SELECT 2 AS a`, sql.size]);
      note(() => [sql.get`SELECT 3 AS a`, sql.size]);
      note(() => [sql.get`SELECT 1 AS a`, sql.size]);
    },
    'clear()': ({ db, note }) => {
      const sql = db.createTagStore();
      sql.get`SELECT 1`;
      note(() => sql.clear());
      note(() => sql.size);
      note(() => sql.get`SELECT 1 AS a`);
    },
    'clear() while one iterates': ({ db, note }) => {
      const sql = db.createTagStore();
      const iterator = sql.iterate`SELECT 1 AS a UNION ALL SELECT 2`;
      note(() => iterator.next());
      sql.clear();
      note(() => iterator.next());
    },
    'arguments that are no template': ({ db, note }) => {
      const sql = db.createTagStore();
      for (const method of ['get', 'all', 'run', 'iterate'] as const) {
        note(() => Reflect.apply(sql[method], sql, []));
        for (const value of ODD_VALUES) note(() => Reflect.apply(sql[method], sql, [value]));
        note(() => Reflect.apply(sql[method], sql, [['SELECT 1', 5]]));
        note(() => Reflect.apply(sql[method], sql, [[5]]));
      }
      note(() => Reflect.apply(sql.get, sql, [['SELECT ', ' AS a'], 7]));
    },
    'too few and too many values': ({ db, note }) => {
      const sql = db.createTagStore();
      note(() => Reflect.apply(sql.get, sql, [['SELECT ', ' AS a, ', ' AS b'], 7]));
      note(() => Reflect.apply(sql.get, sql, [['SELECT ', ' AS a'], 7, 8, 9]));
      note(() => Reflect.apply(sql.get, sql, [['SELECT ? AS a'], 7]));
    },
    'values that are none': ({ db, note }) => {
      const sql = db.createTagStore();
      for (const value of [undefined, ...ODD_VALUES]) note(() => sql.get`SELECT ${wrong(value)} AS a`);
    },
    'values of the last call': ({ db, note }) => {
      const sql = db.createTagStore();
      note(() => Reflect.apply(sql.get, sql, [['SELECT ', ' AS a'], 7]));
      note(() => Reflect.apply(sql.get, sql, [['SELECT ? AS a']]));
    },
    'texts that are no SQL': ({ db, note }) => {
      const sql = db.createTagStore();
      for (const text of ['', 'selec', 'SELECT * FROM none', '-- x']) {
        note(() => Reflect.apply(sql.get, sql, [[text]]));
        note(() => sql.size);
      }
    },
    'values inside of literals and comments': ({ db, note }) => {
      const sql = db.createTagStore();
      note(() => sql.get`SELECT '${1}' AS a`);
      note(() => sql.all`SELECT '${1}' AS a, ${2} AS b`);
      note(() => sql.run`SELECT "${1}"`);
      note(() => [...sql.iterate`/* ${1} */ SELECT ${2} AS b`]);
      note(() => sql.size);
    },
    'more than one statement': ({ db, note }) => {
      note(() => db.createTagStore().get`SELECT 1 AS a; SELECT 2 AS b`);
    },
    'two iterators of one text': ({ db, note }) => {
      const sql = db.createTagStore();
      const [first, second] = [1, 2].map((value) => sql.iterate`SELECT ${value} AS a UNION ALL SELECT 9`);
      note(() => first?.next());
      note(() => second?.next());
      note(() => second?.next());
    },
    'after close() and open()': ({ db, note }) => {
      const sql = db.createTagStore();
      note(() => sql.get`SELECT 1 AS a`);
      db.close();
      note(() => sql.get`SELECT 1 AS a`);
      note(() => [sql.size, sql.capacity, sql.db === db]);
      db.open();
      note(() => sql.get`SELECT 1 AS a`);
      note(() => sql.size);
    },
  }),
];

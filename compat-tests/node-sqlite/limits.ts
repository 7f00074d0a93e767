/** `limits`: their values, how they are set, and what they refuse. */
import { LIMIT_NAMES, ODD_VALUES, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

/** Limits under which the original cannot read its own schema. */
const UNDER_LIMITS: ReadonlySet<string> = new Set(['sqlLength', 'column']);

/** What a limit of so much refuses, and what it lets pass. */
const REFUSED: Readonly<Record<string, readonly (readonly [setup: string, limit: number, sql: string])[]>> = {
  length: [
    ['', 100, "SELECT printf('%99s', 'x') AS a"],
    ['', 100, "SELECT printf('%101s', 'x') AS a"],
    ['', 100, 'SELECT zeroblob(101) AS a'],
    ['', 10, "SELECT 'a text that is too long' AS a"],
  ],
  sqlLength: [
    ['', 20, 'SELECT 12345 AS abcde'],
    ['', 20, 'SELECT 12345 AS abc'],
  ],
  column: [
    ['', 3, 'SELECT 1, 2, 3'],
    ['', 3, 'SELECT 1, 2, 3, 4'],
    ['', 3, 'CREATE TABLE u (a, b, c, d)'],
    ['CREATE TABLE t (a, b, c)', 3, 'ALTER TABLE t ADD COLUMN d'],
    ['CREATE TABLE t (a, b, c, d)', 3, 'SELECT * FROM t'],
    ['CREATE TABLE t (a, b, c, d)', 3, 'CREATE INDEX i ON t (a, b, c, d)'],
    ['CREATE TABLE t (a, b, c, d)', 3, 'SELECT a FROM t ORDER BY a, b, c, d'],
    ['CREATE TABLE t (a, b, c, d)', 3, 'SELECT count(*) FROM t GROUP BY a, b, c, d'],
    ['CREATE TABLE t (a, b, c, d)', 3, 'UPDATE t SET a = 1, b = 1, c = 1, d = 1'],
    ['CREATE TABLE t (a, b, c, d)', 3, 'INSERT INTO t VALUES (1, 2, 3, 4)'],
  ],
  exprDepth: [
    ['', 3, 'SELECT 1 + 2 AS a'],
    ['', 3, 'SELECT 1 + 2 + 3 + 4 AS a'],
    ['', 3, 'SELECT ((((((1)))))) AS a'],
    ['', 3, 'SELECT - - - - 1 AS a'],
  ],
  compoundSelect: [
    ['', 3, 'SELECT 1 UNION SELECT 2 UNION SELECT 3'],
    ['', 3, 'SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4'],
    ['', 3, 'SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4'],
    ['', 3, 'VALUES (1), (2), (3), (4), (5)'],
  ],
  functionArg: [
    ['', 3, 'SELECT max(1, 2, 3) AS a'],
    ['', 3, 'SELECT max(1, 2, 3, 4) AS a'],
    ['', 3, 'SELECT coalesce(1, 2, 3, 4) AS a'],
  ],
  attach: [
    ['', 1, "ATTACH ':memory:' AS a"],
    ['', 1, "ATTACH ':memory:' AS a; ATTACH ':memory:' AS b"],
    ['', 0, "ATTACH ':memory:' AS a"],
  ],
  likePatternLength: [
    ['', 5, "SELECT 'x' LIKE 'abcde' AS a"],
    ['', 5, "SELECT 'x' LIKE 'abcdef' AS a"],
    ['', 5, "SELECT 'x' GLOB 'abcdef' AS a"],
  ],
  variableNumber: [
    ['', 2, 'SELECT ?, ?'],
    ['', 2, 'SELECT ?, ?, ?'],
    ['', 2, 'SELECT ?3'],
    ['', 2, 'SELECT :a, :b, :c'],
  ],
  triggerDepth: [
    [
      'CREATE TABLE t (a); CREATE TABLE u (a); CREATE TABLE v (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO u VALUES (1); END; CREATE TRIGGER s AFTER INSERT ON u BEGIN INSERT INTO v VALUES (1); END',
      1,
      'INSERT INTO t VALUES (1)',
    ],
    [
      'PRAGMA recursive_triggers = ON; CREATE TABLE t (a); CREATE TRIGGER r AFTER INSERT ON t WHEN new.a < 9 BEGIN INSERT INTO t VALUES (new.a + 1); END',
      3,
      'INSERT INTO t VALUES (1)',
    ],
  ],
  vdbeOp: [['', 25, 'SELECT 1']],
};

const refusals = Object.entries(REFUSED).flatMap(([name, cases]) =>
  rulesOf(`limits.${name}`, {
    'what it refuses': ({ open, note }) => {
      for (const [setup, limit, sql] of cases) {
        const db = open();
        db.exec(setup);
        // The original reads its schema under the limits, too, and finds its own statements too long.
        db.prepare('SELECT * FROM sqlite_schema').all();
        db.limits[name as 'length'] = limit;
        note(() => db.exec(sql));
        note(() => db.prepare(sql).all());
      }
    },
    'as an option': ({ open, note }) => {
      for (const [setup, limit, sql] of cases) {
        if (setup !== '' || UNDER_LIMITS.has(name)) continue;
        note(() =>
          open(':memory:', { limits: { [name]: limit } })
            .prepare(sql)
            .all(),
        );
      }
    },
  }),
);

const tellSetting = ({ db, note }: Side, name: string, value: unknown): void => {
  note(() => {
    (db.limits as unknown as Record<string, unknown>)[name] = value;
    return db.limits[name as 'length'];
  });
};

export const limitChecks: readonly SideCheck[] = [
  ...refusals,
  ...LIMIT_NAMES.flatMap((name) =>
    rulesOf(`limits.${name}`, {
      'values it takes and refuses': (side) => {
        for (const value of [...ODD_VALUES, undefined, -1, 1000, 2 ** 31 - 1, 2 ** 31, Number.NaN, Infinity, -Infinity, -0]) {
          tellSetting(side, name, value);
        }
      },
    }),
  ),
  ...rulesOf('limits.length', {
    'what is bound': ({ db, note }) => {
      const statement = db.prepare('SELECT length(?) AS n');
      db.limits.length = 100;
      for (const value of ['x'.repeat(100), 'x'.repeat(101), 'ä'.repeat(51), new Uint8Array(100), new Uint8Array(101)]) {
        note(() => statement.get(value));
      }
      note(() => statement.get('x'));
    },
  }),
  ...rulesOf('limits', {
    'is one object': ({ db, note }) => {
      const [first, second] = [db.limits, db.limits];
      note(() => first === second);
    },
    'names and values': ({ db, note }) => {
      note(() => Object.entries(db.limits));
      note(() => ({ ...db.limits }));
      note(() => JSON.stringify(db.limits));
      note(() => ['length' in db.limits, 'none' in db.limits, 'toString' in db.limits]);
    },
    'other names': (side) => {
      tellSetting(side, 'none', 5);
      const { db, note } = side;
      note(() => (db.limits as unknown as Record<symbol, unknown>)[Symbol.iterator]);
      note(() => Object.keys(db.limits));
    },
    'cannot be deleted': ({ db, note }) => {
      note(() => delete wrong(db.limits).length);
      note(() => db.limits.length);
    },
    'cannot be redefined': ({ db, note }) => {
      note(() => typeof Object.defineProperty(db.limits, 'attach', { value: 5 }));
      note(() => db.limits.attach);
    },
    'are not frozen, sealed or closed': ({ db, note }) => {
      const { limits } = db;
      // V8 words these otherwise for a proxy.
      const isRefused = (change: () => unknown): boolean => {
        try {
          change();
          return false;
        } catch (error) {
          return error instanceof TypeError;
        }
      };
      note(() => [Object.freeze, Object.seal, Object.preventExtensions].map((close) => isRefused(() => close(limits))));
      note(() => Reflect.preventExtensions(limits));
      note(() => [Object.isFrozen(limits), Object.isSealed(limits), Object.isExtensible(limits)]);
      note(() => Object.defineProperty(limits, 'length', { get: () => 1 }));
      note(() => Reflect.set(limits, 'length', 1000));
      note(() => limits.length);
    },
    'whose heirs have their own': ({ db, note }) => {
      const heir = Object.create(db.limits) as { length: number };
      note(() => heir.length);
      heir.length = 123;
      note(() => [heir.length, db.limits.length, Object.keys(heir)]);
    },
    'of another connection stay': ({ db, open, note }) => {
      const other = open();
      db.limits.attach = 3;
      note(() => other.limits.attach);
    },
  }),
];

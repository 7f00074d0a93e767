/** The connection: options, exec, prepare, pragma, close, errors, and what a path may stand for. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { contract, record, SUBJECT } from './testing/contract.ts';

describe('opening', () => {
  contract('options are checked with the same words', ({ Database, note }) => {
    const bad: unknown[] = [
      { readonly: undefined },
      { readonly: 1 },
      { readonly: 'true' },
      { readonly: true },
      { fileMustExist: 0 },
      { fileMustExist: null },
      { timeout: -1 },
      { timeout: 1.5 },
      { timeout: '5' },
      { timeout: Number.NaN },
      { timeout: undefined },
      { timeout: null },
      { timeout: 0x80000000 },
      { timeout: Number.POSITIVE_INFINITY },
      { verbose: 1 },
      { verbose: 'x' },
      { verbose: {} },
      { verbose: true },
      { readOnly: true },
      { readOnly: undefined },
      { memory: true },
      { memory: undefined },
      1,
      'x',
      true,
      () => 1,
    ];
    for (const options of bad) note(() => new Database(':memory:', options as object).open);
    const good: unknown[] = [
      undefined,
      null,
      {},
      [],
      { timeout: 0 },
      { timeout: 0x7fffffff },
      { verbose: null },
      { verbose: undefined },
    ];
    good.push(
      { readonly: false, fileMustExist: false },
      { fileMustExist: true },
      { unknown: 1 },
      Object.create({ readonly: true }),
    );
    for (const options of good) note(() => new Database(':memory:', options as object).open);
  });

  contract('the first argument is text or nothing', ({ Database, note }) => {
    for (const path of [true, {}, [], Symbol('x'), () => 1, new Date(0), 1n]) {
      note(() => new Database(path as unknown as string).name);
    }
    for (const path of [undefined, null, '', ' ', ':memory:', ' :memory: ', '\t']) {
      note(() => {
        const { name, open, memory, readonly, inTransaction } = new Database(path);
        return { name, open, memory, readonly, inTransaction };
      });
      note(() => new Database(path, { readonly: true }).open);
    }
    note(() => (Database as unknown as () => { open: boolean })().open);
    note(() => Database.length);
    note(() => Database.name);
  });

  contract('paths', ({ Database, folder, note }) => {
    const at = (name: string) => join(folder, name);
    note(() => new Database(at('missing'), { fileMustExist: true }).open);
    note(() => new Database(at('missing'), { readonly: true }).open);
    note(() => new Database(at('no-folder/x')).open);
    note(() => new Database(at('a.db')).exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)').close().open);
    note(() => new Database(at('a.db'), { fileMustExist: true }).prepare('SELECT * FROM t').all());
    note(() => new Database(`  ${at('a.db')}  `).prepare('SELECT * FROM t').all());
    const readonly = new Database(at('a.db'), { readonly: true });
    note(() => [readonly.readonly, readonly.memory, readonly.open]);
    note(() => readonly.prepare('SELECT * FROM t').all());
    note(() => readonly.exec('INSERT INTO t VALUES (2)'));
    note(() => readonly.prepare('DELETE FROM t').run());
    note(() => readonly.exec('CREATE TABLE u(a)'));
    note(() => readonly.close().open);
  });

  test('what is no database of ours is refused with a SQLite code and left alone', () => {
    record(SUBJECT, ({ Database, folder, note }) => {
      const sqliteFile = join(folder, 'sqlite.db');
      writeFileSync(sqliteFile, 'SQLite format 3\0'.padEnd(4096, '\0'));
      const textFile = join(folder, 'notes.txt');
      writeFileSync(textFile, 'hello');
      const foreignFolder = join(folder, 'folder');
      mkdirSync(foreignFolder);
      writeFileSync(join(foreignFolder, 'something'), 'else');
      for (const path of [sqliteFile, textFile, foreignFolder]) {
        let thrown: unknown;
        try {
          new Database(path).exec('CREATE TABLE t(a)');
        } catch (error) {
          thrown = error;
        }
        expect(thrown, path).toBeInstanceOf(Database.SqliteError);
        expect(thrown, path).toMatchObject({ code: 'SQLITE_NOTADB', message: expect.stringContaining('file is not a database') });
        if (path === sqliteFile) expect((thrown as Error).message).toContain('is a SQLite file');
        expect(existsSync(path)).toBe(true);
      }
      note(() => 0);
    });
  });

  contract('a database is a class to build upon', ({ Database, note }) => {
    class Mine extends Database {
      double(): number {
        return 2 * (this.prepare('SELECT 21').pluck().get() as number);
      }
    }
    const mine = new Mine(':memory:');
    note(() => mine.double());
    note(() => [mine instanceof Mine, mine instanceof Database, mine.constructor === Mine]);
    note(() => new Database(':memory:').constructor === Database);
    note(() => (Database as unknown as (path: string) => object)(':memory:') instanceof Database);
    note(() => Object.keys(mine));
    note(() => inspect(new Database(':memory:')));
    note(() => (mine as unknown as { open: boolean }).open);
    note(() => mine.close() === mine);
    note(() => [mine.open, mine.inTransaction, mine.name, mine.memory, mine.readonly]);
    note(() => mine.close() === mine);
  });
});

describe('one connection after the other', () => {
  test('rows stay what they are, and closed connections give none, when another one has the memory of theirs', () => {
    const rowOf = (number: number) => ({ n: number, real: number / 3, text: `text ${number}`, blob: Buffer.alloc(50, number) });
    const kept: unknown[][] = [];
    let readClosed: (() => unknown) | undefined;
    for (let round = 0; round < 10; round++) {
      const [db, beside] = [new SUBJECT(':memory:'), new SUBJECT(':memory:')];
      for (const each of [db, beside]) {
        each.exec('CREATE TABLE t(n, real, text, blob)');
        const insert = each.prepare('INSERT INTO t VALUES (:n, :real, :text, :blob)');
        for (let number = 0; number < 20; number++) insert.run(rowOf(100 * round + number));
      }
      if (readClosed !== undefined) expect(readClosed).toThrow('The database connection is not open');
      const select = db.prepare('SELECT * FROM t ORDER BY n');
      const rows: unknown[] = [];
      for (const row of select.iterate()) {
        rows.push(row);
        expect(beside.prepare('SELECT max(n) FROM t').pluck().get()).toBe(100 * round + 19);
        if (rows.length === 10) beside.prepare('SELECT * FROM t').all();
      }
      kept.push(rows, select.all());
      beside.close();
      db.close();
      readClosed = () => select.all();
    }
    kept.forEach((rows, index) => {
      const first = 100 * Math.floor(index / 2);
      expect(rows).toEqual(Array.from({ length: 20 }, (_, number) => rowOf(first + number)));
    });
  });
});

describe('prepare and exec', () => {
  contract('prepare takes exactly one statement', ({ db, note }) => {
    db.exec('CREATE TABLE t(a)');
    const texts = [
      '',
      ' ',
      ';',
      ';;',
      '-- x',
      '/* x */',
      '/* x',
      'SELECT 1',
      'SELECT 1;',
      'SELECT 1; ',
      'SELECT 1;;; ',
      ' ; SELECT 1',
    ];
    texts.push(
      'SELECT 1; -- x',
      'SELECT 1; /* x */ ;',
      'SELECT 1; /* x',
      'SELECT 1; SELECT 2',
      'SELECT 1; x',
      'SELECT 1; /',
      'SELECT 1; -',
    );
    texts.push(
      'SELECT 1 -- x',
      'SELECT 1 /* x',
      'SELEC 1',
      'SELECT',
      'SELECT * FROM nope',
      'SELECT nope FROM t',
      'INSERT INTO t VALUES (1, 2)',
    );
    texts.push(
      'SELECT "nope"',
      "SELECT 'open",
      'SELECT 1; SELEC',
      'DROP TABLE nope',
      'CREATE TABLE t(a)',
      'CREATE INDEX i ON t(nope)',
      'SELECT nope()',
      'SELECT abs()',
      'SELECT 1\0 2',
    );
    for (const text of texts) note(() => db.prepare(text).source);
    for (const text of [undefined, null, 1, {}, ['SELECT 1'], Object('SELECT 1')]) note(() => db.prepare(text as string).source);
  });

  contract('exec runs all, stops at the first error and keeps what came before', ({ db, note }) => {
    note(() => db.exec('CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)') === db);
    note(() => db.exec('INSERT INTO t VALUES (3); INSERT INTO t VALUES (1); INSERT INTO t VALUES (4)'));
    note(() => db.prepare('SELECT a FROM t').pluck().all());
    note(() => db.exec('') === db);
    note(() => db.exec(' ; ;; -- x\n /* y */ ;') === db);
    note(() => db.exec('SELECT 1; SELECT * FROM t; INSERT INTO t VALUES (5) RETURNING a') === db);
    note(() => db.exec('BEGIN; INSERT INTO t VALUES (6)') === db);
    note(() => db.inTransaction);
    note(() => db.exec('ROLLBACK') === db);
    note(() => db.inTransaction);
    note(() => db.exec('INSERT INTO t VALUES (?)') === db);
    note(() => db.exec('INSERT INTO t VALUES (7); SELEC'));
    note(() => db.prepare('SELECT a FROM t').pluck().all());
    for (const text of [undefined, null, 1, {}]) note(() => db.exec(text as unknown as string));
  });

  contract('explain needs no values', ({ db, note }) => {
    db.exec('CREATE TABLE t(a)');
    note(() => db.explain('QUERY PLAN SELECT * FROM t WHERE a = ?').length);
    note(() => db.explain('SELECT ?').length > 0);
    note(() => Object.keys(db.explain('SELECT 1')[0] as object));
    note(() => db.explain('SELEC'));
    note(() => db.explain(''));
    note(() => db.explain(1 as unknown as string));
  });
});

describe('pragma', () => {
  contract('rows, or the first value with simple', ({ db, note }) => {
    note(() => db.pragma('user_version'));
    note(() => db.pragma('user_version', { simple: true }));
    note(() => db.pragma('user_version = 5'));
    note(() => db.pragma('user_version = 5', { simple: true }));
    note(() => db.pragma('user_version', { simple: false }));
    note(() => db.pragma('foreign_keys'));
    note(() => db.pragma('cache_size', { simple: true }));
    note(() => db.pragma('table_info(nope)'));
    note(() => db.pragma('table_info(nope)', { simple: true }));
    note(() => db.pragma('nonsense'));
    note(() => db.pragma('nonsense', { simple: true }));
    note(() => db.pragma('user_version; SELECT 1'));
    note(() => db.pragma(''));
    note(() => db.pragma('user_version', 1 as unknown as object));
    note(() => db.pragma('user_version', { simple: 1 } as unknown as object));
    note(() => db.pragma('user_version', { simple: undefined } as unknown as object));
    note(() => db.pragma('user_version', null));
    note(() => db.pragma(1 as unknown as string));
    note(() => db.pragma('foreign_key_check'));
  });
});

describe('errors', () => {
  contract('class, message and code of what goes wrong', ({ db, note }) => {
    db.exec(`CREATE TABLE p(id INTEGER PRIMARY KEY, u UNIQUE, n NOT NULL DEFAULT 1, c CHECK (c > 0),
        CONSTRAINT named CHECK (c < 100));
      CREATE TABLE k(a, b, PRIMARY KEY (a, b)) WITHOUT ROWID;
      CREATE TABLE s(a TEXT) STRICT;
      INSERT INTO p(id, u) VALUES (1, 'x'); INSERT INTO k VALUES (1, 1)`);
    const texts = [
      "INSERT INTO p(u) VALUES ('x')",
      'INSERT INTO p(id) VALUES (1)',
      'INSERT INTO p(n) VALUES (NULL)',
      'INSERT INTO p(c) VALUES (0)',
      'INSERT INTO p(c) VALUES (100)',
      "INSERT INTO p(id) VALUES ('text')",
      'INSERT INTO k VALUES (1, 1)',
      'INSERT INTO k VALUES (1, NULL)',
      "INSERT INTO s VALUES (x'00')",
      'SELECT abs(-9223372036854775808)',
      "SELECT json('{')",
      'SELECT 1 FROM p JOIN p AS q ON id = 1',
      'BEGIN; BEGIN',
      'COMMIT; COMMIT',
      'ROLLBACK',
      'RELEASE nope',
      'ROLLBACK TO nope',
      'CREATE TABLE p(a)',
      'CREATE INDEX i ON nope(a)',
      'DROP INDEX nope',
      'INSERT INTO p(nope) VALUES (1)',
      'INSERT INTO p(id, u) VALUES (1)',
      'SELECT (SELECT 1, 2)',
      'SELECT 1 UNION SELECT 1, 2',
      'SELECT sum(sum(1))',
      'SELECT 1 WHERE count(*) > 0',
      'ATTACH 1',
      'SELECT 1 ORDER BY 2',
      'INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5)',
      'DROP TABLE sqlite_schema',
    ];
    for (const text of texts) note(() => db.exec(text));
    note(() => db.prepare('SELECT count(*) FROM p').pluck().get());
  });

  contract('SqliteError is an error class of its own', ({ Database, db, note }) => {
    const { SqliteError } = Database;
    note(() => SqliteError.name);
    note(() => SqliteError.length);
    note(() => {
      const error = new SqliteError('text', 'CODE');
      return [error.message, error.code, error.name, Object.keys(error), error instanceof Error, `${error}`];
    });
    note(() => new SqliteError('text', 1 as unknown as string));
    note(() => new (SqliteError as unknown as new (message: unknown, code: string) => Error)(5, 'CODE').message);
    note(() => {
      try {
        db.exec('SELEC');
        return undefined;
      } catch (error) {
        const { name, code } = error as InstanceType<typeof SqliteError>;
        return [
          (error as Error).constructor === SqliteError,
          name,
          code,
          Object.keys(error as object),
          typeof (error as Error).stack,
        ];
      }
    });
    note(() => Object.prototype.toString.call(new SqliteError('x', 'y')));
  });
});

describe('verbose', () => {
  contract('is told of every statement before it runs', ({ Database, note }) => {
    const seen: unknown[] = [];
    const db = new Database(':memory:', { verbose: (...args) => seen.push(args) });
    note(() => db.exec('  CREATE TABLE t(a) ; /* c */ INSERT INTO t VALUES (1) -- d\n; ; SELECT ? ; ') === db);
    note(() => db.exec('SELECT 7; SELECT nope; SELECT 8'));
    note(() => db.exec('SELECT 7; SELEC'));
    const statement = db.prepare('  SELECT ? AS a, :b AS b -- x\n ; -- y');
    const values: unknown[] = [
      1,
      0.1,
      7n,
      null,
      'x'.repeat(32),
      'x'.repeat(33),
      'ü'.repeat(40),
      `${'x'.repeat(31)}üü`,
      Buffer.alloc(32),
    ];
    values.push(Buffer.alloc(40, 1), `ab\0${'x'.repeat(60)}`, "it's", 'y'.repeat(10_000));
    for (const value of values) {
      note(() => statement.get(value, { b: value }));
      note(() => statement.all(value, { b: value }));
      note(() => statement.run(value, { b: value }));
    }
    const iterator = statement.iterate(1, { b: 2 });
    note(() => seen.length);
    note(() => iterator.next());
    note(() => seen.length);
    note(() => iterator.next());
    note(() => String(db.prepare('SELECT ?').bind('x'.repeat(100))));
    note(() => db.prepare('INSERT INTO t VALUES (?)').bind('x').run());
    note(() => db.prepare('SELECT ? FROM t').bind('x'.repeat(50)).all());
    note(() => db.pragma('user_version'));
    note(() => db.transaction(() => statement.get(1, { b: 2 }))());
    note(() => seen);
  });

  contract('may throw, and may not use the connection', ({ Database, note }) => {
    let action = () => {};
    const db = new Database(':memory:', { verbose: () => action() });
    db.exec('CREATE TABLE t(a)');
    const insert = db.prepare('INSERT INTO t VALUES (?)');
    const select = db.prepare('SELECT a FROM t').pluck();
    action = () => {
      throw new RangeError('mine');
    };
    note(() => insert.run(1));
    note(() => select.get());
    note(() => select.all());
    note(() => db.exec('INSERT INTO t VALUES (5)'));
    note(() => [...select.iterate()]);
    note(() => select.busy);
    const calls: (() => unknown)[] = [
      () => db.prepare('SELECT 1'),
      () => db.exec('SELECT 1'),
      () => db.pragma('user_version'),
      () => insert.run(2),
      () => select.get(),
      () => select.all(),
      () => select.iterate(),
      () => select.columns(),
      () => select.pluck(),
      () => select.safeIntegers(),
      () => insert.bind(1),
      () => db.close(),
      () => db.transaction(() => 1),
      () => [db.open, db.inTransaction, db.name],
      () => db.defaultSafeIntegers(false),
    ];
    for (const call of calls) {
      let result: unknown;
      action = () => {
        result = call();
      };
      note(() => select.all());
      note(() => (Array.isArray(result) ? result : typeof result));
    }
    action = () => {};
    note(() => select.all());
  });
});

describe('on the connection itself', () => {
  test('run, get and all prepare each text once', () => {
    const db = new SUBJECT(':memory:');
    db.run('CREATE TABLE t(a, b)');
    expect(db.run('INSERT INTO t VALUES (?, :b)', 1, { b: 'x' })).toEqual({ changes: 1, lastInsertRowid: 1 });
    expect(db.run('INSERT INTO t VALUES (?, :b)', 2, { b: 'y' })).toEqual({ changes: 1, lastInsertRowid: 2 });
    expect(db.get('SELECT * FROM t WHERE a = ?', 2)).toEqual({ a: 2, b: 'y' });
    expect(db.get('SELECT * FROM t WHERE a = ?', 9)).toBeUndefined();
    expect(db.all('SELECT b FROM t ORDER BY a')).toEqual([{ b: 'x' }, { b: 'y' }]);
    expect(() => db.get('INSERT INTO t VALUES (1, 1)')).toThrow(TypeError);
    for (let index = 0; index < 300; index++) expect(db.get(`SELECT ${index} AS n`)).toEqual({ n: index });
    expect(() => db.all(1 as unknown as string)).toThrow(TypeError);
    db.close();
    expect(() => db.get('SELECT * FROM t WHERE a = ?', 2)).toThrow('The database connection is not open');
  });
});

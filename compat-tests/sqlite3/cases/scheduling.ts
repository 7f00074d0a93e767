/** What waits for what. */
import { contract, pause } from '../case.ts';

contract('serialize', async ({ db, note, call }) => {
  const order: unknown[] = [];
  const told = (name: string) => (error: unknown, row?: unknown) => order.push([name, error, row]);
  db.serialize(() => {
    db.run('CREATE TABLE t(a)', told('create'));
    const insert = db.prepare('INSERT INTO t VALUES (?)');
    for (let at = 0; at < 5; at++) insert.run(at, told(`insert ${at}`));
    insert.finalize(() => order.push('finalized'));
    db.get('SELECT count(*) AS n FROM t', told('count'));
    db.run('UPDATE t SET a = a + 1', told('update'));
    db.all('SELECT a FROM t', told('all'));
    db.exec('DELETE FROM t', told('exec'));
    db.get('SELECT count(*) AS n FROM t', told('count again'));
  });
  await call(db, 'wait');
  note('order', order);
});

contract('serialize without a callback', async ({ db, note, call }) => {
  const order: unknown[] = [];
  const told = (name: string) => (error: unknown, row?: unknown) => order.push([name, error, row]);
  db.serialize();
  db.run('CREATE TABLE t(a)', told('create'));
  for (let at = 0; at < 10; at++) db.run('INSERT INTO t VALUES (?)', at, told(`insert ${at}`));
  db.each('SELECT a FROM t WHERE a < 3', told('row'), (error: unknown, count: number) => order.push(['complete', error, count]));
  db.get('SELECT sum(a) AS s FROM t', told('sum'));
  await call(db, 'wait');
  await pause(20);
  // Rows of `each` come on their own way.
  note(
    'order',
    order.filter((entry) => !['row', 'complete'].includes((entry as string[])[0] as string)),
  );
  note(
    'rows',
    order.filter((entry) => ['row', 'complete'].includes((entry as string[])[0] as string)),
  );
});

contract('serialize within serialize', async ({ db, note, call }) => {
  const order: unknown[] = [];
  const told = (name: string) => (error: unknown) => order.push([name, error]);
  db.serialize(() => {
    db.run('CREATE TABLE t(a)', told('create'));
    db.parallelize(() => {
      db.run('SELECT 1', told('in parallel'));
    });
    db.serialize(() => {
      db.run('INSERT INTO t VALUES (2)', told('insert within'));
    });
    db.run('DROP TABLE t', told('drop'));
  });
  await call(db, 'wait');
  note(
    'order',
    order.filter((entry) => (entry as unknown[])[0] !== 'in parallel'),
  );
});

contract('a call made in a callback', async ({ db, note, call }) => {
  const order: string[] = [];
  db.serialize();
  db.run('CREATE TABLE t(a)', () => {
    order.push('create');
    db.run('INSERT INTO t VALUES (1)', () => order.push('made in the callback'));
  });
  db.run('SELECT 1', () => order.push('second'));
  db.run('SELECT 2', () => order.push('third'));
  await pause(100);
  await call(db, 'wait');
  note('order', order);
});

contract('calls of one statement keep their order', async ({ db, note, call }) => {
  await call(db, 'exec', 'CREATE TABLE t(a INTEGER PRIMARY KEY)');
  const order: unknown[] = [];
  const statement = db.prepare('INSERT INTO t VALUES (?)');
  for (let at = 1; at <= 20; at++) {
    statement.run(at % 7 === 0 ? 1 : at, function (this: { lastID: number }, error: unknown) {
      order.push([error, this.lastID]);
    });
  }
  await call(statement, 'finalize');
  note('order', order);
});

contract('what follows an exec waits for it', async ({ db, note, call }) => {
  const order: string[] = [];
  db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)', () => order.push('exec'));
  db.all('SELECT * FROM t', (_: unknown, rows: unknown[]) => order.push(`all ${rows.length}`));
  db.exec('DELETE FROM t', () => order.push('exec again'));
  await call(db, 'wait');
  note('order', order);
});

contract('wait', async ({ db, note, call }) => {
  const order: string[] = [];
  for (let at = 0; at < 5; at++) db.get('SELECT 1', () => order.push('get'));
  db.wait(() => order.push('wait'));
  db.get('SELECT 1', () => order.push('behind'));
  await call(db, 'wait');
  note(
    'order',
    order.filter((name) => name !== 'behind'),
  );
  note('of an idle database', await call(db, 'wait'));
});

contract('before the database is open', async ({ sqlite3, note }) => {
  const order: unknown[] = [];
  await new Promise<void>((resolve) => {
    const database = new sqlite3.Database(':memory:');
    database.serialize(() => {
      database.run('CREATE TABLE t(a)', () => order.push('create'));
      database.run('INSERT INTO t VALUES (?)', [1], () => order.push('insert'));
      database.get('SELECT * FROM t', (_: unknown, row: unknown) => order.push(row));
    });
    database.close(() => {
      order.push('closed');
      resolve();
    });
  });
  note('order', order);
});

contract('parallel calls are all answered', async ({ db, note, call }) => {
  await call(db, 'exec', 'CREATE TABLE t(a INTEGER PRIMARY KEY)');
  const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => call(db, 'run', 'INSERT INTO t VALUES (?)', at)));
  note('answers', answers.length);
  note(
    'errors',
    answers.filter((answer) => (answer as { results: unknown[] }).results[0] !== null),
  );
  note('rows', await call(db, 'get', 'SELECT count(*) AS n, sum(a) AS s FROM t'));
});

contract('a transaction in callbacks', async ({ db, note, call }) => {
  await call(db, 'exec', 'CREATE TABLE t(a UNIQUE)');
  const answers: unknown[] = [];
  const told = (error: unknown) => answers.push(error);
  db.serialize(() => {
    db.run('BEGIN', told);
    db.run('INSERT INTO t VALUES (1)', told);
    db.run('INSERT INTO t VALUES (1)', told);
    db.run('INSERT INTO t VALUES (2)', told);
    db.run('ROLLBACK', told);
    db.run('INSERT INTO t VALUES (3)', told);
  });
  await call(db, 'wait');
  note('answers', answers);
  note('rows', await call(db, 'all', 'SELECT * FROM t'));
});

/**
 * The busy matrix: every member in every state a connection can be in.
 *
 *     Database.exec(): within a function of SQL        TypeError: This database connection is busy executing a query
 *     Statement.get(): while another statement iterates                                             ▸ the row
 */
import type { Database, Statement } from 'pluresdb';
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

/** What an operation works on. */
interface Stage {
  readonly side: Side;
  readonly db: Database;
  readonly reader: Statement;
  readonly writer: Statement;
}

type Operation = (stage: Stage) => unknown;

const name = (side: Side): string => side.path('backup.db');

const DATABASE_OPERATIONS: Readonly<Record<string, Operation>> = {
  'Database.prepare()': ({ db }) => db.prepare('SELECT 5').source,
  'Database.prepare() of bad SQL': ({ db }) => db.prepare('SELEC'),
  'Database.exec()': ({ db }) => db.exec('INSERT INTO t VALUES (9)') === db,
  'Database.exec() of nothing': ({ db }) => db.exec('') === db,
  'Database.exec() of a number': ({ db }) => db.exec(wrong(5)),
  'Database.pragma()': ({ db }) => db.pragma('user_version'),
  'Database.pragma() with a bad option': ({ db }) => db.pragma('user_version', { simple: wrong(1) }),
  'Database.explain()': ({ db }) => db.explain('SELECT 1').length > 0,
  'Database.transaction()': ({ db }) => typeof db.transaction(() => 5),
  'Database.transaction() of a number': ({ db }) => db.transaction(wrong(5)),
  'Database.function()': ({ db }) => db.function('five', () => 5) === db,
  'Database.function() without a function': ({ db }) => db.function('five', wrong(5)),
  'Database.aggregate()': ({ db }) => db.aggregate('agg', { step: () => 5 }) === db,
  'Database.table()': ({ db }) => db.table('tab', { columns: ['x'], *rows() {} }) === db,
  'Database.loadExtension() of a number': ({ db }) => db.loadExtension(wrong(5)),
  'Database.serialize()': ({ db }) => Buffer.isBuffer(db.serialize()),
  'Database.backup()': async ({ db, side }) => Object.keys(await db.backup(name(side))),
  'Database.defaultSafeIntegers()': ({ db }) => db.defaultSafeIntegers() === db,
  'Database.defaultSafeIntegers() of a number': ({ db }) => db.defaultSafeIntegers(wrong(5)),
  'Database.unsafeMode()': ({ db }) => db.unsafeMode() === db,
  'Database.unsafeMode() of a number': ({ db }) => db.unsafeMode(wrong(5)),
  'Database.name': ({ db }) => db.name,
  'Database.open': ({ db }) => db.open,
  'Database.inTransaction': ({ db }) => db.inTransaction,
  'Database.readonly': ({ db }) => db.readonly,
  'Database.memory': ({ db }) => db.memory,
  'transaction function': ({ db }) => db.transaction((x: number) => x)(5),
  'Database.close()': ({ db }) => db.close() === db,
};

const STATEMENT_OPERATIONS: Readonly<Record<string, Operation>> = {
  'Statement.run() of a writer': ({ writer }) => writer.run(7),
  'Statement.run() of a reader': ({ reader }) => reader.run(),
  'Statement.run() with a bad parameter': ({ writer }) => writer.run(wrong({})),
  'Statement.get()': ({ reader }) => reader.get(),
  'Statement.get() of a writer': ({ writer }) => writer.get(7),
  'Statement.get() with a parameter too many': ({ reader }) => reader.get(1),
  'Statement.all()': ({ reader }) => reader.all(),
  'Statement.all() of a writer': ({ writer }) => writer.all(7),
  'Statement.iterate()': ({ reader }) => [...reader.iterate()],
  'Statement.iterate() of a writer': ({ writer }) => writer.iterate(7),
  'Statement.bind()': ({ writer }) => writer.bind(5) === writer,
  'Statement.bind() of a reader': ({ reader }) => reader.bind() === reader,
  'Statement.bind() of too many': ({ writer }) => writer.bind(5, 6),
  'Statement.pluck()': ({ reader }) => reader.pluck() === reader,
  'Statement.pluck() of a number': ({ reader }) => reader.pluck(wrong(5)),
  'Statement.pluck() of a writer': ({ writer }) => writer.pluck(),
  'Statement.expand()': ({ reader }) => reader.expand() === reader,
  'Statement.expand() of a writer': ({ writer }) => writer.expand(),
  'Statement.raw()': ({ reader }) => reader.raw() === reader,
  'Statement.raw() of a writer': ({ writer }) => writer.raw(),
  'Statement.safeIntegers()': ({ reader }) => reader.safeIntegers() === reader,
  'Statement.safeIntegers() of a number': ({ reader }) => reader.safeIntegers(wrong(5)),
  'Statement.safeIntegers() of a writer': ({ writer }) => writer.safeIntegers() === writer,
  'Statement.columns()': ({ reader }) => reader.columns(),
  'Statement.columns() of a writer': ({ writer }) => writer.columns(),
  'Statement.toString()': ({ reader }) => reader.toString(),
  'Statement.busy': ({ reader }) => reader.busy,
  'Statement.reader': ({ reader, writer }) => [reader.reader, writer.reader],
  'Statement.readonly': ({ reader, writer }) => [reader.readonly, writer.readonly],
  'Statement.source': ({ reader }) => reader.source,
};

/** Brings the stage into a state and lets the operation happen there; the notes are the operation's. */
type State = (stage: Stage, operate: () => unknown) => void | Promise<void>;

function makeStage(side: Side, db: Database): Stage {
  db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)');
  return { side, db, reader: db.prepare('SELECT a FROM t'), writer: db.prepare('INSERT INTO t VALUES (?)') };
}

function whileIterating({ db }: Stage, operate: () => unknown): void {
  const rows = db.prepare('SELECT a FROM t').iterate();
  rows.next();
  operate();
  rows.return?.();
}

const nothingAfter = (operate: () => unknown) => (): null => {
  operate();
  return null;
};

const STATES: Readonly<Record<string, State>> = {
  'at rest': (_stage, operate) => {
    operate();
  },
  'while another statement iterates': whileIterating,
  'while an iterator has not begun': ({ db }, operate) => {
    const rows = db.prepare('SELECT a FROM t').iterate();
    operate();
    rows.return?.();
  },
  'after an iterator is done': ({ db }, operate) => {
    const rows = db.prepare('SELECT a FROM t WHERE 0').iterate();
    rows.next();
    operate();
  },
  'while iterating in unsafe mode': (stage, operate) => {
    stage.db.unsafeMode();
    whileIterating(stage, operate);
  },
  'within a function of SQL': ({ db }, operate) => {
    db.function('here', nothingAfter(operate));
    db.prepare('SELECT here()').get();
  },
  'within a function in unsafe mode': ({ db }, operate) => {
    db.function('here', nothingAfter(operate));
    db.unsafeMode().prepare('SELECT here()').get();
  },
  'within a function while iterating': ({ db }, operate) => {
    db.function('here', nothingAfter(operate));
    for (const _row of db.prepare('SELECT here()').iterate()) break;
  },
  'within an aggregate': ({ db }, operate) => {
    db.aggregate('here', { start: 0, step: nothingAfter(operate) });
    db.prepare('SELECT here()').get();
  },
  'within the rows of a table': ({ db }, operate) => {
    db.table('here', {
      columns: ['x'],
      *rows() {
        operate();
        yield [1];
      },
    });
    db.prepare('SELECT * FROM here').all();
  },
  'within a transaction': ({ db }, operate) => {
    db.exec('BEGIN');
    operate();
  },
  'after close': ({ db }, operate) => {
    db.close();
    operate();
  },
};

function checkOf(operation: Operation, state: State): (side: Side) => Promise<void> {
  return async (side) => {
    const stage = makeStage(side, side.db);
    const settled: unknown[] = [];
    await state(stage, () => settled.push(side.note(() => operation(stage))));
    await Promise.all(settled);
    // What it left behind.
    side.note(() => stage.db.open);
    if (stage.db.open) side.note(() => stage.db.prepare('SELECT count(*) FROM t').pluck().get());
  };
}

const matrix = (operations: Readonly<Record<string, Operation>>): SideCheck[] =>
  Object.entries(operations).flatMap(([member, operation]) =>
    rulesOf(member, Object.fromEntries(Object.entries(STATES).map(([rule, state]) => [rule, checkOf(operation, state)]))),
  );

/** The states only a statement knows. */
const OWN_STATES: Readonly<Record<string, State>> = {
  'while its own iterator is open': ({ reader }, operate) => {
    const rows = reader.iterate();
    rows.next();
    operate();
    rows.return?.();
  },
  'while its own iterator is open, in unsafe mode': ({ db, reader }, operate) => {
    db.unsafeMode();
    const rows = reader.iterate();
    rows.next();
    operate();
    rows.return?.();
  },
  'after its iterator returned': ({ reader }, operate) => {
    const rows = reader.iterate();
    rows.next();
    rows.return?.();
    operate();
  },
  'after parameters were bound': ({ reader, writer }, operate) => {
    reader.bind();
    writer.bind(5);
    operate();
  },
  'after the table was dropped': ({ db }, operate) => {
    db.exec('ALTER TABLE t RENAME TO u');
    operate();
    db.exec('ALTER TABLE u RENAME TO t');
  },
};

const ownMatrix: SideCheck[] = Object.entries(STATEMENT_OPERATIONS).flatMap(([member, operation]) =>
  rulesOf(member, Object.fromEntries(Object.entries(OWN_STATES).map(([rule, state]) => [rule, checkOf(operation, state)]))),
);

/** An open iterator's methods in each state. */
const ITERATOR_OPERATIONS: Readonly<Record<string, (rows: IterableIterator<unknown>) => unknown>> = {
  'iterator.next()': (rows) => rows.next(),
  'iterator.return()': (rows) => rows.return?.(),
  'iterator[Symbol.iterator]()': (rows) => rows[Symbol.iterator]() === rows,
};

const iteratorMatrix: SideCheck[] = Object.entries(ITERATOR_OPERATIONS).flatMap(([member, operation]) =>
  rulesOf(
    member,
    Object.fromEntries(
      Object.entries(STATES).map(([rule, state]) => [
        rule,
        async (side: Side) => {
          const stage = makeStage(side, side.db);
          const rows = stage.reader.iterate();
          side.note(() => rows.next());
          try {
            await state(stage, () => side.note(() => operation(rows)));
          } catch (error) {
            side.note(() => {
              throw error;
            });
          }
          side.note(() => rows.next());
          side.note(() => stage.reader.busy);
        },
      ]),
    ),
  ),
);

export const busyChecks: readonly SideCheck[] = [
  ...matrix(DATABASE_OPERATIONS),
  ...matrix(STATEMENT_OPERATIONS),
  ...ownMatrix,
  ...iteratorMatrix,
];

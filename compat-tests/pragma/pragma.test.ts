/**
 * Every pragma better-sqlite3 has, as a statement in its forms and as a table: the same columns, rows and errors.
 *
 * What differs is named once, with its reason; a difference that is gone must leave the table.
 */
import { expect, test } from 'vitest';
import { type Connection, failureOf, loadEngine } from '../engine.ts';

const reference = await loadEngine('better-sqlite3');
const pluresdb = await loadEngine('pluresdb');

const SCHEMA = `
  CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x', UNIQUE(name));
  CREATE TABLE child(a REFERENCES parent, b AS (a + 1), c REAL CHECK(c > 0), PRIMARY KEY(a, c)) WITHOUT ROWID;
  CREATE INDEX child_c ON child(c DESC, a COLLATE NOCASE) WHERE c > 1;
  CREATE INDEX child_e ON child(c + 1);
  CREATE VIEW both AS SELECT name, a AS x FROM parent, child;
  INSERT INTO parent VALUES(1, 'one');
  INSERT INTO child VALUES(1, 2.5);
`;

/** Pragma → why it answers differently here. */
const DIFFERENT: Readonly<Record<string, string>> = {
  compile_options: 'names the compiler and the allocator of another program',
  function_list: 'no functions of full-text and R*Tree search; the order is our own',
  module_list: 'no modules of full-text and R*Tree search',
  page_count: 'storage has no pages',
};

interface Answer {
  readonly columns?: readonly string[];
  readonly rows?: unknown;
  readonly error?: string;
}

function ask(connection: Connection, sql: string): Answer {
  try {
    const statement = connection.prepare(sql);
    if (!statement.reader) {
      statement.run();
      return {};
    }
    return { columns: statement.columns().map((column) => column.name), rows: statement.raw().all() };
  } catch (thrown) {
    const { code, message } = failureOf(thrown);
    return { error: `${code} ${message}` };
  }
}

/** What both engines answer to the same statements, one after the other on a connection of their own. */
function compare(
  statements: readonly string[],
  setUp = '',
): { readonly sql: string; readonly expected: Answer; readonly found: Answer }[] {
  const [expected, found] = [reference, pluresdb].map((engine) => {
    const connection = engine.open(':memory:');
    connection.exec(setUp);
    const answers = statements.map((sql) => ask(connection, sql));
    connection.close();
    return answers;
  }) as [Answer[], Answer[]];
  return statements.map((sql, index) => ({ sql, expected: expected[index] ?? {}, found: found[index] ?? {} }));
}

const isSame = ({ expected, found }: { readonly expected: Answer; readonly found: Answer }) =>
  JSON.stringify(expected) === JSON.stringify(found);

const list = reference.open(':memory:');
const names = (list.pragma('pragma_list') as { readonly name: string }[]).map((row) => row.name);
list.close();

test('there are the same pragmas', () => {
  const connection = pluresdb.open(':memory:');
  expect((connection.pragma('pragma_list') as { readonly name: string }[]).map((row) => row.name)).toEqual(names);
  connection.close();
});

/** Limits of the heap are the process's in SQLite: what one connection sets, the next one sees. */
const isProcessWide = (name: string) => name === 'soft_heap_limit' || name === 'hard_heap_limit';

test.each(names)('%s', (name) => {
  const asked = [`PRAGMA ${name}`, `PRAGMA main.${name}`, `PRAGMA temp.${name}`, `PRAGMA nosuch.${name}`];
  const set = ['1', 'off', 'on', '2', '-3', 'zz', '0'].flatMap((value) => [`PRAGMA ${name} = ${value}`, `PRAGMA ${name}`]);
  const asTable = ['', '(1)', "('main')", "('parent')", "('child', 'main')", '(1, 2, 3)'].map(
    (call) => `SELECT * FROM pragma_${name}${call}`,
  );
  const hidden = [`SELECT arg FROM pragma_${name}`, `SELECT schema FROM pragma_${name}`];
  const arguments_ = ['parent', 'child', 'child_c', 'child_e', 'both', "'main'"].map((argument) => `PRAGMA ${name}(${argument})`);
  const fresh = compare([...asked, ...(isProcessWide(name) ? [] : set), ...asTable, ...hidden]);
  const filled = compare([...asked, ...(isProcessWide(name) ? [] : arguments_), ...asTable, ...hidden], SCHEMA);
  const differences = [...fresh, ...filled].filter((answer) => !isSame(answer));
  if (name in DIFFERENT) {
    expect(differences, `${name} is the same now: take it out of the table`).not.toEqual([]);
    for (const { sql, expected, found } of differences) expect(found.columns, sql).toEqual(expected.columns);
  } else {
    expect(differences).toEqual([]);
  }
});

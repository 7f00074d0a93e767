/** The tool as a process: what it prints, where, and how it ends. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli, runCliUntilFirstOutput, temporaryFolder } from './testing/run-cli.ts';

let folder: ReturnType<typeof temporaryFolder>;
let database: string;

beforeEach(() => {
  folder = temporaryFolder();
  database = folder.path('shop.db');
});
afterEach(() => folder.remove());

const ITEMS = `CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT, price REAL);
INSERT INTO item VALUES (1, 'pen', 1.5), (2, 'ink', NULL);`;

const ok = (stdout: string) => ({ code: 0, stdout, stderr: '' });
const failed = (message: string, stdout = '') => ({ code: 1, stdout, stderr: `error: ${message}\n` });

function write(name: string, text: string | Buffer): string {
  const path = folder.path(name);
  writeFileSync(path, text);
  return path;
}

test('an argument is run and its rows are printed as a list', async () => {
  expect(await runCli([database, ITEMS])).toEqual(ok(''));
  expect(await runCli([database, 'SELECT * FROM item; SELECT count(*) FROM item'])).toEqual(ok('1|pen|1.5\n2|ink|\n2\n'));
});

test('without a database it runs in memory', async () => {
  expect(await runCli([':memory:', 'SELECT 9223372036854775807, 1.0'])).toEqual(ok('9223372036854775807|1.0\n'));
  expect(await runCli([], 'SELECT 1;')).toEqual(ok('1\n'));
});

test('a file is run', async () => {
  const script = write('seed.sql', `\ufeff-- the items\n${ITEMS}\n.headers on\nSELECT name FROM item;`);
  expect(await runCli([database, '--file', script])).toEqual(ok('name\npen\nink\n'));
  expect(await runCli([database, '-f', script.replace('seed', 'nope')])).toEqual(
    failed(`no such file or folder: ${folder.path('nope.sql')}`),
  );
});

test('standard input is run', async () => {
  expect(await runCli([database, '-m', 'csv'], `${ITEMS} SELECT * FROM item`)).toEqual(ok('id,name,price\n1,pen,1.5\n2,ink,\n'));
  expect(await runCli([database, '--file', '-'], 'SELECT count(*) FROM item;')).toEqual(ok('2\n'));
});

test('a file runs before an argument', async () => {
  const script = write('seed.sql', ITEMS);
  expect(await runCli(['-f', script, ':memory:', 'SELECT count(*) FROM item'])).toEqual(ok('2\n'));
});

test('an error is one line, ends the run, and the exit code is 1', async () => {
  expect(await runCli([database, 'SELECT * FROM x'])).toEqual(failed('no such table: x'));
  expect(await runCli([database, 'SELECT 1; SELECT nope; SELECT 2'])).toEqual(failed('no such column: nope', '1\n'));
  expect(await runCli([], 'SELECT 1;\n\nselct 2;\nSELECT 3;')).toEqual(failed('stdin:3: near "selct": syntax error', '1\n'));
  const script = write('bad.sql', '\nSELECT (1;');
  expect(await runCli(['-f', script])).toEqual(failed(`${script}:2: near ";": syntax error`));
  expect(await runCli([], '.read nope.sql\n')).toEqual(failed('stdin:1: no such file or folder: nope.sql'));
});

test('wrong arguments are told and the exit code is 1', async () => {
  expect(await runCli(['--nope'])).toMatchObject({ code: 1, stdout: '', stderr: "error: unknown option '--nope'\n" });
  expect(await runCli(['-m', 'xml', ':memory:', 'SELECT 1'])).toMatchObject({ code: 1, stdout: '' });
  expect(await runCli(['--timeout', 'x'])).toMatchObject({ code: 1, stdout: '' });
  expect((await runCli(['import', database])).stderr).toBe("error: missing required argument 'file'\n");
});

test('a database that cannot be opened is an error', async () => {
  expect(await runCli([database, '--readonly', 'SELECT 1'])).toEqual(failed('unable to open database file'));
  expect(await runCli([folder.path('no/such.db'), 'SELECT 1'])).toEqual(
    failed('Cannot open database because the directory does not exist'),
  );
  await runCli([database, ITEMS]);
  expect(await runCli([database, '--readonly', 'DELETE FROM item'])).toEqual(failed('attempt to write a readonly database'));
});

test('a script that fails keeps what was committed and nothing of an open transaction', async () => {
  await runCli([database, ITEMS]);
  expect((await runCli([database, 'DELETE FROM item WHERE id = 1; BEGIN; DELETE FROM item; SELECT nope'])).code).toBe(1);
  expect(await runCli([database, 'SELECT id FROM item'])).toEqual(ok('2\n'));
});

test('a reader that goes away ends the tool quietly', async () => {
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c';
  const result = await runCliUntilFirstOutput([':memory:', endless]);
  expect(result.stdout.startsWith('1\n2\n')).toBe(true);
  expect(result).toMatchObject({ code: 0, stderr: '' });
});

test('help and version', async () => {
  const { code, stdout } = await runCli(['--help']);
  expect(code).toBe(0);
  for (const word of ['[database] [sql]', '--file', 'import', 'Examples:']) expect(stdout).toContain(word);
  expect((await runCli(['import', '--help'])).stdout).toContain('--format');
  expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('the prompt runs statements over several lines and goes on after an error', async () => {
  const result = await runCli(['-i'], 'SELECT 1\n+ 1;\nSELECT nope; SELECT 3;\n.bogus\nSELECT 4;\n.quit\nSELECT 5;\n');
  expect(result).toEqual({
    code: 0,
    stdout: 'pluresdb>      ...> 2\npluresdb> pluresdb> pluresdb> 4\npluresdb> ',
    stderr: 'error: no such column: nope\nerror: unknown command: .bogus (.help lists them)\n',
  });
});

test('the prompt runs what the input ends in', async () => {
  expect((await runCli(['-i'], 'SELECT 1')).stdout).toBe('pluresdb> 1\n');
});

test('dot commands tell what is there', async () => {
  await runCli([database, `${ITEMS} CREATE INDEX item_name ON item(name); CREATE VIEW cheap AS SELECT * FROM item;`]);
  expect(await runCli([database, '.tables'])).toEqual(ok('cheap\nitem\n'));
  expect(await runCli([database, '.tables it%'])).toEqual(ok('item\n'));
  expect(await runCli([database, '.indexes'])).toEqual(ok('item_name\n'));
  expect(await runCli([database, '.indexes cheap'])).toEqual(ok(''));
  expect((await runCli([database, '.schema cheap'])).stdout).toBe('CREATE VIEW cheap AS SELECT * FROM item;\n');
  expect((await runCli([database, '.schema'])).stdout).toContain('CREATE INDEX item_name ON item(name);\n');
  expect((await runCli([database, '.databases'])).stdout).toContain('shop.db');
  const help = (await runCli(['-i'], '.help\n')).stdout;
  for (const name of ['.tables', '.import', '.mode', '.quit']) expect(help).toContain(name);
});

test('dot commands set how results look', async () => {
  const script = `${ITEMS}
.mode json
SELECT id FROM item;
.mode list
.separator ", "
.nullvalue none
.headers on
SELECT id, price FROM item;
.changes on
DELETE FROM item WHERE id = 1;
.mode`;
  expect(await runCli([], script)).toEqual(ok('[{"id":1},\n{"id":2}]\nid, price\n1, 1.5\n2, none\n1 change\nlist\n'));
  expect((await runCli([], '.timer on\nSELECT 1;')).stdout).toMatch(/^1\ntime: \d+\.\d{3} s\n$/);
});

test('dot commands check their arguments', async () => {
  for (const [line, message] of [
    ['.mode xml', 'unknown mode: xml (table, markdown, csv, tsv, json, jsonl, list, line)'],
    ['.read', 'usage: .read <file>'],
    ['.quit now', 'usage: .quit'],
    ['.headers maybe', 'not on or off: maybe'],
    ['.read "a', 'unbalanced quotes'],
  ] as const) {
    expect(await runCli([':memory:', line])).toEqual(failed(message));
  }
});

test('.read runs a file, and not itself for ever', async () => {
  const script = write('a.sql', ITEMS);
  expect(await runCli([], `.read '${script}'\nSELECT count(*) FROM item;`)).toEqual(ok('2\n'));
  const itself = write('b.sql', `.read ${folder.path('b.sql')}`);
  expect((await runCli(['-f', itself])).stderr).toContain('.read goes deeper than 20 files\n');
});

test('.output writes results to a file', async () => {
  const file = folder.path('out.txt');
  expect(await runCli([], `.output ${file}\nSELECT 1;\n.output\nSELECT 2;`)).toEqual(ok('2\n'));
  expect(readFileSync(file, 'utf8')).toBe('1\n');
  expect((await runCli([], `.output ${folder.path('no/x')}\n`)).code).toBe(1);
});

test('.open goes on with another database and stays when it cannot', async () => {
  await runCli([database, ITEMS]);
  expect(await runCli([], `.open ${database}\nSELECT count(*) FROM item;`)).toEqual(ok('2\n'));
  const stayed = await runCli([database, '-i'], `.open ${folder.path('no/x.db')}\nSELECT count(*) FROM item;\n`);
  expect(stayed.stdout).toBe('pluresdb> pluresdb> 2\npluresdb> ');
});

test('a dump makes the same database', async () => {
  const script = `${ITEMS}
CREATE TABLE pair(a, b, c AS (a || b), PRIMARY KEY (a, b)) WITHOUT ROWID;
INSERT INTO pair VALUES (x'00ff', 'it''s
two lines'), (9223372036854775807, 1e100), (-0.5, '');
CREATE INDEX item_name ON item(name);
CREATE TABLE log(id INTEGER PRIMARY KEY AUTOINCREMENT, item);
INSERT INTO log(item) VALUES (1), (2);
DELETE FROM log;
CREATE TRIGGER logging AFTER INSERT ON item BEGIN INSERT INTO log(item) VALUES (new.id); END;`;
  expect(await runCli([database], script)).toEqual(ok(''));
  const { stdout: dump } = await runCli([database, '.dump']);
  const copy = folder.path('copy.db');
  expect(await runCli([copy], dump)).toEqual(ok(''));
  expect((await runCli([copy, '.dump'])).stdout).toBe(dump);
  const query =
    'SELECT quote(a), quote(b), c FROM pair; SELECT count(*) FROM log; SELECT * FROM sqlite_sequence; SELECT * FROM item';
  expect((await runCli([copy, query])).stdout).toBe((await runCli([database, query])).stdout);
});

test('import makes a table of a CSV file', async () => {
  const file = write('my items.csv', 'id,zip,name,price\r\n1,00501,"pen, red",1.5\r\n2,12345,"say ""hi""",\r\n');
  const { code, stdout } = await runCli(['import', database, file]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^2 rows into my_items in [\d.]+ s\n$/);
  expect(await runCli([database, '.schema'])).toEqual(
    ok('CREATE TABLE "my_items" ("id" INTEGER, "zip" TEXT, "name" TEXT, "price" REAL);\n'),
  );
  expect((await runCli([database, '-m', 'json', 'SELECT * FROM my_items'])).stdout).toBe(
    '[{"id":1,"zip":"00501","name":"pen, red","price":1.5},\n{"id":2,"zip":"12345","name":"say \\"hi\\"","price":null}]\n',
  );
});

test('import reads JSON and NDJSON, whatever the ending says', async () => {
  const json = write('a.json', '[{"a": 1, "b": {"c": [1]}}, {"a": 2.5, "d": "x"}]');
  const ndjson = write('b.txt', '{"a": 1}\n{"a": 2}\n');
  expect((await runCli(['import', database, json, '--table', 't'])).code).toBe(0);
  expect((await runCli([database, 'SELECT a, b, d FROM t'])).stdout).toBe('1.0|{"c":[1]}|\n2.5||x\n');
  expect((await runCli(['import', database, ndjson])).stderr).toBe(
    'error: cannot tell the format of b.txt; name it with --format\n',
  );
  expect((await runCli(['import', database, ndjson, '--format', 'ndjson', '-t', 'u'])).code).toBe(0);
  expect((await runCli([database, `.import '${ndjson}' u ndjson`])).stdout).toBe('2 rows into u\n');
  expect((await runCli([database, 'SELECT count(*), sum(a) FROM u'])).stdout).toBe('4|6\n');
});

test('import of a file that is not there leaves no database', async () => {
  const missing = folder.path('nope.csv');
  expect(await runCli(['import', database, missing])).toEqual(failed(`no such file or folder: ${missing}`));
  expect(existsSync(database)).toBe(false);
});

test('import of a file that is not what it says is an error without a stack', async () => {
  for (const name of ['a.json', 'a.ndjson', 'a.parquet']) {
    const { code, stderr } = await runCli(['import', database, write(name, '{"a": 1}]')]);
    expect({ name, code }).toEqual({ name, code: 1 });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
  }
});

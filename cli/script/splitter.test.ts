/** Where one statement of a script ends and the next begins. */
import { expect, test } from 'vitest';
import { linesOfText } from './lines.ts';
import { type ScriptStatement, StatementSplitter } from './splitter.ts';

function split(text: string): ScriptStatement[] {
  const splitter = new StatementSplitter();
  const done = linesOfText(text).flatMap((line) => splitter.push(line));
  const last = splitter.finish();
  return last === undefined ? done : [...done, last];
}

const texts = (text: string) => split(text).map(({ sql }) => sql);

test('statements end at semicolons, wherever lines end', () => {
  expect(texts('SELECT 1; SELECT\n2;SELECT 3')).toEqual(['SELECT 1;', 'SELECT\n2;', 'SELECT 3']);
});

test('semicolons in quotes and comments end nothing', () => {
  const quoted = [`SELECT 'a;''b;';`, 'SELECT ";a", `b;`, [c;];', 'SELECT 1 /* ; \n ; */ + 2;', 'SELECT 1 -- ;\n+ 2;'];
  for (const sql of quoted) expect(texts(`${sql} SELECT 0;`)).toEqual([sql, 'SELECT 0;']);
});

test('a text may hold line breaks of either kind', () => {
  expect(texts("SELECT 'a\r\n;\n';")).toEqual(["SELECT 'a\r\n;\n';"]);
});

test('comments and empty statements between statements are dropped', () => {
  expect(texts('-- first\n;; /* second */ SELECT 1; -- last')).toEqual(['SELECT 1;']);
  expect(texts('')).toEqual([]);
  expect(texts('/* open')).toEqual([]);
});

test('statements know the line they begin in', () => {
  expect(split('-- a\n\nSELECT 1; SELECT\n2;\nSELECT 3;').map(({ line }) => line)).toEqual([3, 3, 5]);
});

test('a trigger ends at its END', () => {
  const body = `BEGIN\n UPDATE a SET b = CASE WHEN c THEN 1 END;\n SELECT 'END;';\nEND;`;
  for (const head of ['CREATE TRIGGER', 'create temp trigger', 'CREATE TEMPORARY TRIGGER', 'EXPLAIN QUERY PLAN CREATE TRIGGER']) {
    const sql = `${head} x AFTER INSERT ON a ${body}`;
    expect(texts(`${sql} SELECT 1;`)).toEqual([sql, 'SELECT 1;']);
  }
});

test('a table called trigger is no trigger', () => {
  expect(texts('CREATE TABLE trigger(a); SELECT 1;')).toEqual(['CREATE TABLE trigger(a);', 'SELECT 1;']);
  expect(texts('SELECT create trigger; SELECT 1;')).toEqual(['SELECT create trigger;', 'SELECT 1;']);
});

test('an open quote swallows the rest', () => {
  const splitter = new StatementSplitter();
  expect(splitter.push("SELECT 'a;\n")).toEqual([]);
  expect(splitter.isBetween).toBe(false);
  expect(splitter.push("';\n")).toHaveLength(1);
  expect(splitter.isBetween).toBe(true);
});

test('what was discarded is gone', () => {
  const splitter = new StatementSplitter();
  splitter.push("SELECT 'a\n");
  splitter.discard();
  expect(splitter.push('SELECT 1;\n').map(({ sql }) => sql)).toEqual(['SELECT 1;']);
});

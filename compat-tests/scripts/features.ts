/**
 * What a statement uses: its kind and clauses, functions and PRAGMAs, found in its tokens.
 *
 * It is read as words, not parsed: `date(` after INTO is a table, everywhere else a function. A statement that SQLite
 * refuses counts as well: the refusal is what is compared.
 */

export interface Features {
  readonly clauses: readonly string[];
  /** Every word that stands like a call, lower case: words of the grammar too. Who asks knows the functions. */
  readonly functions: readonly string[];
  readonly pragmas: readonly string[];
}

const TOKEN = new RegExp(
  [
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/,
    /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/,
    /->>|->|\|\||<=|>=|<>|!=|==|<<|>>|[\w$\u0080-\uffff]+|[^\s]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** Of a statement that goes on for pages the beginning tells what it is. */
const MAX_WORDS = 600;

/** The tokens, upper case; texts as `'…'`, quoted names as `"…"`, so that nothing inside them looks like SQL. */
export function wordsOf(sql: string): string[] {
  const words: string[] = [];
  for (const [token] of sql.matchAll(TOKEN)) {
    if (words.length >= MAX_WORDS) break;
    if (token.startsWith('--') || token.startsWith('/*')) continue;
    if (token.startsWith("'") && token.length > 1) words.push("'…'");
    else if (/^["`[]./.test(token)) words.push('"…"');
    else words.push(token.toUpperCase());
  }
  return words;
}

/** A pattern over the words, which are joined by one space: `_` stands for any word, `…` for any words. */
function clause(pattern: string): RegExp {
  const parts = pattern.split(' ').map((part) => {
    if (part === '_') return '\\S+';
    if (part === '…') return '(?:\\S+ )*?\\S+';
    return part.replaceAll(/[.*+?^${}()|[\]\\]/g, (char) => (char === '|' ? '|' : `\\${char}`)).replace(/^(.*\|.*)$/, '(?:$1)');
  });
  const begin = pattern.startsWith('^') ? '' : '(?:^| )';
  return new RegExp(`${begin}${parts.join(' ').replace('\\^', '^')}(?: |$)`);
}

/** A statement's kind stands at its start, behind WITH and EXPLAIN. */
const CLAUSES: readonly (readonly [string, readonly string[]])[] = [
  ['ALTER TABLE … RENAME TO', ['^ALTER TABLE … RENAME TO']],
  ['ALTER TABLE … RENAME COLUMN', ['^ALTER TABLE … RENAME COLUMN', '^ALTER TABLE … RENAME _ TO']],
  ['ALTER TABLE … ADD COLUMN', ['^ALTER TABLE … ADD COLUMN']],
  ['ALTER TABLE … DROP COLUMN', ['^ALTER TABLE … DROP COLUMN']],
  ['ALTER TABLE … ADD CONSTRAINT', ['^ALTER TABLE … ADD CONSTRAINT', '^ALTER TABLE … ADD CHECK']],
  ['ALTER TABLE … DROP CONSTRAINT', ['^ALTER TABLE … DROP CONSTRAINT']],
  ['ALTER TABLE … ALTER … SET NOT NULL', ['^ALTER TABLE … ALTER … SET NOT NULL']],
  ['ALTER TABLE … ALTER … DROP NOT NULL', ['^ALTER TABLE … ALTER … DROP NOT NULL']],
  ['ANALYZE', ['^ANALYZE']],
  ['ATTACH', ['^ATTACH']],
  ['BEGIN', ['^BEGIN']],
  ['BEGIN IMMEDIATE, EXCLUSIVE', ['^BEGIN IMMEDIATE|EXCLUSIVE']],
  ['COMMIT, END', ['^COMMIT|END']],
  ['CREATE INDEX', ['^CREATE INDEX', '^CREATE UNIQUE INDEX']],
  ['CREATE INDEX on expressions', ['^CREATE … INDEX … ON … ( … (', '^CREATE INDEX … ON _ ( … (']],
  ['CREATE INDEX … WHERE', ['^CREATE … INDEX … WHERE', '^CREATE INDEX … WHERE']],
  ['CREATE TABLE', ['^CREATE TABLE']],
  ['CREATE TABLE … AS SELECT', ['^CREATE TABLE … AS SELECT|VALUES|WITH']],
  ['CREATE TABLE … CHECK', ['^CREATE TABLE … CHECK (']],
  ['CREATE TABLE … FOREIGN KEY, REFERENCES', ['^CREATE TABLE … REFERENCES']],
  ['CREATE TABLE … generated columns', ['^CREATE TABLE … AS (']],
  ['CREATE TABLE … AUTOINCREMENT', ['^CREATE TABLE … AUTOINCREMENT']],
  ['CREATE TABLE … STRICT', ['^CREATE TABLE … ) STRICT', '^CREATE TABLE … , STRICT']],
  ['CREATE TABLE … WITHOUT ROWID', ['^CREATE TABLE … WITHOUT ROWID']],
  ['CREATE TEMP TABLE', ['^CREATE TEMP|TEMPORARY TABLE']],
  ['CREATE TRIGGER … BEFORE', ['^CREATE TRIGGER … BEFORE', '^CREATE TEMP|TEMPORARY TRIGGER … BEFORE']],
  ['CREATE TRIGGER … AFTER', ['^CREATE TRIGGER … AFTER', '^CREATE TEMP|TEMPORARY TRIGGER … AFTER']],
  ['CREATE TRIGGER … INSTEAD OF', ['^CREATE TRIGGER … INSTEAD OF', '^CREATE TEMP|TEMPORARY TRIGGER … INSTEAD OF']],
  ['CREATE TRIGGER … UPDATE OF', ['^CREATE TRIGGER … UPDATE OF']],
  ['CREATE TRIGGER … WHEN', ['^CREATE TRIGGER … WHEN … BEGIN']],
  ['CREATE TEMP TRIGGER', ['^CREATE TEMP|TEMPORARY TRIGGER']],
  ['CREATE VIEW', ['^CREATE VIEW', '^CREATE TEMP|TEMPORARY VIEW']],
  ['CREATE VIRTUAL TABLE', ['^CREATE VIRTUAL TABLE']],
  ['DELETE', ['^DELETE']],
  ['DELETE … ORDER BY, LIMIT', ['^DELETE … LIMIT']],
  ['DETACH', ['^DETACH']],
  ['DROP INDEX', ['^DROP INDEX']],
  ['DROP TABLE', ['^DROP TABLE']],
  ['DROP TRIGGER', ['^DROP TRIGGER']],
  ['DROP VIEW', ['^DROP VIEW']],
  ['EXPLAIN', ['^EXPLAIN SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|PRAGMA']],
  ['EXPLAIN QUERY PLAN', ['^EXPLAIN QUERY PLAN']],
  ['INSERT … VALUES', ['^INSERT … VALUES']],
  ['INSERT … SELECT', ['^INSERT … SELECT']],
  ['INSERT … DEFAULT VALUES', ['^INSERT … DEFAULT VALUES']],
  ['INSERT OR …, REPLACE', ['^INSERT OR', '^REPLACE']],
  ['INSERT … ON CONFLICT DO NOTHING', ['^INSERT … DO NOTHING']],
  ['INSERT … ON CONFLICT DO UPDATE', ['^INSERT … DO UPDATE']],
  ['… RETURNING', ['^INSERT|UPDATE|DELETE|REPLACE|WITH … RETURNING']],
  ['PRAGMA', ['^PRAGMA']],
  ['REINDEX', ['^REINDEX']],
  ['RELEASE', ['^RELEASE']],
  ['ROLLBACK', ['^ROLLBACK']],
  ['ROLLBACK TO', ['^ROLLBACK TO', '^ROLLBACK TRANSACTION TO']],
  ['SAVEPOINT', ['^SAVEPOINT']],
  ['SELECT', ['SELECT']],
  ['SELECT DISTINCT', ['SELECT DISTINCT']],
  ['FROM: subquery', ['FROM … ( SELECT']],
  ['FROM: table-valued function', ['FROM|, JSON_EACH|JSON_TREE|JSONB_EACH|JSONB_TREE|GENERATE_SERIES (', 'FROM _ (']],
  ['INDEXED BY, NOT INDEXED', ['INDEXED BY', 'NOT INDEXED']],
  ['INNER, CROSS JOIN', ['JOIN']],
  ['LEFT JOIN', ['LEFT JOIN', 'LEFT OUTER JOIN']],
  ['RIGHT, FULL JOIN', ['RIGHT JOIN', 'FULL JOIN', 'RIGHT|FULL OUTER JOIN']],
  ['NATURAL JOIN', ['NATURAL']],
  ['JOIN … USING', ['JOIN … USING (']],
  ['WHERE', ['WHERE']],
  ['GROUP BY', ['GROUP BY']],
  ['HAVING', ['HAVING']],
  ['WINDOW', ['WINDOW _ AS (']],
  ['OVER', ['OVER']],
  ['OVER … PARTITION BY', ['PARTITION BY']],
  ['OVER … ROWS', ['ROWS BETWEEN|UNBOUNDED|CURRENT', 'ROWS _ PRECEDING|FOLLOWING']],
  ['OVER … RANGE', ['RANGE BETWEEN|UNBOUNDED|CURRENT', 'RANGE _ PRECEDING|FOLLOWING']],
  ['OVER … GROUPS', ['GROUPS BETWEEN|UNBOUNDED|CURRENT', 'GROUPS _ PRECEDING|FOLLOWING']],
  ['OVER … EXCLUDE', ['EXCLUDE TIES|GROUP|CURRENT|NO']],
  ['aggregate FILTER', ['FILTER ( WHERE']],
  ['aggregate ORDER BY', ['(GROUP_CONCAT|STRING_AGG|JSON_GROUP_ARRAY|SUM|COUNT) ( … ORDER BY']],
  ['ORDER BY', ['ORDER BY']],
  ['ORDER BY … NULLS FIRST, LAST', ['NULLS FIRST|LAST']],
  ['LIMIT, OFFSET', ['LIMIT']],
  ['UNION', ['UNION SELECT|VALUES']],
  ['UNION ALL', ['UNION ALL']],
  ['INTERSECT, EXCEPT', ['INTERSECT|EXCEPT']],
  ['VALUES', ['^VALUES', '( VALUES']],
  ['WITH', ['WITH _ AS', 'WITH _ (']],
  ['WITH RECURSIVE', ['WITH RECURSIVE']],
  ['WITH … [NOT] MATERIALIZED', ['AS MATERIALIZED', 'NOT MATERIALIZED']],
  ['UPDATE … SET', ['^UPDATE … SET']],
  ['UPDATE OR …', ['^UPDATE OR']],
  ['UPDATE … FROM', ['^UPDATE … SET … FROM']],
  ['UPDATE … SET (…) = (…)', ['^UPDATE … SET (']],
  ['UPDATE … ORDER BY, LIMIT', ['^UPDATE … LIMIT']],
  ['VACUUM', ['^VACUUM']],
  ['VACUUM INTO', ['^VACUUM … INTO', '^VACUUM INTO']],
  ['expressions: BETWEEN', ['BETWEEN … AND']],
  ['expressions: CASE', ['CASE … END']],
  ['expressions: CAST', ['CAST (']],
  ['expressions: COLLATE', ['COLLATE']],
  ['expressions: EXISTS', ['EXISTS ( SELECT|WITH|VALUES']],
  ['expressions: IN', ['IN (']],
  ['expressions: IS, IS DISTINCT FROM', ['IS']],
  ['expressions: LIKE … ESCAPE', ['ESCAPE']],
  ['expressions: MATCH, REGEXP', ['MATCH|REGEXP']],
  ['expressions: parameters', ['?', ': _', '@ _']],
  ['expressions: RAISE', ['RAISE (']],
  ['expressions: row values', [') = (', ') < (', ') > (', ') IN (', ') IS (']],
  ['expressions: scalar subquery', ['( SELECT']],
];

const PATTERNS = CLAUSES.map(([name, patterns]) => [name, patterns.map(clause)] as const);
export const CLAUSE_NAMES: readonly string[] = CLAUSES.map(([name]) => name);

/** Behind these a name with a parenthesis is no function. */
const BEFORE_A_TABLE = new Set(['TABLE', 'INTO', 'EXISTS', 'ON', 'REFERENCES', 'VIEW', 'INDEX', 'WITH', 'RECURSIVE', '.', '"…"']);
const WORD_FUNCTIONS = new Set(['CURRENT_DATE', 'CURRENT_TIME', 'CURRENT_TIMESTAMP', '->', '->>', 'LIKE', 'GLOB', 'MATCH']);

export function featuresOf(sql: string): Features {
  const words = wordsOf(sql);
  const text = words.join(' ');
  const behindExplain = text.replace(/^EXPLAIN (QUERY PLAN )?/, '');
  // A statement behind WITH is found by its own start.
  const main = /^WITH /.test(behindExplain)
    ? behindExplain.replace(/^WITH .*?\) (?=(INSERT|UPDATE|DELETE|REPLACE) )/, '')
    : behindExplain;
  const clauses = PATTERNS.filter(([, patterns]) => patterns.some((pattern) => pattern.test(text) || pattern.test(main)));
  const functions = new Set<string>();
  const pragmas = new Set<string>();
  for (const [at, word] of words.entries()) {
    const isCalled = /^\w/.test(word) && words[at + 1] === '(' && !BEFORE_A_TABLE.has(words[at - 1] ?? '');
    if (WORD_FUNCTIONS.has(word) || isCalled) functions.add(word.toLowerCase());
    if (word.startsWith('PRAGMA_')) pragmas.add(word.slice('PRAGMA_'.length).toLowerCase());
  }
  const pragma = /^PRAGMA (?:\S+ \. )?(\w+)/.exec(main)?.[1];
  if (pragma !== undefined) pragmas.add(pragma.toLowerCase());
  return { clauses: clauses.map(([name]) => name), functions: [...functions], pragmas: [...pragmas] };
}

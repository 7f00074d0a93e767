/**
 * `docs/compatibility.md`: what the recorded scripts of SQLite's own test suite say, and the contract suites of the APIs, made by
 * `npm run compat -- scripts --page FILE`.
 */
import { betterSqlite3 } from '../better-sqlite3/suite.ts';
import { memberLines } from '../contract/page.ts';
import { nodeSqlite } from '../node-sqlite/suite.ts';
import { addCount, type Count, newCount, percentage } from '../report.ts';
import { sqlite3MemberLines } from '../sqlite3/members.ts';
import { type FeatureCount, type FeatureCounts, type State, stateOf } from './feature-counts.ts';
import type { KnownDifference } from './known-differences.ts';

export interface ScriptOutcome extends Count {
  readonly file: string;
  readonly unchecked: number;
}

/** Areas of the scripts' names, as people look for them; the first that matches counts. */
const AREAS: readonly (readonly [string, RegExp])[] = [
  ['Window functions', /^window/],
  ['Triggers', /trigger|lastinsert/],
  ['Foreign keys', /^fkey/],
  ['ALTER TABLE', /^alter/],
  ['WITH', /^with\d/],
  ['Row values', /^rowvalue/],
  ['JSON', /^json/],
  ['Dates and times', /^date/],
  ['Joins', /^join/],
  ['Planner and indexes', /^(where|index|analyze|skipscan|seekscan|pushdown|minmax|orderby|coveridx|autoindex)/],
  ['SELECT, subqueries, compounds', /^(select|e_select|subquery|distinct|limit|in\d?$|exists|sort|e_resolve|resolver)/],
  [
    'INSERT, UPDATE, DELETE',
    /^(insert|update|delete|e_insert|e_update|e_delete|upsert|upfrom|conflict|wherelimit|autoinc|rowid|intpkey)/,
  ],
  [
    'Expressions and functions',
    /^(e_expr|expr|func|like|quote|instr|istrue|substr|printf|unhex|boundary|randexpr|coalesce|null|notnull)/,
  ],
  [
    'Tables, views and the schema',
    /^(e_createtable|table|view|check|default|strict|temp|without|collate|e_drop|schema|attach|reindex|vacuum)/,
  ],
];

const areaOf = (file: string): string => AREAS.find(([, names]) => names.test(file))?.[0] ?? 'Everything else';

export interface PageContent {
  readonly outcomes: readonly ScriptOutcome[];
  readonly known: readonly KnownDifference[];
  readonly features: FeatureCounts;
  /** Checks of our own topics and golden scripts. */
  readonly own: Count;
}

export function compatibilityPage({ outcomes, known, features, own }: PageContent): string {
  const total = newCount();
  for (const outcome of outcomes) addCount(total, outcome);
  const all = total.passed + total.failed;
  const unchecked = outcomes.reduce((sum, outcome) => sum + outcome.unchecked, 0);
  const lines = [
    '# Compatibility with SQLite',
    '',
    'Made by `npm run compat -- scripts --page docs/compatibility.md`; not written by hand. Each check is one statement of a script from',
    "SQLite's own test suite, with the columns, rows, changes or error that better-sqlite3 13.2 (SQLite 3.54.1) gave for it. A statement that",
    'follows one that differs may differ for its sake alone, so a count says more about reach than about the number of causes.',
    '',
    `**${total.passed} of ${all} checks pass (${percentage(total)}).** Our own topics and golden scripts add ${own.passed + own.failed} checks, of which`,
    `${own.failed} fail. ${unchecked} statements of the scripts run unchecked, because their answer depends on time, chance or files.`,
    '',
    '| area | scripts | passed | failed | |',
    '|---|---|---|---|---|',
    ...areaLines(outcomes),
    '',
    ...failingLines(outcomes, known),
    '## Known differences',
    '',
    ...differenceLines(known),
    '',
    "## The API: better-sqlite3's, member by member",
    '',
    'Each check makes the same calls on better-sqlite3 13.2 and here, in one run, and compares what they return or throw.',
    '',
    ...memberLines(betterSqlite3),
    '',
    "## The API: node:sqlite's, member by member",
    '',
    'Each check makes the same calls on `node:sqlite` in Node 26 and on `pluresdb/node-sqlite`.',
    '',
    ...memberLines(nodeSqlite),
    '',
    "## The API: node-sqlite3's, member by member",
    '',
    'Each outcome of a call is compared with that of `sqlite3` 6.0.1; what was compared case by case, and what differs, stands in',
    '[compatibility-sqlite3.md](compatibility-sqlite3.md).',
    '',
    ...sqlite3MemberLines(),
    '',
    '## Statements and clauses',
    '',
    'How many checks use it, and how many of them agree: in the scripts above, in our topics and in the golden scripts of the engine. *same*:',
    'all of them; *same but for search*: all but those that work on tables of FTS or R*Tree; *differs*: not all, and the reason stands',
    'above under the scripts named; *missing*: the engine does not know it; *untested*: no check.',
    '',
    ...featureTable('statement or clause', features.clauses, (name) => name),
    '',
    '## Functions',
    '',
    ...featureTable('function', features.functions, (name) => `\`${name}\``),
    '',
    `Not listed: the ${features.searchFunctions.length} functions of FTS3, FTS4, FTS5, R*Tree and geopoly. They come with search.`,
    '',
    '## PRAGMAs',
    '',
    ...featureTable('PRAGMA', features.pragmas, (name) => `\`${name}\``),
    '',
  ];
  return lines.join('\n');
}

function areaLines(outcomes: readonly ScriptOutcome[]): string[] {
  const areas = new Map<string, Count & { scripts: number }>();
  for (const outcome of outcomes) {
    const name = areaOf(outcome.file);
    const area = areas.get(name) ?? { ...newCount(), scripts: 0 };
    addCount(area, outcome);
    area.scripts += 1;
    areas.set(name, area);
  }
  return [...AREAS.map(([name]) => name), 'Everything else'].flatMap((name) => {
    const area = areas.get(name);
    if (area === undefined) return [];
    return [`| ${name} | ${area.scripts} | ${area.passed} | ${area.failed} | ${percentage(area)} |`];
  });
}

/** Failures that nobody has given a reason for: there are none in a green run. */
function failingLines(outcomes: readonly ScriptOutcome[], known: readonly KnownDifference[]): string[] {
  const unexplained = outcomes
    .map(({ file, passed, failed }) => ({ file, passed, failed: failed - known.filter(({ script }) => script === file).length }))
    .filter(({ failed }) => failed > 0)
    .sort((a, b) => b.failed - a.failed || a.file.localeCompare(b.file));
  if (unexplained.length === 0) return [];
  const rows = unexplained.map(({ file, passed, failed }) => `| ${file} | ${passed} | ${failed} |`);
  return ['## Scripts with failures that are not explained', '', '| script | passed | failed |', '|---|---|---|', ...rows, ''];
}

const LONGEST_SQL = 300;

/** SQL in a cell of a table. */
function cell(sql: string): string {
  const flat = sql.trim().replaceAll(/\s+/g, ' ');
  const short = flat.length <= LONGEST_SQL ? flat : `${flat.slice(0, LONGEST_SQL)} …`;
  return `\`\`${short.replaceAll('|', '\\|').replaceAll('``', '` `')} \`\``;
}

function differenceLines(known: readonly KnownDifference[]): string[] {
  if (known.length === 0) return ['None.'];
  const rows = known.map(({ script, sql, reason }) => `| ${script} | ${cell(sql)} | ${reason} |`);
  return ['| script | statement | why |', '|---|---|---|', ...rows];
}

function featureTable(title: string, counts: readonly FeatureCount[], show: (name: string) => string): string[] {
  const states = new Map<State, number>();
  const rows = counts.map((count) => {
    const state = stateOf(count);
    states.set(state, (states.get(state) ?? 0) + 1);
    const where = state === 'differs' ? `: ${[...count.differing].sort().join(', ')}` : '';
    return `| ${show(count.name)} | ${count.checks} | ${count.agreeing} | ${state}${where} |`;
  });
  const summary = [...states].map(([state, number]) => `${number} ${state}`).join(', ');
  return [`${counts.length} in all: ${summary}.`, '', `| ${title} | checks | agree | state |`, '|---|---|---|---|', ...rows];
}

/** `docs/compatibility.md`: what the recorded scripts of SQLite's own test suite say, made by `npm run compat -- scripts --page FILE`. */
import { writeFileSync } from 'node:fs';
import { type Count, newCount, percentage } from '../report.ts';

export interface ScriptOutcome extends Count {
  readonly file: string;
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

const areaOf = (file: string) => AREAS.find(([, names]) => names.test(file))?.[0] ?? 'Everything else';

export function writeCompatibilityPage(path: string, outcomes: readonly ScriptOutcome[]): void {
  const areas = new Map<string, Count & { scripts: number }>();
  const total = newCount();
  for (const { file, passed, failed } of outcomes) {
    const area = areas.get(areaOf(file)) ?? { ...newCount(), scripts: 0 };
    area.passed += passed;
    area.failed += failed;
    area.scripts += 1;
    areas.set(areaOf(file), area);
    total.passed += passed;
    total.failed += failed;
  }
  const order = [...AREAS.map(([name]) => name), 'Everything else'].filter((name) => areas.has(name));
  const areaLines = order.map((name) => {
    const area = areas.get(name) as Count & { scripts: number };
    return `| ${name} | ${area.scripts} | ${area.passed} | ${area.failed} | ${percentage(area)} |`;
  });
  const failing = outcomes.filter(({ failed }) => failed > 0).sort((a, b) => b.failed - a.failed || a.file.localeCompare(b.file));
  const lines = [
    '# Compatibility with SQLite',
    '',
    'Made by `npm run compat -- scripts --page docs/compatibility.md`; not written by hand. Each check is one statement of a script from',
    "SQLite's own test suite, with the columns, rows, changes or error that better-sqlite3 13.2 (SQLite 3.54.1) gave for it. Statements that follow",
    'a missing feature fail with it, so a count says more about reach than about the number of causes.',
    '',
    `**${total.passed} of ${total.passed + total.failed} checks pass (${percentage(total)}).** What is known to be missing stands in the README.`,
    '',
    '| area | scripts | passed | failed | |',
    '|---|---|---|---|---|',
    ...areaLines,
    '',
    '## Scripts with failures',
    '',
    '| script | passed | failed |',
    '|---|---|---|',
    ...failing.map(({ file, passed, failed }) => `| ${file} | ${passed} | ${failed} |`),
    '',
  ];
  writeFileSync(path, lines.join('\n'));
}

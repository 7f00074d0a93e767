/**
 * `node compat-tests/explain/record.ts`: writes our present plans behind the statements whose plans are not SQLite's.
 *
 * Reasons are kept; a statement that comes to differ is given none, and the test asks for one.
 */
import { writeFileSync } from 'node:fs';
import { loadEngine } from '../engine.ts';
import { type Case, openTables, planOf, readCases, STATEMENTS_FILE } from './plans.ts';

const reference = openTables(await loadEngine('better-sqlite3'));
const pluresdb = openTables(await loadEngine('pluresdb'));
let same = 0;
let different = 0;

function recorded({ sql, own }: Case): string {
  const plan = planOf(pluresdb, sql);
  if (plan === planOf(reference, sql)) {
    same += 1;
    return `${sql};`;
  }
  different += 1;
  const lines = plan.split('\n').map((line) => `--| ${line}`);
  return [`${sql};`, `--: ${own?.reason ?? ''}`, ...lines].join('\n');
}

const entries = readCases().map((entry) => (typeof entry === 'string' ? entry : recorded(entry)));
writeFileSync(STATEMENTS_FILE, `${entries.join('\n')}\n`);
console.log(`${same} plans are SQLite's, ${different} are our own`);

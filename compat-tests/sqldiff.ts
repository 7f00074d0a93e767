/**
 * `npm run sqldiff -- "SQL"`: statements on our engine and on better-sqlite3, both answers side by side.
 *
 * The text may hold several statements; each is compared. Exit code 1 when any of them differs.
 */
import { type EngineName, loadEngine } from './engine.ts';
import { describe, differenceOf, outcomeOf } from './fuzz/compare.ts';
import { indent, shorten } from './report.ts';
import { splitStatements } from './split-statements.ts';

async function sqldiff(sql: string, name: EngineName): Promise<number> {
  const reference = (await loadEngine('better-sqlite3')).open(':memory:');
  const subject = (await loadEngine(name)).open(':memory:');
  // A text without a statement in it is still something to ask about.
  const statements = splitStatements(sql);
  let differences = 0;
  for (const statement of statements.length > 0 ? statements : [sql]) {
    const expected = outcomeOf(reference, statement);
    const got = outcomeOf(subject, statement);
    const isSame = differenceOf(expected, got, true, 'text') === undefined;
    if (!isSame) differences += 1;
    console.log(`> ${statement}`);
    if (isSame) console.log(`${indent(shorten(describe(expected), 20_000), '  ')}\n`);
    else
      console.log(`  better-sqlite3:\n${indent(shorten(describe(expected)))}\n  ${name}:\n${indent(shorten(describe(got)))}\n`);
  }
  console.log(differences === 0 ? 'same' : `${differences} of ${statements.length} statements differ`);
  reference.close();
  subject.close();
  return differences === 0 ? 0 : 1;
}

const args = process.argv.slice(2);
const engineAt = args.indexOf('--engine');
const [engine = 'pluresdb'] = engineAt < 0 ? [] : args.splice(engineAt, 2).slice(1);
if (args.length === 0) {
  console.error('usage: npm run sqldiff -- "CREATE TABLE t(a); SELECT * FROM t"');
  process.exitCode = 2;
} else process.exitCode = await sqldiff(args.join(' '), engine as EngineName);

/**
 * `npm run sim -- <campaign> [options]`: what time, crashes and power cuts do to a database.
 */
import { runCrash } from './crash/main.ts';
import { closingLine } from './report.ts';

const [name, ...args] = process.argv.slice(2);
if (name === 'crash') {
  const count = await runCrash(args);
  console.log(closingLine(name, count));
  process.exitCode = count.failed === 0 ? 0 : 1;
} else {
  console.error('usage: npm run sim -- crash [--rounds N] [--seed S] [--engine better-sqlite3|pluresdb]');
  process.exitCode = 2;
}

/**
 * `npm run sim -- <campaign> [options]`: what time, crashes, damage and size do to a database.
 */
import { runCrash } from './crash/main.ts';
import { runDamage } from './damage/main.ts';
import { runMemory } from './memory/main.ts';
import { closingLine } from './report.ts';
import { runSystemCalls } from './system-calls/main.ts';

const CAMPAIGNS = { crash: runCrash, damage: runDamage, memory: runMemory, 'system-calls': runSystemCalls };
const isCampaign = (name: string | undefined): name is keyof typeof CAMPAIGNS => Object.hasOwn(CAMPAIGNS, name ?? '');

const [name, ...args] = process.argv.slice(2);
if (isCampaign(name)) {
  const count = await CAMPAIGNS[name](args);
  console.log(closingLine(name, count));
  process.exitCode = count.failed === 0 ? 0 : 1;
} else {
  console.error(`usage: npm run sim -- crash [--rounds N] [--seed S] [--store directory|file] [--engine better-sqlite3|pluresdb]
       npm run sim -- damage [--cases N] [--seed S] [--store directory|file]
       npm run sim -- memory [--megabytes N] [--bound N] [--engine better-sqlite3|pluresdb]
       npm run sim -- system-calls`);
  process.exitCode = 2;
}

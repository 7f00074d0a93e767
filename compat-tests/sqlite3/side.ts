/**
 * Runs the contract's cases on one module and writes the outcomes: `node side.mjs MODULE FILE [FILTER]`.
 *
 * A process of its own, because the original ends its process on some misuse; bundled, so that any Node runs it.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import './cases/members.ts';
import './cases/opening.ts';
import './cases/binding.ts';
import './cases/values.ts';
import './cases/statements.ts';
import './cases/errors.ts';
import './cases/backup.ts';
import './cases/scheduling.ts';
import './cases/storage.ts';
import './cases/documented.ts';
import './cases/promised.ts';
// Last: `verbose` cannot be taken back.
import './cases/events.ts';
import { type Module, runAll } from './case.ts';

const [module = '', file = '', filter] = process.argv.slice(2);
const outcomes = await runAll(createRequire(import.meta.url)(module) as Module, filter);
writeFileSync(file, `${JSON.stringify(outcomes, null, 1)}\n`);
// Events that are listened to keep the original's process alive.
process.exit(0);

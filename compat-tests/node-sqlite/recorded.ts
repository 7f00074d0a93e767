/** The suite against its recordings, as a program of its own: for a Node without such a `node:sqlite`. */
import { runSuiteCommand } from '../contract/suite.ts';
import { nodeSqlite } from './suite.ts';

const { failed } = await runSuiteCommand(nodeSqlite, ['--recorded']);
process.exitCode = failed === 0 ? 0 : 1;

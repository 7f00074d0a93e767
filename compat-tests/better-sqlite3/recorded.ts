/** The suite against its recordings, as a program of its own: for a Node on which the original does not load. */
import { runSuiteCommand } from '../contract/suite.ts';
import { betterSqlite3 } from './suite.ts';

const { failed } = await runSuiteCommand(betterSqlite3, ['--recorded']);
process.exitCode = failed === 0 ? 0 : 1;

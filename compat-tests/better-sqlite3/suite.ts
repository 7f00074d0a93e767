/** better-sqlite3's API: every member, every rule. */
import type { Suite } from '../contract/suite.ts';
import { backupChecks } from './backup.ts';
import { busyChecks } from './busy.ts';
import { closeChecks } from './close.ts';
import { documentedChecks } from './documented.ts';
import { functionChecks } from './functions.ts';
import { iterateChecks } from './iterate.ts';
import { openChecks } from './open.ts';
import { queryChecks } from './query.ts';
import { sessionChecks } from './sessions.ts';
import { loadDropIn, loadOriginal, loadOurs, type Side } from './side.ts';
import { statementChecks } from './statements.ts';
import { surfaceChecks } from './surface.ts';
import { transactionChecks } from './transaction.ts';
import { valueChecks } from './values.ts';

export const betterSqlite3: Suite<Side> = {
  name: 'better-sqlite3',
  checks: [
    ...surfaceChecks,
    ...openChecks,
    ...closeChecks,
    ...statementChecks,
    ...queryChecks,
    ...iterateChecks,
    ...valueChecks,
    ...transactionChecks,
    ...functionChecks,
    ...sessionChecks,
    ...backupChecks,
    ...busyChecks,
    ...documentedChecks,
  ],
  loadOriginal,
  loadOurs,
  folder: import.meta.dirname,
  entry: 'pluresdb',
};

export const betterSqlite3DropIn: Suite<Side> = { ...betterSqlite3, loadOurs: loadDropIn, entry: 'pluresdb/better-sqlite3' };

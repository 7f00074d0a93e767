/** `node:sqlite`'s API as Node 26 has it: every member, every rule. */
import type { Suite } from '../contract/suite.ts';
import { authorizerChecks } from './authorizer.ts';
import { authorizerOrderChecks } from './authorizer-order.ts';
import { backupChecks } from './backup.ts';
import { buildChecks } from './build.ts';
import { documentedChecks } from './documented.ts';
import { functionChecks } from './functions.ts';
import { iterateChecks } from './iterate.ts';
import { limitChecks } from './limits.ts';
import { openChecks } from './open.ts';
import { reentryChecks } from './reentry.ts';
import { sessionChecks } from './sessions.ts';
import { loadOriginal, loadOurs, type Side } from './side.ts';
import { statementChecks } from './statements.ts';
import { surfaceChecks } from './surface.ts';
import { tagStoreChecks } from './tag-store.ts';
import { valueChecks } from './values.ts';

export const nodeSqlite: Suite<Side> = {
  name: 'node-sqlite',
  checks: [
    ...surfaceChecks,
    ...openChecks,
    ...statementChecks,
    ...valueChecks,
    ...buildChecks,
    ...iterateChecks,
    ...functionChecks,
    ...reentryChecks,
    ...tagStoreChecks,
    ...backupChecks,
    ...limitChecks,
    ...authorizerChecks,
    ...authorizerOrderChecks,
    ...sessionChecks,
    ...documentedChecks,
  ],
  loadOriginal,
  loadOurs,
  folder: import.meta.dirname,
  entry: 'pluresdb/node-sqlite',
};

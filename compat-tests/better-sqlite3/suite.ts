/** better-sqlite3's API: every member, every rule. */
import type { Suite } from '../contract/suite.ts';
import { busyChecks } from './busy.ts';
import { openChecks } from './open.ts';
import { loadOriginal, loadOurs, type Side } from './side.ts';
import { surfaceChecks } from './surface.ts';

export const betterSqlite3: Suite<Side> = {
  name: 'better-sqlite3',
  checks: [...surfaceChecks, ...openChecks, ...busyChecks],
  loadOriginal,
  loadOurs,
  folder: import.meta.dirname,
};

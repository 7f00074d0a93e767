/** Every engine that the workloads run on, by its name. */
import { betterSqlite3 } from './better-sqlite3.ts';
import type { ENGINE_NAMES, Engine, Settings } from './engine.ts';
import { nodeSqlite } from './node-sqlite.ts';
import { pluresdb, pluresdbFile, pluresdbThreads } from './pluresdb.ts';

export const DRIVERS: Readonly<Record<(typeof ENGINE_NAMES)[number], (settings: Settings) => Engine>> = {
  pluresdb,
  'pluresdb-file': pluresdbFile,
  'better-sqlite3': betterSqlite3,
  'node:sqlite': nodeSqlite,
  'pluresdb-threads': pluresdbThreads,
};

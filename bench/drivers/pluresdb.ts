/** Our own engine, by its package name. */
import { createRequire } from 'node:module';
import Database from 'pluresdb';
import { applySettings, type Connection, type Engine, type Settings } from './engine.ts';

export function pluresdb(settings: Settings): Engine {
  const { version } = createRequire(import.meta.url)('pluresdb/package.json') as { version: string };
  return {
    name: 'pluresdb',
    version: `pluresdb ${version}`,
    open: (path) => applySettings(new Database(path) as Connection, settings),
  };
}

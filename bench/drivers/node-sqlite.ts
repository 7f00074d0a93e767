/** The SQLite that comes with Node. */
import { DatabaseSync } from 'node:sqlite';
import { applySettings, type Connection, type Engine, type Settings } from './engine.ts';

export function nodeSqlite(settings: Settings): Engine {
  return {
    name: 'node:sqlite',
    version: `node:sqlite of Node ${process.version} (SQLite ${process.versions['sqlite']})`,
    open: (path) => applySettings(new DatabaseSync(path) as Connection, settings),
  };
}

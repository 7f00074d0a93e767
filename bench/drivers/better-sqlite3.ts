/** The peer whose API and answers are our reference. */
import { createRequire } from 'node:module';
import Database from 'better-sqlite3';
import { applySettings, type Connection, type Engine, type Settings } from './engine.ts';

export function betterSqlite3(settings: Settings): Engine {
  const { version } = createRequire(import.meta.url)('better-sqlite3/package.json') as { version: string };
  const sqlite = new Database(':memory:').prepare('SELECT sqlite_version()').pluck().get();
  return {
    name: 'better-sqlite3',
    version: `better-sqlite3 ${version} (SQLite ${sqlite})`,
    open: (path) => applySettings(new Database(path) as Connection, settings),
  };
}

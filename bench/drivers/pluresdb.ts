/** Our own engine, by its package name, on each of its stores. */
import { createRequire } from 'node:module';
import Database from 'pluresdb';
import { applySettings, type Connection, type Engine, type EngineName, type Settings } from './engine.ts';

function onStore(name: EngineName, store: 'directory' | 'file') {
  return (settings: Settings): Engine => {
    const { version } = createRequire(import.meta.url)('pluresdb/package.json') as { version: string };
    return {
      name,
      version: store === 'file' ? 'pluresdb-file: its single-file store' : `pluresdb ${version}`,
      open: (path) => applySettings(new Database(path, { store }) as Connection, settings),
    };
  };
}

export const pluresdb = onStore('pluresdb', 'directory');
export const pluresdbFile = onStore('pluresdb-file', 'file');

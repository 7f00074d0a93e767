/** Our own engine, by its package name: on each of its stores, and with several threads. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import Database from 'pluresdb';
import { applySettings, type Connection, type Engine, type EngineName, type Settings } from './engine.ts';

interface Variant {
  readonly name: EngineName;
  readonly store: 'directory' | 'file';
  /** Beside the calling one. */
  readonly threads?: number;
  /** What the report says of it. */
  readonly remark?: string;
}

function variant({ name, store, threads = 0, remark }: Variant) {
  return (settings: Settings): Engine => {
    const { version } = createRequire(import.meta.url)('pluresdb/package.json') as { version: string };
    return {
      name,
      version: remark === undefined ? `pluresdb ${version}` : `${name}: ${remark}`,
      open(path) {
        const db = applySettings(new Database(path, { store }) as Connection, settings);
        if (threads > 0) db.exec(`PRAGMA threads = ${threads}`);
        return db;
      },
    };
  };
}

const helpers = availableParallelism() - 1;

export const pluresdb = variant({ name: 'pluresdb', store: 'directory' });
export const pluresdbFile = variant({ name: 'pluresdb-file', store: 'file', remark: 'its single-file store' });
export const pluresdbThreads = variant({
  name: 'pluresdb-threads',
  store: 'directory',
  threads: helpers,
  remark: `PRAGMA threads = ${helpers}`,
});

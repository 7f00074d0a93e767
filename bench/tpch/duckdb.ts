/**
 * DuckDB, on one thread. It is no dependency of the repository: `installDuckdb` puts the version below into
 * `.cache/tpch/duckdb`, when a run first asks for it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tablePath } from './data.ts';
import { type Row, sizeOfDatabase, type TpchDatabase } from './database.ts';
import { duckdbTable, TABLES } from './schema.ts';

const VERSION = '1.5.6-r.1';
const folder = join(import.meta.dirname, '..', '..', '.cache', 'tpch', `duckdb-${VERSION}`);

/** What of the package is used. */
interface DuckdbModule {
  readonly DuckDBInstance: { create(path: string, options: Record<string, string>): Promise<Instance> };
}
interface Instance {
  connect(): Promise<DuckdbConnection>;
  closeSync(): void;
}
interface DuckdbConnection {
  run(sql: string): Promise<unknown>;
  prepare(sql: string): Promise<{ runAndReadAll(): Promise<{ getRowObjectsJS(): Row[] }> }>;
  closeSync(): void;
}

/** Undefined, with the reason printed, where npm cannot bring it. */
export function loadDuckdb(): DuckdbModule | undefined {
  if (!existsSync(join(folder, 'node_modules', '@duckdb', 'node-api'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { '@duckdb/node-api': VERSION } }));
    const args = ['install', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
    const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
    if (status !== 0) {
      console.log(`DuckDB could not be installed: ${stderr.trim().split('\n')[0]}`);
      return undefined;
    }
  }
  return createRequire(join(folder, 'package.json'))('@duckdb/node-api') as DuckdbModule;
}

export async function buildDuckdb({ DuckDBInstance }: DuckdbModule, data: string, place: string): Promise<TpchDatabase> {
  const instance = await DuckDBInstance.create(join(place, 'tpch'), { threads: '1' });
  const connection = await instance.connect();
  const started = performance.now();
  for (const table of TABLES) {
    await connection.run(duckdbTable(table));
    await connection.run(`COPY ${table.name} FROM '${tablePath(data, table)}' (DELIMITER '|', HEADER false, QUOTE '')`);
  }
  const rowsMs = performance.now() - started;
  await connection.run('CHECKPOINT');
  return {
    engine: { name: 'duckdb', version: `DuckDB ${VERSION} (1 thread)` },
    load: { rowsMs, indexesMs: 0, bytes: sizeOfDatabase(place, 'tpch') },
    prepare(sql) {
      const prepared = connection.prepare(sql);
      return async () => (await (await prepared).runAndReadAll()).getRowObjectsJS();
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

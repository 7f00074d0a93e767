/**
 * A key-value store over node-sqlite3's API, with the calls that VS Code's storage makes of it: one table, changes in
 * transactions, and a database that is one file: copied beside itself after it is closed, put back when it is damaged.
 */
import { copyFile, rename, unlink } from 'node:fs/promises';
import type { Loose, Module } from './case.ts';

/** Values in one statement. */
const MAX_HOST_PARAMETERS = 256;
const SCHEMA = [
  'PRAGMA user_version = 1;',
  'CREATE TABLE IF NOT EXISTS ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)',
];

export class Storage {
  readonly #sqlite3: Module;
  readonly #path: string;
  readonly #log: string[] = [];
  #db: Loose;

  constructor(sqlite3: Module, path: string) {
    this.#sqlite3 = sqlite3;
    this.#path = path;
  }

  /** What went wrong, and what was done about it. */
  get log(): readonly string[] {
    return this.#log;
  }

  get backupPath(): string {
    return `${this.#path}.backup`;
  }

  /** Opens the file; a broken one gives way to its backup, and where there is none to a database in memory. */
  async connect(): Promise<void> {
    try {
      this.#db = await this.#open(this.#path);
    } catch (error) {
      this.#note('connect', error as Error);
      try {
        await unlink(this.#path);
        await rename(this.backupPath, this.#path);
        this.#db = await this.#open(this.#path);
        this.#log.push('opened the backup');
      } catch (backupError) {
        this.#note('connect to the backup', backupError as Error);
        this.#db = await this.#open(':memory:');
        this.#log.push('opened in memory');
      }
    }
  }

  #open(path: string): Promise<Loose> {
    return new Promise((resolve, reject) => {
      const db: Loose = new this.#sqlite3.Database(path, (error: Loose) => {
        if (error) {
          if (db && error.code !== 'SQLITE_CANTOPEN') db.close(() => reject(error));
          else reject(error);
          return;
        }
        db.exec(SCHEMA.join(''), (failed: Error | null) => {
          if (failed) db.close(() => reject(failed));
          else resolve(db);
        });
      });
      db.on('error', (error: Error) => this.#note('database', error));
    });
  }

  #note(where: string, error: Error): void {
    this.#log.push(`${where}: ${(error as Loose).code}`);
  }

  async items(): Promise<Map<string, string>> {
    const rows = await this.#call<{ key: string; value: string }[]>('all', 'SELECT * FROM ItemTable');
    return new Map(rows.map(({ key, value }) => [key, value]));
  }

  update(inserted: ReadonlyMap<string, string>, deleted: readonly string[] = []): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#db.serialize(() => {
        this.#db.run('BEGIN TRANSACTION');
        for (const chunk of chunks([...inserted].flat(), MAX_HOST_PARAMETERS)) {
          const places = new Array(chunk.length / 2).fill('(?,?)').join(',');
          this.#prepare(`INSERT INTO ItemTable VALUES ${places}`, (statement) => statement.run(chunk));
        }
        for (const chunk of chunks(deleted, MAX_HOST_PARAMETERS)) {
          const places = new Array(chunk.length).fill('?').join(',');
          this.#prepare(`DELETE FROM ItemTable WHERE key IN (${places})`, (statement) => statement.run(chunk));
        }
        this.#db.run('END TRANSACTION', (error: Error | null) => (error ? reject(error) : resolve()));
      });
    });
  }

  #prepare(sql: string, run: (statement: Loose) => void): void {
    const statement = this.#db.prepare(sql);
    const listener = (error: Error) => this.#note('statement', error);
    statement.on('error', listener);
    run(statement);
    statement.finalize((error: Error | undefined) => {
      if (error) this.#note('finalize', error);
      statement.removeListener('error', listener);
    });
  }

  async optimize(): Promise<void> {
    await this.#call('exec', 'VACUUM');
  }

  checkIntegrity(isFull: boolean): Promise<unknown> {
    return this.#call('get', isFull ? 'PRAGMA integrity_check' : 'PRAGMA quick_check');
  }

  /** Closes, and keeps a copy of the file. */
  async close(): Promise<void> {
    await this.#call('close');
    await copyFile(this.#path, this.backupPath);
  }

  #call<T>(method: string, ...args: unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#db[method](...args, (error: Error | null, result: T) => (error ? reject(error) : resolve(result)));
    });
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size));
  return all;
}

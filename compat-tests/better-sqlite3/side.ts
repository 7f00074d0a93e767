/** What a check of better-sqlite3's API is given, and the two implementations. */
import { join } from 'node:path';
import type { Database as PluresDatabase } from 'pluresdb';
import { type Check, type Implementation, member, type Notes } from '../contract/check.ts';

export type DatabaseClass = typeof PluresDatabase;

export interface Side extends Notes {
  readonly Database: DatabaseClass;
  /** A fresh `:memory:` database. */
  readonly db: PluresDatabase;
  /** A place in the check's folder. */
  path: (name: string) => string;
  /** A database that is closed when the check is over. */
  open: (name: string, options?: object) => PluresDatabase;
}

export type SideCheck = Check<Side>;

/** Values that are no right argument: calls with them are what a check is about. */
// biome-ignore lint/suspicious/noExplicitAny: it stands where every type is asked for
export const wrong = (value: unknown): any => value;

export const rulesOf = (name: string, rules: Parameters<typeof member<Side>>[1]): SideCheck[] => member<Side>(name, rules);

class BetterSide implements Implementation<Side> {
  readonly name: string;
  readonly #Database: DatabaseClass;
  readonly #opened = new WeakMap<Side, PluresDatabase[]>();

  constructor(name: string, Database: DatabaseClass) {
    this.name = name;
    this.#Database = Database;
  }

  begin({ note, folder }: Notes): Side {
    const Database = this.#Database;
    const db = new Database(':memory:');
    const opened = [db];
    const path = (name: string): string => join(folder, name);
    const open = (name: string, options?: object): PluresDatabase => {
      const database = new Database(path(name), options);
      opened.push(database);
      return database;
    };
    const side = { note, folder, Database, db, path, open };
    this.#opened.set(side, opened);
    return side;
  }

  end(side: Side): void {
    for (const db of this.#opened.get(side) ?? []) {
      try {
        db.close();
      } catch {
        // A check may leave an iterator open on purpose.
      }
    }
  }
}

export async function loadOriginal(): Promise<Implementation<Side>> {
  const { default: Database } = await import('better-sqlite3');
  return new BetterSide('better-sqlite3', Database as unknown as DatabaseClass);
}

/** The main entry: a database is a directory. */
export async function loadOurs(): Promise<Implementation<Side>> {
  const { default: Database } = await import('pluresdb');
  return new BetterSide('pluresdb', Database);
}

/** The entry that takes better-sqlite3's place: a database is one file. */
export async function loadDropIn(): Promise<Implementation<Side>> {
  const { default: Database } = await import('pluresdb/better-sqlite3');
  return new BetterSide('pluresdb/better-sqlite3', Database);
}

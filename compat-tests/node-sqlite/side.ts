/** What a check of `node:sqlite`'s API is given, and the two implementations. */
import { join } from 'node:path';
import type * as NodeSqlite from 'pluresdb/node-sqlite';
import { type Check, type Implementation, member, type Notes } from '../contract/check.ts';

/** Calls that take the application's functions: what these take and return is what checks are about. */
// biome-ignore lint/suspicious/noExplicitAny: it stands where every type is asked for
type Loose = (...args: any[]) => void;
type LooseMembers = 'function' | 'aggregate' | 'createModule' | 'setAuthorizer';

export interface Database extends Omit<NodeSqlite.Database, LooseMembers> {
  readonly function: Loose;
  readonly aggregate: Loose;
  readonly createModule: Loose;
  readonly setAuthorizer: Loose;
}

type DatabaseClass = new (path: NodeSqlite.PathLike, options?: object) => Database;

export interface Api extends Omit<typeof NodeSqlite, 'Database' | 'DatabaseSync' | 'backup'> {
  readonly Database: DatabaseClass;
  readonly DatabaseSync: DatabaseClass;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  readonly backup: (db: any, path: NodeSqlite.PathLike, options?: NodeSqlite.BackupOptions) => Promise<number>;
}

export interface Side extends Notes {
  readonly api: Api;
  /** A fresh `:memory:` database. */
  readonly db: Database;
  /** A place in the check's folder. */
  path: (name: string) => string;
  /** A database that is closed when the check is over; the name is taken as it is when it is no plain one. */
  open: (name?: string, options?: object) => Database;
  /** A file's database that keeps itself as the implementation's other kind of store, if it has one. */
  openOtherStore: (name: string) => Database;
}

export type SideCheck = Check<Side>;

/** Values that are no right argument: calls with them are what a check is about. */
// biome-ignore lint/suspicious/noExplicitAny: it stands where every type is asked for
export const wrong = (value: unknown): any => value;

/** The same checks with databases in files, and in whatever else the implementation keeps them. */
export function inOtherStores(checks: readonly SideCheck[]): SideCheck[] {
  const inStore = (where: string, make: (side: Side, name: string) => Database): SideCheck[] =>
    checks.map(({ member: name, rule, body }) => ({
      member: name,
      rule: `${rule}, in ${where}`,
      body: (side) => {
        let count = 0;
        const open: Side['open'] = (given, options) => {
          if (given !== undefined) return side.open(given, options);
          const db = make(side, `${count++}.db`);
          // Not a crash is what these checks are about.
          db.exec('PRAGMA synchronous = OFF');
          return db;
        };
        return body({ ...side, open, db: open() });
      },
    }));
  return [
    ...inStore('a file', (side, name) => side.open(name)),
    ...inStore('another store', (side, name) => side.openOtherStore(name)),
  ];
}

export const rulesOf = (name: string, rules: Parameters<typeof member<Side>>[1]): SideCheck[] => member<Side>(name, rules);

/** Every limit that node:sqlite names. */
export const LIMIT_NAMES = [
  'length',
  'sqlLength',
  'column',
  'exprDepth',
  'compoundSelect',
  'vdbeOp',
  'functionArg',
  'attach',
  'likePatternLength',
  'variableNumber',
  'triggerDepth',
] as const;

/** One of every kind of value that is no string, no object and so on. */
export const ODD_VALUES: readonly unknown[] = [
  null,
  0,
  1,
  1.5,
  5n,
  true,
  'text',
  Symbol('s'),
  {},
  [],
  () => 1,
  new Uint8Array(2),
];

class NodeSide implements Implementation<Side> {
  readonly name: string;
  readonly #api: Api;
  readonly #opened = new WeakMap<Side, Database[]>();
  readonly #makeOtherStore: (path: string) => void;

  constructor(name: string, api: Api, makeOtherStore: (path: string) => void) {
    this.name = name;
    this.#api = api;
    this.#makeOtherStore = makeOtherStore;
  }

  begin({ note, folder }: Notes): Side {
    const api = this.#api;
    const db = new api.DatabaseSync(':memory:');
    const opened = [db];
    const path = (name: string): string => join(folder, name);
    const open = (name = ':memory:', options: object = {}): Database => {
      const database = new api.DatabaseSync(/^[a-z0-9.-]+$/.test(name) ? path(name) : name, options);
      opened.push(database);
      return database;
    };
    const openOtherStore = (name: string): Database => {
      this.#makeOtherStore(path(name));
      return open(name);
    };
    const side = { note, folder, api, db, path, open, openOtherStore };
    this.#opened.set(side, opened);
    return side;
  }

  end(side: Side): void {
    for (const db of this.#opened.get(side) ?? []) db[Symbol.dispose]();
  }
}

export async function loadOriginal(): Promise<Implementation<Side>> {
  // A name that no bundler and no type checker looks up: only Node 26 has all of it.
  const name = 'node:sqlite';
  return new NodeSide(name, (await import(name)) as Api, () => {});
}

export async function loadOurs(): Promise<Implementation<Side>> {
  const [api, { default: Directory }] = await Promise.all([import('pluresdb/node-sqlite'), import('pluresdb')]);
  return new NodeSide('pluresdb/node-sqlite', api as unknown as Api, (path) => {
    new Directory(path, { store: 'directory' }).close();
  });
}

/**
 * Code typed against `@types/better-sqlite3`, as applications write it: every declaration in use. The compiler checks it here
 * against the original's types; `better-sqlite3-types.test.ts` has it checked against ours.
 */
import Database from 'better-sqlite3';

interface Row {
  id: number;
  name: string;
}

const options: Database.Options = {
  readonly: false,
  fileMustExist: undefined,
  timeout: 1000,
  verbose: (message) => void message,
};

export class Repository {
  readonly #db: Database.Database;
  readonly #insert: Database.Statement<[string]>;
  readonly #byName: Database.Statement<{ name: string }, Row>;
  readonly #insertAll: Database.Transaction<(names: string[]) => number>;

  constructor(path: string | Buffer) {
    this.#db = new Database(path, options);
    this.#db.exec('CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, name TEXT)');
    this.#insert = this.#db.prepare<[string]>('INSERT INTO t (name) VALUES (?)');
    this.#byName = this.#db.prepare<{ name: string }, Row>('SELECT * FROM t WHERE name = :name');
    this.#insertAll = this.#db.transaction((names: string[]) => {
      for (const name of names) this.#insert.run(name);
      return names.length;
    });
  }

  add(names: string[]): number {
    const kinds = [this.#insertAll.deferred, this.#insertAll.immediate, this.#insertAll.exclusive, this.#insertAll.default];
    for (const kind of kinds) kind([]);
    return this.#insertAll(names);
  }

  find(name: string): Row | undefined {
    return this.#byName.get({ name });
  }

  ids(): number[] {
    const statement: Database.Statement<unknown[], number> = this.#db.prepare<unknown[], number>('SELECT id FROM t').pluck();
    const seen: number[] = [];
    for (const id of statement.iterate()) seen.push(id);
    return [...seen, ...statement.all()];
  }

  about(): unknown[] {
    const { memory, readonly, name, open, inTransaction } = this.#db;
    const statement = this.#db.prepare('SELECT * FROM t').raw(true).expand(false).safeIntegers(false).bind();
    const columns: Database.ColumnDefinition[] = statement.columns();
    const { source, reader, busy } = statement;
    const result: Database.RunResult = this.#insert.run('about');
    const rowid: number | bigint = result.lastInsertRowid;
    const changes: number = result.changes;
    const pragma: Database.PragmaOptions = { simple: true };
    return [
      memory,
      readonly,
      name,
      open,
      inTransaction,
      columns.length,
      source,
      reader,
      busy,
      rowid,
      changes,
      this.#db.pragma('user_version', pragma),
    ];
  }

  define(): this {
    const registration: Database.RegistrationOptions = {
      varargs: true,
      deterministic: undefined,
      directOnly: false,
      safeIntegers: false,
    };
    const same: Database.Database = this.#db
      .function('one', () => 1)
      .function('count_arguments', registration, (...args) => args.length)
      .aggregate('total_of', {
        start: 0,
        step: (total: number, next: number) => total + next,
        inverse: undefined,
        result: undefined,
      })
      .aggregate<number[]>('list_of', {
        start: () => [],
        step: (list, next) => void list.push(next),
        result: (list) => list.join(),
      })
      .table('numbers', {
        columns: ['n'],
        parameters: ['limit'],
        *rows(limit) {
          for (let n = 0; n < Number(limit); n++) yield [n];
        },
      })
      .defaultSafeIntegers(false)
      .unsafeMode(false);
    void same;
    return this;
  }

  async save(place: string): Promise<number> {
    const backup: Database.BackupOptions = {
      progress: ({ totalPages, remainingPages }) => Math.max(totalPages - remainingPages, 100),
    };
    const { totalPages }: Database.BackupMetadata = await this.#db.backup(place, backup);
    const serialize: Database.SerializeOptions = { attached: 'main' };
    const bytes: Buffer = this.#db.serialize(serialize);
    return totalPages + bytes.length;
  }

  explain(error: unknown): string {
    return error instanceof Database.SqliteError ? `${error.code}: ${error.message}` : 'another error';
  }

  close(): void {
    const closed: Database.Database = this.#db.close();
    void closed;
  }
}

/** Functions over any database. */
export function tables(db: Database.Database): unknown[] {
  return db.prepare('SELECT name FROM sqlite_schema').all();
}

export const make = (path: string): Database.Database => Database(path, { nativeBinding: undefined });

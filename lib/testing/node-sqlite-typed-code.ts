/**
 * Code typed against `@types/node`'s `node:sqlite`, as applications write it: every declaration in use. The compiler checks it
 * here against the original's types; `node-sqlite/types.test.ts` has it checked against ours.
 */
import {
  backup,
  constants,
  DatabaseSync,
  type Session,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';

interface Note {
  readonly id: number;
  readonly text: string;
}

export class Notes {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #session: Session;

  constructor(path: string | Buffer | URL) {
    this.#db = new DatabaseSync(path, {
      open: true,
      readOnly: false,
      enableForeignKeyConstraints: true,
      enableDoubleQuotedStringLiterals: false,
      allowExtension: undefined,
      timeout: 100,
      readBigInts: false,
      returnArrays: false,
      allowBareNamedParameters: true,
      allowUnknownNamedParameters: false,
      defensive: true,
      limits: { attach: 5, length: 1_000_000 },
    });
    this.#db.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT) STRICT');
    this.#insert = this.#db.prepare('INSERT INTO notes (text) VALUES ($text)', { readBigInts: true });
    this.#session = this.#db.createSession({ table: 'notes', db: 'main' });
  }

  add(text: string): number | bigint {
    const { changes, lastInsertRowid } = this.#insert.run({ text });
    const total: number | bigint = changes;
    return total > 0 ? lastInsertRowid : 0;
  }

  find(id: number): Note | undefined {
    const sql = this.#db.createTagStore(10);
    const row: Record<string, SQLOutputValue> | undefined = sql.get`SELECT id, text FROM notes WHERE id = ${id}`;
    const { size, capacity, db } = sql;
    if (size > capacity || db !== this.#db) sql.clear();
    return row === undefined ? undefined : { id: Number(row['id']), text: String(row['text']) };
  }

  texts(): string[] {
    const statement = this.#db.prepare('SELECT text FROM notes ORDER BY id');
    statement.setReadBigInts(false);
    statement.setReturnArrays(false);
    statement.setAllowBareNamedParameters(true);
    statement.setAllowUnknownNamedParameters(false);
    const names = statement.columns().map(({ name, column, table, database, type }) => [name, column, table, database, type]);
    const rows = statement.all().map(({ text }) => String(text));
    const again: string[] = [];
    for (const row of statement.iterate()) again.push(String(row['text']));
    return [...rows, ...again, statement.sourceSQL, statement.expandedSQL, String(names.length)];
  }

  define(): void {
    this.#db.function('shout', { deterministic: true, directOnly: false, varargs: false, useBigIntArguments: false }, (text) =>
      String(text).toUpperCase(),
    );
    this.#db.function('one', () => 1);
    this.#db.aggregate('total', {
      start: 0,
      step: (total: number, next) => total + Number(next),
      inverse: (total: number, next) => total - Number(next),
      result: (total: number): SQLInputValue => total,
    });
  }

  guard(): void {
    this.#db.setAuthorizer((code: number, table: string | null) =>
      code === constants.SQLITE_READ && table === 'secrets' ? constants.SQLITE_DENY : constants.SQLITE_OK,
    );
    this.#db.setAuthorizer(null);
  }

  changes(): Uint8Array {
    const [all, patch]: Uint8Array[] = [this.#session.changeset(), this.#session.patchset()];
    const applied: boolean = this.#db.applyChangeset(all ?? new Uint8Array(), {
      filter: (table) => table === 'notes',
      onConflict: (kind) =>
        kind === constants.SQLITE_CHANGESET_CONFLICT ? constants.SQLITE_CHANGESET_OMIT : constants.SQLITE_CHANGESET_ABORT,
    });
    return applied && patch !== undefined ? patch : new Uint8Array();
  }

  async save(path: string): Promise<number> {
    const bytes: Uint8Array = this.#db.serialize('main');
    const copy = new DatabaseSync(':memory:');
    copy.deserialize(bytes, { dbName: 'main' });
    copy.close();
    return backup(this.#db, path, {
      source: 'main',
      target: 'main',
      rate: 10,
      progress: ({ totalPages, remainingPages }) => void (totalPages - remainingPages),
    });
  }

  close(): string {
    const { isOpen, isTransaction, limits } = this.#db;
    limits.attach = 3;
    const location: string | null = this.#db.location();
    this.#db.enableDefensive(true);
    this.#db.enableLoadExtension(false);
    this.#session.close();
    this.#db[Symbol.dispose]();
    return [isOpen, isTransaction, limits === undefined, location].join();
  }
}

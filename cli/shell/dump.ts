/**
 * A database as SQL that makes it again: tables with their rows first, then indexes, triggers and views, so that a
 * trigger does not fire and an index is filled once.
 */

import { quoteName } from '../import/load-table.ts';
import { type Cell, cellToSql } from '../output/cell.ts';
import type { Session } from '../session.ts';
import { nameFilter } from './schema.ts';

interface CatalogRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

async function writeRows(session: Session, table: string): Promise<void> {
  const { database, output } = session;
  // Generated columns have hidden > 1; they take no values.
  const columns = database
    .prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden < 1')
    .pluck()
    .all(table)
    .map((name) => quoteName(name as string))
    .join(', ');
  const rows = database
    .prepare(`SELECT ${columns} FROM ${quoteName(table)}`)
    .raw()
    .safeIntegers()
    .iterate();
  for (const row of rows) {
    output.write(`INSERT INTO ${quoteName(table)} (${columns}) VALUES (${(row as Cell[]).map(cellToSql).join(', ')});\n`);
    if (output.isFull) await output.flush();
  }
}

/** AUTOINCREMENT goes on where it was, even when the last rows are gone. */
function writeSequences(session: Session, tables: ReadonlySet<string>): void {
  const { database, output } = session;
  const hasSequences = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").get() !== undefined;
  if (!hasSequences) return;
  for (const row of database.prepare('SELECT name, seq FROM sqlite_sequence').raw().safeIntegers().all()) {
    const [name, seq] = row as [string, Cell];
    if (!tables.has(name)) continue;
    const literal = cellToSql(name);
    output.write(`DELETE FROM sqlite_sequence WHERE name = ${literal};\n`);
    output.write(`INSERT INTO sqlite_sequence (name, seq) VALUES (${literal}, ${cellToSql(seq)});\n`);
  }
}

async function writeObjects(session: Session, pattern: string | undefined): Promise<void> {
  const { database, output } = session;
  const matches = nameFilter(pattern);
  const catalog = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid').all() as CatalogRow[];
  const objects = catalog.filter(({ name, tbl_name, sql }) => sql !== null && !name.startsWith('sqlite_') && matches(tbl_name));
  const tables = objects.filter(({ type }) => type === 'table');
  output.write('PRAGMA foreign_keys=OFF;\nBEGIN;\n');
  for (const { name, sql } of tables) {
    output.write(`${sql};\n`);
    await writeRows(session, name);
  }
  writeSequences(session, new Set(tables.map(({ name }) => name)));
  for (const { type, sql } of objects) {
    if (type !== 'table') output.write(`${sql};\n`);
  }
  output.write('COMMIT;\n');
}

/** All of it shows one moment: what others commit meanwhile is not seen. */
export async function writeDump(session: Session, pattern: string | undefined): Promise<void> {
  const { database } = session;
  const isOurs = !database.inTransaction;
  if (isOurs) database.exec('BEGIN');
  try {
    await writeObjects(session, pattern);
  } finally {
    if (isOurs) database.exec('COMMIT');
  }
}

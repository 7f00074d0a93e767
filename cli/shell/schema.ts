/** What the catalog says of tables, indexes and columns, in all attached databases. */

import { quoteName } from '../import/load-table.ts';
import type { Session } from '../session.ts';

export interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string | null;
}

interface DatabaseRow {
  readonly name: string;
  readonly file: string | null;
}

export function databasesOf(session: Session): DatabaseRow[] {
  return session.database.pragma('database_list') as DatabaseRow[];
}

/** Everything in the catalogs; names outside `main` carry their database's. SQLite's own tables are left out. */
export function schemaObjects(session: Session): SchemaObject[] {
  const objects = databasesOf(session).flatMap(({ name: database }) => {
    const prefix = database === 'main' ? '' : `${database}.`;
    const rows = session.database
      .prepare(`SELECT type, name, tbl_name AS "table", sql FROM ${quoteName(database)}.sqlite_schema`)
      .all() as SchemaObject[];
    return rows
      .filter(({ name }) => !name.startsWith('sqlite_'))
      .map(({ type, name, table, sql }) => ({ type, name: prefix + name, table: prefix + table, sql }));
  });
  return objects;
}

export function isTableLike({ type }: SchemaObject): boolean {
  return type === 'table' || type === 'view';
}

export function columnsOf(session: Session, table: string): string[] {
  return session.database.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[];
}

/** A test for names: `%` and `_` as in LIKE, without regard to case; everything when there is no pattern. */
export function nameFilter(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  const expression = new RegExp(`^${source}$`, 'isu');
  return (name) => expression.test(name);
}

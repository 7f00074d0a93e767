/** Everything a database holds, as lines that can be compared: schema and rows, values with their classes. */
import type { Connection, SqlValue } from '../engine.ts';

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function showValue(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Object.is(value, -0) ? 'real -0' : `real ${value}`;
  return `x'${Buffer.from(value).toString('hex')}'`;
}

function dumpTable(db: Connection, schema: string, { name, sql }: SchemaRow): string[] {
  const hasRowid = !/WITHOUT ROWID/i.test(sql ?? '');
  const columns = hasRowid ? '_rowid_, *' : '*';
  const rows = db
    .prepare(`SELECT ${columns} FROM ${schema}.${quote(name)}`)
    .safeIntegers()
    .raw()
    .all() as SqlValue[][];
  const lines = rows.map((row) => `${name}: ${row.map(showValue).join(', ')}`);
  // Keys in UTF-16 have an order of their own.
  return hasRowid ? lines : lines.sort();
}

/** `schema` is the database's name within the connection. */
export function dump(db: Connection, schema = 'main'): string[] {
  const rows = db
    .prepare(`SELECT type, name, tbl_name, sql FROM ${schema}.sqlite_schema ORDER BY type, name`)
    .all() as SchemaRow[];
  const lines = rows.map((row) => JSON.stringify(row));
  for (const row of rows) {
    const isVirtual = /^CREATE VIRTUAL/i.test(row.sql ?? '');
    if (row.type === 'table' && !isVirtual) lines.push(...dumpTable(db, schema, row));
  }
  for (const pragma of ['user_version', 'application_id']) {
    lines.push(`${pragma} ${db.prepare(`PRAGMA ${schema}.${pragma}`).pluck().get()}`);
  }
  return lines;
}

/** The first line that differs, or undefined. */
export function difference(one: readonly string[], other: readonly string[]): string | undefined {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at++) {
    if (one[at] !== other[at]) return `${one[at]?.slice(0, 300)}\n  against\n${other[at]?.slice(0, 300)}`;
  }
  return undefined;
}

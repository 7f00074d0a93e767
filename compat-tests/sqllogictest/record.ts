/**
 * Records sqllogictest files: runs statements on the reference and writes the records that `parse` reads.
 */
import { hash } from 'node:crypto';
import type { Connection, Row, SqlValue } from '../engine.ts';
import { formatRows } from './format.ts';

const HASH_THRESHOLD = 8;

export interface LogicStatement {
  readonly sql: string;
  readonly isOrdered: boolean;
}

/** The letter for a column: what its values are, with text for a mixture. */
function typeOf(values: readonly SqlValue[]): string {
  if (values.every((value) => typeof value === 'bigint' || value === null)) return 'I';
  return values.every((value) => typeof value === 'number' || value === null) ? 'R' : 'T';
}

/** The record, or undefined for what the format cannot say: a text with an empty line, a query that fails. */
export function recordStatement(db: Connection, { sql, isOrdered }: LogicStatement): string | undefined {
  if (/\n\s*\n|^----$/m.test(sql)) return undefined;
  try {
    const statement = db.prepare(sql);
    if (!statement.reader) {
      statement.run();
      return `statement ok\n${sql}\n`;
    }
    const rows = statement.raw().safeIntegers().all() as Row[];
    const types = statement
      .columns()
      .map((_, at) => typeOf(rows.map((row) => row[at] ?? null)))
      .join('');
    const sort = isOrdered ? 'nosort' : 'rowsort';
    const asText = (value: number): string => String(db.prepare('SELECT CAST(? AS TEXT)').pluck().get(value));
    const values = formatRows(rows, types, sort, asText);
    const md5 = hash('md5', values.map((value) => `${value}\n`).join(''));
    const expected = values.length > HASH_THRESHOLD ? [`${values.length} values hashing to ${md5}`] : values;
    return `${[`query ${types} ${sort}`, sql, '----', ...expected].join('\n')}\n`;
  } catch {
    // A change that fails may leave rows behind (OR FAIL), so it stays in the file.
    return /^\s*(SELECT|VALUES|WITH|PRAGMA)\b/i.test(sql) ? undefined : `statement error\n${sql}\n`;
  }
}

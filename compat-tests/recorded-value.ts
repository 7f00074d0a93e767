/**
 * SQL values as JSON, in the form of the script files:
 *
 *     null · integer 7, beyond 2^53 {"i": "9223372036854775807"} · real {"r": 1.5}, {"r": "Infinity"}, {"r": "-0.0"}
 *     text "abc" · blob {"x": "00ff"}
 *
 * The two kinds of number stay apart, so rows must be read with `safeIntegers`: a bigint is SQL's INTEGER, a number
 * its REAL.
 */
import type { Row, SqlValue } from './engine.ts';

export type RecordedValue = null | number | string | { i: string } | { r: number | string } | { x: string };

export function recordValue(value: SqlValue): RecordedValue {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'bigint') {
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : { i: value.toString() };
  }
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { r: '-0.0' };
    return { r: Number.isFinite(value) ? value : String(value) };
  }
  return { x: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex') };
}

export const recordRow = (row: Row): RecordedValue[] => row.map(recordValue);

/** One line of text per row that two rows share exactly when every value has the same type and bytes. */
export const rowKey = (row: Row): string => JSON.stringify(recordRow(row));

/** The same for a row that comes from a file; `{"r": 1}` and `{"r": 1.0}` are one number to JSON. */
export const recordedRowKey = (row: readonly RecordedValue[]): string => JSON.stringify(row);

/** The value as a SQL literal that gives it back with its type. */
export function literalOf(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'bigint') return value === -(2n ** 63n) ? '(-9223372036854775807 - 1)' : value.toString();
  if (typeof value === 'string') {
    // A NUL would end the statement's text.
    if (value.includes('\0')) return `CAST(x'${Buffer.from(value).toString('hex')}' AS TEXT)`;
    return `'${value.replaceAll("'", "''")}'`;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
    if (Object.is(value, -0)) return '-0.0';
    const text = String(value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }
  return `x'${Buffer.from(value).toString('hex')}'`;
}

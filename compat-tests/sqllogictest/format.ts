/**
 * Result values as sqllogictest prints them: one value a line, by the type letter of its column.
 *
 *     I  the value as an integer (text and blobs: their leading integer, else 0)
 *     R  SQLite's printf("%.3f"), which knows 16 significant digits
 *     T  text; NULL is `NULL`, the empty text `(empty)`, a byte that does not print `@`
 */
import type { Row, SqlValue } from '../engine.ts';
import type { SortMode } from './parse.ts';

const SIGNIFICANT_DIGITS = 16;
/** More than any rounding here looks at. */
const EXACT_DIGITS = 30;
const MAX_INTEGER = 2n ** 63n - 1n;
const MIN_INTEGER = -(2n ** 63n);

/** `%.3f` with at most 16 significant digits, rounded half up from the exact decimal. */
export function formatReal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential(EXACT_DIGITS).split('e');
  const digits = mantissa.replace('.', '');
  // How many digits stand before the point, and how many are kept in all.
  const whole = Number(exponent) + 1;
  const kept = Math.min(whole + 3, SIGNIFICANT_DIGITS);
  // The number in thousandths, from the kept digits alone.
  let scaled = 0n;
  if (kept >= 0) {
    scaled = BigInt(digits.slice(0, kept) || '0');
    if ((digits[kept] ?? '0') >= '5') scaled += 1n;
    scaled *= 10n ** BigInt(whole + 3 - kept);
  }
  const text = scaled.toString().padStart(4, '0');
  const sign = value < 0 ? '-' : '';
  return `${sign}${text.slice(0, -3)}.${text.slice(-3)}`;
}

const textOf = (value: string | Uint8Array): string =>
  typeof value === 'string' ? value : Buffer.from(value).toString('latin1');

function formatInteger(value: bigint | number | string | Uint8Array): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return (value > 0 ? MAX_INTEGER : MIN_INTEGER).toString();
    const whole = BigInt(Math.trunc(value));
    if (whole > MAX_INTEGER) return MAX_INTEGER.toString();
    return (whole < MIN_INTEGER ? MIN_INTEGER : whole).toString();
  }
  const leading = /^\s*([-+]?\d+)/.exec(textOf(value));
  return leading === null ? '0' : BigInt(leading[1]?.replace('+', '') ?? '0').toString();
}

/** `realAsText` is the engine's own conversion: only it knows how many digits it shows. */
function formatText(value: bigint | number | string | Uint8Array, realAsText: (value: number) => string): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return realAsText(value);
  const bytes = typeof value === 'string' ? Buffer.from(value).toString('latin1') : textOf(value);
  return bytes === '' ? '(empty)' : bytes.replace(/[^ -~]/g, '@');
}

export function formatValue(value: SqlValue, type: string, realAsText: (value: number) => string): string {
  if (value === null) return 'NULL';
  switch (type) {
    case 'I':
      return formatInteger(value);
    case 'R':
      return formatReal(
        typeof value === 'string' || value instanceof Uint8Array ? Number.parseFloat(textOf(value)) || 0 : Number(value),
      );
    default:
      return formatText(value, realAsText);
  }
}

/** All values of a result in the order in which they are compared. */
export function formatRows(rows: readonly Row[], types: string, sort: SortMode, realAsText: (value: number) => string): string[] {
  const formatted = rows.map((row) => row.map((value, at) => formatValue(value, types[at] ?? 'T', realAsText)));
  if (sort === 'rowsort') formatted.sort(compareRows);
  const values = formatted.flat();
  if (sort === 'valuesort') values.sort(compareBytes);
  return values;
}

/** Values are ASCII by now, so JavaScript's order is the order of bytes. */
const compareBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function compareRows(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < a.length; at++) {
    const order = compareBytes(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

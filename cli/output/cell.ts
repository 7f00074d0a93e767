/** A value of a row as text. Integers come as bigint, so a number is always a REAL and shows that it is one. */

export type Cell = null | bigint | number | string | Uint8Array;

function realToText(value: number): string {
  if (Number.isNaN(value)) return 'NULL';
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  const text = String(value);
  if (/[.]/.test(text)) return text;
  return text.includes('e') ? text.replace('e', '.0e') : `${text}.0`;
}

export function blobToText(value: Uint8Array): string {
  return `X'${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex').toUpperCase()}'`;
}

/** For people: blobs as X'…', NULL as `nullText`. */
export function cellToText(cell: Cell, nullText: string): string {
  if (cell === null) return nullText;
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'bigint') return cell.toString();
  return typeof cell === 'number' ? realToText(cell) : blobToText(cell);
}

/** For JSON: integers keep all their digits, blobs are X'…' as text, an infinity is a number too large for a double. */
export function cellToJson(cell: Cell): string {
  if (cell === null) return 'null';
  if (typeof cell === 'string') return JSON.stringify(cell);
  if (typeof cell === 'bigint') return cell.toString();
  if (typeof cell !== 'number') return JSON.stringify(blobToText(cell));
  return Number.isFinite(cell) ? realToText(cell) : cell > 0 ? '1e999' : '-1e999';
}

/** As an SQL literal. */
export function cellToSql(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'bigint') return cell.toString();
  if (typeof cell === 'number') return Number.isFinite(cell) ? realToText(cell) : cell > 0 ? '9e999' : '-9e999';
  if (typeof cell !== 'string') return blobToText(cell);
  // SQL text ends at a NUL, so a literal cannot hold one.
  const parts = cell.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join('||char(0)||')})`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

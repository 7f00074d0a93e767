/** One short text for any answer: equal answers have equal digests, whichever engine built the rows. */
import { createHash } from 'node:crypto';

/** Rows are written as [name, value] pairs, so that their prototype does not matter; kinds of numbers stay apart. */
function canonical(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  switch (typeof value) {
    case 'bigint':
      return { bigint: value.toString() };
    case 'object':
      if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
      return Array.isArray(value) ? value.map(canonical) : Object.entries(value).map(([name, inner]) => [name, canonical(inner)]);
    default:
      return value;
  }
}

export function digestOf(answer: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(answer)))
    .digest('hex')
    .slice(0, 16);
}

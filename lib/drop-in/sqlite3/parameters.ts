/**
 * Arguments of `bind`, `run`, `get`, `all` and `each` become fields: node-sqlite3's rules.
 *
 * One array holds the values of the parameters from the first on; one object has them by name with prefix (`$a`) or by
 * number; else the arguments themselves are the values. What cannot be bound is left out and stays NULL.
 */
import type { Field, FieldValue } from './protocol.ts';

/** What node-sqlite3 binds for an object that is nothing in particular. */
const OBJECT_TEXT = '[object Object]';

const isInt32 = (value: number) => (value | 0) === value;

function fieldValue(value: unknown): FieldValue | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'object':
      break;
    case 'function':
      return OBJECT_TEXT;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (value instanceof RegExp) return String(value);
  if (ArrayBuffer.isView(value)) {
    // A copy: the caller may change it before it is bound.
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  if (value instanceof Date) return { real: Number(value) };
  return OBJECT_TEXT;
}

/** Whether the arguments are the values themselves. */
function isScalar(value: unknown): boolean {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return !isObject || value instanceof RegExp || value instanceof Date || ArrayBuffer.isView(value);
}

/** An integer of 32 bits is an INTEGER, any other number a REAL; minus zero is zero. */
export function isInteger(value: number): boolean {
  return isInt32(value);
}

/**
 * The fields of a call, a place for every argument: what is left out keeps its place with an undefined value, because
 * even that resets the statement.
 */
export function collectFields(args: readonly unknown[]): readonly (Field | undefined)[] {
  if (args.length === 0) return [];
  const [first] = args;
  const positional = Array.isArray(first) ? first : isScalar(first) ? args : undefined;
  if (positional !== undefined) return Array.from(positional, (value, index) => field(index + 1, value));
  const fields: (Field | undefined)[] = [];
  // Inherited names too, as node-sqlite3 takes them.
  for (const name in first as Record<string, unknown>) {
    const number = Number(name);
    const place = isInt32(number) && number !== 0 ? number : name;
    fields.push(field(place, (first as Record<string, unknown>)[name]));
  }
  return fields;
}

function field(place: number | string, value: unknown): Field | undefined {
  const bound = fieldValue(value);
  return bound === undefined ? undefined : [place, bound];
}

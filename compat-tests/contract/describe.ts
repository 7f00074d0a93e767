/**
 * Outcomes as text: the same text, the same outcome. What a caller can tell apart differs here too: -0 and 0, 1 and 1n, a
 * key that is missing and one that is undefined, the order of keys, an object without prototype, a copy of a Buffer's class.
 */
import { createHash } from 'node:crypto';

const MAX_DEPTH = 6;
/** Longer text and bytes are told by their length and hash. */
const MAX_SHOWN = 2000;

function digest(kind: string, bytes: Buffer | string): string {
  return `${kind} of ${bytes.length}, sha256 ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
}

function describeBytes(bytes: ArrayBufferView): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = Object.getPrototypeOf(bytes)?.constructor?.name;
  return buffer.length > MAX_SHOWN ? digest(name, buffer) : `${name} ${buffer.toString('hex')}`;
}

/** A class by its name, also when a bundler or a proxy made it; plain objects have none. */
function className(value: object): string {
  const prototype: { constructor?: { name?: string } } | null = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return '';
  return prototype === null ? 'null-prototype ' : `${prototype.constructor?.name ?? 'anonymous'} `;
}

/** Class, code and message: what apps look at. */
export function describeError(error: Error): string {
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const errno = 'errno' in error ? ` (${String(error.errno)})` : '';
  // node:sqlite's: the extended result code and the words for it.
  const result = 'errcode' in error ? ` (${String(error.errcode)}, ${String('errstr' in error ? error.errstr : '-')})` : '';
  return `${error.constructor.name}${code}${errno}${result}: ${error.message}`;
}

export function describe(value: unknown, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_SHOWN ? digest('string', value) : JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return `function ${value.name}(${value.length})`;
    case 'object':
      break;
    default:
      return String(value);
  }
  if (value === null) return 'null';
  if (depth > MAX_DEPTH) return '…';
  if (ArrayBuffer.isView(value)) return describeBytes(value);
  if (Array.isArray(value)) return `[${value.map((item) => describe(item, depth + 1)).join(', ')}]`;
  if (value instanceof Error) return `${describeError(value)} {${Object.keys(value).join(', ')}}`;
  if (value instanceof Promise) return 'Promise';
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${describe(item, depth + 1)}`);
  return `${className(value)}{${entries.join(', ')}}`;
}

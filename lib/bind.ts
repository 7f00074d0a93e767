/**
 * Arguments of `run`, `get`, `all`, `iterate` and `bind` become parameters: better-sqlite3's rules.
 *
 * Scalars and arrays (opened one level) fill the anonymous parameters from left to right; one plain object fills the
 * named ones. A number is always REAL; column affinity turns it into an INTEGER where the column says so.
 */
import { types } from 'node:util';
import type { StatementHandle } from './native/binding.ts';
import type { SharedBuffer } from './native/shared-buffer.ts';

/** A statement's parameters, taken apart once. */
export interface ParameterNames {
  readonly count: number;
  /** Positions of `?`, in order. */
  readonly anonymous: readonly number[];
  /** Names without prefix (`a` of `:a`, `1` of `?1`) and their positions. */
  readonly named: readonly (readonly [string, number])[];
}

export function parameterNames(names: readonly (string | null)[]): ParameterNames {
  const anonymous: number[] = [];
  const named: [string, number][] = [];
  names.forEach((name, index) => {
    if (name === null) anonymous.push(index);
    else named.push([name.slice(1), index]);
  });
  return { count: names.length, anonymous, named };
}

const BIND_TYPES = 'SQLite3 can only bind numbers, strings, bigints, buffers, and null';

function writeParameter(buffer: SharedBuffer, statement: StatementHandle, index: number, value: unknown): void {
  switch (typeof value) {
    case 'number':
      buffer.writeReal(index, value);
      return;
    case 'string':
      buffer.writeText(statement, index, value);
      return;
    case 'bigint':
      if (buffer.writeInteger(index, value)) return;
      throw new RangeError('The bound string, buffer, or bigint is too big');
    case 'undefined':
      buffer.writeNull(index);
      return;
    case 'object':
      if (value === null) {
        buffer.writeNull(index);
        return;
      }
      if (ArrayBuffer.isView(value)) {
        buffer.writeBlob(statement, index, value);
        return;
      }
      break;
    default:
  }
  throw new TypeError(BIND_TYPES);
}

/** An object literal, also of another realm: its prototype is null or some realm's Object.prototype. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Writes the parameters; returns how many. */
export function writeParameters(
  buffer: SharedBuffer,
  statement: StatementHandle,
  names: ParameterNames,
  args: readonly unknown[],
): number {
  const { anonymous, count } = names;
  buffer.begin(count);
  let filled = 0;
  let object: object | undefined;
  const fill = (value: unknown) => {
    if (filled >= anonymous.length) throw new RangeError('Too many parameter values were provided');
    writeParameter(buffer, statement, anonymous[filled++] as number, value);
  };
  for (const arg of args) {
    if (Array.isArray(arg)) {
      for (let index = 0; index < arg.length; index++) fill(arg[index]);
    } else if (isObject(arg) && !types.isAnyArrayBuffer(arg)) {
      if (isPlainObject(arg)) {
        if (object !== undefined) throw new TypeError('You cannot specify named parameters in two different objects');
        object = arg;
      } else if (names.named.length > 0) {
        throw new TypeError('Named parameters can only be passed within plain objects');
      } else {
        throw new TypeError(BIND_TYPES);
      }
    } else {
      fill(arg);
    }
  }
  if (object !== undefined) writeNamed(buffer, statement, names, object as Record<string, unknown>);
  if (filled < anonymous.length) throw new RangeError('Too few parameter values were provided');
  if (object === undefined && names.named.length > 0) throw new TypeError('Missing named parameters');
  return count;
}

function writeNamed(
  buffer: SharedBuffer,
  statement: StatementHandle,
  names: ParameterNames,
  object: Record<string, unknown>,
): void {
  for (const [name, index] of names.named) {
    if (!Object.hasOwn(object, name)) throw new RangeError(`Missing named parameter "${name}"`);
    writeParameter(buffer, statement, index, object[name]);
  }
}

/** A copy that later changes of the caller's arrays, objects and buffers do not reach. */
export function copyParameters(args: readonly unknown[]): unknown[] {
  const copy = (value: unknown) =>
    ArrayBuffer.isView(value) ? Buffer.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) : value;
  return args.map((arg) => {
    if (Array.isArray(arg)) return Array.from(arg, copy);
    if (isObject(arg) && isPlainObject(arg)) {
      const entries = Object.entries(arg).map(([name, value]) => [name, copy(value)] as const);
      return Object.fromEntries(entries);
    }
    return copy(arg);
  });
}

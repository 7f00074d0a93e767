/**
 * Arguments of `run`, `get`, `all`, `iterate` and `bind` become parameters: better-sqlite3's rules.
 *
 * Scalars and arrays (opened one level) fill the anonymous parameters from left to right; one plain object fills the
 * named ones. A number is always REAL; column affinity turns it into an INTEGER where the column says so.
 */
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

const NO_PARAMETERS: ParameterNames = { count: 0, anonymous: [], named: [] };

export function unnamedParameters(count: number): ParameterNames {
  if (count === 0) return NO_PARAMETERS;
  return { count, anonymous: Array.from({ length: count }, (_, index) => index), named: [] };
}

const BIND_TYPES = 'SQLite3 can only bind numbers, strings, bigints, buffers, and null';
const TOO_BIG = 'The bound string, buffer, or bigint is too big';
const TOO_MANY = 'Too many parameter values were provided';

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
      throw new RangeError(TOO_BIG);
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

/** One value too many: one that could not be bound anyway says so first. */
function refuse(value: unknown): never {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) throw new RangeError(TOO_BIG);
  const isBindable = value == null || ['number', 'string', 'bigint'].includes(typeof value) || ArrayBuffer.isView(value);
  throw isBindable ? new RangeError(TOO_MANY) : new TypeError(BIND_TYPES);
}

/** An object literal, also of another realm: its prototype is null or some realm's Object.prototype. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** Writes the parameters; returns how many. */
export function writeParameters(
  buffer: SharedBuffer,
  statement: StatementHandle,
  names: ParameterNames,
  args: readonly unknown[],
): number {
  const { anonymous, named, count } = names;
  buffer.begin(count);
  // What most calls bring: a number or a string for each parameter, none of which has a name.
  if (args.length === count && named.length === 0) {
    let at = 0;
    for (; at < count; at++) {
      const arg = args[at];
      if (typeof arg === 'number') buffer.writeReal(at, arg);
      else if (typeof arg === 'string') buffer.writeText(statement, at, arg);
      else break;
    }
    if (at === count) return count;
    buffer.begin(count);
  }
  let filled = 0;
  let hasObject = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    // What most arguments are: nothing that could hold others.
    if ((typeof arg !== 'object' && typeof arg !== 'function') || arg === null) {
      if (filled >= anonymous.length) refuse(arg);
      writeParameter(buffer, statement, anonymous[filled++] as number, arg);
    } else if (Array.isArray(arg)) {
      for (let index = 0; index < arg.length; index++) {
        if (filled >= anonymous.length) refuse(arg[index]);
        writeParameter(buffer, statement, anonymous[filled++] as number, arg[index]);
      }
    } else if (!ArrayBuffer.isView(arg) && isPlainObject(arg)) {
      if (hasObject) throw new TypeError('You cannot specify named parameters in two different objects');
      hasObject = true;
      writeNamed(buffer, statement, names, arg as Record<string, unknown>);
    } else {
      if (named.length > 0 && !ArrayBuffer.isView(arg)) {
        throw new TypeError('Named parameters can only be passed within plain objects');
      }
      if (filled >= anonymous.length) refuse(arg);
      writeParameter(buffer, statement, anonymous[filled++] as number, arg);
    }
  }
  if (filled + (hasObject ? named.length : 0) < count) {
    if (!hasObject && named.length > 0) throw new TypeError('Missing named parameters');
    throw new RangeError('Too few parameter values were provided');
  }
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

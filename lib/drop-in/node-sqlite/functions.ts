/** `database.function()`, `database.aggregate()` and `database.createModule()`: JavaScript that SQL calls. */
import { isAnyArrayBuffer, isPromise } from 'node:util/types';
import { ANY_ARGUMENTS, DETERMINISTIC, DIRECT_ONLY, EXACT_INTEGERS, HAS_INVERSE, SAFE_INTEGERS } from '../../native/binding.ts';
import { binding } from '../../native/load.ts';
import {
  booleanOption,
  functionOption,
  isInt32,
  isObject,
  type Options,
  requireFunction,
  requireObject,
  requireString,
  toNul,
} from './arguments.ts';
import type { Connection } from './connection.ts';
import { invalidArgType, invalidArgValue, native, sqliteError } from './errors.ts';
import { requireSafe } from './exact-buffer.ts';

type Callable = (...args: unknown[]) => unknown;

/** SQLite's most arguments of a function, and its longest name in bytes. */
const MAX_ARGUMENTS = 1000;
const MAX_NAME_LENGTH = 255;

const failed = (message: string): Error => sqliteError(message, 'SQLITE_ERROR');

/** A result that SQL can have. */
function checkResult(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
    case 'string':
    case 'undefined':
      return value;
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) throw failed('BigInt value is too large for SQLite');
      return value;
    default:
  }
  if (value === null) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (isAnyArrayBuffer(value)) return new Uint8Array(value);
  if (isPromise(value)) throw failed('Asynchronous user-defined functions are not supported');
  throw failed('Returned JavaScript value cannot be converted to a SQLite value');
}

/** Arguments as the application sees them: no integer loses a digit, bytes are its own. */
function checkArguments(args: unknown[], useBigInts: boolean): unknown[] {
  for (const [index, arg] of args.entries()) {
    if (typeof arg === 'bigint' && !useBigInts) requireSafe(arg);
    if (arg instanceof Uint8Array) args[index] = Uint8Array.from(arg);
  }
  return args;
}

interface Definition {
  readonly flags: number;
  readonly useBigInts: boolean;
  readonly isVarargs: boolean;
}

function lengthOf(fn: { readonly length: unknown }): number {
  const { length } = fn;
  if (!isInt32(length)) throw invalidArgType('The "function.length" property must be an integer.');
  return length;
}

/** What SQLite would not define. */
function requireDefinable(name: string, count: number): string {
  const shown = toNul(name);
  if (count < -1 || count > MAX_ARGUMENTS || Buffer.byteLength(shown) > MAX_NAME_LENGTH) {
    // SQLite says nothing of value about either.
    throw sqliteError('not an error', 'SQLITE_OK');
  }
  return shown;
}

const argumentCount = (count: number): number => (count < 0 ? ANY_ARGUMENTS : count);

export function defineFunction(connection: Connection, args: readonly unknown[]): void {
  const { opened } = connection;
  const name = requireString(args[0], 'name');
  const hasOptions = args.length >= 3;
  let definition: Definition = { flags: EXACT_INTEGERS, useBigInts: false, isVarargs: false };
  if (hasOptions) {
    const options = requireObject(args[1], 'options');
    const useBigInts = booleanOption(options, 'useBigIntArguments') ?? false;
    const isVarargs = booleanOption(options, 'varargs') ?? false;
    let flags = useBigInts ? SAFE_INTEGERS : EXACT_INTEGERS;
    if (booleanOption(options, 'deterministic')) flags |= DETERMINISTIC;
    if (booleanOption(options, 'directOnly')) flags |= DIRECT_ONLY;
    definition = { flags, useBigInts, isVarargs };
  }
  const fn = requireFunction(args[hasOptions ? 2 : 1], 'function');
  const { flags, useBigInts, isVarargs } = definition;
  const count = isVarargs ? -1 : lengthOf(fn);
  const shown = requireDefinable(name, count);
  const call = (...values: unknown[]): unknown => checkResult(Reflect.apply(fn, undefined, checkArguments(values, useBigInts)));
  opened.requireUsable();
  native(() => binding.defineFunction(opened.handle, shown, argumentCount(count), flags, call));
}

/** What a group has accumulated. */
interface Holder {
  value: unknown;
}

export function defineAggregate(connection: Connection, args: readonly unknown[]): void {
  const { opened } = connection;
  const name = String(args[0]);
  const options = requireObject(args[1], 'options');
  const { start } = options;
  if (start === undefined) throw invalidArgType('The "options.start" argument must be a function or a primitive value.');
  const step = requireFunction(options['step'], 'options.step');
  const result = typeof options['result'] === 'function' ? (options['result'] as Callable) : undefined;
  const useBigInts = booleanOption(options, 'useBigIntArguments') ?? false;
  const isVarargs = booleanOption(options, 'varargs') ?? false;
  const isDirectOnly = booleanOption(options, 'directOnly') ?? false;
  const inverse = functionOption(options, 'inverse');
  // The first argument is what was accumulated.
  const count = isVarargs ? -1 : Math.max(lengthOf(step) - 1, inverse === undefined ? 0 : lengthOf(inverse) - 1, 0);
  const shown = requireDefinable(name, count);
  const on =
    (fn: Callable) =>
    (holder: Holder, ...values: unknown[]): void => {
      holder.value = Reflect.apply(fn, undefined, [holder.value, ...checkArguments(values, useBigInts)]);
    };
  const begin = (): Holder => ({ value: typeof start === 'function' ? Reflect.apply(start as Callable, null, []) : start });
  const finish = (holder: Holder): unknown =>
    checkResult(result === undefined ? holder.value : Reflect.apply(result, null, [holder.value]));
  let flags = useBigInts ? SAFE_INTEGERS : EXACT_INTEGERS;
  if (isDirectOnly) flags |= DIRECT_ONLY;
  if (inverse !== undefined) flags |= HAS_INVERSE;
  opened.requireUsable();
  native(() =>
    binding.defineAggregate(opened.handle, shown, argumentCount(count), flags, begin, on(step), on(inverse ?? step), finish),
  );
}

/** A module is a table by itself, and makes those of CREATE VIRTUAL TABLE. */
const BOTH_USES = 2;

const COLUMN_TYPES = ['INTEGER', 'TEXT', 'REAL', 'BLOB', 'ANY'];

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isHidden: boolean;
}

function checkColumn(column: unknown): Column {
  if (!isObject(column)) throw invalidArgType('Each column in "options.columns" must be an object.');
  const { name, type, hidden } = column as Options;
  if (typeof name !== 'string') throw invalidArgType('The column "name" property must be a string.');
  if (typeof type !== 'string') throw invalidArgType('The column "type" property must be a string.');
  if (!COLUMN_TYPES.includes(type)) {
    throw invalidArgValue(`The column "type" property must be one of 'INTEGER', 'TEXT', 'REAL', 'BLOB', or 'ANY'.`);
  }
  if (hidden !== undefined && typeof hidden !== 'boolean') {
    throw invalidArgType('The column "hidden" property must be a boolean.');
  }
  return { name, type, isHidden: hidden ?? false };
}

export function defineModule(connection: Connection, args: readonly unknown[]): void {
  const { opened } = connection;
  const name = requireString(args[0], 'name');
  const options = requireObject(args[1], 'options');
  if (!Array.isArray(options['columns'])) throw invalidArgType('The "options.columns" argument must be an array.');
  const columns = (options['columns'] as unknown[]).map(checkColumn);
  if (columns.length === 0) throw invalidArgValue('The "options.columns" array must not be empty.');
  const rows = requireFunction(options['rows'], 'options.rows');
  const isDirectOnly = booleanOption(options, 'directOnly') ?? false;
  const useBigInts = booleanOption(options, 'useBigIntArguments') ?? false;
  const visible = columns.filter(({ isHidden }) => !isHidden);
  const places = columns.flatMap(({ isHidden }, index) => (isHidden ? [] : [index]));
  function* open(...parameters: unknown[]): Generator<readonly unknown[]> {
    const found: unknown = Reflect.apply(
      rows,
      undefined,
      checkArguments(parameters, useBigInts).map((value) => value ?? null),
    );
    if (!isObject(found) || typeof (found as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function') {
      throw failed('The "options.rows" function must return an iterable object');
    }
    for (const row of found as Iterable<unknown>) {
      yield places.map((place, at) =>
        checkResult(Array.isArray(row) ? row[places.length === columns.length ? place : at] : null),
      );
    }
  }
  const declaration = [
    columns.filter(({ isHidden }) => isHidden).map((column) => column.name),
    visible.map((column) => column.name),
    (useBigInts ? SAFE_INTEGERS : EXACT_INTEGERS) | (isDirectOnly ? DIRECT_ONLY : 0),
    open,
    (cursor: Generator<readonly unknown[]>) => cursor.next().value as readonly unknown[] | undefined,
    (cursor: Generator<readonly unknown[]>) => void cursor.return(undefined),
    visible.map((column) => column.type),
  ] as const;
  opened.requireUsable();
  native(() => binding.defineTable(opened.handle, toNul(name), BOTH_USES, () => declaration));
}

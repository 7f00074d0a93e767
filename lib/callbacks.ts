/**
 * Functions, aggregates and collations of SQL written in JavaScript: arguments checked with better-sqlite3's words, then
 * handed to the addon, which calls them (native/src/callback.rs).
 */
import { SqliteError } from './errors.ts';
import { ANY_ARGUMENTS, DETERMINISTIC, DIRECT_ONLY, HAS_INVERSE, SAFE_INTEGERS } from './native/binding.ts';
import { binding } from './native/load.ts';
import type { ConnectionState } from './state.ts';

// biome-ignore lint/suspicious/noExplicitAny: callers' functions take whatever they like
export type SqlFunction = (...params: any[]) => unknown;

export interface FunctionOptions {
  /** Take any number of arguments, whatever the function's `length`. */
  varargs?: boolean | undefined;
  /** Same arguments, same result: it may be part of an index. */
  deterministic?: boolean | undefined;
  /** Integers come as bigints. Default: as `db.defaultSafeIntegers` says. */
  safeIntegers?: boolean | undefined;
  /** Not to be used by views, triggers and other parts of the schema. */
  directOnly?: boolean | undefined;
}

export interface AggregateOptions<T> extends FunctionOptions {
  /** The first value, or a function that makes it. Default null. */
  start?: T | (() => T);
  /** Takes a row in; undefined keeps what was accumulated. */
  // biome-ignore lint/suspicious/noExplicitAny: as many values as the aggregate has arguments
  // biome-ignore lint/suspicious/noConfusingVoidType: as better-sqlite3 declares it
  step: (total: T, ...next: any[]) => T | void;
  /** Takes a row out again. */
  // biome-ignore lint/suspicious/noExplicitAny: as many values as the aggregate has arguments
  inverse?: ((total: T, ...dropped: any[]) => T) | undefined;
  /** What SQL gets; default: what was accumulated. */
  result?: ((total: T) => unknown) | undefined;
}

const MAX_ARGUMENTS = 100;
/** In bytes. */
const MAX_NAME_LENGTH = 255;

type Callable = (...args: unknown[]) => unknown;

export function booleanOption(options: object, key: string): boolean {
  if (!(key in options)) return false;
  const value = (options as Record<string, unknown>)[key];
  if (typeof value !== 'boolean') throw new TypeError(`Expected the "${key}" option to be a boolean`);
  return value;
}

export function requireDefinable(state: ConnectionState): void {
  state.requireOpen();
  state.requireNotBusy();
  state.requireNoIteratorsAtAll();
}

/** SQLite reads a name to its first NUL. */
export function definedName(name: string): string {
  const [shown = ''] = name.split('\0', 1);
  return shown;
}

/** SQLite says nothing of value about a function's name that is too long. */
function functionName(name: string): string {
  const shown = definedName(name);
  if (Buffer.byteLength(shown) > MAX_NAME_LENGTH) throw new SqliteError('not an error', 'SQLITE_OK');
  return shown;
}

/** Reads the options all definitions share, in better-sqlite3's order. */
function functionOptions(state: ConnectionState, options: object): { flags: number; isVarargs: boolean } {
  const safeIntegers = 'safeIntegers' in options ? booleanOption(options, 'safeIntegers') : state.safeIntegers;
  let flags = safeIntegers ? SAFE_INTEGERS : 0;
  if (booleanOption(options, 'deterministic')) flags |= DETERMINISTIC;
  if (booleanOption(options, 'directOnly')) flags |= DIRECT_ONLY;
  return { flags, isVarargs: booleanOption(options, 'varargs') };
}

function lengthOf(fn: { readonly length: unknown }): number {
  const { length } = fn;
  if (Number.isInteger(length) && (length as number) >= 0) return length as number;
  throw new TypeError('Expected function.length to be a positive integer');
}

function requireFewArguments(count: number): void {
  if (count > MAX_ARGUMENTS) throw new RangeError('User-defined functions cannot have more than 100 arguments');
}

/** So many calls are made at once; MOST_CALLS of the engine. */
const RUN_CALLS = 256;
/** A call with more arguments is made by itself. */
const MOST_NUMBERS = 3;

/** Calls with numbers that stand one after the other; numbers that they answer go there, from the front on. */
interface NumberRuns {
  readonly many: unknown;
  readonly numbers: ArrayBuffer | undefined;
}

const NO_RUNS: NumberRuns = { many: undefined, numbers: undefined };

/** Whether calls with so many arguments are handed over in runs: numbers only, as JavaScript has them. */
function takesRuns(count: number, flags: number): boolean {
  return count >= 1 && count <= MOST_NUMBERS && (flags & SAFE_INTEGERS) === 0;
}

/** `(from, to)`: ends before `to` where a result is no number, and answers it. */
function scalarRuns(fn: Callable, count: number): NumberRuns {
  const numbers = new Float64Array(RUN_CALLS * count + 1);
  const last = numbers.length - 1;
  const call = (index: number): unknown => {
    const at = index * count;
    if (count === 1) return fn(numbers[at]);
    return count === 2 ? fn(numbers[at], numbers[at + 1]) : fn(numbers[at], numbers[at + 1], numbers[at + 2]);
  };
  const many = (from: number, to: number): unknown => {
    for (let index = from; index < to; index++) {
      const result = call(index);
      if (typeof result !== 'number') {
        numbers[last] = index;
        return result;
      }
      numbers[index] = result;
    }
    numbers[last] = to;
    return undefined;
  };
  return { many, numbers: numbers.buffer };
}

/** `db.function(name, [options], fn)` */
export function defineFunction(state: ConnectionState, name: unknown, given: unknown, last: unknown): void {
  const isShort = typeof given === 'function';
  const options: unknown = given == null || isShort ? {} : given;
  const fn = isShort ? given : last;
  if (typeof name !== 'string') throw new TypeError('Expected first argument to be a string');
  if (typeof fn !== 'function') throw new TypeError('Expected last argument to be a function');
  if (typeof options !== 'object') throw new TypeError('Expected second argument to be an options object');
  if (name === '') throw new TypeError('User-defined function name cannot be an empty string');
  const { flags, isVarargs } = functionOptions(state, options as object);
  let count = ANY_ARGUMENTS;
  if (!isVarargs) {
    count = lengthOf(fn);
    requireFewArguments(count);
  }
  requireDefinable(state);
  const { many, numbers } = takesRuns(count, flags) ? scalarRuns(fn as Callable, count) : NO_RUNS;
  binding.defineFunction(state.connection, functionName(name), count, flags, fn, many, numbers);
}

function optionalFunction(options: object, key: string): Callable | null {
  const value = key in options ? (options as Record<string, unknown>)[key] : null;
  if (typeof value === 'function') return value as Callable;
  if (value != null) throw new TypeError(`Expected the "${key}" option to be a function`);
  return null;
}

/** What a group has accumulated. */
interface Holder {
  value: unknown;
}

/** `(holder, from, to)`: the steps of a run of calls. */
function stepRuns(fn: Callable, count: number): NumberRuns {
  const numbers = new Float64Array(RUN_CALLS * count + 1);
  const call = (total: unknown, index: number): unknown => {
    const at = index * count;
    if (count === 1) return fn(total, numbers[at]);
    return count === 2 ? fn(total, numbers[at], numbers[at + 1]) : fn(total, numbers[at], numbers[at + 1], numbers[at + 2]);
  };
  const many = (holder: Holder, from: number, to: number): void => {
    for (let index = from; index < to; index++) {
      const value = call(holder.value, index);
      if (value !== undefined) holder.value = value;
    }
  };
  return { many, numbers: numbers.buffer };
}

/** `fn` with the holder in the place of the accumulated value. */
function onHolder(fn: Callable): (holder: Holder, ...args: unknown[]) => void {
  return (holder, ...args) => {
    const value = fn(holder.value, ...args);
    if (value !== undefined) holder.value = value;
  };
}

/** `db.aggregate(name, options)` */
export function defineAggregate(state: ConnectionState, name: unknown, options: unknown): void {
  if (typeof name !== 'string') throw new TypeError('Expected first argument to be a string');
  if (typeof options !== 'object' || options === null) throw new TypeError('Expected second argument to be an options object');
  if (name === '') throw new TypeError('User-defined function name cannot be an empty string');
  const start = 'start' in options ? (options.start as unknown) : null;
  const step = optionalFunction(options, 'step');
  if (step === null) throw new TypeError('Missing required option "step"');
  const inverse = optionalFunction(options, 'inverse');
  const result = optionalFunction(options, 'result');
  const { flags, isVarargs } = functionOptions(state, options);
  let count = ANY_ARGUMENTS;
  if (!isVarargs) {
    // The first argument is what was accumulated.
    count = Math.max(lengthOf(step), inverse === null ? 0 : lengthOf(inverse));
    if (count > 0) count -= 1;
    requireFewArguments(count);
  }
  requireDefinable(state);
  const { many, numbers } = takesRuns(count, flags) ? stepRuns(step, count) : NO_RUNS;
  binding.defineAggregate(
    state.connection,
    functionName(name),
    count,
    flags | (inverse === null ? 0 : HAS_INVERSE),
    typeof start === 'function' ? (): Holder => ({ value: (start as Callable)() }) : (): Holder => ({ value: start }),
    onHolder(step),
    onHolder(inverse ?? step),
    result === null ? (holder: Holder) => holder.value : (holder: Holder) => result(holder.value),
    many,
    numbers,
  );
}

/** `db.collation(name, compare)` */
export function defineCollation(state: ConnectionState, name: unknown, compare: unknown): void {
  if (typeof name !== 'string') throw new TypeError('Expected first argument to be a string');
  if (typeof compare !== 'function') throw new TypeError('Expected second argument to be a function');
  if (name === '') throw new TypeError('Collation name cannot be an empty string');
  requireDefinable(state);
  binding.defineCollation(state.connection, definedName(name), (a: string, b: string): number => {
    const order: unknown = Reflect.apply(compare, undefined, [a, b]);
    if (typeof order === 'number' && !Number.isNaN(order)) return order;
    throw new TypeError(`Collation ${name} returned an invalid value`);
  });
}

/** Checks of arguments and options, in Node's words. */
import { invalidArgType } from './errors.ts';

/** An object as V8 sees it: functions are objects too. */
export const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

/** Minus zero is none. */
export const isInt32 = (value: unknown): value is number => typeof value === 'number' && Object.is(value | 0, value);

export type Options = Readonly<Record<string, unknown>>;

export function requireObject(value: unknown, name: string): Options {
  if (!isObject(value)) throw invalidArgType(`The "${name}" argument must be an object.`);
  return value as Options;
}

export function requireString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidArgType(`The "${name}" argument must be a string.`);
  return value;
}

export function requireBoolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw invalidArgType(`The "${name}" argument must be a boolean.`);
  return value;
}

export function requireFunction(value: unknown, name: string): (...args: unknown[]) => unknown {
  if (typeof value !== 'function') throw invalidArgType(`The "${name}" argument must be a function.`);
  return value as (...args: unknown[]) => unknown;
}

/** Undefined stands for an option that is left out. */
export function booleanOption(options: Options, key: string): boolean | undefined {
  const value = options[key];
  return value === undefined ? undefined : requireBoolean(value, `options.${key}`);
}

export function stringOption(options: Options, key: string): string | undefined {
  const value = options[key];
  return value === undefined ? undefined : requireString(value, `options.${key}`);
}

export function integerOption(options: Options, key: string): number | undefined {
  const value = options[key];
  if (value === undefined) return undefined;
  if (!isInt32(value)) throw invalidArgType(`The "options.${key}" argument must be an integer.`);
  return value;
}

export function functionOption(options: Options, key: string): ((...args: unknown[]) => unknown) | undefined {
  const value = options[key];
  return value === undefined ? undefined : requireFunction(value, `options.${key}`);
}

/** Utf-8 text as the original reads it: a lone surrogate is a replacement character, a name ends at NUL. */
export const toNul = (text: string): string => text.split('\0', 1)[0] ?? '';

/** `verbose()`: errors tell where the call was made that they come from. */
import { inspect } from 'node:util';
import { Database } from './database.ts';
import { Statement } from './statement.ts';

const METHODS: readonly (readonly [{ readonly prototype: object }, readonly string[]])[] = [
  [Database, ['prepare', 'get', 'run', 'all', 'each', 'map', 'close', 'exec']],
  [Statement, ['bind', 'get', 'run', 'all', 'each', 'map', 'reset', 'finalize']],
];

const AUGMENTED = Symbol('augmented');

type Method = (this: object, ...args: unknown[]) => unknown;

/** Puts the call's stack behind the error's when the last argument, a callback, is given one. */
function extend(prototype: Record<string, Method>, className: string, name: string): void {
  const method = prototype[name] as Method;
  const extended: Method = function (...args) {
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      const call = { stack: '' };
      Error.captureStackTrace(call, extended);
      const text = `${className}#${name}(${args.map((arg) => inspect(arg, false, 0)).join(', ')})`;
      args[args.length - 1] = function (this: unknown, ...results: unknown[]) {
        augment(results[0], text, call.stack);
        return callback.apply(this, results);
      };
    }
    return method.apply(this, args);
  };
  Object.defineProperty(prototype, name, { value: extended, writable: true, configurable: true });
}

function augment(error: unknown, call: string, stack: string): void {
  if (!(error instanceof Error) || typeof error.stack !== 'string' || AUGMENTED in error) return;
  error.stack += `\n--> in ${call}\n${stack.split('\n').slice(1).join('\n')}`;
  Object.defineProperty(error, AUGMENTED, { value: true });
}

let isOn = false;

export function extendTraces(): void {
  if (isOn) return;
  isOn = true;
  for (const [owner, names] of METHODS) {
    const className = owner === Database ? 'Database' : 'Statement';
    for (const name of names) extend(owner.prototype as Record<string, Method>, className, name);
  }
}

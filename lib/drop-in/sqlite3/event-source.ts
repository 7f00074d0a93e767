/** node-sqlite3's objects have EventEmitter's methods without being EventEmitters. */
import { EventEmitter } from 'node:events';

export function addEvents(target: { readonly prototype: object }): void {
  const methods = EventEmitter.prototype as unknown as Record<string, unknown>;
  for (const name in methods) {
    Object.defineProperty(target.prototype, name, {
      value: methods[name],
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
}

export type Emitter = { emit(event: string, ...args: unknown[]): boolean };

// biome-ignore lint/suspicious/noExplicitAny: callers' callbacks take whatever they like
export type Callback = (this: any, ...args: any[]) => void;

/** The error goes to the callback, or to the listeners of `error`. */
export function report(target: Emitter, callback: Callback | undefined, error: Error): void {
  if (callback !== undefined) callback.call(target, error);
  else target.emit('error', error);
}

/** An optional callback argument, checked with node-sqlite3's words. */
export function callbackArgument(args: readonly unknown[], index: number): Callback | undefined {
  const callback = args[index];
  if (callback === undefined) return undefined;
  if (typeof callback !== 'function') throw new TypeError(`Argument ${index} must be a function`);
  return callback as Callback;
}

export function stringArgument(args: readonly unknown[], index: number): string {
  const text = args[index];
  if (typeof text !== 'string') throw new TypeError(`Argument ${index} must be a string`);
  return text;
}

/** What makes a class look like one of Node's: methods are enumerable, and nobody but the library makes instances. */
import * as worker_threads from 'node:worker_threads';
import { constructCallRequired, illegalConstructor, illegalInvocation } from './errors.ts';

/** Node 20 has no `markAsUncloneable`. */
const workerThreads: { markAsUncloneable?: (object: object) => void } = worker_threads;

/** What users see as the constructor: a function, as V8's templates make them. */
export type Face = new (...args: unknown[]) => unknown;

/** The constructor of what nobody but the library makes. Every class needs a function of its own, named where it is made. */
export function refuse(_newTarget: unknown): never {
  throw illegalConstructor();
}

/** Keeps `structuredClone` and messages from making an empty object of it, as they do not of what V8's templates make. */
export const refuseClones = (instance: object): void => workerThreads.markAsUncloneable?.(instance);

/** For a constructor that was called without `new`. */
export function requireNew(newTarget: unknown): asserts newTarget is Face {
  if (newTarget === undefined) throw constructCallRequired();
}

/** Makes `prototype` that of a class of Node's, with enumerable methods and the constructor behind them. */
export function nodeClass(prototype: object, face: (...args: unknown[]) => unknown): Face {
  Object.defineProperty(face, 'prototype', { value: prototype });
  showMethods(prototype);
  Reflect.deleteProperty(prototype, 'constructor');
  Object.defineProperty(prototype, 'constructor', { value: face, writable: true, configurable: true });
  return face as unknown as Face;
}

function showMethods(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    if (key === 'constructor') continue;
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key);
    if (key === Symbol.dispose && typeof descriptor?.value === 'function') {
      Object.defineProperty(descriptor.value, 'name', { value: '' });
    }
    Object.defineProperty(prototype, key, { enumerable: true });
  }
}

/** `receiver` as what it must be. */
export function receiverAs<T>(receiver: unknown, is: (value: object) => boolean): T {
  if ((typeof receiver !== 'object' && typeof receiver !== 'function') || receiver === null || !is(receiver)) {
    throw illegalInvocation();
  }
  return receiver as T;
}

/** An own getter of every instance; `this` is whatever it is called on. */
export const getter = (get: (this: unknown) => unknown): PropertyDescriptor => {
  Object.defineProperty(get, 'name', { value: '' });
  return { get, enumerable: true };
};

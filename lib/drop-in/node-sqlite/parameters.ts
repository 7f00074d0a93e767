/**
 * Arguments become parameters by Node's rules: a first argument that is an object and no bytes holds named ones, all the
 * others fill the anonymous ones (`?` and `?1`) from left to right. What is left out is NULL.
 */
import { isAnyArrayBuffer } from 'node:util/types';
import type { StatementHandle } from '../../native/binding.ts';
import type { SharedBuffer } from '../../native/shared-buffer.ts';
import { isObject } from './arguments.ts';
import { invalidArgType, invalidArgValue, invalidState, sqliteError } from './errors.ts';
import type { StatementSwitches } from './options.ts';

/** The parameters of a statement by their names: with prefix, and without where that is clear. */
export class ParameterPlaces {
  /** Names with their prefix; null for a `?`. */
  readonly names: readonly (string | null)[];
  readonly #full: ReadonlyMap<string, number>;
  #bare: ReadonlyMap<string, number> | undefined;

  constructor(names: readonly (string | null)[]) {
    this.names = names;
    this.#full = new Map(names.flatMap((name, index) => (name === null ? [] : [[name, index] as const])));
  }

  place(name: string): number | undefined {
    return this.#full.get(name);
  }

  /** Made when it is first needed: then names that differ in their prefix alone are an error. */
  get bare(): ReadonlyMap<string, number> {
    if (this.#bare !== undefined) return this.#bare;
    const bare = new Map<string, number>();
    // The original fails once and goes on with the names it has met.
    this.#bare = bare;
    for (const [full, index] of this.#full) {
      const name = full.slice(1);
      const known = bare.get(name);
      if (known !== undefined) {
        throw invalidState(
          `Cannot create bare named parameter '${name}' because of conflicting names '${this.names[known]}' and '${full}'.`,
        );
      }
      bare.set(name, index);
    }
    return bare;
  }

  /** The next place from `index` on that an anonymous value fills. */
  anonymous(index: number): number {
    let place = index;
    for (;;) {
      const name = this.names[place];
      if (name == null || name.startsWith('?')) return place;
      place++;
    }
  }
}

export function isBytes(value: unknown): value is NodeJS.ArrayBufferView | ArrayBufferLike {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
}

/** Gives one parameter its value. */
export function writeValue(buffer: SharedBuffer, statement: StatementHandle, index: number, count: number, value: unknown): void {
  switch (typeof value) {
    case 'number':
      requirePlace(index, count);
      buffer.writeReal(index, value);
      return;
    case 'string':
      requirePlace(index, count);
      buffer.writeText(statement, index, value);
      return;
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) throw invalidArgValue('BigInt value is too large to bind.');
      requirePlace(index, count);
      buffer.writeInteger(index, value);
      return;
    case 'boolean':
      requirePlace(index, count);
      buffer.writeInteger(index, value ? 1n : 0n);
      return;
    case 'undefined':
      requirePlace(index, count);
      // A name may have given it a value.
      buffer.writeNull(index);
      return;
    case 'object':
      if (value !== null && !isBytes(value)) break;
      requirePlace(index, count);
      if (value === null) buffer.writeNull(index);
      else buffer.writeBlob(statement, index, ArrayBuffer.isView(value) ? value : new Uint8Array(value));
      return;
    default:
  }
  throw invalidArgType(`Provided value cannot be bound to SQLite parameter ${index + 1}.`);
}

function requirePlace(index: number, count: number): void {
  if (index >= count) throw sqliteError('column index out of range', 'SQLITE_RANGE');
}

function writeNamed(
  buffer: SharedBuffer,
  statement: StatementHandle,
  places: ParameterPlaces,
  switches: StatementSwitches,
  values: Readonly<Record<string, unknown>>,
): void {
  const { allowBareNamedParameters, allowUnknownNamedParameters } = switches;
  if (allowBareNamedParameters) void places.bare;
  for (const name of Object.keys(values)) {
    const place = places.place(name) ?? (allowBareNamedParameters ? places.bare.get(name) : undefined);
    if (place !== undefined) writeValue(buffer, statement, place, places.names.length, values[name]);
    else if (!allowUnknownNamedParameters) throw invalidState(`Unknown named parameter '${name}'`);
  }
}

/** All parameters NULL. */
export function clearParameters(buffer: SharedBuffer, count: number): void {
  buffer.begin(count);
  for (let index = 0; index < count; index++) buffer.writeNull(index);
}

export function writeParameters(
  buffer: SharedBuffer,
  statement: StatementHandle,
  places: ParameterPlaces,
  switches: StatementSwitches,
  args: readonly unknown[],
): void {
  const count = places.names.length;
  clearParameters(buffer, count);
  const [first] = args;
  const hasNamed = isObject(first) && !isBytes(first);
  if (hasNamed) writeNamed(buffer, statement, places, switches, first as Readonly<Record<string, unknown>>);
  let next = 0;
  for (let at = hasNamed ? 1 : 0; at < args.length; at++) {
    const place = places.anonymous(next);
    writeValue(buffer, statement, place, count, args[at]);
    next = place + 1;
  }
}

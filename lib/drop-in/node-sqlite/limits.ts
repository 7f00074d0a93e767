/**
 * `database.limits`: an object whose properties are the connection's limits.
 *
 * The properties of the object below the proxy hold what was set last, because that is what `util.inspect` shows; reading
 * and writing goes through the proxy, which asks whether the database is open and what a value may be.
 */
import { inspect } from 'node:util';
import type { ConnectionOption } from '../../native/binding.ts';
import { isInt32 } from './arguments.ts';
import { invalidArgType, outOfRange } from './errors.ts';
import type { DatabaseLimits } from './types.ts';

export type LimitName = keyof DatabaseLimits;

/** Highest values, which are the first ones too, and the addon's names of them. */
export const LIMITS: Readonly<Record<LimitName, { readonly max: number; readonly option: ConnectionOption }>> = {
  length: { max: 1_000_000_000, option: 'length' },
  sqlLength: { max: 1_000_000_000, option: 'sqlLength' },
  column: { max: 2000, option: 'column' },
  exprDepth: { max: 1000, option: 'exprDepth' },
  compoundSelect: { max: 500, option: 'compoundSelect' },
  vdbeOp: { max: 250_000_000, option: 'vdbeOp' },
  functionArg: { max: 1000, option: 'functionArg' },
  attach: { max: 10, option: 'attached' },
  likePatternLength: { max: 50_000, option: 'patternLength' },
  variableNumber: { max: 32_766, option: 'parameter' },
  triggerDepth: { max: 1000, option: 'triggerDepth' },
};

const isLimit = (key: PropertyKey): key is LimitName => typeof key === 'string' && Object.hasOwn(LIMITS, key);

/** Where limits are set for real. */
export interface LimitedConnection {
  requireOpen(): void;
  setLimit(option: ConnectionOption, value: number): void;
}

/** The original's class has no name. */
const namelessPrototype = Object.defineProperties(
  {},
  {
    constructor: { value: (() => () => {})(), writable: true, configurable: true },
    // Not as the proxy that it is.
    [inspect.custom]: {
      value(this: object): object {
        return { ...this };
      },
    },
  },
);

/** SQLite's lowest length. */
const MIN_LENGTH = 30;

export class Limits {
  readonly #connection: LimitedConnection;
  readonly #values = Object.create(namelessPrototype) as DatabaseLimits;
  /** By the options, and by the application since. */
  readonly #chosen: Map<LimitName, number>;
  readonly object: DatabaseLimits;

  constructor(connection: LimitedConnection, initial: ReadonlyMap<LimitName, number>) {
    this.#connection = connection;
    this.#chosen = new Map(initial);
    for (const [name, { max }] of Object.entries(LIMITS)) {
      Object.defineProperty(this.#values, name, { value: max, writable: true, enumerable: true });
    }
    this.object = new Proxy(this.#values, this.#handler());
  }

  /** A connection was opened: it gets what was chosen before. */
  begin(): void {
    for (const name of Object.keys(LIMITS) as LimitName[]) this.#apply(name, this.#chosen.get(name) ?? LIMITS[name].max);
  }

  #apply(name: LimitName, value: number): void {
    const { max, option } = LIMITS[name];
    const applied = Math.max(Math.min(value, max), name === 'length' ? MIN_LENGTH : 0);
    this.#values[name] = applied;
    this.#connection.setLimit(option, applied);
  }

  #set(name: LimitName, value: unknown): void {
    this.#connection.requireOpen();
    if (typeof value !== 'number' || (value !== Infinity && !isInt32(value))) {
      throw invalidArgType('Limit value must be a non-negative integer or Infinity.');
    }
    if (value < 0) throw outOfRange('Limit value must be non-negative.');
    this.#chosen.set(name, value);
    this.#apply(name, value);
  }

  #handler(): ProxyHandler<DatabaseLimits> {
    const others = (target: object): (string | symbol)[] => Reflect.ownKeys(target).filter((key) => !isLimit(key));
    return {
      get: (target, key, receiver) => {
        if (isLimit(key)) this.#connection.requireOpen();
        return Reflect.get(target, key, receiver);
      },
      set: (target, key, value, receiver) => {
        // What inherits from the limits gets a property of its own.
        if (!isLimit(key) || receiver !== this.object) return Reflect.set(target, key, value, receiver);
        this.#set(key, value);
        return true;
      },
      defineProperty: (target, key, descriptor) => {
        if (!isLimit(key)) return Reflect.defineProperty(target, key, descriptor);
        if (descriptor.get !== undefined || descriptor.set !== undefined) throw new TypeError(`Cannot redefine property: ${key}`);
        this.#set(key, descriptor.value);
        return true;
      },
      // Nor is it frozen or sealed.
      preventExtensions: () => false,
      ownKeys: (target) => [...others(target), ...Object.keys(LIMITS)],
    };
  }
}

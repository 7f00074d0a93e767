/**
 * Tables of SQL computed by generators of JavaScript: definitions checked with better-sqlite3's words, rows handed to the
 * addon one by one.
 *
 *     db.table('series', { columns: ['value'], parameters: ['start', 'stop'], *rows(start, stop) { … } })
 *     SELECT value FROM series(1, 3)
 */
import { definedName, requireDefinable } from './callbacks.ts';
import { DIRECT_ONLY, SAFE_INTEGERS, type TableDeclaration } from './native/binding.ts';
import { binding } from './native/load.ts';
import type { ConnectionState } from './state.ts';

export interface TableDefinition {
  /** Yields rows: arrays in the order of `columns`, or objects. */
  // biome-ignore lint/suspicious/noExplicitAny: callers' generators take whatever they like
  rows: (...params: any[]) => Generator<any>;
  columns: string[];
  /** Names of hidden columns that the generator's arguments come from. Default `$1`, `$2`, … */
  parameters?: string[] | undefined;
  /** Integers come as bigints. Default: as `db.defaultSafeIntegers` says. */
  safeIntegers?: boolean | undefined;
  /** Not to be used by views and triggers. */
  directOnly?: boolean | undefined;
}

/** What a factory is called on. */
export interface TableContext {
  readonly module: string;
  readonly database: string;
  readonly table: string;
}

/** Called with the arguments of `USING module(…)`, as they are written. */
export type TableFactory = (this: TableContext, ...args: string[]) => TableDefinition;

const MAX_PARAMETERS = 32;

const GeneratorFunctionPrototype: unknown = Object.getPrototypeOf(function* () {});

/** `db.table(name, definition | factory)` */
export function defineTable(state: ConnectionState, name: unknown, definition: unknown): void {
  if (typeof name !== 'string') throw new TypeError('Expected first argument to be a string');
  if (name === '') throw new TypeError('Virtual table module name cannot be an empty string');
  let factory: (...args: string[]) => TableDeclaration;
  const isEponymous = typeof definition === 'object' && definition !== null;
  if (isEponymous) {
    const declaration = declare(state, definition, `Virtual table module "${name}" used a table definition`, name);
    factory = () => declaration();
  } else {
    if (typeof definition !== 'function') {
      throw new TypeError('Expected second argument to be a function or a table definition object');
    }
    factory = (module, database, table, ...args) => {
      const made: unknown = Reflect.apply(definition, { module, database, table }, args);
      if (typeof made !== 'object' || made === null) {
        throw new TypeError(`Virtual table module "${module}" did not return a table definition object`);
      }
      return declare(state, made, `Virtual table module "${module}" returned a table definition`, module as string)();
    };
  }
  requireDefinable(state);
  binding.defineTable(state.connection, definedName(name), isEponymous ? 1 : 0, factory);
}

/** Checks a definition. What it answers makes the declaration, once the default of `safeIntegers` counts. */
function declare(state: ConnectionState, definition: object, subject: string, module: string): () => TableDeclaration {
  const has = (key: string): boolean => Object.hasOwn(definition, key);
  const given = definition as Record<string, unknown>;
  if (!has('rows')) throw new TypeError(`${subject} without a "rows" property`);
  if (!has('columns')) throw new TypeError(`${subject} without a "columns" property`);
  const rows = given['rows'];
  if (typeof rows !== 'function' || Object.getPrototypeOf(rows) !== GeneratorFunctionPrototype) {
    throw new TypeError(`${subject} with an invalid "rows" property (should be a generator function)`);
  }
  const columns = strings(given['columns']);
  if (columns === null) throw new TypeError(`${subject} with an invalid "columns" property (should be an array of strings)`);
  if (columns.length !== new Set(columns).size) throw new TypeError(`${subject} with duplicate column names`);
  if (columns.length === 0) throw new RangeError(`${subject} with zero columns`);
  const parameters = has('parameters') ? strings(given['parameters']) : inferredParameters(rows.length);
  if (parameters === null) {
    throw new TypeError(`${subject} with an invalid "parameters" property (should be an array of strings)`);
  }
  if (parameters.length !== new Set(parameters).size) throw new TypeError(`${subject} with duplicate parameter names`);
  if (parameters.length > MAX_PARAMETERS) {
    throw new RangeError(`${subject} with more than the maximum number of ${MAX_PARAMETERS} parameters`);
  }
  for (const parameter of parameters) {
    if (columns.includes(parameter)) {
      throw new TypeError(`${subject} with column "${parameter}" which was ambiguously defined as both a column and parameter`);
    }
  }
  const safeIntegers = option(given, 'safeIntegers', subject);
  const flags = option(given, 'directOnly', subject) ? DIRECT_ONLY : 0;
  const open = openRows(rows as (...params: unknown[]) => Iterable<unknown>, columns, module);
  return () => {
    const all = flags | ((safeIntegers ?? state.safeIntegers) ? SAFE_INTEGERS : 0);
    return [parameters, columns, all, open, nextRow, closeRows, []];
  };
}

function option(given: Record<string, unknown>, key: string, subject: string): boolean | null {
  if (!Object.hasOwn(given, key)) return null;
  const value = given[key];
  if (typeof value !== 'boolean') throw new TypeError(`${subject} with an invalid "${key}" property (should be a boolean)`);
  return value;
}

/** A copy, if it is an array of strings. */
function strings(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  const copy: unknown[] = [...value];
  return copy.every((item) => typeof item === 'string') ? (copy as string[]) : null;
}

function inferredParameters(length: unknown): string[] {
  if (!Number.isInteger(length) || (length as number) < 0) {
    throw new TypeError('Expected function.length to be a positive integer');
  }
  return Array.from({ length: length as number }, (_, index) => `$${index + 1}`);
}

function openRows(
  rows: (...params: unknown[]) => Iterable<unknown>,
  columns: readonly string[],
  module: string,
): TableDeclaration[3] {
  const places = new Map(columns.map((column, index) => [column, index]));
  return function* (...params) {
    for (const row of rows(...params)) {
      if (Array.isArray(row)) {
        if (row.length !== columns.length) {
          throw new TypeError(`Virtual table module "${module}" yielded a row with an incorrect number of columns`);
        }
        yield row;
      } else if (typeof row === 'object' && row !== null) {
        yield inOrder(row, places, module);
      } else {
        throw new TypeError(`Virtual table module "${module}" yielded something that isn't a valid row object`);
      }
    }
  };
}

function inOrder(row: object, places: ReadonlyMap<string, number>, module: string): unknown[] {
  const values: unknown[] = new Array(places.size).fill(null);
  const keys = Object.keys(row);
  for (const key of keys) {
    const place = places.get(key);
    if (place === undefined)
      throw new TypeError(`Virtual table module "${module}" yielded a row with an undeclared column "${key}"`);
    values[place] = (row as Record<string, unknown>)[key];
  }
  if (keys.length !== places.size) throw new TypeError(`Virtual table module "${module}" yielded a row with missing columns`);
  return values;
}

const nextRow: TableDeclaration[4] = (cursor) => {
  const { done, value } = cursor.next();
  return done === true ? undefined : value;
};

const closeRows: TableDeclaration[5] = (cursor) => {
  cursor.return(undefined);
};

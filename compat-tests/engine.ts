/**
 * The door through which every runner reaches a database: the part of better-sqlite3's API that they use.
 *
 * Any engine with that API can be put behind it. A runner first proves itself on better-sqlite3, whose answers are
 * the reference; only then do its failures on another engine mean something.
 */

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = readonly SqlValue[];

export interface RunResult {
  readonly changes: number | bigint;
  readonly lastInsertRowid: number | bigint;
}

export interface PreparedStatement {
  /** True when the statement returns rows. */
  readonly reader: boolean;
  run(...parameters: readonly SqlValue[]): RunResult;
  get(...parameters: readonly SqlValue[]): unknown;
  all(...parameters: readonly SqlValue[]): unknown[];
  iterate(...parameters: readonly SqlValue[]): IterableIterator<unknown>;
  raw(toggle?: boolean): this;
  pluck(toggle?: boolean): this;
  safeIntegers(toggle?: boolean): this;
  columns(): readonly { readonly name: string }[];
}

export interface Connection {
  readonly inTransaction: boolean;
  prepare(sql: string): PreparedStatement;
  exec(sql: string): unknown;
  pragma(source: string, options?: { readonly simple?: boolean }): unknown;
  close(): unknown;
}

export interface Engine {
  readonly name: EngineName;
  open(path: string, options?: { readonly timeout?: number }): Connection;
}

type ConnectionClass = new (path: string, options?: object) => Connection;

/**
 * `pluresdb-row` and `pluresdb-vector` run everything they can in one way, whatever the number of rows; `pluresdb-threads`
 * is the second on two threads, `pluresdb-scratch` has hardly any memory to sort, group and join in.
 */
export const ENGINE_NAMES = [
  'better-sqlite3',
  'pluresdb',
  'pluresdb-row',
  'pluresdb-vector',
  'pluresdb-threads',
  'pluresdb-scratch',
] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

const SETTINGS: Partial<Record<EngineName, readonly string[]>> = {
  'pluresdb-row': ['execution_engine = row'],
  'pluresdb-vector': ['execution_engine = vector'],
  'pluresdb-threads': ['execution_engine = vector', 'threads = 1'],
  'pluresdb-scratch': ['soft_heap_limit = 1000'],
};

export function isEngineName(name: string): name is EngineName {
  return ENGINE_NAMES.some((known) => known === name);
}

/** Loads the engine's package by name, as an app does. */
export async function loadEngine(name: EngineName): Promise<Engine> {
  const module: { default: unknown } = name === 'better-sqlite3' ? await import('better-sqlite3') : await import('pluresdb');
  const Database = module.default as ConnectionClass;
  const open: Engine['open'] = (path, options = {}) => {
    const connection = new Database(path, options);
    for (const setting of SETTINGS[name] ?? []) connection.pragma(setting);
    return connection;
  };
  return { name, open };
}

/** What an engine threw, as the two things apps look at. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** SQLite's own errors carry its code; the API's (a wrong parameter count, say) are named by their class. */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { code: 'not an Error', message: String(thrown) };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
  return { code, message: thrown.message };
}

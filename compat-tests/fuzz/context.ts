/**
 * What every part of the generator works with, and the names it writes.
 */
import type { FunctionGroup } from './function-shape.ts';
import type { Column, DatabaseName, Schema, Table } from './picture.ts';
import type { Random } from './random.ts';

/** Parts of the dialect that a run may leave out. */
export type Feature = 'triggers' | 'foreign-keys' | 'alter' | 'attach' | 'analyze';

export const FEATURES: readonly Feature[] = ['triggers', 'foreign-keys', 'alter', 'attach', 'analyze'];

export interface Context {
  readonly random: Random;
  readonly schema: Schema;
  readonly features: ReadonlySet<Feature>;
  readonly functions: readonly FunctionGroup[];
  /** The values that tables hold in this episode, as literals. */
  readonly pool: readonly string[];
}

/** How a statement names a table or view: as plainly as it can, most of the time. */
export function nameOf({ random }: Context, object: { readonly database: DatabaseName; readonly name: string }): string {
  const isQualified = object.database === 'main' ? random.oneIn(12) : !random.oneIn(4);
  return isQualified ? `${object.database}.${object.name}` : object.name;
}

/** Literals that a column takes: STRICT tables refuse the others. */
export function literalsFor({ pool }: Context, table: Table | undefined, column: Column | undefined): readonly string[] {
  const isNotNull = column?.isNotNull === true;
  const fitting = table?.isStrict === true && column !== undefined ? pool.filter((value) => isOfType(value, column.type)) : pool;
  return isNotNull ? fitting.filter((value) => value !== 'NULL') : fitting;
}

function isOfType(value: string, type: string): boolean {
  if (value === 'NULL' || type === 'ANY') return true;
  if (type === 'TEXT') return value.startsWith("'") || value.endsWith('AS TEXT)');
  if (type === 'BLOB') return value.startsWith('x');
  return type === 'REAL' ? /^-?[0-9.e+-]+$/.test(value) : /^-?[0-9]+$/.test(value);
}

/**
 * Two laws that hold of any engine, whatever the right answer is:
 *
 * - TLP: the rows where p holds, where it does not and where it is NULL are together all the rows.
 * - NoREC: as many rows pass WHERE p as there are rows for which p, computed as a plain output, is true.
 *
 * The engine under test is held to them alone, and its answers to the parts are compared with SQLite's as well.
 */
import { predicate } from './condition.ts';
import type { Context } from './context.ts';
import { from } from './source.ts';
import { group, list, render, type Sql } from './tree.ts';

export type LawName = 'TLP' | 'NoREC';

/** A case: [outputs, FROM clause, predicate], in one tree that the shrinker may make smaller. */
export function lawCase(context: Context): Sql {
  const { random } = context;
  const rows = from(context);
  const outputs = list(random.many(random.between(1, 3), () => random.pick(rows.columns)));
  return group(outputs, rows.sql, predicate(context, rows.columns, 0));
}

/** Two queries with the same rows, in any order. */
export function lawQueries(name: LawName, sql: Sql): readonly [string, string] {
  const [outputs = '', from = '', p = ''] = typeof sql === 'string' ? [] : sql.parts.map(render);
  if (name === 'NoREC') {
    return [`SELECT count(*) AS n${from} WHERE ${p}`, `SELECT CAST(total((${p}) IS TRUE) AS INTEGER) AS n${from}`];
  }
  const part = (condition: string): string => `SELECT ${outputs}${from} WHERE ${condition}`;
  return [`SELECT ${outputs}${from}`, [part(p), part(`NOT (${p})`), part(`(${p}) IS NULL`)].join(' UNION ALL ')];
}

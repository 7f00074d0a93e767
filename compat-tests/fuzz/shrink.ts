/**
 * Makes a failing case small: fewer statements first, then smaller statements, as long as the case still fails the
 * same way.
 */
import { type Sql, smaller } from './tree.ts';

/** Enough for any case seen, and an end for one that shrinks slowly. */
const MAX_TRIALS = 1500;

export function shrinkSql(sql: Sql, stillFails: (sql: Sql) => boolean, budget = { trials: MAX_TRIALS }): Sql {
  let current = sql;
  for (;;) {
    let next: Sql | undefined;
    for (const candidate of smaller(current)) {
      if (budget.trials-- <= 0) return current;
      if (stillFails(candidate)) {
        next = candidate;
        break;
      }
    }
    if (next === undefined) return current;
    current = next;
  }
}

/** Drops runs of members, halving their length down to single ones. */
export function shrinkList<T>(members: readonly T[], stillFails: (members: readonly T[]) => boolean): readonly T[] {
  let current = members;
  for (let size = Math.ceil(members.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < current.length; ) {
      const fewer = current.toSpliced(at, size);
      if (fewer.length > 0 && stillFails(fewer)) current = fewer;
      else at += size;
    }
  }
  return current;
}

export function shrinkStatements<T extends { readonly sql: Sql }>(
  statements: readonly T[],
  stillFails: (statements: readonly T[]) => boolean,
): readonly T[] {
  const budget = { trials: MAX_TRIALS };
  let current = shrinkList(statements, stillFails);
  for (let at = current.length - 1; at >= 0; at--) {
    const statement = current[at];
    if (statement === undefined) continue;
    const withSql = (sql: Sql): readonly T[] => current.with(at, { ...statement, sql });
    const sql = shrinkSql(statement.sql, (candidate) => stillFails(withSql(candidate)), budget);
    current = withSql(sql);
  }
  return shrinkList(current, stillFails);
}

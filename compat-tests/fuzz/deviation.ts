/**
 * Where our answer differs from SQLite's on purpose: each with its reason, in this one place.
 *
 * 1. A statement fails in a transaction because a value does not fit its column in a STRICT table. SQLite opens no
 *    statement journal for that case alone, so the rows that the statement changed before stay, against its own
 *    documentation of ABORT. We undo the statement. The databases differ from there on, so the episode ends.
 * 2. REPLACE into a table that refers to itself with an ON DELETE action takes rows whose parent does not exist; we
 *    refuse them. The generator gives such references no actions (`make-table`).
 * 3. `PRAGMA database_list` shows temp from the first statement on that looked at it, even one that found nothing there;
 *    ours shows it once it holds something. The generator does not ask (`catalog`).
 * 5. DETACH in a transaction is refused by SQLite once a statement read the database, by us once any statement read
 *    anything: a snapshot is of all databases. The generator detaches outside of transactions (`define`).
 * 6. SQLite loses the rows of a LEFT or FULL JOIN whose right side is a subquery with `integer_primary_key LIKE 'a%'`;
 *    we keep them. The generator's subqueries have no LIKE with a fixed beginning (`condition`).
 * 8. RENAME COLUMN of a temp table that temp views or triggers name is refused by SQLite, which looks for the new name
 *    where only the old one is. The generator renames no such column (`define`).
 * 9. `SELECT *` over three tables, the first two joined by USING and the third by RIGHT or FULL, is ambiguous to SQLite
 *    where the third has the column too; to us only where the USING is of a RIGHT or FULL JOIN itself. The generator
 *    writes `*` over at most two tables (`query`).
 * 10. A statement that opened no statement journal and fails in a transaction for something other than a constraint,
 *    such as "triggers nested too deep", leaves the rows that it changed before, in SQLite. We undo the statement. The
 *    generators' triggers do not fire themselves without end (`trigger`), and their chains of keys are short.
 */
import type { Outcome } from './compare.ts';

export function endsEpisode(outcome: Outcome, isInTransaction: boolean): boolean {
  return isInTransaction && outcome.kind === 'error' && outcome.code === 'SQLITE_CONSTRAINT_DATATYPE';
}

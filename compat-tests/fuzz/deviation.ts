/**
 * Where our answer differs from SQLite's on purpose: each with its reason, in this one place.
 *
 * 1. A statement fails in a transaction because a value does not fit its column in a STRICT table. SQLite opens no
 *    statement journal for that case alone, so the rows that the statement changed before stay, against its own
 *    documentation of ABORT. We undo the statement. Where that makes the databases differ, the episode ends.
 * 2. A failed ALTER TABLE in a transaction leaves what SQLite knows of the schema as the ALTER made it, until something
 *    reads that database anew: an ALTER of a temp table right behind it complains of a trigger that is sound. So does a
 *    ROLLBACK behind such a failure: the columns that an ALTER before it dropped are missing still. The runner looks at
 *    all tables after such a failure and after a ROLLBACK.
 * 3. In a BEFORE UPDATE trigger SQLite computes the generated columns of NEW from NULL for every column that neither SET
 *    nor such a trigger names. We compute them from the row. The generator's triggers do not read them (`trigger`).
 * 6. SQLite loses the rows of a LEFT or FULL JOIN whose right side is a subquery with `integer_primary_key LIKE 'a%'`;
 *    we keep them. The generator's subqueries have no LIKE with a fixed beginning (`condition`).
 * 10. A statement that opened no statement journal and fails in a transaction for something other than a constraint,
 *    such as "triggers nested too deep", leaves the rows that it changed before, in SQLite. We undo the statement. Where
 *    that makes the databases differ, the episode ends.
 * 11. `(a, b) NOT IN t` with a NULL on the left looks at a single row of t in SQLite, the last one, where an index
 *     serves whose first column is descending: it starts at the index's end and goes forward from there. Ours looks at all
 *     rows. The generator's `IN t` of several columns has no such t (`condition`).
 * 12. REPLACE takes a row away for an UPDATE, and the foreign keys of that row, through ON DELETE or ON UPDATE actions,
 *     change the row that is being updated. SQLite goes on with the row as it was and leaves its indexes wrong: the next
 *     statement that needs them fails with SQLITE_CORRUPT_INDEX. We update the row that the action left. The generators
 *     have no UPDATE with REPLACE of a table whose rows act on other rows of it (`foreign-keys`), or no actions of keys
 *     to the own table (`make-table`).
 * 13. A column that ALTER TABLE added to a table WITHOUT ROWID is missing in the records that were there before. SQLite
 *     takes `(a, added) >= (…)`, and `(a, added) IN t`, for a range of the primary key, behind whose columns the added one
 *     stands, and calls such records damaged (SQLITE_CORRUPT). We answer. And `(…) IN t` with a NULL on the left takes NULL
 *     for the missing value, not the column's default. The runner compares no such query, and
 *    where such a change makes the databases differ, the episode ends.
 * 14. SQLite keeps what it parsed of the last few JSON texts that a statement's functions made, in its binary form: there a
 *     hexadecimal number of JSON5 stays one, though the text has it in decimal. What a `jsonb` function makes of such a
 *     text depends on whether it is still kept. Ours reads the text. The generator has no hexadecimal number below a
 *     `jsonb` function, but for its own document (`expression`).
 * 15. SQLite opens no statement journal for an UPDATE or DELETE whose foreign keys all have CASCADE or SET NULL, as these
 *     mend what they break. An action compares without the parent's affinity and may find no child where the count found
 *     one: the statement fails, and in a transaction what it changed stays. We undo it. Where that makes the databases
 *     differ, the episode ends.
 * 16. VACUUM gives the rows of a table without any index new rowids in SQLite, 1 and so on. We keep what they have. The
 *    runner leaves out a VACUUM that would give other ones.
 * 17. A BEFORE UPDATE trigger takes away the row that ON CONFLICT DO UPDATE is about to change, while an INSERT … SELECT
 *    reads the table it writes: SQLite's cursor is left where the row was, and the next row is written there, out of
 *    order. The same rowid may come twice then. Ours writes it where it belongs. The episode ends where SQLite's own
 *    integrity check finds such a table.
 */
import type { Connection } from '../engine.ts';
import { type Outcome, outcomeOf } from './compare.ts';

/** Cases 1, 10 and 15: SQLite may have kept what the statement changed. */
export function mayKeepChanges(sql: string, outcome: Outcome, isInTransaction: boolean): boolean {
  if (!isInTransaction || outcome.kind !== 'error') return false;
  if (outcome.code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return !/^(INSERT|REPLACE) /.test(sql);
  return outcome.code === 'SQLITE_CONSTRAINT_DATATYPE' || /too deep|too many levels/.test(outcome.message);
}

const ADDS_COLUMN = /^ALTER TABLE [\w.]+ ADD/;
const SEARCHES_ROW = /\([^()]+, [^()]+\) (NOT )?IN [a-z]/;
const COMPARES_ROW = /\([^()]+, [^()]+\) (=|<|<=|>|>=|IS|BETWEEN) /;

/** Case 13: SQLite takes sound records for damaged ones, or the missing value for NULL. */
export function hasShortRecords(sql: string, outcome: Outcome, before: readonly string[]): boolean {
  if (!before.some((sql) => ADDS_COLUMN.test(sql)) || !before.some((sql) => sql.includes('WITHOUT ROWID'))) return false;
  if (outcome.kind !== 'error') return SEARCHES_ROW.test(sql);
  return outcome.code === 'SQLITE_CORRUPT' && (COMPARES_ROW.test(sql) || SEARCHES_ROW.test(sql));
}

/** Case 2: SQLite may take the schema for another. */
export function isSchemaStale(sql: string, outcome: Outcome, isInTransaction: boolean): boolean {
  return sql.startsWith('ROLLBACK') || (isInTransaction && outcome.kind === 'error' && sql.startsWith('ALTER '));
}

/** Case 17: SQLite has left a table whose rows are out of order. */
export function hasUnorderedRows(reference: Connection): boolean {
  const report = outcomeOf(reference, 'PRAGMA integrity_check');
  return report.kind === 'rows' && report.rows.some((row) => /Rowid -?\d+ out of order/.test(row));
}

/**
 * Where our answer differs from SQLite's on purpose: each with its reason, in this one place.
 *
 * 1. A statement fails in a transaction because a value does not fit its column in a STRICT table. SQLite opens no
 *    statement journal for that case alone, so the rows that the statement changed before stay, against its own
 *    documentation of ABORT. We undo the statement. The databases differ from there on, so the episode ends.
 */
import type { Outcome } from './compare.ts';

export function endsEpisode(outcome: Outcome, isInTransaction: boolean): boolean {
  return isInTransaction && outcome.kind === 'error' && outcome.code === 'SQLITE_CONSTRAINT_DATATYPE';
}

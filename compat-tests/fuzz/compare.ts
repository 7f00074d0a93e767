/**
 * Runs one statement on two engines and tells how the outcomes differ, if they do.
 */
import { type Connection, failureOf, type Row } from '../engine.ts';
import { rowKey } from '../recorded-value.ts';

/** How exactly errors are compared: their text, their code, or only that there is one. */
export type ErrorRule = 'text' | 'code' | 'any';

export interface Difference {
  /** What differs; the shrinker keeps to one kind. */
  readonly kind: 'success' | 'error' | 'columns' | 'rows' | 'changes' | 'state' | 'law';
  readonly reference: string;
  readonly subject: string;
}

export type Outcome =
  | { readonly kind: 'rows'; readonly columns: readonly string[]; readonly rows: readonly string[] }
  | { readonly kind: 'changes'; readonly changes: string; readonly lastInsertRowid: string }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/** Both engines side by side, each with a connection of its own. */
export interface Pair {
  readonly reference: Connection;
  readonly subject: Connection;
}

export function outcomeOf(db: Connection, sql: string): Outcome {
  try {
    const statement = db.prepare(sql).safeIntegers();
    if (!statement.reader) {
      const { changes, lastInsertRowid } = statement.run();
      return { kind: 'changes', changes: String(changes), lastInsertRowid: String(lastInsertRowid) };
    }
    const columns = statement.columns().map((column) => column.name);
    return { kind: 'rows', columns, rows: (statement.raw().all() as Row[]).map(rowKey) };
  } catch (error) {
    return { kind: 'error', ...failureOf(error) };
  }
}

export function describe(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'error':
      return `${outcome.code}: ${outcome.message}`;
    case 'changes':
      return `${outcome.changes} changes, last rowid ${outcome.lastInsertRowid}`;
    case 'rows':
      return [outcome.columns.join(' | '), ...outcome.rows].join('\n');
  }
}

function sameRows(a: readonly string[], b: readonly string[], isOrdered: boolean): boolean {
  if (a.length !== b.length) return false;
  const [left, right] = isOrdered ? [a, b] : [a.toSorted(), b.toSorted()];
  return left.every((row, at) => row === right[at]);
}

/** `isOrdered`: the statement defines the order of its rows; otherwise they are compared as a multiset. */
export function differenceOf(reference: Outcome, subject: Outcome, isOrdered: boolean, rule: ErrorRule): Difference | undefined {
  const found = (kind: Difference['kind']): Difference => ({ kind, reference: describe(reference), subject: describe(subject) });
  if (reference.kind === 'error' && subject.kind === 'error') {
    if (rule === 'any' || (rule === 'code' && reference.code === subject.code)) return undefined;
    return reference.code === subject.code && reference.message === subject.message ? undefined : found('error');
  }
  if (reference.kind === 'rows' && subject.kind === 'rows') {
    if (reference.columns.join('\n') !== subject.columns.join('\n')) return found('columns');
    return sameRows(reference.rows, subject.rows, isOrdered) ? undefined : found('rows');
  }
  if (reference.kind === 'changes' && subject.kind === 'changes') {
    const isSame = reference.changes === subject.changes && reference.lastInsertRowid === subject.lastInsertRowid;
    return isSame ? undefined : found('changes');
  }
  return found('success');
}

export function compare(pair: Pair, sql: string, isOrdered: boolean, rule: ErrorRule): Difference | undefined {
  return differenceOf(outcomeOf(pair.reference, sql), outcomeOf(pair.subject, sql), isOrdered, rule);
}

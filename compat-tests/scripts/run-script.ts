/**
 * Runs one recorded script: steps in order on one connection to `:memory:`, each compared with what SQLite did.
 *
 *     {"sql", "columns", "rows"}   {"sql", "changes"}   {"sql", "error", "code"}   {"sql", "unchecked": true}
 *     {"reset": true}   a new database
 *
 * `"unordered": true` beside the rows says that the statement leaves their order open.
 */
import { type Connection, type Engine, type EngineName, failureOf, loadEngine, type Row } from '../engine.ts';
import { trace } from '../pool/trace.ts';
import { type RecordedValue, recordedRowKey, rowKey } from '../recorded-value.ts';
import { indent, shorten } from '../report.ts';

export interface StatementStep {
  readonly sql: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly RecordedValue[])[];
  readonly changes?: number;
  readonly error?: string;
  readonly code?: string;
  readonly unchecked?: boolean;
  /** The rows may come in any order. */
  readonly unordered?: boolean;
}
export type Step = StatementStep | { readonly reset: true };

export interface Script {
  readonly file: string;
  readonly steps: readonly Step[];
}

export interface ScriptTask {
  readonly engine: EngineName;
  readonly script: Script;
  readonly failureLimit: number;
}

export interface ScriptResult {
  readonly passed: number;
  readonly failed: number;
  /** Statements that ran without anything to compare them with. */
  readonly unchecked: number;
  /** The steps that failed, counted from 0. */
  readonly failedSteps: readonly number[];
  /** What differs, in words: the first so many. */
  readonly failures: readonly string[];
}

/** What a statement did, in the words of a step. */
export type Observation =
  | { readonly kind: 'rows'; readonly columns: readonly string[]; readonly rows: readonly Row[] }
  | { readonly kind: 'changes'; readonly changes: number }
  | { readonly kind: 'error'; readonly error: string; readonly code: string };

export function observe(db: Connection, sql: string): Observation {
  try {
    const statement = db.prepare(sql);
    if (!statement.reader) return { kind: 'changes', changes: Number(statement.run().changes) };
    const columns = statement.columns().map((column) => column.name);
    return { kind: 'rows', columns, rows: statement.raw().safeIntegers().all() as Row[] };
  } catch (error) {
    const { message, code } = failureOf(error);
    return { kind: 'error', error: message, code };
  }
}

/** The step's side of the comparison, with every row as one line of text. */
function expectedText(step: StatementStep): string {
  if (step.error !== undefined) return `${step.code}: ${step.error}`;
  if (step.rows !== undefined) return rowsText(step.columns ?? [], step.rows.map(recordedRowKey), step.unordered === true);
  return `${step.changes} changes`;
}

function rowsText(columns: readonly string[], rows: readonly string[], isUnordered: boolean): string {
  return [columns.join(' | '), ...(isUnordered ? rows.toSorted() : rows)].join('\n');
}

function observedText(observation: Observation, isUnordered: boolean): string {
  switch (observation.kind) {
    case 'error':
      return `${observation.code}: ${observation.error}`;
    case 'rows':
      return rowsText(observation.columns, observation.rows.map(rowKey), isUnordered);
    case 'changes':
      return `${observation.changes} changes`;
  }
}

export function runScript(engine: Engine, script: Script, failureLimit: number): ScriptResult {
  const failures: string[] = [];
  const failedSteps: number[] = [];
  let passed = 0;
  let unchecked = 0;
  let db = engine.open(':memory:');
  for (const [at, step] of script.steps.entries()) {
    if ('reset' in step) {
      db.close();
      db = engine.open(':memory:');
      continue;
    }
    trace(step.sql);
    const got = observedText(observe(db, step.sql), step.unordered === true);
    if (step.unchecked === true) {
      unchecked += 1;
      continue;
    }
    const expected = expectedText(step);
    if (got === expected) passed += 1;
    else {
      failedSteps.push(at);
      const told = `${indent(shorten(step.sql))}\n  expected:\n${indent(shorten(expected, 800))}\n  got:\n${indent(shorten(got, 800))}`;
      if (failures.length < failureLimit) failures.push(`step ${at}:\n${told}`);
    }
  }
  db.close();
  return { passed, failed: failedSteps.length, unchecked, failedSteps, failures };
}

/** The pool's entry. */
export async function handle({ engine, script, failureLimit }: ScriptTask): Promise<ScriptResult> {
  return runScript(await loadEngine(engine), script, failureLimit);
}

/** How many of a script's steps are checked. */
export function checkCount(script: Script): number {
  return script.steps.filter((step) => 'sql' in step && step.unchecked !== true).length;
}

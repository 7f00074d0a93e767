/**
 * One episode of the statement campaign: a new database, a schema, some dozens of statements, everything compared
 * after each: rows or changes or error, the change counters, and after a write the content of every table.
 */
import type { Engine } from '../engine.ts';
import { trace } from '../pool/trace.ts';
import { compare, type Difference, type ErrorRule, type Pair } from './compare.ts';
import type { FunctionGroup } from './expression.ts';
import type { FoundCase } from './expression-run.ts';
import { Random } from './random.ts';
import { shrinkStatements } from './shrink.ts';
import { type Statement, StatementGenerator } from './statement.ts';
import { render } from './tree.ts';

export const STATEMENTS_PER_EPISODE = 50;

const COUNTERS = 'SELECT changes(), total_changes(), last_insert_rowid()';
const TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";

export interface EpisodeResult {
  readonly count: number;
  readonly found: FoundCase | undefined;
}

/** The first difference that a list of statements shows on two new databases. */
class Comparison {
  readonly #pair: Pair;
  readonly #rule: ErrorRule;

  constructor(reference: Engine, subject: Engine, rule: ErrorRule) {
    this.#pair = { reference: reference.open(':memory:'), subject: subject.open(':memory:') };
    this.#rule = rule;
  }

  close(): void {
    this.#pair.reference.close();
    this.#pair.subject.close();
  }

  step(statement: Statement): Difference | undefined {
    const sql = render(statement.sql);
    trace(sql);
    const difference = compare(this.#pair, sql, statement.isOrdered, this.#rule);
    if (difference !== undefined || !statement.isWrite) return difference;
    return this.#stateDifference();
  }

  #stateDifference(): Difference | undefined {
    const isOpen = [this.#pair.reference.inTransaction, this.#pair.subject.inTransaction];
    if (isOpen[0] !== isOpen[1])
      return { kind: 'state', reference: `inTransaction: ${isOpen[0]}`, subject: `inTransaction: ${isOpen[1]}` };
    const checks = [COUNTERS, TABLES];
    for (const name of this.#pair.reference.prepare(TABLES).pluck().all()) checks.push(this.#dump(String(name)));
    for (const check of checks) {
      trace(check);
      const difference = compare(this.#pair, check, false, this.#rule);
      if (difference !== undefined) {
        return { kind: 'state', reference: `${check}\n${difference.reference}`, subject: `${check}\n${difference.subject}` };
      }
    }
    return undefined;
  }

  #dump(table: string): string {
    try {
      const sql = `SELECT rowid, * FROM ${table}`;
      this.#pair.reference.prepare(sql);
      return sql;
    } catch {
      return `SELECT * FROM ${table}`;
    }
  }
}

function firstDifference(
  reference: Engine,
  subject: Engine,
  statements: readonly Statement[],
  rule: ErrorRule,
): Difference | undefined {
  const comparison = new Comparison(reference, subject, rule);
  try {
    for (const statement of statements) {
      const difference = comparison.step(statement);
      if (difference !== undefined) return difference;
    }
    return undefined;
  } finally {
    comparison.close();
  }
}

export function runEpisode(
  reference: Engine,
  subject: Engine,
  seed: number,
  functions: readonly FunctionGroup[],
  rule: ErrorRule,
): EpisodeResult {
  const generator = new StatementGenerator(new Random(seed), functions);
  const statements = generator.opening();
  while (statements.length < STATEMENTS_PER_EPISODE) statements.push(generator.next());
  const comparison = new Comparison(reference, subject, rule);
  let difference: Difference | undefined;
  let count = 0;
  for (const statement of statements) {
    count += 1;
    difference = comparison.step(statement);
    if (difference !== undefined) break;
  }
  comparison.close();
  if (difference === undefined) return { count, found: undefined };
  const { kind } = difference;
  const fails = (some: readonly Statement[]): boolean => firstDifference(reference, subject, some, rule)?.kind === kind;
  const small = shrinkStatements(statements.slice(0, count), fails);
  const found = {
    script: small.map(({ sql }) => render(sql)),
    difference: firstDifference(reference, subject, small, rule) ?? difference,
  };
  return { count, found };
}

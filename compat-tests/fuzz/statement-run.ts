/**
 * One episode of the statement campaign: a new database, a schema, some dozens of statements, everything compared:
 * rows or changes or error after each statement, the change counters and the transaction after each write, and the
 * schema and content of every table after some writes and at the end.
 *
 * Where the content differs only at a later look, the shrinker, which looks after every write, finds the culprit.
 */
import type { Engine } from '../engine.ts';
import { trace } from '../pool/trace.ts';
import { rowKey } from '../recorded-value.ts';
import { compare, type Difference, differenceOf, type ErrorRule, type Outcome, outcomeOf, type Pair } from './compare.ts';
import { constructsOf, type Tally } from './construct.ts';
import type { Feature } from './context.ts';
import { hasShortRecords, hasUnorderedRows, isSchemaStale, mayKeepChanges } from './deviation.ts';
import type { FoundCase } from './expression-run.ts';
import type { FunctionGroup } from './function-shape.ts';
import { lawQueries } from './law.ts';
import { Random } from './random.ts';
import { shrinkStatements } from './shrink.ts';
import { type Statement, StatementGenerator } from './statement.ts';
import { render } from './tree.ts';

export const STATEMENTS_PER_EPISODE = 100;

/** Tables with rowids, without an index or an INTEGER PRIMARY KEY. */
const UNINDEXED = `SELECT schema, name FROM pragma_table_list AS t WHERE type = 'table' AND NOT wr AND name NOT LIKE 'sqlite%'
  AND NOT EXISTS (SELECT * FROM pragma_index_list(t.name, t.schema))
  AND NOT EXISTS (SELECT * FROM pragma_table_info(t.name, t.schema) WHERE pk)`;

/** A row may come to hold all others, twice over in hexadecimal digits: with more pages than this the episode ends. */
const MAX_PAGES = 8192;

/** An UPDATE whose values are made of all rows of its own table: each row comes to be as long as those before it together. */
const GATHERS_ITSELF =
  /^UPDATE (?:OR \w+ )?((?:\w+\.)?(\w+)) .*(?:group_concat|string_agg|jsonb?_group_\w+)\(.* FROM (?:\w+\.)?\2\b/;
const MAX_GATHERED_ROWS = 8;

/** How many writes go by between two looks at the tables. */
const WRITES_PER_LOOK = 5;

const COUNTERS = 'SELECT changes(), total_changes(), last_insert_rowid()';
const DATABASES = 'SELECT name FROM pragma_database_list';

export interface Campaign {
  readonly reference: Engine;
  readonly subject: Engine;
  readonly functions: readonly FunctionGroup[];
  readonly features: ReadonlySet<Feature>;
  readonly rule: ErrorRule;
}

export interface EpisodeResult {
  readonly count: number;
  readonly found: FoundCase | undefined;
}

interface Step {
  readonly difference: Difference | undefined;
  /** Of the reference; none where a law was tried. */
  readonly outcome: Outcome | undefined;
  /** The databases may differ from here on, and may do so. */
  readonly isLast?: boolean;
  /** The statement was not run. */
  readonly isLeftOut?: boolean;
}

/** Two new databases side by side. */
class Comparison {
  readonly #pair: Pair;
  readonly #rule: ErrorRule;
  readonly #writesPerLook: number;
  #writeCount = 0;
  /** Statements that succeeded. */
  readonly #before: string[] = [];
  /** SQLite has met what it takes for damage in this transaction: it writes nothing more. */
  #isRefusing = false;

  constructor({ reference, subject, rule }: Campaign, writesPerLook: number) {
    this.#pair = { reference: reference.open(':memory:'), subject: subject.open(':memory:') };
    this.#rule = rule;
    this.#writesPerLook = writesPerLook;
  }

  get isInTransaction(): boolean {
    return this.#pair.reference.inTransaction;
  }

  close(): void {
    this.#pair.reference.close();
    this.#pair.subject.close();
  }

  step(statement: Statement): Step {
    const step = this.#step(statement);
    if (step.difference === undefined) return statement.isWrite && this.#isLarge() ? { ...step, isLast: true } : step;
    return hasUnorderedRows(this.#pair.reference) ? { ...step, difference: undefined, isLast: true } : step;
  }

  /** The difference at the end. */
  last(): Difference | undefined {
    const difference = this.#stateDifference();
    return difference !== undefined && hasUnorderedRows(this.#pair.reference) ? undefined : difference;
  }

  #step(statement: Statement): Step {
    if (statement.law !== undefined) {
      return { difference: this.#lawDifference(statement), outcome: undefined, isLast: this.#isRefusing };
    }
    const sql = render(statement.sql);
    // Within a transaction VACUUM is refused, and what the look at SQLite's tables locks would stay locked.
    const mayMoveRows = sql.startsWith('VACUUM') && !this.isInTransaction;
    if ((mayMoveRows && this.#hasGaps()) || this.#explodes(sql))
      return { difference: undefined, outcome: undefined, isLeftOut: true };
    trace(sql);
    const { outcome, difference } = this.#compare(sql, statement.isOrdered);
    if (outcome.kind !== 'error') this.#before.push(sql);
    if (difference !== undefined || this.#isRefusing || !statement.isWrite)
      return { difference, outcome, isLast: this.#isRefusing };
    const mayDiffer = mayKeepChanges(sql, outcome, this.isInTransaction) || hasShortRecords(sql, outcome, this.#before);
    if (mayDiffer && (this.#counterDifference() ?? this.#stateDifference()) !== undefined)
      return { difference, outcome, isLast: true };
    this.#writeCount += 1;
    const isLook = this.#writeCount % this.#writesPerLook === 0 || isSchemaStale(sql, outcome, this.isInTransaction);
    return { difference: this.#counterDifference() ?? (isLook ? this.#stateDifference() : undefined), outcome };
  }

  #compare(sql: string, isOrdered: boolean): { outcome: Outcome; difference: Difference | undefined } {
    const outcome = outcomeOf(this.#pair.reference, sql);
    const subject = outcomeOf(this.#pair.subject, sql);
    if (hasShortRecords(sql, outcome, this.#before)) {
      this.#isRefusing = outcome.kind === 'error' && this.isInTransaction;
      return { outcome, difference: undefined };
    }
    return { outcome, difference: differenceOf(outcome, subject, isOrdered, this.#rule) };
  }

  #lawDifference({ law = 'TLP', sql }: Statement): Difference | undefined {
    const [all, parts] = lawQueries(law, sql);
    trace(parts);
    for (const query of [all, parts]) {
      const { difference } = this.#compare(query, false);
      if (difference !== undefined) return inQuery(query, difference);
    }
    // Of a predicate that fails, in SQLite as well, the law says nothing.
    if (outcomeOf(this.#pair.subject, parts).kind === 'error') return undefined;
    const { reference, subject } = this.#pair;
    const differenceIn = (engine: Pair['subject']) =>
      differenceOf(outcomeOf(engine, all), outcomeOf(engine, parts), false, this.#rule);
    const difference = differenceIn(subject);
    // A compound whose arms compare by other affinities breaks the law in SQLite: rows must pass the arm's condition, too.
    if (difference !== undefined && differenceIn(reference) !== undefined) return undefined;
    return difference === undefined ? undefined : { ...inQuery(`${all}\n${parts}`, difference), kind: 'law' };
  }

  #counterDifference(): Difference | undefined {
    const { reference, subject } = this.#pair;
    if (reference.inTransaction !== subject.inTransaction)
      return {
        kind: 'state',
        reference: `inTransaction: ${reference.inTransaction}`,
        subject: `inTransaction: ${subject.inTransaction}`,
      };
    return this.#check(COUNTERS, true);
  }

  /** Case 16 of `deviation`: a table without index whose rowids are not 1 and so on. */
  #hasGaps(): boolean {
    const { reference } = this.#pair;
    const names = reference.prepare(UNINDEXED).raw().all() as [string, string][];
    return names.some(([schema, name]) => {
      const gaps = `SELECT max(rowid) IS NOT count(*) AND count(*) > 0 OR min(rowid) < 1 FROM ${schema}."${name}"`;
      return reference.prepare(gaps).pluck().get() === 1;
    });
  }

  #explodes(sql: string): boolean {
    const table = GATHERS_ITSELF.exec(sql)?.[1];
    if (table === undefined) return false;
    const counted = outcomeOf(this.#pair.reference, `SELECT count(*) > ${MAX_GATHERED_ROWS} FROM ${table}`);
    return counted.kind === 'rows' && counted.rows[0] === rowKey([1n]);
  }

  #isLarge(): boolean {
    // Both are asked: that alone ends what PRAGMA defer_foreign_keys puts off.
    const { reference, subject } = this.#pair;
    const pages = [reference, subject].map((engine) => Number(engine.prepare('PRAGMA page_count').pluck().get()));
    return (pages[0] ?? 0) > MAX_PAGES;
  }

  /** Schema and content of every database, one query for each table. */
  #stateDifference(): Difference | undefined {
    for (const database of this.#pair.reference.prepare(DATABASES).pluck().all()) {
      const catalog = `${String(database)}.sqlite_schema`;
      const difference = this.#check(`SELECT type, name, tbl_name, sql FROM ${catalog} ORDER BY rowid`, true);
      if (difference !== undefined) return difference;
      const tables = `SELECT name FROM ${catalog} WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'`;
      for (const name of this.#pair.reference.prepare(tables).pluck().all()) {
        const content = this.#check(this.#dump(`${String(database)}.${String(name)}`), false);
        if (content !== undefined) return content;
      }
    }
    return undefined;
  }

  #check(sql: string, isOrdered: boolean): Difference | undefined {
    trace(sql);
    const difference = compare(this.#pair, sql, isOrdered, this.#rule);
    return difference === undefined ? undefined : { ...inQuery(sql, difference), kind: 'state' };
  }

  #dump(table: string): string {
    const sql = `SELECT rowid, * FROM ${table}`;
    return outcomeOf(this.#pair.reference, sql).kind === 'error' ? `SELECT * FROM ${table}` : sql;
  }
}

const inQuery = (sql: string, difference: Difference): Difference => ({
  ...difference,
  reference: `${sql}\n${difference.reference}`,
  subject: `${sql}\n${difference.subject}`,
});

function firstDifference(campaign: Campaign, statements: readonly Statement[], writesPerLook: number): Difference | undefined {
  const comparison = new Comparison(campaign, writesPerLook);
  try {
    for (const statement of statements) {
      const { difference, isLast } = comparison.step(statement);
      if (difference !== undefined || isLast === true) return difference;
    }
    return comparison.last();
  } finally {
    comparison.close();
  }
}

/** Counts what the statement was made of. */
function count(tally: Tally, statement: Statement, outcome: Outcome | undefined): void {
  const constructs = statement.law === undefined ? constructsOf(render(statement.sql)) : [statement.law];
  tally.add(constructs, outcome?.kind === 'error' ? outcome.code : undefined);
}

export function runEpisode(campaign: Campaign, seed: number, tally: Tally): EpisodeResult {
  const generator = new StatementGenerator(new Random(seed), campaign.functions, campaign.features);
  const statements: Statement[] = [];
  const comparison = new Comparison(campaign, WRITES_PER_LOOK);
  let difference: Difference | undefined;
  let isOver = false;
  while (statements.length < STATEMENTS_PER_EPISODE && difference === undefined && !isOver) {
    const statement = generator.next();
    statements.push(statement);
    const step = comparison.step(statement);
    if (step.isLeftOut !== true) count(tally, statement, step.outcome);
    difference = step.difference;
    isOver = step.isLast === true;
    generator.settle(statement, step.outcome?.kind !== 'error', comparison.isInTransaction);
  }
  if (!isOver) difference ??= comparison.last();
  comparison.close();
  if (difference === undefined) return { count: statements.length, found: undefined };
  const { kind } = difference;
  const failsWith = (writesPerLook: number, some: readonly Statement[]): boolean =>
    firstDifference(campaign, some, writesPerLook)?.kind === kind;
  // A look reads every table, which takes part in the transaction: now and then that alone makes the case another one.
  const writesPerLook = [1, Number.POSITIVE_INFINITY].find((each) => failsWith(each, statements));
  const small = writesPerLook === undefined ? statements : shrinkStatements(statements, (some) => failsWith(writesPerLook, some));
  const found = {
    script: small.map(({ sql, law }) => (law === undefined ? render(sql) : lawQueries(law, sql).join(';\n'))),
    difference: firstDifference(campaign, small, writesPerLook ?? 1) ?? difference,
  };
  return { count: statements.length, found };
}

/**
 * One chunk of the expression campaign: batches of expressions in one SELECT, taken apart where the engines differ.
 *
 * Half of the batches are constant, half read a row of a table whose columns have every affinity and collation.
 */
import type { Connection } from '../engine.ts';
import { trace } from '../pool/trace.ts';
import { compare, type Difference, describe, type ErrorRule, outcomeOf, type Pair } from './compare.ts';
import { ExpressionGenerator } from './expression.ts';
import type { FunctionGroup } from './function-shape.ts';
import { Random } from './random.ts';
import { shrinkSql } from './shrink.ts';
import { render, type Sql } from './tree.ts';
import { BLOBS, INTEGERS, ODD_TEXTS, REALS, TEXTS } from './values.ts';

export interface FoundCase {
  readonly script: readonly string[];
  readonly difference: Difference;
}

const BATCH_SIZE = 50;
const MAX_DEPTH = 4;
const TABLE =
  'CREATE TABLE v(i INTEGER, r REAL, t TEXT, n NUMERIC, b BLOB, x, c TEXT COLLATE NOCASE, d COLLATE RTRIM, k INTEGER PRIMARY KEY)';
const COLUMNS = ['i', 'r', 't', 'n', 'b', 'x', 'c', 'd', 'k'];
const ROW_COUNT = 40;

/** The same nasty values in every column: each affinity makes something else of them. */
function fillTable(db: Connection): void {
  const random = new Random(1);
  const pool = [...INTEGERS, ...REALS, ...TEXTS, ...ODD_TEXTS, ...BLOBS, 'NULL'];
  db.exec(TABLE);
  for (let row = 1; row <= ROW_COUNT; row++) {
    db.exec(
      `INSERT INTO v VALUES(${COLUMNS.slice(0, -1)
        .map(() => random.pick(pool))
        .join(', ')}, ${row})`,
    );
  }
}

export class ExpressionCampaign {
  readonly #pair: Pair;
  readonly #functions: readonly FunctionGroup[];
  readonly #rule: ErrorRule;
  readonly found: FoundCase[] = [];
  count = 0;

  constructor(pair: Pair, functions: readonly FunctionGroup[], rule: ErrorRule) {
    this.#pair = pair;
    this.#functions = functions;
    this.#rule = rule;
    fillTable(pair.reference);
    fillTable(pair.subject);
  }

  runBatch(seed: number): void {
    const random = new Random(seed);
    const isConstant = random.oneIn(2);
    const from = isConstant ? '' : ` FROM v WHERE k = ${random.between(1, ROW_COUNT)}`;
    const generator = new ExpressionGenerator(random, { columns: isConstant ? [] : COLUMNS, functions: this.#functions });
    const expressions = random.many(BATCH_SIZE, () => generator.make(random.between(1, MAX_DEPTH)));
    this.count += expressions.length;
    const batch = `SELECT ${expressions.map((each, at) => `${render(each)} AS e${at}`).join(', ')}${from}`;
    trace(batch);
    const outcomes = [outcomeOf(this.#pair.reference, batch), outcomeOf(this.#pair.subject, batch)] as const;
    const isSame = outcomes[0].kind === 'rows' && describe(outcomes[0]) === describe(outcomes[1]);
    // An error hides its neighbours' values, so a failing batch is always looked at one by one.
    if (!isSame) for (const each of expressions) this.#checkOne(each, from);
  }

  #checkOne(each: Sql, from: string): void {
    const select = (sql: Sql): string => `SELECT ${render(sql)} AS e${from}`;
    trace(select(each));
    const difference = compare(this.#pair, select(each), true, this.#rule);
    if (difference === undefined) return;
    const fails = (sql: Sql): boolean => compare(this.#pair, select(sql), true, this.#rule)?.kind === difference.kind;
    const small = select(shrinkSql(each, fails));
    this.found.push({
      script: this.#rowAsScript(from, small),
      difference: compare(this.#pair, small, true, this.#rule) ?? difference,
    });
  }

  /** What a reader needs to see the same: the row that the expression read. */
  #rowAsScript(from: string, select: string): string[] {
    if (from === '') return [select];
    const values = COLUMNS.map((name) => `'${name}=' || quote(${name})`).join(" || ', ' || ");
    const row = this.#pair.reference.prepare(`SELECT ${values}${from}`).pluck().get();
    return [`-- ${TABLE}`, `-- ${String(row).replaceAll('\n', '\\n').replaceAll('\0', '\\0')}`, select];
  }
}

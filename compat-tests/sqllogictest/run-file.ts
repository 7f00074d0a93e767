/**
 * Runs one sqllogictest file on a new in-memory database of each engine, and compares every record.
 *
 *     records ─► turns of 500 ─► engine 1: prepare + execute, timed ─► engine 2: … ─► judge what each answered, untimed
 *
 * Several engines take turns within the file, so that whatever else the machine does hits them alike.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Connection, type Engine, type EngineName, failureOf, loadEngine, type Row } from '../engine.ts';
import { trace } from '../pool/trace.ts';
import { indent, shorten } from '../report.ts';
import { splitStatements } from '../split-statements.ts';
import { formatRows } from './format.ts';
import { type LogicRecord, parseRecords, type QueryRecord, type StatementRecord } from './parse.ts';

/** Long enough that an engine is not measured by what the others left in the processor's caches. */
const RECORDS_PER_TURN = 500;

export interface FileTask {
  readonly engines: readonly EngineName[];
  readonly path: string;
  /** Run this many of the file's queries, evenly spread; 0 runs all. Statements always run. */
  readonly sample: number;
  /** How many failures to describe. */
  readonly failureLimit: number;
}

/** Processor time in user mode, of the whole process: the collection of garbage included. */
export interface EngineTime {
  readonly engine: EngineName;
  /** Preparing and executing, nothing else. */
  seconds: number;
}

export interface FileResult {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
  readonly times: readonly EngineTime[];
  /** What the runner itself took to judge. */
  readonly judgingSeconds: number;
}

/** What an engine did with a record: its rows, none for a statement, or the failure's message. */
type Answer = { readonly rows: readonly Row[] } | { readonly message: string };

function userSeconds(): number {
  return process.cpuUsage().user / 1e6;
}

/** Labels name queries that must agree, so the results are remembered by label for the length of a file. */
class EngineRun {
  readonly time: EngineTime;
  readonly #db: Connection;
  readonly #resultOfLabel = new Map<string, string>();

  constructor(engine: EngineName, db: Connection) {
    this.time = { engine, seconds: 0 };
    this.#db = db;
  }

  answer(record: LogicRecord): Answer {
    trace(record.sql);
    try {
      if (record.kind === 'query') return { rows: this.#query(record.sql) };
      this.#db.exec(record.sql);
      return { rows: [] };
    } catch (error) {
      return { message: failureOf(error).message };
    }
  }

  /** What is wrong, or undefined when the record holds. */
  judge(record: LogicRecord, answer: Answer): string | undefined {
    return record.kind === 'statement' ? this.#judgeStatement(record, answer) : this.#judgeQuery(record, answer);
  }

  #judgeStatement({ mustFail }: StatementRecord, answer: Answer): string | undefined {
    if ('message' in answer) return mustFail ? undefined : `failed: ${answer.message}`;
    return mustFail ? 'expected an error, but it succeeded' : undefined;
  }

  #judgeQuery(record: QueryRecord, answer: Answer): string | undefined {
    if ('message' in answer) {
      const isEmptyExpected = record.expected.kind === 'values' && record.expected.values.length === 0;
      return isEmptyExpected ? undefined : `failed: ${answer.message}`;
    }
    const { rows } = answer;
    const width = rows[0]?.length ?? record.types.length;
    if (width !== record.types.length) return `${width} columns instead of ${record.types.length}`;
    const values = formatRows(rows, record.types, record.sort, (value) => this.#realAsText(value));
    return this.#compare(values, record);
  }

  #compare(values: readonly string[], { expected, label }: QueryRecord): string | undefined {
    const md5 = hash('md5', values.map((value) => `${value}\n`).join(''));
    const shown = (): string => indent(shorten(values.join('\n'), 800));
    if (label !== undefined) {
      const known = this.#resultOfLabel.get(label);
      this.#resultOfLabel.set(label, known ?? md5);
      if (known !== undefined && known !== md5) return `differs from another query of label ${label}:\n${shown()}`;
    }
    if (expected.kind === 'hash') {
      if (values.length === expected.count && md5 === expected.md5) return undefined;
      return `expected ${expected.count} values hashing to ${expected.md5}, got ${values.length} hashing to ${md5}:\n${shown()}`;
    }
    const isEqual = values.length === expected.values.length && values.every((value, at) => value === expected.values[at]);
    return isEqual ? undefined : `expected:\n${indent(shorten(expected.values.join('\n'), 800))}\n  got:\n${shown()}`;
  }

  /** A record may hold several statements; its rows are the last one's. */
  #query(sql: string): Row[] {
    try {
      return this.#rows(sql);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const statements = splitStatements(sql);
      const last = statements.pop();
      if (last === undefined || statements.length === 0) throw error;
      for (const statement of statements) this.#db.exec(statement);
      return this.#rows(last);
    }
  }

  #rows(sql: string): Row[] {
    const statement = this.#db.prepare(sql);
    if (statement.reader) return statement.raw().safeIntegers().all() as Row[];
    statement.run();
    return [];
  }

  #realAsText(value: number): string {
    return String(this.#db.prepare('SELECT CAST(? AS TEXT)').pluck().get(value));
  }

  close(): void {
    this.#db.close();
  }
}

/** Keeps every statement and `sample` of the queries. */
function sampled(records: readonly LogicRecord[], sample: number): readonly LogicRecord[] {
  const queryCount = records.filter((record) => record.kind === 'query').length;
  if (sample <= 0 || queryCount <= sample) return records;
  let seen = 0;
  return records.filter((record) => {
    if (record.kind === 'statement') return true;
    seen += 1;
    return Math.floor((seen * sample) / queryCount) !== Math.floor(((seen - 1) * sample) / queryCount);
  });
}

export function runFile(
  engines: readonly Engine[],
  text: string,
  { sample, failureLimit }: Pick<FileTask, 'sample' | 'failureLimit'>,
): FileResult {
  const failures: string[] = [];
  let failed = 0;
  let passed = 0;
  const judge = (run: EngineRun, record: LogicRecord, answer: Answer): void => {
    const problem = run.judge(record, answer);
    if (problem === undefined) {
      passed += 1;
      return;
    }
    failed += 1;
    const where = engines.length > 1 ? `line ${record.line}, ${run.time.engine}` : `line ${record.line}`;
    if (failures.length < failureLimit) failures.push(`${where}:\n${indent(shorten(record.sql))}\n  ${problem}`);
  };
  const records = sampled(parseRecords(text), sample);
  const runs = engines.map((engine) => new EngineRun(engine.name, engine.open(':memory:')));
  let judgingSeconds = 0;
  try {
    for (let at = 0; at < records.length; at += RECORDS_PER_TURN) {
      const turn = records.slice(at, at + RECORDS_PER_TURN);
      const answers = runs.map((run) => {
        const before = userSeconds();
        const given = turn.map((record) => run.answer(record));
        run.time.seconds += userSeconds() - before;
        return given;
      });
      const before = userSeconds();
      for (const [which, run] of runs.entries()) {
        for (const [index, answer] of (answers[which] ?? []).entries()) judge(run, turn[index] as LogicRecord, answer);
      }
      judgingSeconds += userSeconds() - before;
      // Whoever comes first finds the garbage of the judging: it is another one each turn.
      runs.push(...runs.splice(0, 1));
    }
  } finally {
    for (const run of runs) run.close();
  }
  return { passed, failed, failures, times: runs.map(({ time }) => time), judgingSeconds };
}

/** The pool's entry. */
export async function handle(task: FileTask): Promise<FileResult> {
  const engines = await Promise.all(task.engines.map(loadEngine));
  return runFile(engines, readFileSync(task.path, 'utf8'), task);
}

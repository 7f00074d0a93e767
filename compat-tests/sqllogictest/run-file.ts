/**
 * Runs one sqllogictest file on a new in-memory database and compares every record.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Connection, type EngineName, failureOf, loadEngine, type Row } from '../engine.ts';
import { trace } from '../pool/trace.ts';
import { indent, shorten } from '../report.ts';
import { splitStatements } from '../split-statements.ts';
import { formatRows } from './format.ts';
import { type LogicRecord, parseRecords, type QueryRecord, type StatementRecord } from './parse.ts';

export interface FileTask {
  readonly engine: EngineName;
  readonly path: string;
  /** Run this many of the file's queries, evenly spread; 0 runs all. Statements always run. */
  readonly sample: number;
  /** How many failures to describe. */
  readonly failureLimit: number;
}

export interface FileResult {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
  /** Processor time in user mode, of this process while it ran the file's records: comparing included. */
  readonly userSeconds: number;
}

/** Labels name queries that must agree, so the results are remembered by label for the length of a file. */
class FileRun {
  readonly #db: Connection;
  readonly #resultOfLabel = new Map<string, string>();

  constructor(db: Connection) {
    this.#db = db;
  }

  /** What is wrong, or undefined when the record holds. */
  check(record: LogicRecord): string | undefined {
    trace(record.sql);
    return record.kind === 'statement' ? this.#checkStatement(record) : this.#checkQuery(record);
  }

  #checkStatement({ sql, mustFail }: StatementRecord): string | undefined {
    try {
      this.#db.exec(sql);
      return mustFail ? 'expected an error, but it succeeded' : undefined;
    } catch (error) {
      return mustFail ? undefined : `failed: ${failureOf(error).message}`;
    }
  }

  #checkQuery(record: QueryRecord): string | undefined {
    let rows: Row[];
    try {
      rows = this.#query(record.sql);
    } catch (error) {
      const isEmptyExpected = record.expected.kind === 'values' && record.expected.values.length === 0;
      return isEmptyExpected ? undefined : `failed: ${failureOf(error).message}`;
    }
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
  db: Connection,
  text: string,
  { sample, failureLimit }: Pick<FileTask, 'sample' | 'failureLimit'>,
): FileResult {
  const run = new FileRun(db);
  const failures: string[] = [];
  let failed = 0;
  let passed = 0;
  const records = sampled(parseRecords(text), sample);
  const before = process.cpuUsage();
  for (const record of records) {
    const problem = run.check(record);
    if (problem === undefined) {
      passed += 1;
      continue;
    }
    failed += 1;
    if (failures.length < failureLimit) failures.push(`line ${record.line}:\n${indent(shorten(record.sql))}\n  ${problem}`);
  }
  return { passed, failed, failures, userSeconds: process.cpuUsage(before).user / 1e6 };
}

/** The pool's entry. */
export async function handle(task: FileTask): Promise<FileResult> {
  const engine = await loadEngine(task.engine);
  const db = engine.open(':memory:');
  try {
    return runFile(db, readFileSync(task.path, 'utf8'), task);
  } finally {
    db.close();
  }
}

/**
 * EXPLAIN QUERY PLAN as a tree of words, and the list of statements whose plans are compared.
 *
 *     -- a heading
 *     SELECT * FROM t ORDER BY c;
 *     SELECT * FROM plain JOIN other USING (a);
 *     --: the smaller table is read for the other          why our plan is another one
 *     --| SCAN other                                       what ours says; a deeper line is indented
 *
 * A statement without such lines has the plan that SQLite has, in the same words.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, type Engine, failureOf } from '../engine.ts';

export const STATEMENTS_FILE = join(import.meta.dirname, 'statements.sql');

export interface Case {
  readonly sql: string;
  /** Of our plan, where it is another one than SQLite's. */
  readonly own?: { readonly reason: string; readonly plan: string } | undefined;
}

/** The statements in order, between the lines that are kept as they are: headings. */
export function readCases(): readonly (Case | string)[] {
  const cases: (Case | string)[] = [];
  for (const line of readFileSync(STATEMENTS_FILE, 'utf8').trimEnd().split('\n')) {
    const last = cases.at(-1);
    const noted = /^--([:|]) (.*)$/.exec(line);
    if (noted === null) cases.push(line.startsWith('--') ? line : { sql: line.replace(/;$/, '') });
    else if (typeof last === 'object') cases[cases.length - 1] = { sql: last.sql, own: extended(last.own, noted) };
  }
  return cases;
}

function extended(own: Case['own'], [, mark, text = '']: RegExpExecArray): Case['own'] {
  const { reason, plan } = own ?? { reason: '', plan: '' };
  return mark === ':' ? { reason: `${reason} ${text}`.trim(), plan } : { reason, plan: plan === '' ? text : `${plan}\n${text}` };
}

/** A database with the tables that the statements read. */
export function openTables(engine: Engine): Connection {
  const connection = engine.open(':memory:');
  connection.exec(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'));
  return connection;
}

interface PlanRow {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/** The plan, a line for each row, indented by two spaces under its parent; or why there is none. */
export function planOf(connection: Connection, sql: string): string {
  try {
    const rows = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as PlanRow[];
    const depths = new Map([[0, 0]]);
    const lines = rows.map(({ id, parent, detail }) => {
      const depth = depths.get(parent);
      depths.set(id, (depth ?? 0) + 1);
      return depth === undefined ? `${detail} (under ${parent}, which is no row)` : '  '.repeat(depth) + detail;
    });
    return lines.join('\n');
  } catch (error) {
    const { code, message } = failureOf(error);
    return `${code}: ${message}`;
  }
}

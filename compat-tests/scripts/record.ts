/**
 * Records scripts: runs statements on the reference and writes down what it did, in the form that `run-script` checks.
 */
import type { Connection, Engine } from '../engine.ts';
import { recordRow } from '../recorded-value.ts';
import { observe, type Script, type StatementStep } from './run-script.ts';

export interface RecordedStatement {
  readonly sql: string;
  /** The statement leaves the order of its rows open. */
  readonly unordered?: boolean;
}

function recordStep(db: Connection, { sql, unordered }: RecordedStatement): StatementStep {
  const observation = observe(db, sql);
  switch (observation.kind) {
    case 'error':
      return { sql, error: observation.error, code: observation.code };
    case 'changes':
      return { sql, changes: observation.changes };
    case 'rows': {
      const rows = observation.rows.map(recordRow);
      return unordered === true && rows.length > 1
        ? { sql, columns: observation.columns, rows, unordered }
        : { sql, columns: observation.columns, rows };
    }
  }
}

export function recordScript(engine: Engine, file: string, statements: readonly RecordedStatement[]): Script {
  const db = engine.open(':memory:');
  const steps = statements.map((statement) => recordStep(db, statement));
  db.close();
  return { file, steps };
}

export const scriptLines = (scripts: readonly Script[]): string =>
  scripts.map((script) => `${JSON.stringify(script)}\n`).join('');

/** Runs a script: statements, and dot commands on lines of their own between them. The first error ends it. */

import { OutputClosed } from '../output/output.ts';
import type { Session } from '../session.ts';
import { runDotCommand } from '../shell/dot-commands.ts';
import { errorMessage, UsageError } from '../usage-error.ts';
import { StatementSplitter } from './splitter.ts';

/** Tells where in the script an error is, when the script has a name. */
function placed(error: unknown, name: string | undefined, line: number): unknown {
  if (name === undefined || error instanceof OutputClosed) return error;
  return new UsageError(`${name}:${line}: ${errorMessage(error)}`, { cause: error });
}

export async function runScript(
  session: Session,
  lines: Iterable<string> | AsyncIterable<string>,
  name: string | undefined,
): Promise<void> {
  const splitter = new StatementSplitter();
  let lineNumber = 0;
  const execute = async (sql: string, line: number) => {
    try {
      await session.execute(sql);
    } catch (error) {
      throw placed(error, name, line);
    }
  };
  for await (const line of lines) {
    lineNumber++;
    if (splitter.isBetween && line.startsWith('.')) {
      splitter.skipLine();
      try {
        await runDotCommand(session, line);
      } catch (error) {
        throw placed(error, name, lineNumber);
      }
      if (session.isDone) return;
      continue;
    }
    for (const statement of splitter.push(line)) await execute(statement.sql, statement.line);
  }
  const last = splitter.finish();
  if (last !== undefined) await execute(last.sql, last.line);
}

/** `pluresdb [database] [sql]`: runs a file, an argument, standard input, or gives a prompt. */
import type { Mode } from '../output/modes.ts';
import { linesOfFile, linesOfStream, linesOfText } from '../script/lines.ts';
import { runScript } from '../script/run-script.ts';
import { Session } from '../session.ts';
import { runShell } from '../shell/shell.ts';

export interface SqlOptions {
  readonly file?: string;
  readonly interactive?: boolean;
  readonly mode?: Mode;
  readonly headers?: boolean;
  readonly null?: string;
  readonly separator: string;
  readonly readonly?: boolean;
  readonly timeout: number;
  readonly timer?: boolean;
}

export async function sqlCommand(database: string | undefined, sql: string | undefined, options: SqlOptions): Promise<void> {
  const session = new Session(
    database ?? ':memory:',
    { readonly: options.readonly ?? false, timeoutMs: options.timeout },
    {
      mode: options.mode ?? (process.stdout.isTTY ? 'table' : 'list'),
      headers: options.headers,
      nullText: options.null,
      separator: options.separator,
      showsTime: options.timer ?? false,
      showsChanges: false,
    },
  );
  const { file } = options;
  const hasWork = file !== undefined || sql !== undefined;
  try {
    if (file === '-') await runScript(session, linesOfStream(process.stdin), 'stdin');
    else if (file !== undefined) await runScript(session, linesOfFile(file), file);
    if (sql !== undefined) await runScript(session, linesOfText(sql), undefined);
    if (options.interactive || (!hasWork && process.stdin.isTTY)) await runShell(session);
    else if (!hasWork) await runScript(session, linesOfStream(process.stdin), 'stdin');
  } finally {
    await session.close();
  }
}

/** The prompt. */
import { createInterface, type Interface } from 'node:readline';
import { OutputClosed } from '../output/output.ts';
import { StatementSplitter } from '../script/splitter.ts';
import type { Session } from '../session.ts';
import { errorMessage } from '../usage-error.ts';
import { completionsFor } from './completions.ts';
import { runDotCommand } from './dot-commands.ts';
import { HISTORY_LINES, readHistory, writeHistory } from './history.ts';

const PROMPT = 'pluresdb> ';
const CONTINUATION = '     ...> ';

/**
 * Reads lines and runs them one after the other: what is pasted waits for what runs. An error is shown and the prompt
 * goes on. Ctrl-C drops what has been typed, Ctrl-D leaves.
 */
export async function runShell(session: Session): Promise<void> {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const splitter = new StatementSplitter();
  const readline = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: isTerminal,
    historySize: HISTORY_LINES,
    history: isTerminal ? readHistory() : [],
    removeHistoryDuplicates: true,
    completer: (line: string) => completionsFor(session, line),
  });
  let history: readonly string[] = [];
  readline.on('history', (lines) => {
    history = [...lines];
  });
  if (isTerminal) process.stdout.write('PluresDB. Statements end with ; and .help lists the commands.\n');
  try {
    await runLines(session, readline, splitter);
  } finally {
    readline.close();
    if (isTerminal && history.length > 0) writeHistory(history);
  }
}

async function runLines(session: Session, readline: Interface, splitter: StatementSplitter): Promise<void> {
  let isClosed = false;
  const prompt = () => {
    if (isClosed) return;
    readline.setPrompt(splitter.isBetween ? PROMPT : CONTINUATION);
    readline.prompt();
  };
  await new Promise<void>((resolve, reject) => {
    let work = Promise.resolve();
    readline.on('line', (line) => {
      work = work
        .then(async () => {
          if (session.isDone) return;
          await runLine(session, splitter, line);
          if (session.isDone) readline.close();
          else prompt();
        })
        .catch(reject);
    });
    readline.on('SIGINT', () => {
      splitter.discard();
      // To the end of the line, and away with all before it.
      readline.write(null, { ctrl: true, name: 'e' });
      readline.write(null, { ctrl: true, name: 'u' });
      process.stdout.write('^C\n');
      prompt();
    });
    readline.on('close', () => {
      isClosed = true;
      work.then(async () => {
        const last = splitter.finish();
        if (last !== undefined && !session.isDone) await attempt(session, () => session.execute(last.sql));
        resolve();
      }, reject);
    });
    prompt();
  });
}

async function runLine(session: Session, splitter: StatementSplitter, line: string): Promise<void> {
  if (splitter.isBetween && line.startsWith('.')) {
    await attempt(session, () => runDotCommand(session, line));
    return;
  }
  for (const { sql } of splitter.push(`${line}\n`)) {
    // The rest of the line builds on what has failed.
    if (!(await attempt(session, () => session.execute(sql)))) break;
  }
}

/** Runs something; shows its error and tells whether there was none. */
async function attempt(session: Session, action: () => Promise<void>): Promise<boolean> {
  const { stdin } = process;
  // Outside raw mode Ctrl-C ends the program, the only way out of a query that takes too long.
  if (stdin.isTTY) stdin.setRawMode(false);
  try {
    await action();
    return true;
  } catch (error) {
    if (error instanceof OutputClosed) throw error;
    await session.output.flush();
    process.stderr.write(`error: ${errorMessage(error)}\n`);
    return false;
  } finally {
    if (stdin.isTTY) stdin.setRawMode(true);
  }
}

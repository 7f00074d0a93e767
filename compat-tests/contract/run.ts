/** Runs a contract suite on an implementation, and compares two runs. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Check, type Implementation, type Notes, titleOf } from './check.ts';
import { describe, describeError } from './describe.ts';

/** What one check noted, a line for each note. */
export type Record = readonly string[];
/** By the check's title. */
export type Records = ReadonlyMap<string, Record>;

/** A check that hangs is a check that failed. */
const TIMEOUT_MS = 20_000;

class Notebook implements Notes {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'contract-')));
  readonly #lines: string[] = [];
  readonly #promises: Promise<unknown>[] = [];

  readonly note = <T>(call: () => T): T | undefined => {
    // In the order of the calls, though a promise is settled later.
    const at = this.#lines.push('pending') - 1;
    try {
      const value = call();
      this.#lines[at] = `→ ${describe(value)}`;
      if (value instanceof Promise) {
        const noted = value.then(
          (settled) => {
            this.#lines[at] = `⇢ ${describe(settled)}`;
            return settled;
          },
          (error: unknown) => this.#thrown(at, error, '⇢ ✗'),
        );
        this.#promises.push(noted);
        return noted as T;
      }
      return value;
    } catch (error) {
      this.#thrown(at, error, '✗');
      return undefined;
    }
  };

  #thrown(at: number, error: unknown, mark: string): undefined {
    this.#lines[at] = `${mark} ${error instanceof Error ? describeError(error) : describe(error)}`;
  }

  /** When all that was noted is settled. */
  async settled(): Promise<void> {
    await Promise.all(this.#promises);
  }

  /** The folder's name differs from run to run. */
  lines(): Record {
    return this.#lines.map((line) => line.replaceAll(this.folder, '<folder>'));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function runCheck<Side>(check: Check<Side>, implementation: Implementation<Side>): Promise<Record> {
  const notebook = new Notebook();
  const side = implementation.begin(notebook);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the check took too long')), TIMEOUT_MS);
  });
  try {
    const whole = async (): Promise<void> => {
      await check.body(side);
      await notebook.settled();
    };
    await Promise.race([whole(), tooLong]);
    return notebook.lines();
  } catch (error) {
    // The check itself ended early: on the original that is a mistake of ours, on the other a difference.
    return [...notebook.lines(), `ended by ${error instanceof Error ? describeError(error) : describe(error)}`];
  } finally {
    clearTimeout(timer);
    await implementation.end(side);
    notebook.close();
  }
}

export async function runChecks<Side>(checks: readonly Check<Side>[], implementation: Implementation<Side>): Promise<Records> {
  const records = new Map<string, Record>();
  for (const check of checks) {
    const title = titleOf(check);
    if (records.has(title)) throw new Error(`two checks are called ${title}`);
    records.set(title, await runCheck(check, implementation));
  }
  return records;
}

export interface Difference {
  readonly member: string;
  readonly rule: string;
  readonly expected: Record;
  readonly actual: Record;
}

/** The checks whose records are not equal. */
export function compareRecords(checks: readonly Check<never>[], expected: Records, actual: Records): Difference[] {
  return checks.flatMap(({ member, rule }) => {
    const title = titleOf({ member, rule });
    const [wanted, got] = [expected.get(title) ?? ['not recorded'], actual.get(title) ?? []];
    const isSame = wanted.length === got.length && wanted.every((line, at) => line === got[at]);
    return isSame ? [] : [{ member, rule, expected: wanted, actual: got }];
  });
}

/** A difference for people: the lines that differ, side by side. */
export function describeDifference({ member, rule, expected, actual }: Difference): string {
  const lines = [`${member}: ${rule}`];
  for (let at = 0; at < Math.max(expected.length, actual.length); at++) {
    if (expected[at] === actual[at]) continue;
    lines.push(
      `    note ${at + 1}`,
      `      original  ${expected[at] ?? 'nothing'}`,
      `      ours      ${actual[at] ?? 'nothing'}`,
    );
  }
  return lines.join('\n');
}

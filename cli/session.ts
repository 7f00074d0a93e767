/**
 * One run of the tool: a connection, where results go and in what form.
 *
 * Statements come from an argument, a script or the prompt; all of them end here, and so do the dot commands.
 */
import Database, { type Statement } from 'pluresdb';
import type { Cell } from './output/cell.ts';
import { createRowWriter, type OutputSettings } from './output/modes.ts';
import { Output } from './output/output.ts';

export interface OpenOptions {
  readonly readonly: boolean;
  readonly timeoutMs: number;
}

export interface SessionSettings extends OutputSettings {
  showsTime: boolean;
  showsChanges: boolean;
}

export class Session {
  readonly settings: SessionSettings;
  readonly #options: OpenOptions;
  readonly #standardOutput: Output;
  #output: Output;
  #database: Database;
  /** Set by `.quit`. */
  isDone = false;

  constructor(path: string, options: OpenOptions, settings: SessionSettings) {
    this.settings = settings;
    this.#options = options;
    this.#standardOutput = new Output(process.stdout);
    this.#output = this.#standardOutput;
    this.#database = this.#connect(path);
  }

  get database(): Database {
    return this.#database;
  }

  get output(): Output {
    return this.#output;
  }

  /** Goes on with another database; the first one stays when this cannot be opened. */
  open(path: string): void {
    const next = this.#connect(path);
    this.#database.close();
    this.#database = next;
  }

  /** Sends results to a file from now on, or back to standard output. */
  async redirect(path: string | undefined): Promise<void> {
    const next = path === undefined ? this.#standardOutput : await Output.toFile(path);
    if (this.#output !== this.#standardOutput) await this.#output.close();
    this.#output = next;
  }

  /** Runs one statement to its end and writes what it returns. */
  async execute(sql: string): Promise<void> {
    const start = performance.now();
    const statement = this.#database.prepare(sql);
    if (statement.reader) await this.#writeRows(statement);
    else {
      const { changes } = statement.run();
      if (this.settings.showsChanges) this.#output.write(`${changes} ${changes === 1 ? 'change' : 'changes'}\n`);
    }
    if (this.settings.showsTime) this.#output.write(`time: ${((performance.now() - start) / 1000).toFixed(3)} s\n`);
    await this.#output.flush();
  }

  /** The first column of a query's rows. */
  texts(sql: string, ...params: unknown[]): string[] {
    return this.#database
      .prepare(sql)
      .pluck()
      .all(...params) as string[];
  }

  async close(): Promise<void> {
    try {
      await this.redirect(undefined);
      await this.#output.flush();
    } finally {
      this.#database.close();
    }
  }

  async #writeRows(statement: Statement): Promise<void> {
    const columns = statement.columns().map(({ name }) => name);
    const writer = createRowWriter(columns, this.settings, this.#output);
    for (const row of statement.raw().safeIntegers().iterate()) {
      writer.row(row as Cell[]);
      if (this.#output.isFull) await this.#output.flush();
    }
    writer.end();
  }

  #connect(path: string): Database {
    const { readonly, timeoutMs } = this.#options;
    return new Database(path, { readonly, timeout: timeoutMs });
  }
}

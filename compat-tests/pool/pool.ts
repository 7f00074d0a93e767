/**
 * Runs items in child processes, a few at a time, so that an engine that crashes or hangs costs one item and not the run.
 *
 * The module it is given exports `handle(item)`; items and results travel as JSON. A child lives on from item to item.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Request } from './child.ts';

export type Outcome<Result> =
  | { readonly kind: 'done'; readonly result: Result; readonly seconds: number }
  | { readonly kind: 'crashed'; readonly reason: string; readonly lastStatement: string };

export interface PoolOptions<Item, Result> {
  /** The module whose `handle` does the work. */
  readonly module: URL;
  readonly items: readonly Item[];
  readonly jobs: number;
  readonly timeoutSeconds: number;
  /** Asked before each item; true leaves the rest undone. */
  readonly shouldStop?: () => boolean;
  readonly onOutcome: (item: Item, outcome: Outcome<Result>) => void;
}

type Ending<Result> = { readonly result: Result } | { readonly death: string };

/** Two children per machine of this project's size; more cores get more. */
export async function runPool<Item, Result>(options: PoolOptions<Item, Result>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    let child: ChildProcess | undefined;
    while (next < options.items.length && options.shouldStop?.() !== true) {
      const item = options.items[next] as Item;
      next += 1;
      child ??= await startChild(options.module);
      const started = performance.now();
      const ending = await give<Result>(child, { item, traceFile: undefined }, options.timeoutSeconds);
      if ('result' in ending) {
        options.onOutcome(item, { kind: 'done', result: ending.result, seconds: (performance.now() - started) / 1000 });
        continue;
      }
      child = undefined;
      const lastStatement = await findLastStatement(options, item);
      options.onOutcome(item, { kind: 'crashed', reason: ending.death, lastStatement });
    }
    child?.disconnect();
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, options.items.length) }, worker));
}

async function startChild(module: URL): Promise<ChildProcess> {
  const child = fork(new URL('./child.ts', import.meta.url), [module.href], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const isReady = await new Promise<boolean>((resolve) => {
    child.once('message', () => resolve(true));
    child.once('exit', () => resolve(false));
  });
  if (!isReady) throw new Error(`a child could not load ${module.pathname}`);
  return child;
}

function give<Result>(child: ChildProcess, request: Request, timeoutSeconds: number): Promise<Ending<Result>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      finish({ death: `no result after ${timeoutSeconds} s` });
      child.kill('SIGKILL');
    }, timeoutSeconds * 1000);
    const onMessage = (message: unknown): void => finish({ result: (message as { result: Result }).result });
    const onExit = (code: number | null, signal: string | null): void =>
      finish({ death: signal === null ? `the process ended with code ${code}` : `the process died of ${signal}` });
    const finish = (ending: Ending<Result>): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(ending);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.send(request);
  });
}

async function findLastStatement<Item, Result>(options: PoolOptions<Item, Result>, item: Item): Promise<string> {
  const traceFile = join(tmpdir(), `pluresdb-trace-${process.pid}-${Math.floor(performance.now())}`);
  const child = await startChild(options.module);
  const ending = await give(child, { item, traceFile }, options.timeoutSeconds);
  if ('result' in ending) {
    child.disconnect();
    rmSync(traceFile, { force: true });
    return '(a second run of the same item did not crash)';
  }
  const text = readFileSync(traceFile, 'utf8');
  rmSync(traceFile, { force: true });
  return text;
}

/**
 * A child of the pool: loads the module that it is told and hands it one item after the other.
 */
import { traceTo } from './trace.ts';

export interface Request {
  readonly item: unknown;
  readonly traceFile: string | undefined;
}

interface Handler {
  readonly handle: (item: unknown) => Promise<unknown>;
}

const { handle } = (await import(process.argv[2] ?? '')) as Handler;

process.on('message', async ({ item, traceFile }: Request) => {
  traceTo(traceFile);
  const result = await handle(item);
  traceTo(undefined);
  process.send?.({ result });
});
process.send?.({ isReady: true });

/**
 * The process that is killed: `writer.ts <engine> <path> <synchronous> <seed>`.
 *
 * Four connections to one database: a writer in the main thread, two in worker threads, and a reader in another that
 * checks the rules all the while. Says `ready` when the load begins, and never ends by itself.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { type EngineName, loadEngine } from '../engine.ts';
import { Random } from '../fuzz/random.ts';
import { configure, openOptions, type Synchronous, setUp } from './bank.ts';
import { readForever, tell, Writer } from './worker.ts';

interface Part {
  readonly role: 'writer' | 'reader';
  readonly number: number;
}

const [engineName, path = '', synchronous, seed] = process.argv.slice(2);
const part: Part = isMainThread ? { role: 'writer', number: 1 } : (workerData as Part);
const engine = await loadEngine(engineName as EngineName);
const db = engine.open(path, openOptions);
if (isMainThread) {
  setUp(db, synchronous as Synchronous);
  for (const other of [
    { role: 'writer', number: 2 },
    { role: 'writer', number: 3 },
    { role: 'reader', number: 0 },
  ]) {
    const worker = new Worker(new URL(import.meta.url), { workerData: other, argv: process.argv.slice(2) });
    worker.on('error', (error) => {
      tell(`failed: ${other.role}: ${error.stack ?? error.message}`);
      process.exit(1);
    });
  }
  tell('ready');
} else {
  configure(db, synchronous as Synchronous);
}
try {
  if (part.role === 'reader') readForever(db);
  new Writer(db, part.number, new Random(Number(seed) * 3 + part.number)).runForever();
} catch (error) {
  tell(`failed: ${part.role} ${part.number}: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(1);
}

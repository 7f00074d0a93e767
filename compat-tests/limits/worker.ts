/** Runs statements on a thread with a thread's stack, and posts what came of each. */
import { parentPort, workerData } from 'node:worker_threads';
import { type EngineName, loadEngine } from '../engine.ts';
import { outcome } from './outcome.ts';

const { engine: name, statements } = workerData as { readonly engine: EngineName; readonly statements: readonly string[] };
const engine = await loadEngine(name);
parentPort?.postMessage(statements.map((sql) => outcome(engine, sql)));

/**
 * Remembers the last statement begun, for when the process dies in it.
 *
 * Off unless a trace file is set: the pool runs an item that crashed once more with it, to name the statement.
 */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

let traceFile: number | undefined;

export function traceTo(path: string | undefined): void {
  if (traceFile !== undefined) closeSync(traceFile);
  traceFile = path === undefined ? undefined : openSync(path, 'w');
}

export function trace(sql: string): void {
  if (traceFile === undefined) return;
  ftruncateSync(traceFile);
  writeSync(traceFile, sql, 0);
}

/**
 * `npm run sim -- system-calls`: what the operating system is really asked to do by a commit, a checkpoint and a close,
 * in which order.
 *
 * The store's own recorded run asserts the same order above the disk; this one looks below everything, sled included.
 * It needs strace (Linux); without it, it prints NOT RUN and passes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Count, newCount } from '../report.ts';

const MAP_AND_ROOT = ['write map', 'sync map', 'write map', 'sync map'];

/** A level that syncs makes the blocks durable before the map, the places in the map before the root. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'commit FULL': ['write log', 'sync log'],
  'commit NORMAL': ['write log'],
  'commit OFF': ['write log'],
  // The segment is new: its name must be durable too. The last write is the marker of the finished checkpoint.
  'checkpoint FULL': ['write segments', 'sync segments', 'sync segments/', ...MAP_AND_ROOT, 'write segments'],
  'checkpoint NORMAL': ['write segments', 'sync segments', ...MAP_AND_ROOT, 'write segments'],
  'checkpoint OFF': ['write segments', 'write map'],
  // After a time without syncs everything is synced. Only then the log goes; sled writes nothing new when it closes.
  close: ['write segments', 'sync segments', 'sync segments/', ...MAP_AND_ROOT, 'write segments', 'remove log', 'sync map'],
};

const CALLS = {
  write: ['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2'],
  sync: ['fsync', 'fdatasync'],
  remove: ['unlink', 'unlinkat'],
} as const;

/** `write log`, `sync segments/` (the folder itself) or undefined for what does not concern the database. */
function stepOf(line: string, path: string): string | undefined {
  const call = /^\d+ +(\w+)\(/.exec(line)?.[1] ?? '';
  const verb = (['write', 'sync', 'remove'] as const).find((verb) => CALLS[verb].some((name) => name === call));
  const at = line.indexOf(`${path}/`);
  if (verb === undefined || at < 0) return undefined;
  const [place, file] = (/^[^>"]*/.exec(line.slice(at + path.length + 1))?.[0] ?? '').split('/');
  if (file === undefined && verb !== 'sync') return undefined;
  // sled's settings never change, and the map's folder only when sled makes a file: syncing them costs nothing.
  if (place === 'map' && file !== 'db' && verb === 'sync') return undefined;
  return file === undefined ? `${verb} ${place}/` : `${verb} ${place}`;
}

/** The steps of each watched act, repetitions left out. */
export function readTrace(trace: string, path: string): Map<string, string[]> {
  const acts = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of trace.split('\n')) {
    const mark = /write\(2[^,]*, "== ([^"\\]+)/.exec(line)?.[1];
    if (mark === 'end') current = undefined;
    else if (mark !== undefined) {
      current = [];
      acts.set(mark, current);
    }
    const step = stepOf(line, path);
    if (step !== undefined && current !== undefined && current.at(-1) !== step) current.push(step);
  }
  return acts;
}

export function runSystemCalls(): Count {
  const count = newCount();
  if (spawnSync('strace', ['-V']).error !== undefined) {
    console.log('NOT RUN: strace is not installed');
    return count;
  }
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pluresdb-calls-')));
  try {
    const [path, trace] = [join(folder, 'watched'), join(folder, 'trace')];
    const calls = Object.values(CALLS).flat().join(',');
    const workload = new URL('workload.ts', import.meta.url).pathname;
    const watched = [process.execPath, '--disable-warning=ExperimentalWarning', workload, path];
    const run = spawnSync('strace', ['-f', '-y', '-e', `trace=${calls}`, '-o', trace, ...watched], { encoding: 'utf8' });
    if (run.status !== 0) {
      // Containers may forbid tracing; that says nothing about us.
      const isForbidden = run.stderr.includes('ptrace') || run.stderr.includes('PTRACE');
      console.log(isForbidden ? `NOT RUN: strace may not trace here` : `the workload ended with ${run.status}: ${run.stderr}`);
      if (!isForbidden) count.failed += 1;
      return count;
    }
    const acts = readTrace(readFileSync(trace, 'utf8'), path);
    for (const [name, expected] of Object.entries(EXPECTED)) {
      const found = acts.get(name) ?? [];
      const isSame = found.join() === expected.join();
      console.log(`${name}: ${found.join(' → ')}`);
      if (!isSame) console.log(`    expected: ${expected.join(' → ')}`);
      if (isSame) count.passed += 1;
      else count.failed += 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return count;
}

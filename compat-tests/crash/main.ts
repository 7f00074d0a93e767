/**
 * `npm run sim -- crash`: kills a process in the middle of a mixed load, again and again, and holds the database to
 * every commit that was acknowledged.
 *
 *     --engine NAME     pluresdb (default) or better-sqlite3
 *     --store KIND      directory (default) or file: what pluresdb makes its databases of
 *     --rounds N        kills, default 60
 *     --seed S          default 1; decides the load and the moments of the kills (the machine decides the rest)
 *     --lives N         kills that one database has to survive before a new one begins, default 10
 *     --max-ms N        longest time between `ready` and the kill, default 250
 *     --folder PATH     where the databases are made, default the system's folder for temporary files
 *
 * `synchronous` goes round FULL, NORMAL, OFF from database to database. A database that fails a check is kept.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCommandLine } from '../command-line.ts';
import type { EngineName } from '../engine.ts';
import { Random } from '../fuzz/random.ts';
import { type Count, newCount } from '../report.ts';
import { SYNCHRONOUS, type Synchronous } from './bank.ts';
import type { Finding } from './checker.ts';

const CHECK_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 60_000;

/** A database, and what it has promised so far. */
interface Life {
  readonly path: string;
  readonly folder: string;
  readonly synchronous: Synchronous;
  readonly acknowledged: Map<number, number>;
}

interface Ending {
  readonly lines: readonly string[];
  /** Set when the writer ended by itself. */
  readonly problem: string | undefined;
}

const script = (name: string): string => new URL(name, import.meta.url).pathname;

function start(name: string, args: readonly string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script(name), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const closed = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code ?? 0));
  });
  return { child, closed, output: () => output, errors: () => errors };
}

/** Runs the load and kills it; everything that had reached the pipe by then counts as said. */
async function runAndKill(engine: EngineName, life: Life, seed: number, random: Random, maxMs: number): Promise<Ending> {
  const run = start('writer.ts', [engine, life.path, life.synchronous, String(seed)]);
  let isOver = false;
  void run.closed.then(() => {
    isOver = true;
  });
  // Some die young: while the database is being opened, or made.
  const isEarly = random.oneIn(8);
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!isEarly && !run.output().includes('ready\n') && !isOver && performance.now() < deadline) await sleep(2);
  const isStuck = !isEarly && !isOver && !run.output().includes('ready\n');
  await sleep(isEarly ? random.between(30, 200) : random.between(0, maxMs));
  run.child.kill('SIGKILL');
  const end = await run.closed;
  const lines = run.output().split('\n').slice(0, -1);
  const said = lines.filter((line) => line.startsWith('failed') || line.startsWith('broken'));
  if (said.length > 0) return { lines, problem: said.join('\n') };
  if (isStuck) return { lines, problem: `not ready after ${START_TIMEOUT_MS / 1000} s` };
  return { lines, problem: end === 'SIGKILL' ? undefined : `the writer ended by itself (${end}): ${run.errors()}` };
}

async function check(engine: EngineName, life: Life): Promise<string[]> {
  const run = start('checker.ts', [engine, life.path]);
  const timer = setTimeout(() => run.child.kill('SIGKILL'), CHECK_TIMEOUT_MS);
  const end = await run.closed;
  clearTimeout(timer);
  if (end !== 0) return [`the check ended with ${end}: ${run.errors()}`];
  const finding = JSON.parse(run.output()) as Finding;
  const problems = [...finding.broken];
  const ends = new Map(finding.ends);
  for (const [worker, promised] of life.acknowledged) {
    const kept = ends.get(worker) ?? 0;
    if (kept < promised)
      problems.push(`worker ${worker} was told that commit ${promised} stands, but the last one there is ${kept}`);
    // At most the one commit whose acknowledgement was still to come.
    if (kept > promised + 1) problems.push(`worker ${worker} acknowledged ${promised}, but ${kept} is there`);
  }
  // What is there now was recovered, and must not go again.
  for (const [worker, kept] of ends) life.acknowledged.set(worker, kept);
  return problems;
}

function newLife(parent: string, synchronous: Synchronous, isFile: boolean): Life {
  const folder = mkdtempSync(join(parent, 'pluresdb-crash-'));
  const path = join(folder, 'bank.db');
  // Where an empty file stands, the database becomes a file.
  if (isFile) writeFileSync(path, '');
  return { folder, path, synchronous, acknowledged: new Map() };
}

export async function runCrash(args: readonly string[]): Promise<Count> {
  const options = readCommandLine(args, {
    rounds: { type: 'string' },
    seed: { type: 'string' },
    store: { type: 'string' },
    lives: { type: 'string' },
    'max-ms': { type: 'string' },
    folder: { type: 'string' },
  });
  const rounds = options.number('rounds', 60);
  const seed = options.number('seed', 1);
  const lives = options.number('lives', 10);
  const maxMs = options.number('max-ms', 250);
  const random = new Random(seed);
  const count = newCount();
  const parent = options.text('folder') ?? tmpdir();
  const isFile = options.text('store') === 'file';
  let life = newLife(parent, 'FULL', isFile);
  let commits = 0;
  for (let round = 0; round < rounds; round++) {
    if (round > 0 && round % lives === 0) {
      rmSync(life.folder, { recursive: true, force: true });
      life = newLife(parent, SYNCHRONOUS[(round / lives) % SYNCHRONOUS.length] ?? 'FULL', isFile);
    }
    const { lines, problem } = await runAndKill(options.engine, life, seed * 1_000_003 + round, random, maxMs);
    for (const line of lines) {
      const [word, worker, sequence] = line.split(' ');
      if (word !== 'ok') continue;
      commits += 1;
      life.acknowledged.set(Number(worker), Number(sequence));
    }
    const problems = [...(problem === undefined ? [] : [problem]), ...(await check(options.engine, life))];
    if (problems.length === 0) count.passed += 1;
    else {
      count.failed += 1;
      console.log(`round ${round} (synchronous ${life.synchronous}) FAILED; the database is kept at ${life.path}`);
      for (const each of problems) console.log(`    ${each}`);
      life = newLife(parent, life.synchronous, isFile);
    }
    if ((round + 1) % 20 === 0 || round + 1 === rounds) {
      console.log(`${round + 1} kills, ${commits} acknowledged commits, ${count.failed} rounds failed`);
    }
  }
  rmSync(life.folder, { recursive: true, force: true });
  return count;
}

/**
 * `npm run sim -- damage`: bits are flipped in every file of a database and files are cut short, one at a time; then
 * it is opened and all of it read.
 *
 *     --cases N         damaged copies, default 300
 *     --seed S          default 1
 *     --store KIND      directory (default) or file: what the databases are made of
 *     --folder PATH     where the copies are made, default the system's folder for temporary files
 *
 * Allowed are: a SqliteError; exactly the rows that were written; or all but some of the last commits, when the damage
 * is in the log (its unsynced tail is what a power cut may take). Anything else fails: other rows, `ok` from
 * integrity_check above wrong rows, a crash, a hang, an error that is not the API's.
 *
 * Two databases are damaged in turn: one that was closed, and one whose process was killed, with commits in its log.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { readCommandLine } from '../command-line.ts';
import { Random } from '../fuzz/random.ts';
import { type Count, newCount } from '../report.ts';
import { LATE_COMMITS } from './original.ts';
import type { Finding } from './reader.ts';

const CASE_TIMEOUT_MS = 20_000;
const BATCH_LEN = 25;
/** What integrity_check says of a database in which all is well. */
const OK = 'ok';

export interface DamageOptions {
  readonly cases: number;
  readonly seed: number;
  readonly parent: string;
  readonly isFile?: boolean;
}

interface Original {
  readonly title: string;
  readonly path: string;
  /** The digest after each number of late commits. */
  readonly digests: readonly string[];
}

interface Damage {
  readonly path: string;
  readonly original: Original;
  readonly words: string;
  readonly isInLog: boolean;
}

function start(script: string, args: readonly string[], timeoutMs: number) {
  const file = new URL(script, import.meta.url).pathname;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise<{ end: number | string; output: string; errors: string }>((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ end: signal ?? code ?? 0, output, errors });
    });
  });
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesOf(path) : [path];
  });
}

/** Makes both originals; their digests come from a reader of its own. */
async function makeOriginals(folder: string, isFile: boolean): Promise<Original[]> {
  const originals: Original[] = [];
  for (const title of ['closed', 'killed']) {
    const path = join(folder, title);
    // Where an empty file stands, the database becomes a file.
    if (isFile) writeFileSync(path, '');
    const made = await start('original.ts', [path, title], 60_000);
    const digests = made.output.split('\n').filter((line) => line.startsWith('digest '));
    if (digests.length !== LATE_COMMITS + 1) throw new Error(`the ${title} original was not made (${made.end}): ${made.errors}`);
    originals.push({ title, path, digests: digests.map((line) => line.slice('digest '.length)) });
  }
  return originals;
}

/** Picks the file by its size, or evenly, so that small ones get their share too. */
function damage(original: Original, path: string, random: Random): Damage {
  const isFile = statSync(original.path).isFile();
  cpSync(original.path, path, { recursive: true });
  if (existsSync(`${original.path}-wal`)) cpSync(`${original.path}-wal`, `${path}-wal`);
  const places = isFile ? [path, `${path}-wal`].filter((place) => existsSync(place)) : filesOf(path);
  const files = places.filter((file) => statSync(file).size > 0 && !file.endsWith('lock'));
  const bySize = files.sort().map((file) => [Math.ceil(statSync(file).size / 1024), file] as const);
  const file = random.weighted(random.oneIn(2) ? bySize : files.map((file) => [1, file] as const));
  const name = isFile ? basename(file) : relative(path, file);
  const size = statSync(file).size;
  const isInLog = name.startsWith('log') || name.endsWith('-wal');
  if (random.oneIn(4)) {
    const len = random.oneIn(4) ? 0 : random.below(size);
    truncateSync(file, len);
    return { path, original, words: `${original.title}: ${name} cut from ${size} to ${len} bytes`, isInLog };
  }
  const bytes = readFileSync(file);
  // Log and map files are mostly empty: half of the flips hit what is used.
  let used = size;
  if (random.oneIn(2)) while (used > 1 && bytes[used - 1] === 0) used -= 1;
  const at = random.below(used);
  const bit = random.below(8);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(file, bytes);
  return { path, original, words: `${original.title}: ${name} (${size} bytes): bit ${bit} of byte ${at} flipped`, isInLog };
}

type Outcome = 'error' | 'intact' | 'lost its tail' | { readonly problem: string };

function judge({ original, isInLog }: Damage, finding: Finding): Outcome {
  const { failure } = finding;
  if (failure !== undefined) {
    const isSqlite = failure.code.startsWith('SQLITE_') && failure.code !== 'SQLITE_INTERNAL';
    return isSqlite && finding.isForeign !== true
      ? 'error'
      : { problem: `an error of the wrong kind: ${failure.code} ${failure.message}` };
  }
  const commits = finding.commits ?? -1;
  const isKnown = original.digests[commits] === finding.digest;
  if (finding.integrity !== OK) return 'error';
  if (!isKnown) return { problem: `other rows, ${commits} late commits among them` };
  if (commits === LATE_COMMITS) return 'intact';
  return isInLog ? 'lost its tail' : { problem: `${LATE_COMMITS - commits} commits lost, though the log was whole` };
}

/** Runs the damaged copies through readers; one that dies takes only its own case with it. */
async function findAll(cases: readonly Damage[]): Promise<Map<string, Finding | string>> {
  const found = new Map<string, Finding | string>();
  let left = cases.map((each) => each.path);
  while (left.length > 0) {
    const run = await start('reader.ts', ['pluresdb', ...left], CASE_TIMEOUT_MS);
    for (const line of run.output.split('\n').slice(0, -1)) {
      const finding = JSON.parse(line) as Finding;
      found.set(finding.path, finding);
    }
    const [next, ...others] = left.filter((path) => !found.has(path));
    if (next === undefined) break;
    found.set(next, `the reader ended with ${run.end}: ${run.errors}`);
    left = others;
  }
  return found;
}

export async function damageCampaign(options: DamageOptions, say: (line: string) => void): Promise<Count> {
  const count = newCount();
  const folder = mkdtempSync(join(options.parent, 'pluresdb-damage-'));
  const random = new Random(options.seed);
  const tally = new Map<string, number>();
  const originals = await makeOriginals(folder, options.isFile === true);
  for (let done = 0; done < options.cases; done += BATCH_LEN) {
    const numbers = Array.from({ length: Math.min(BATCH_LEN, options.cases - done) }, (_, at) => done + at);
    const cases = numbers.map((number) => damage(random.pick(originals), join(folder, `case-${number}`), random));
    const found = await findAll(cases);
    for (const each of cases) {
      const finding = found.get(each.path);
      const outcome = typeof finding === 'object' ? judge(each, finding) : { problem: finding ?? 'nothing was said' };
      if (typeof outcome === 'string') {
        count.passed += 1;
        tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
        rmSync(each.path, { recursive: true, force: true });
        rmSync(`${each.path}-wal`, { force: true });
      } else {
        count.failed += 1;
        say(`${each.words} FAILED: ${outcome.problem}; kept at ${each.path}`);
      }
    }
  }
  say([...tally].map(([outcome, times]) => `${outcome} ${times}`).join(', '));
  for (const { path } of originals) if (existsSync(path)) rmSync(path, { recursive: true, force: true });
  if (count.failed === 0) rmSync(folder, { recursive: true, force: true });
  return count;
}

export function runDamage(args: readonly string[]): Promise<Count> {
  const options = readCommandLine(args, {
    cases: { type: 'string' },
    seed: { type: 'string' },
    folder: { type: 'string' },
    store: { type: 'string' },
  });
  const [cases, seed] = [options.number('cases', 300), options.number('seed', 1)];
  const isFile = options.text('store') === 'file';
  return damageCampaign({ cases, seed, isFile, parent: options.text('folder') ?? tmpdir() }, (line) => console.log(line));
}

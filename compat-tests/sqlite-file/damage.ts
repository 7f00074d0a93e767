/**
 * `npm run fuzz -- sqlite-file`: files with bytes changed, pages exchanged, ends cut off. Reading one is an error of
 * SQLite's or gives rows; it never panics, never takes long, never takes memory beyond what the file's size explains.
 *
 * Each case is a file's bytes opened as a database in memory, all tables read, and the image written again. Reading is
 * synchronous, so a hang would stop the run: the pool that runs it has a time limit a chunk.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { Random } from '../fuzz/random.ts';
import { trace } from '../pool/trace.ts';
import { makeFile } from './variant.ts';

/** Cases made of one file. */
const CASES_A_FILE = 25;
/** Generous: a slow machine is no fault. */
const SLOW_MS = 5000;
/** What a database may grow by, for each byte of its file, and before it counts. */
const MEMORY_FACTOR = 60;
const MEMORY_FLOOR = 256 << 20;
/** The words of a file's own faults; anything else is ours. */
const REFUSALS = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_TOOBIG']);

export interface DamageOptions {
  /** For the files the damaged ones are made of. */
  readonly folder: string;
  readonly seed: number;
  readonly cases: number;
}

export interface DamageResult {
  readonly read: number;
  readonly refused: number;
  /** What went wrong, with the seed of the file and the number of the case. */
  readonly harmed: readonly string[];
}

type Image = new (
  bytes: Buffer,
) => {
  prepare(sql: string): { raw(): { all(): unknown[] } };
  serialize(): Buffer;
  close(): void;
};

/** Bytes that mean something: page numbers, cell counts, pointers, lengths. */
function interestingOffset(random: Random, bytes: Buffer, pageSize: number): number {
  const page = random.below(Math.ceil(bytes.length / pageSize)) * pageSize;
  const header = page === 0 ? 100 : 0;
  return random.weighted([
    [1, random.below(100)],
    [4, page + header + random.below(12)],
    [4, page + header + 8 + random.below(64)],
    [3, page + random.below(pageSize)],
    [1, page + random.below(5)],
  ]);
}

function damageOnce(random: Random, bytes: Buffer, pageSize: number): Buffer {
  const pages = Math.max(1, Math.floor(bytes.length / pageSize));
  const at = Math.min(bytes.length - 4, interestingOffset(random, bytes, pageSize));
  switch (random.below(8)) {
    case 0:
      return bytes.subarray(0, random.below(bytes.length));
    case 1:
      // A page over another: cycles, and trees with pages in common.
      bytes.copyWithin(random.below(pages) * pageSize, random.below(pages) * pageSize, (random.below(pages) + 1) * pageSize);
      return bytes;
    case 2:
      bytes.writeUInt32BE(random.below(pages + 2), at);
      return bytes;
    case 3:
      bytes.writeUInt32BE(random.pick([0, 0xffffffff, 0x7fffffff, 0x80808080]), at);
      return bytes;
    case 4:
      bytes.fill(random.pick([0, 0xff, 0x81]), at, Math.min(bytes.length, at + random.between(1, 40)));
      return bytes;
    default:
      bytes[at] = random.pick([0, 1, 2, 5, 10, 13, 0x7f, 0x80, 0xff, random.below(256)]);
      return bytes;
  }
}

export function damaged(random: Random, original: Buffer): Buffer {
  const raw = original.readUInt16BE(16);
  const pageSize = raw === 1 ? 65536 : raw;
  let bytes: Buffer = Buffer.from(original);
  for (let times = random.between(1, 4); times > 0 && bytes.length > 4; times--) bytes = damageOnce(random, bytes, pageSize);
  return bytes;
}

/** Reads all there is; whether it could. Throws what is no refusal. */
function readAll(Database: Image, bytes: Buffer): boolean {
  try {
    const db = new Database(bytes);
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage <> 0").raw().all() as [string][];
    for (const [name] of tables)
      db.prepare(`SELECT * FROM "${name.replaceAll('"', '""')}"`)
        .raw()
        .all();
    db.serialize();
    db.close();
    return true;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string' && REFUSALS.has(code)) return false;
    throw error;
  }
}

export async function runDamage({ folder, seed, cases }: DamageOptions): Promise<DamageResult> {
  const { default: Database } = (await import('pluresdb')) as unknown as { default: Image };
  const harmed: string[] = [];
  let [read, refused] = [0, 0];
  let original: Buffer = Buffer.alloc(0);
  let random = new Random(seed);
  for (let number = 0; number < cases; number++) {
    const fileSeed = seed * 100_003 + Math.floor(number / CASES_A_FILE);
    if (number % CASES_A_FILE === 0) {
      const file = makeFile(folder, fileSeed);
      original = readFileSync(file);
      for (const suffix of ['', '-wal', '-journal']) if (existsSync(file + suffix)) rmSync(file + suffix);
      random = new Random(fileSeed);
    }
    const bytes = original.length > 100 ? damaged(random, original) : original;
    const place = `file ${fileSeed}, case ${number % CASES_A_FILE}`;
    const [started, memory] = [performance.now(), process.memoryUsage.rss()];
    trace(place);
    try {
      if (readAll(Database, bytes)) read += 1;
      else refused += 1;
    } catch (error) {
      harmed.push(`${place}: ${String(error)}`);
    }
    const took = performance.now() - started;
    if (took > SLOW_MS) harmed.push(`${place}: took ${took.toFixed(0)} ms`);
    const grown = process.memoryUsage.rss() - memory;
    if (grown > MEMORY_FLOOR + MEMORY_FACTOR * bytes.length)
      harmed.push(`${place}: took ${grown >> 20} MB for ${bytes.length} bytes`);
  }
  return { read, refused, harmed };
}

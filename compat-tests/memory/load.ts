/**
 * Builds a database of a given size and reads all of it back, in one process: `load.ts <engine> <path> <megabytes>`.
 *
 * Rows have mixed columns: integers, reals, short and long text, blobs and NULLs, and every 500th a wide value that
 * needs overflow blocks. Their bytes come from one pool, so that JavaScript itself holds little. What is written is
 * summed up on the way, and the scan must find the same sums. Ends with one line of JSON.
 */
import { readFileSync } from 'node:fs';
import { type Connection, type EngineName, loadEngine } from '../engine.ts';
import { Random } from '../fuzz/random.ts';

export interface LoadReport {
  readonly rows: number;
  /** Bytes of the values, as SQLite's record format would hold them at least. */
  readonly valueBytes: number;
  readonly buildMs: number;
  readonly scanMs: number;
  readonly iterateMs: number;
  /** The process's peak after each phase. */
  readonly peakMegabytes: { readonly start: number; readonly build: number; readonly scan: number; readonly iterate: number };
  readonly differences: readonly string[];
}

const CACHE_KIB = 65_536;
const ROWS_PER_TRANSACTION = 5000;
const ROWS_PER_WIDE_VALUE = 500;
const POOL_LEN = 1 << 20;
const MAX_WIDE_LEN = 400_000;

/** The largest resident size so far. */
function peakMegabytes(): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line?.[1] !== undefined) return Math.round(Number(line[1]) / 1024);
  } catch {
    // Not Linux: what the process itself knows.
  }
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

/** Sums over everything written, and in the same order the columns of `SCAN`. */
class Totals {
  rows = 0;
  integers = 0;
  reals = 0;
  nulls = 0;
  textBytes = 0;
  blobBytes = 0;
  wideBytes = 0;

  asRow(): number[] {
    return [this.rows, this.integers, this.reals, this.nulls, this.textBytes, this.blobBytes, this.wideBytes];
  }

  get valueBytes(): number {
    return this.rows * 24 + this.textBytes + this.blobBytes + this.wideBytes;
  }
}

const SCHEMA = `CREATE TABLE reading(id INTEGER PRIMARY KEY, device INTEGER NOT NULL, at INTEGER NOT NULL, value REAL,
  state TEXT NOT NULL,
  note TEXT NOT NULL, payload BLOB, attachment BLOB);
CREATE INDEX reading_device ON reading(device, at)`;

// instr looks at every byte of the wide values; the pool has no run of these.
const SCAN = `SELECT count(*), sum(device + at % 1000), sum(value), sum(value IS NULL), sum(length(state) + length(note)),
  sum(length(payload)), sum(length(attachment) + instr(attachment, x'00010203040506070809')), sum(id) FROM reading`;

const STATES = ['ok', 'late', 'out of range', 'no answer', 'calibrating'];

function makePool(random: Random): Buffer {
  const pool = Buffer.alloc(POOL_LEN);
  for (let at = 0; at < POOL_LEN; at++) pool[at] = random.between(32, 126);
  return pool;
}

function build(db: Connection, wantedBytes: number, totals: Totals): void {
  const random = new Random(7);
  const pool = makePool(random);
  const slice = (len: number): Buffer => {
    const start = random.between(0, POOL_LEN - len);
    return pool.subarray(start, start + len);
  };
  db.exec(SCHEMA);
  const insert = db.prepare(
    'INSERT INTO reading(device, at, value, state, note, payload, attachment) VALUES(?, ?, ?, ?, ?, ?, ?)',
  );
  while (totals.valueBytes < wantedBytes) {
    db.exec('BEGIN');
    for (let row = 0; row < ROWS_PER_TRANSACTION; row++) {
      totals.rows += 1;
      const device = random.between(1, 5000);
      const at = 1_700_000_000 + totals.rows;
      // Quarters, so that the order of adding does not matter.
      const value = random.oneIn(10) ? null : random.between(0, 4000) / 4;
      const state = random.pick(STATES);
      const note = slice(random.between(20, 160)).toString('latin1');
      const payload = slice(random.between(0, 300));
      const isWide = totals.rows % ROWS_PER_WIDE_VALUE === 0;
      const attachment = isWide ? slice(random.between(20_000, MAX_WIDE_LEN)) : null;
      insert.run(device, at, value, state, note, payload, attachment);
      totals.integers += device + (at % 1000);
      totals.reals += value ?? 0;
      totals.nulls += value === null ? 1 : 0;
      totals.textBytes += state.length + note.length;
      totals.blobBytes += payload.length;
      totals.wideBytes += attachment?.length ?? 0;
    }
    db.exec('COMMIT');
  }
}

function iterate(db: Connection): number[] {
  const found = new Totals();
  for (const row of db.prepare('SELECT * FROM reading').raw().iterate()) {
    const [, device, at, value, state, note, payload, attachment] = row as [
      number,
      number,
      number,
      number | null,
      string,
      string,
      Buffer,
      Buffer | null,
    ];
    found.rows += 1;
    found.integers += device + (at % 1000);
    found.reals += value ?? 0;
    found.nulls += value === null ? 1 : 0;
    found.textBytes += state.length + note.length;
    found.blobBytes += payload.length;
    found.wideBytes += attachment?.length ?? 0;
  }
  return found.asRow();
}

function timed<T>(act: () => T): [result: T, ms: number] {
  const started = performance.now();
  const result = act();
  return [result, Math.round(performance.now() - started)];
}

const [engineName, path = '', megabytes] = process.argv.slice(2);
const engine = await loadEngine(engineName as EngineName);
const db = engine.open(path);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = NORMAL');
db.pragma(`cache_size = -${CACHE_KIB}`);

const totals = new Totals();
const start = peakMegabytes();
const [, buildMs] = timed(() => build(db, Number(megabytes) * 1e6, totals));
const afterBuild = peakMegabytes();
const [scanned, scanMs] = timed(() => db.prepare(SCAN).raw().get() as number[]);
const afterScan = peakMegabytes();
const [iterated, iterateMs] = timed(() => iterate(db));
const afterIterate = peakMegabytes();
db.close();

const wanted = totals.asRow();
const differences = [
  ['the scan', scanned.slice(0, wanted.length)],
  ['the iterator', iterated],
].flatMap(([who, found]) =>
  JSON.stringify(found) === JSON.stringify(wanted) ? [] : [`${who} found ${found}, but ${wanted} was written`],
);
const report: LoadReport = {
  rows: totals.rows,
  valueBytes: totals.valueBytes,
  buildMs,
  scanMs,
  iterateMs,
  peakMegabytes: { start, build: afterBuild, scan: afterScan, iterate: afterIterate },
  differences,
};
process.stdout.write(`${JSON.stringify(report)}\n`);

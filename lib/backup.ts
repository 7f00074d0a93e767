/**
 * `db.backup(filename, options)`: the database as a SQLite file, written a few pages at a time between other events.
 *
 *     serialize ─► image ─► pages ─► <filename>-<pid>-<n>.part ─► sync ─► rename to <filename>
 *
 * Always true:
 * - A reader of the place finds the old file or the whole new one; a backup that fails or is given up leaves the old one.
 *   A new place holds an empty file meanwhile, as with better-sqlite3.
 * - What the file holds at the end is what was committed at the end: a commit meanwhile makes another image, and the
 *   writing starts over.
 *
 * It costs the memory of one image while it runs.
 */
import { access, closeSync, existsSync, fsync, openSync, readSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SqliteError } from './errors.ts';
import type { ConnectionHandle } from './native/binding.ts';
import { binding } from './native/load.ts';
import type { ConnectionState } from './state.ts';

export interface BackupMetadata {
  totalPages: number;
  remainingPages: number;
}

export interface BackupOptions {
  /** Told after each step; the number it returns is how many pages the next ones write. */
  // biome-ignore lint/suspicious/noConfusingVoidType: as better-sqlite3 declares it
  progress?: ((progress: BackupMetadata) => number | undefined | void) | null;
  /** The name of the database to write: `main` or an attached one's. */
  attached?: string;
}

/** Pages written by a step, unless `progress` says otherwise. */
const DEFAULT_RATE = 100;
const MAX_RATE = 0x7fffffff;
/** Between two looks at a database that its connection is writing. */
const PAUSE_MS = 5;
/** Where it counts the changes of its schema. */
const SCHEMA_COOKIE_OFFSET = 40;
/** How every SQLite file starts. */
const SQLITE_MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
/** How every single-file database starts. */
const FILE_MAGIC = Buffer.from('PLDBFILE', 'latin1');
/** Where a SQLite file tells its page size. */
const PAGE_SIZE_OFFSET = 16;

const sync = promisify(fsync);
const exists = (path: string): Promise<boolean> =>
  promisify(access)(path).then(
    () => true,
    () => false,
  );

/** Tells the drafts of one process apart. */
let drafts = 0;

function pageSizeOf(image: Buffer): number {
  const size = image.readUInt16BE(PAGE_SIZE_OFFSET);
  return size === 1 ? 65_536 : size;
}

/** What stands at the place is replaced only when it is a SQLite file, or next to nothing. */
function checkPlace(place: string): void {
  if (!existsSync(place)) return;
  const about = statSync(place);
  if (!about.isFile()) throw new SqliteError('unable to open database file', 'SQLITE_CANTOPEN');
  // One byte is an empty file to SQLite, which makes such files where a system wants no empty ones locked.
  if (about.size < 2) return;
  const head = Buffer.alloc(SQLITE_MAGIC.length);
  const file = openSync(place, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (!head.equals(SQLITE_MAGIC) && !head.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC))
    throw new SqliteError('file is not a database', 'SQLITE_NOTADB');
}

function openForWriting(path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (error) {
    const refusal = new SqliteError('unable to open database file', 'SQLITE_CANTOPEN');
    Object.defineProperty(refusal, 'cause', { value: error, configurable: true, writable: true });
    throw refusal;
  }
}

/** Whose database is copied. */
export interface BackupSource {
  readonly connection: ConnectionHandle;
  /** How long a backup waits for the connection's own transaction. */
  readonly timeoutMs: number;
  requireOpen(): void;
  requireNotBusy(): void;
}

/** One copy on its way. */
export class Backup {
  readonly #state: BackupSource;
  readonly #schema: string;
  /** Null for a copy that nobody keeps. */
  readonly #place: string | null;
  readonly #isNew: boolean;
  readonly #draft: string;
  readonly #file: number;
  #image: Buffer | undefined;
  #version: number | undefined;
  #written = 0;
  #waitsSince: number | undefined;
  /** The connection is not asked any more. */
  #isDetached = false;

  constructor(state: BackupSource, schema: string, place: string | null, isNew: boolean) {
    state.requireOpen();
    state.requireNotBusy();
    if (place !== null) checkPlace(place);
    // Fails where there is no such database.
    binding.committedVersion(state.connection, schema);
    this.#state = state;
    this.#schema = schema;
    this.#place = place;
    this.#isNew = isNew;
    this.#draft = `${place ?? join(tmpdir(), 'backup')}-${process.pid}-${drafts++}.part`;
    this.#file = openForWriting(this.#draft);
    if (isNew && place !== null) closeSync(openForWriting(place));
  }

  /** Takes what is committed now for good: the connection is about to be closed. */
  detach(): void {
    this.#takeImage();
    this.#isDetached = this.#image !== undefined;
  }

  /** Writes up to so many pages; undefined while the connection is writing and nothing is known yet. */
  transfer(pages: number): BackupMetadata | undefined {
    if (!this.#isDetached) {
      this.#state.requireOpen();
      if (!this.#takeImage()) return undefined;
    }
    if (this.#image === undefined) return undefined;
    const image = this.#image;
    const pageSize = pageSizeOf(image);
    const isEmpty = image.length === pageSize && image.readUInt32BE(SCHEMA_COOKIE_OFFSET) === 0;
    // SQLite's file of nothing has no page until it is written.
    if (isEmpty) this.#written = writeSync(this.#file, image, 0, image.length, 0);
    const end = Math.min(this.#written + pages * pageSize, image.length);
    while (this.#written < end) {
      this.#written += writeSync(this.#file, image, this.#written, end - this.#written, this.#written);
    }
    return { totalPages: isEmpty ? 0 : image.length / pageSize, remainingPages: (image.length - this.#written) / pageSize };
  }

  /** Makes the image what is committed now; false while the connection is writing. */
  #takeImage(): boolean {
    const { connection, timeoutMs } = this.#state;
    const version = binding.committedVersion(connection, this.#schema);
    if (version === null) {
      this.#waitsSince ??= performance.now();
      if (performance.now() - this.#waitsSince > timeoutMs) throw new SqliteError('database is locked', 'SQLITE_BUSY');
      return false;
    }
    this.#waitsSince = undefined;
    if (version === this.#version) return true;
    const image = binding.serialize(connection, this.#schema);
    if (image === null) throw new SqliteError(`unknown database ${this.#schema}`, 'SQLITE_ERROR');
    this.#image = image;
    this.#version = version;
    this.#written = 0;
    return true;
  }

  async publish(): Promise<void> {
    if (this.#place === null) {
      this.giveUp();
      return;
    }
    await sync(this.#file);
    closeSync(this.#file);
    renameSync(this.#draft, this.#place);
    // Windows cannot open a folder, and needs no sync of it.
    if (process.platform === 'win32') return;
    const folder = openSync(dirname(this.#place), 'r');
    try {
      await sync(folder);
    } finally {
      closeSync(folder);
    }
  }

  giveUp(): void {
    closeSync(this.#file);
    unlinkSync(this.#draft);
    if (this.#isNew && this.#place !== null) unlinkSync(this.#place);
  }
}

function rateOf(answer: unknown, before: number): number {
  if (answer === undefined) return before;
  if (typeof answer === 'number' && !Number.isNaN(answer)) return Math.max(0, Math.min(MAX_RATE, Math.round(answer)));
  throw new TypeError('Expected progress callback to return a number or undefined');
}

async function writePages(backup: Backup, progress: Exclude<BackupOptions['progress'], undefined>): Promise<BackupMetadata> {
  // The first step only counts.
  let rate = 0;
  let isFirst = true;
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const counts = backup.transfer(rate);
    if (counts === undefined) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      continue;
    }
    if (counts.remainingPages === 0) return counts;
    if (isFirst) rate = DEFAULT_RATE;
    isFirst = false;
    if (progress !== null) rate = rateOf(progress(counts), rate);
  }
}

/** `db.backup(filename, options)`; every error is a rejection. */
export async function backup(state: ConnectionState, filename: unknown, options: unknown): Promise<BackupMetadata> {
  if (typeof filename !== 'string') throw new TypeError('Expected first argument to be a string');
  if (options != null && typeof options !== 'object') throw new TypeError('Expected second argument to be an options object');
  const given = (options ?? {}) as Record<string, unknown>;
  const place = filename.trim();
  const schema = 'attached' in given ? given['attached'] : 'main';
  const progress = given['progress'] ?? null;
  if (place === '') throw new TypeError('Backup filename cannot be an empty string');
  if (place === ':memory:') throw new TypeError('Invalid backup filename ":memory:"');
  if (typeof schema !== 'string') throw new TypeError('Expected the "attached" option to be a string');
  if (schema === '') throw new TypeError('The "attached" option cannot be an empty string');
  if (progress !== null && typeof progress !== 'function') throw new TypeError('Expected the "progress" option to be a function');
  if (!(await exists(dirname(place)))) throw new TypeError('Cannot save backup because the directory does not exist');
  const work = new Backup(state, schema, place, !(await exists(place)));
  try {
    const counts = await writePages(work, progress as Exclude<BackupOptions['progress'], undefined>);
    await work.publish();
    return counts;
  } catch (error) {
    work.giveUp();
    throw error;
  }
}

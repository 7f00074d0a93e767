/**
 * What the main thread and a worker thread say to each other.
 *
 *     main   ─ batch of requests (one message a tick) ─►  worker
 *     worker ─ answers in the requests' order, rows and events before them ─►  main
 *
 * Requests and answers are arrays, which clone faster than objects. A worker works on one request after the other, so
 * answers need no numbers: the next one belongs to the oldest request that wants one. Rows may come before an answer,
 * in blocks; events come whenever they happen.
 *
 * A worker waits on `signal` (an Int32Array over shared memory) instead of in an event loop: it wakes at once, and an
 * idle one costs nothing. One word counts messages to it; the other counts the large blocks of rows that were read, so
 * that a worker is never further ahead of its reader than MAX_UNREAD_BLOCKS.
 */
import type { Heap } from '../../native/binding.ts';

/** Numbers, strings, null; a real that is to stay one although it is whole; bytes. */
export type FieldValue = number | string | null | Uint8Array | { readonly real: number };

/** Where it goes, by position from 1 or by name with prefix, and what. */
export type Field = readonly [place: number | string, value: FieldValue];

/** Requests by their first element. */
export const OPEN = 0;
export const CLOSE = 1;
export const EXEC = 2;
export const CONFIGURE = 3;
export const PREPARE = 4;
export const BIND = 5;
export const RUN = 6;
export const GET = 7;
export const ALL = 8;
export const EACH = 9;
export const RESET = 10;
export const FINALIZE = 11;
/** Closes whatever is open: the Database object is gone. Like FINALIZE and CONFIGURE it gets no answer. */
export const ABANDON = 12;
export const BACKUP_BEGIN = 13;
export const BACKUP_STEP = 14;
export const BACKUP_FINISH = 15;

export type Request =
  | readonly [typeof OPEN, database: number, filename: string, mode: number]
  | readonly [typeof CLOSE, database: number]
  | readonly [typeof EXEC, database: number, sql: string]
  | readonly [typeof CONFIGURE, database: number, setting: string, value: number]
  | readonly [typeof PREPARE, database: number, statement: number, sql: string]
  | readonly [typeof BIND | typeof RUN | typeof GET | typeof ALL | typeof EACH, number, number, fields: readonly Field[]]
  | readonly [typeof RESET | typeof FINALIZE, database: number, statement: number]
  | readonly [typeof ABANDON, database: number]
  | readonly [typeof BACKUP_BEGIN, database: number, backup: number, file: string, schema: string, fileIsTarget: 0 | 1]
  | readonly [typeof BACKUP_STEP, database: number, backup: number, pages: number, retried: readonly number[]]
  | readonly [typeof BACKUP_FINISH, database: number, backup: number];

/** Messages of a worker by their first element. */
export const ANSWER = 0;
export const ROWS = 1;
export const EVENT = 2;

/** A block of rows: cells as native/src/row_buffer.rs lays them out, the string and the wide values they refer to. */
export type Block = readonly [
  cells: ArrayBuffer,
  rowCount: number,
  heap: Heap,
  wide: readonly (string | Uint8Array)[] | undefined,
  /** The columns' names as `binding.columnNames` gives them, when they are not those of the statement's last block. */
  names: string | undefined,
];

/** The words of `signal`. */
export const MESSAGES = 0;
export const BLOCKS_READ = 1;

/** From this size on a block goes out at once, changes hands, and counts as read when it was. */
export const LARGE_BLOCK_BYTES = 4096;
/** Some megabytes. */
export const MAX_UNREAD_BLOCKS = 64;

/** `status` DROPPED: its statement is not there. */
export const DROPPED = -1;

export type Message =
  | readonly [typeof ANSWER, status: number, message: string, ...counters: number[]]
  | readonly [typeof ROWS, Block]
  | readonly [typeof EVENT, database: number, name: 'trace' | 'profile' | 'change', ...args: (string | number)[]];

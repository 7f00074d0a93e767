/**
 * A backup in its worker thread: the database as a SQLite file, some pages a step.
 *
 *     image of what is committed ─► pages ─► <file>-<n>.part ─► sync ─► rename to <file>
 *
 * A commit between two steps makes another image, and the writing starts over.
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { EngineError } from '../../errors.ts';
import type { ConnectionHandle } from '../../native/binding.ts';
import { binding } from '../../native/load.ts';
import { DONE, RESULT } from './constants.ts';

/** Where a SQLite file tells its page size; of the largest it says 1. */
const PAGE_SIZE_OFFSET = 16;

export class WorkerBackup {
  remaining = -1;
  pageCount = -1;
  readonly #connection: ConnectionHandle;
  readonly #schema: string;
  readonly #place: string;
  readonly #draft: string;
  #file: number | undefined;
  #image: Buffer | null = null;
  #version: number | null | undefined;
  #written = 0;
  #isDone = false;

  constructor(connection: ConnectionHandle, place: string, schema: string, id: number) {
    if (!existsSync(dirname(place))) throw EngineError('unable to open database file', 'SQLITE_CANTOPEN');
    this.#connection = connection;
    this.#schema = schema;
    this.#place = place;
    this.#draft = `${place}-${process.pid}-${id}.part`;
    // A database of no such name is noticed by the first step only, as with SQLite.
    if (this.#isThere()) this.#file = openSync(this.#draft, 'w');
  }

  #isThere(): boolean {
    try {
      binding.committedVersion(this.#connection, this.#schema);
      return true;
    } catch {
      return false;
    }
  }

  get isActive(): boolean {
    return this.#file !== undefined;
  }

  /** Writes up to so many pages, all of them when the number is negative; DONE when there are no more. */
  step(pages: number): number {
    if (this.#isDone) return DONE;
    const file = this.#file;
    if (file === undefined) return RESULT.OK;
    const image = this.#current();
    const size = image.readUInt16BE(PAGE_SIZE_OFFSET);
    const pageSize = size === 1 ? 65_536 : size;
    const end = pages < 0 ? image.length : Math.min(this.#written + pages * pageSize, image.length);
    while (this.#written < end) this.#written += writeSync(file, image, this.#written, end - this.#written, this.#written);
    this.pageCount = image.length / pageSize;
    this.remaining = (image.length - this.#written) / pageSize;
    if (this.remaining > 0) return RESULT.OK;
    fsyncSync(file);
    closeSync(file);
    this.#file = undefined;
    renameSync(this.#draft, this.#place);
    this.#isDone = true;
    return DONE;
  }

  /** The image of what is committed now. */
  #current(): Buffer {
    const version = binding.committedVersion(this.#connection, this.#schema);
    if (version === null) throw EngineError('database is locked', 'SQLITE_BUSY');
    if (this.#image === null || version !== this.#version) {
      this.#version = version;
      this.#image = binding.serialize(this.#connection, this.#schema);
      this.#written = 0;
    }
    if (this.#image === null) throw EngineError('SQL logic error', 'SQLITE_ERROR');
    return this.#image;
  }

  /** Gives up what is not complete. */
  finish(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#draft, { force: true });
  }
}

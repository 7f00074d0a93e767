/** `backup(database, path, options)`: a copy as a SQLite file, written some pages at a time between other events. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { Backup } from '../../backup.ts';
import { OPEN } from '../sqlite3/constants.ts';
import { readLocation } from '../sqlite3/location.ts';
import { functionOption, integerOption, isObject, requireObject, stringOption } from './arguments.ts';
import type { Connection } from './connection.ts';
import { connectionOf } from './database.ts';
import { invalidArgType, outOfRange, sqliteError, translated } from './errors.ts';
import { checkPath } from './options.ts';

const DEFAULT_RATE = 100;

interface Plan {
  readonly rate: number;
  readonly source: string;
  readonly target: string;
  readonly progress: ((...args: unknown[]) => unknown) | undefined;
}

function checkPlan(value: unknown, isGiven: boolean): Plan {
  const options = isGiven ? requireObject(value, 'options') : {};
  const rate = integerOption(options, 'rate') ?? DEFAULT_RATE;
  if (rate < 1) throw outOfRange('The "options.rate" argument must be a positive integer.');
  return {
    rate,
    source: stringOption(options, 'source') ?? 'main',
    target: stringOption(options, 'target') ?? 'main',
    progress: functionOption(options, 'progress'),
  };
}

function begin(connection: Connection, path: string, { source, target }: Plan): Backup {
  if (target !== 'main' && target !== 'temp') throw sqliteError(`unknown database ${target}`, 'SQLITE_ERROR');
  const { opened } = connection;
  const location = readLocation(path, OPEN.OPEN_URI | OPEN.OPEN_READWRITE | OPEN.OPEN_CREATE);
  // A copy in memory, in a temporary file or as the temporary part of the other database is gone once it is made.
  const isKept = location.kind === 0 && target === 'main';
  if (location.kind === 0 && !isKept) closeSync(openSync(location.path, 'a'));
  const place = isKept ? location.path : null;
  const from = {
    connection: opened.handle,
    timeoutMs: Number.POSITIVE_INFINITY,
    requireOpen: () => void connection.opened,
    requireNotBusy: () => opened.requireUsable(),
  };
  return new Backup(from, source, place, place !== null && !existsSync(place));
}

async function carryOut(work: Backup, { rate, progress }: Plan): Promise<number> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const counts = work.transfer(rate);
    // The connection is in a transaction that writes. SQLite is busy, and Node asks it too late for the reason.
    if (counts === undefined) throw sqliteError('not an error', 'SQLITE_OK');
    if (counts.remainingPages === 0) return counts.totalPages;
    if (progress !== undefined) Reflect.apply(progress, null, [counts]);
  }
}

async function copy(connection: Connection, path: string, plan: Plan): Promise<number> {
  try {
    const work = begin(connection, path, plan);
    try {
      connection.backups.add(work);
      const pages = await carryOut(work, plan);
      await work.publish();
      return pages;
    } catch (error) {
      work.giveUp();
      throw error;
    } finally {
      connection.backups.delete(work);
    }
  } catch (error) {
    throw translated(error);
  }
}

/** Wrong arguments throw at once; every other failure is a rejection. */
export const { backup } = {
  backup(sourceDb: unknown, path: unknown, ...rest: unknown[]): Promise<number> {
    if (!isObject(sourceDb)) throw invalidArgType('The "sourceDb" argument must be an object.');
    const connection = connectionOf(sourceDb);
    void connection.opened;
    const place = checkPath(path, 'path');
    return copy(connection, place, checkPlan(rest[0], rest.length > 0));
  },
};

/** `cached.Database`: one Database for each file, however often it is opened. */
import { resolve } from 'node:path';
import { Database } from './database.ts';
import type { Callback } from './event-source.ts';

type Opened = Database & { once(event: 'open', listener: () => void): void };

const objects: Record<string, Database> = {};

// A function declaration: `new cached.Database(…)` works as well.
function CachedDatabase(filename: string, a?: unknown, b?: unknown): Database {
  if (filename === '' || filename === ':memory:') return new Database(filename, a, b);
  const path = resolve(filename);
  const known = objects[path] as Opened | undefined;
  if (known === undefined) {
    const database = new Database(path, a, b);
    objects[path] = database;
    return database;
  }
  const callback = typeof a === 'number' ? b : a;
  if (typeof callback === 'function') {
    const call = () => (callback as Callback).call(known, null);
    if (known.open) process.nextTick(call);
    else known.once('open', call);
  }
  return known;
}

export const cached = { Database: CachedDatabase, objects };

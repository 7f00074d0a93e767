/**
 * Opens a damaged database and tells what it finds, as one line of JSON: `reader.ts <engine> <path> …`, one line for
 * each path.
 *
 * A process of its own: damage that crashes or hangs it must not end the campaign.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type Connection, type EngineName, type Failure, failureOf, loadEngine } from '../engine.ts';

/** What one opening came to. */
export interface Finding {
  readonly path: string;
  /** How many of the commits after the checkpoint are there; set when everything could be read. */
  readonly commits?: number;
  /** Of everything the database holds. */
  readonly digest?: string;
  readonly integrity?: string;
  readonly failure?: Failure;
  /** The error was not one that the API promises. */
  readonly isForeign?: boolean;
}

/** Everything in the database, in an order that is always the same. */
export function digestOf(db: Connection): string {
  const hash = createHash('sha256');
  const schema = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').raw().all();
  hash.update(JSON.stringify(schema));
  for (const table of ['person', 'event', 'document', 'reading']) {
    for (const row of db.prepare(`SELECT * FROM ${table} ORDER BY 1`).raw().iterate()) hash.update(JSON.stringify(row));
  }
  // The index alone must say the same as the table.
  hash.update(JSON.stringify(db.prepare("SELECT name, id FROM person WHERE name >= '' ORDER BY name, id").raw().all()));
  return hash.digest('hex');
}

export const commitCount = (db: Connection): number =>
  db.prepare("SELECT count(*) FROM event WHERE kind = 'late'").pluck().get() as number;

function find(open: (path: string) => Connection, path: string): Finding {
  let db: Connection | undefined;
  try {
    db = open(path);
    const integrity = db.pragma('integrity_check') as { integrity_check: string }[];
    const found = integrity.map((row) => row.integrity_check).join('; ');
    return { path, commits: commitCount(db), digest: digestOf(db), integrity: found };
  } catch (error) {
    const isPromised = error instanceof Error && (error.name === 'SqliteError' || error instanceof TypeError);
    return { path, failure: failureOf(error), isForeign: !isPromised };
  } finally {
    try {
      db?.close();
    } catch {
      // What could be found has been found.
    }
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [engineName, ...paths] = process.argv.slice(2);
  const engine = await loadEngine(engineName as EngineName);
  for (const path of paths) writeSync(1, `${JSON.stringify(find((at) => engine.open(at, { timeout: 100 }), path))}\n`);
}

/**
 * `npm run fuzz -- sqlite-file --convert N`: files of every kind (`variant.ts`) opened with `migrate`, into both kinds
 * of store, and written as SQLite files again.
 *
 * What the new database, the backup and the written file hold must be what better-sqlite3 finds in the original, and
 * both SQLites (better-sqlite3's and, where it is installed, the `sqlite3` command) must find the written file as sound as
 * the original.
 * Every fourth file is made by the command, out of the dump of the original.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Connection } from '../engine.ts';
import { Random } from '../fuzz/random.ts';
import { trace } from '../pool/trace.ts';
import { difference, dump } from './dump.ts';
import { makeFile } from './variant.ts';

const Better = BetterSqlite3 as unknown as new (path: string) => Connection;
type Open = new (path: string, options: { store: string; migrate: boolean }) => Connection;

const COMMAND = 'sqlite3';
const hasCommand = spawnSync(COMMAND, ['--version']).status === 0;
const MAX_DUMP_BYTES = 1 << 28;

function runCommand(place: string, input: string): string {
  const run = spawnSync(COMMAND, [place], { input, encoding: 'utf8', maxBuffer: MAX_DUMP_BYTES });
  if (run.status !== 0) throw new Error(`${COMMAND} failed: ${run.stderr.slice(0, 500)}`);
  return run.stdout;
}

function copyDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-journal']) if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
}

/** The same content, in a file that the command made. */
function remake(from: string, to: string, seed: number): void {
  const random = new Random(seed);
  const settings = [
    `PRAGMA page_size = ${random.pick([512, 1024, 4096, 16384, 65536])}`,
    `PRAGMA encoding = '${random.pick(['UTF-8', 'UTF-16le', 'UTF-16be'])}'`,
    `PRAGMA auto_vacuum = ${random.below(3)}`,
  ];
  // Not every build of the command has this table.
  const content = runCommand(from, '.dump').replaceAll(/^INSERT INTO sqlite_stat4 .*$/gm, '');
  runCommand(to, `${settings.join(';')};\n${content}`);
}

/** What is wrong, if anything. */
async function convertOne(folder: string, seed: number): Promise<string | undefined> {
  const { default: Database } = (await import('pluresdb')) as unknown as { default: Open };
  const original = makeFile(folder, seed);
  const place = join(folder, `place-${seed}.db`);
  if (hasCommand && seed % 4 === 3) {
    copyDatabase(original, `${place}.source`);
    remake(`${place}.source`, place, seed);
  } else copyDatabase(original, place);
  const copy = join(folder, `copy-${seed}.db`);
  copyDatabase(place, copy);
  const theirs = new Better(copy);
  const expected = dump(theirs);
  // The command may be of an older SQLite, whose numbers in an index on an expression are others.
  const soundness = theirs.prepare('PRAGMA integrity_check').pluck().all().join();
  theirs.close();

  const db = new Database(place, { store: seed % 2 === 0 ? 'file' : 'directory', migrate: true });
  const converted = difference(dump(db), expected);
  const integrity = db.prepare('PRAGMA integrity_check').pluck().all().join();
  const written = join(folder, `written-${seed}.db`);
  db.prepare('VACUUM INTO ?').run(written);
  db.close();
  if (converted !== undefined) return `converted: ${converted}`;
  if (integrity !== 'ok') return `converted: ${integrity}`;

  for (const [title, file] of [
    ['backup', `${place}.sqlite-backup`],
    ['written', written],
  ] as const) {
    const again = new Better(file);
    const found = difference(dump(again), expected);
    const sound = again.prepare('PRAGMA integrity_check').pluck().all().join();
    again.close();
    if (found !== undefined) return `${title}: ${found}`;
    if (sound !== 'ok' && !(title === 'backup' && sound === soundness)) return `${title}: ${sound}`;
  }
  if (!hasCommand) return undefined;
  // What the command says of the original counts, and it may miss in ours what better-sqlite3 misses in the original.
  const verdict = (file: string): string => runCommand(file, 'PRAGMA integrity_check;').trim();
  const said = verdict(written);
  return said === 'ok' || said === verdict(copy) || said === soundness ? undefined : `written, by the command: ${said}`;
}

export interface ConversionTask {
  readonly folder: string;
  readonly seeds: readonly number[];
}

/** Problems, each with its seed. */
export async function convertFiles({ folder, seeds }: ConversionTask): Promise<string[]> {
  const problems: string[] = [];
  for (const seed of seeds) {
    trace(`file ${seed}`);
    try {
      const problem = await convertOne(folder, seed);
      if (problem !== undefined) problems.push(`file ${seed}: ${problem}`);
    } catch (error) {
      problems.push(`file ${seed}: ${String(error)}`);
    }
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  return problems;
}

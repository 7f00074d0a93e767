/**
 * Where checks come from: the recorded scripts of SQLite's own suite, our topics, and the engine's golden scripts.
 *
 * Topics and golden scripts lie in the repository. What SQLite answers to a golden script is recorded anew from
 * better-sqlite3, so that both are scripts of one form.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repository } from '../corpora.ts';
import type { Engine } from '../engine.ts';
import { recordScript } from './record.ts';
import type { Script } from './run-script.ts';

export function readScripts(path: string): Script[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Script);
}

/** Our own scripts, named apart from the recorded ones. */
export function ownScripts(reference: Engine): Script[] {
  const topics = readScripts(join(repository, 'compat-tests', 'slice', 'topics.jsonl'));
  const folder = join(repository, 'native', 'crates', 'engine', 'scripts');
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  const golden = files.sort().map((name) => {
    const statements = [...readFileSync(join(folder, name), 'utf8').matchAll(/^> (.*)$/gm)];
    return recordScript(
      reference,
      `golden ${basename(name, '.sql')}`,
      statements.map((match) => ({ sql: match[1] ?? '' })),
    );
  });
  return [...topics.map(({ file, steps }) => ({ file: `topic ${file}`, steps })), ...golden];
}

/** Our own scripts and topics, and the recorded scripts where they are at hand, as seeds of the targets that take SQL. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusPath, repository } from '../../corpora.ts';
import { readScripts } from '../../scripts/sources.ts';
import { seedFolder } from './build.ts';

/** A fuzzer learns more from many short texts than from one long one. */
const LONGEST_SEED = 2000;

function filesOf(folder: string): string[] {
  const names = readdirSync(join(repository, folder)).filter((name) => name.endsWith('.sql'));
  return names.sort().map((name) => readFileSync(join(repository, folder, name), 'utf8'));
}

/** Statements in order, in texts of some length. */
function cut(statements: readonly string[]): string[] {
  const texts: string[] = [];
  let text = '';
  for (const statement of statements) {
    if (statement.length > LONGEST_SEED) continue;
    if (text.length + statement.length > LONGEST_SEED) {
      texts.push(text);
      text = '';
    }
    text += `${statement};\n`;
  }
  if (text !== '') texts.push(text);
  return texts;
}

export function writeSqlSeeds(targets: readonly string[]): void {
  const golden = filesOf('native/crates/engine/scripts').map((text) =>
    [...text.matchAll(/^> (.*)$/gm)].map((match) => match[1] ?? ''),
  );
  const topics = filesOf('compat-tests/slice/topics').map((text) => text.split(/;\n/));
  const corpus = corpusPath('sqlite-scripts.jsonl');
  const recorded = (corpus === undefined ? [] : readScripts(corpus)).map(({ steps }) =>
    steps.flatMap((step) => ('sql' in step ? [step.sql] : [])),
  );
  const texts = [...golden, ...topics, ...recorded].flatMap(cut);
  for (const target of targets) {
    const folder = join(seedFolder, target);
    mkdirSync(folder, { recursive: true });
    for (const [at, text] of texts.entries()) writeFileSync(join(folder, `script-${at}`), text);
  }
}

/**
 * `npm run compat -- sqllogictest [folder or file …]`: sqllogictest files on an engine.
 *
 *     --engine NAME      pluresdb (default), pluresdb-row, pluresdb-vector or better-sqlite3
 *     --compare          all four, taking turns within each file: the time of each for preparing and executing, against
 *                        that of better-sqlite3; what the runner needs to judge the answers stands apart. Builds the addon
 *                        as it is shipped
 *     --filter TEXT      only files whose path has this in it
 *     --sample N         N queries of each file, evenly spread (statements all run)
 *     --jobs N           child processes, default 2
 *     --failures N       failures to describe in all, default 10
 *     --timeout S        seconds for one file, default 600
 *
 * Without a path: the corpus `sqllogictest.tar.xz`, unpacked once into `.cache`.
 */
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readCommandLine } from '../command-line.ts';
import { corpusPath, unpackCorpus } from '../corpora.ts';
import { ENGINE_NAMES, type EngineName } from '../engine.ts';
import { runPool } from '../pool/pool.ts';
import { addCount, type Count, indent, newCount, percentage } from '../report.ts';
import type { EngineTime, FileResult, FileTask } from './run-file.ts';

function testFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test'))
    .sort()
    .map((name) => join(path, name));
}

/** The unpacked corpus, or undefined with the reason on screen. */
function corpusFolder(): string | undefined {
  const archive = corpusPath('sqllogictest.tar.xz');
  if (archive === undefined) {
    console.log('NOT RUN: sqllogictest (no corpora on this machine; set PLURESDB_CORPORA)');
    return undefined;
  }
  const folder = unpackCorpus(archive, 'sqllogictest');
  if (folder === undefined) console.log('NOT RUN: sqllogictest (this machine has no tar that unpacks .tar.xz)');
  return folder;
}

/** Whose times say something: on a runner that is busy another thread shows nothing. */
const COMPARED = ENGINE_NAMES.filter((name) => name !== 'pluresdb-threads' && name !== 'pluresdb-scratch');

/** The seconds of each engine, in the order of `ENGINE_NAMES`. */
function timeLine(times: readonly EngineTime[]): string {
  const inOrder = ENGINE_NAMES.flatMap((name) => times.filter(({ engine }) => engine === name));
  return `${inOrder.map(({ seconds }) => seconds.toFixed(2)).join(' | ')} s`;
}

export async function runSqllogictest(args: readonly string[]): Promise<Count> {
  const options = readCommandLine(args, {
    filter: { type: 'string' },
    sample: { type: 'string' },
    jobs: { type: 'string' },
    failures: { type: 'string' },
    timeout: { type: 'string' },
    compare: { type: 'boolean', default: false },
  });
  const engines = options.has('compare') ? COMPARED : [options.engine];
  const total = newCount();
  const corpus = options.paths.length > 0 ? undefined : corpusFolder();
  const roots = corpus === undefined ? options.paths : [corpus];
  const filter = options.text('filter') ?? '';
  const paths = roots.flatMap(testFiles).filter((path) => path.includes(filter));
  const failureLimit = options.number('failures', 10);
  const sample = options.number('sample', 0);
  const failures: string[] = [];
  const crashed: string[] = [];
  const times = new Map<EngineName, number>();
  let judgingSeconds = 0;
  const name = (path: string): string => relative(corpus ?? process.cwd(), path);
  const started = performance.now();
  await runPool<FileTask, FileResult>({
    module: new URL('./run-file.ts', import.meta.url),
    items: paths.map((path) => ({ engines, path, sample, failureLimit })),
    jobs: options.number('jobs', 2),
    timeoutSeconds: options.number('timeout', 600),
    onOutcome({ path }, outcome) {
      if (outcome.kind === 'crashed') {
        total.failed += 1;
        crashed.push(`${name(path)}: ${outcome.reason}, in\n${indent(outcome.lastStatement)}`);
        console.log(`${name(path)}  CRASHED: ${outcome.reason}`);
        return;
      }
      addCount(total, outcome.result);
      failures.push(...outcome.result.failures.map((failure) => `${name(path)}, ${failure}`));
      const { passed, failed } = outcome.result;
      for (const { engine, seconds } of outcome.result.times) times.set(engine, (times.get(engine) ?? 0) + seconds);
      judgingSeconds += outcome.result.judgingSeconds;
      const share = failed === 0 ? '' : `, ${failed} failed (${percentage(outcome.result)})`;
      console.log(`${name(path)}  ${passed} passed${share}  ${timeLine(outcome.result.times)}`);
    },
  });
  for (const crash of crashed) console.log(`\nCRASH ${crash}`);
  for (const failure of failures.slice(0, failureLimit)) console.log(`\nFAILED ${failure}`);
  console.log(
    `\n${paths.length} files in ${((performance.now() - started) / 1000).toFixed(0)} s, ${percentage(total)}; user time of preparing and executing:`,
  );
  const reference = times.get('better-sqlite3');
  for (const engine of engines) {
    const seconds = times.get(engine) ?? 0;
    const ratio = reference === undefined ? '' : `  ${(seconds / reference).toFixed(2)}× better-sqlite3`;
    console.log(`  ${engine.padEnd(16)}${seconds.toFixed(1).padStart(7)} s${ratio}`);
  }
  console.log(`  ${'the runner'.padEnd(16)}${judgingSeconds.toFixed(1).padStart(7)} s`);
  return total;
}

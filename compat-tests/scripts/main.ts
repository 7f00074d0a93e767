/**
 * `npm run compat -- scripts [file.jsonl …]`: recorded scripts on an engine.
 *
 *     --engine NAME      pluresdb (default) or better-sqlite3
 *     --filter TEXT      only scripts whose name has this in it
 *     --jobs N           child processes, default 2
 *     --failures N       failures to describe in all, default 10
 *     --timeout S        seconds for one script, default 120
 *     --quiet            only scripts with failures are listed
 *     --page FILE        write the results as a page (docs/compatibility.md)
 *
 * Without a path: the corpus `sqlite-scripts.jsonl`.
 */
import { readFileSync } from 'node:fs';
import { readCommandLine } from '../command-line.ts';
import { corpusPath } from '../corpora.ts';
import { runPool } from '../pool/pool.ts';
import { addCount, type Count, indent, newCount, percentage } from '../report.ts';
import { type ScriptOutcome, writeCompatibilityPage } from './compatibility-page.ts';
import { checkCount, type Script, type ScriptResult, type ScriptTask } from './run-script.ts';

export function readScripts(path: string): Script[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Script);
}

export async function runScripts(args: readonly string[]): Promise<Count> {
  const options = readCommandLine(args, {
    filter: { type: 'string' },
    jobs: { type: 'string' },
    failures: { type: 'string' },
    timeout: { type: 'string' },
    quiet: { type: 'boolean' },
    page: { type: 'string' },
  });
  const total = newCount();
  const corpus = corpusPath('sqlite-scripts.jsonl');
  const paths = options.paths.length > 0 || corpus === undefined ? options.paths : [corpus];
  if (paths.length === 0) console.log('NOT RUN: scripts (no corpora on this machine; set PLURESDB_CORPORA)');
  const filter = options.text('filter') ?? '';
  const scripts = paths.flatMap(readScripts).filter((script) => script.file.includes(filter));
  const failureLimit = options.number('failures', 10);
  const failures: string[] = [];
  const outcomes: ScriptOutcome[] = [];
  let perfect = 0;
  await runPool<ScriptTask, ScriptResult>({
    module: new URL('./run-script.ts', import.meta.url),
    items: scripts.map((script) => ({ engine: options.engine, script, failureLimit })),
    jobs: options.number('jobs', 2),
    timeoutSeconds: options.number('timeout', 120),
    onOutcome({ script }, outcome) {
      if (outcome.kind === 'crashed') {
        // A dead process has kept none of its promises.
        total.failed += checkCount(script);
        outcomes.push({ file: script.file, passed: 0, failed: checkCount(script) });
        failures.unshift(`${script.file} CRASHED: ${outcome.reason}, in\n${indent(outcome.lastStatement)}`);
        console.log(`${script.file}  CRASHED: ${outcome.reason}  (${checkCount(script)} checks)`);
        return;
      }
      const { passed, failed } = outcome.result;
      addCount(total, outcome.result);
      outcomes.push({ file: script.file, passed, failed });
      failures.push(...outcome.result.failures.map((failure) => `${script.file}, ${failure}`));
      if (failed === 0) perfect += 1;
      const share = failed === 0 ? '' : `, ${failed} failed (${percentage(outcome.result)})`;
      if (failed > 0 || !options.has('quiet')) console.log(`${script.file}  ${passed} passed${share}`);
    },
  });
  const page = options.text('page');
  if (page !== undefined) writeCompatibilityPage(page, outcomes);
  for (const failure of failures.slice(0, failureLimit)) console.log(`\nFAILED ${failure}`);
  console.log(
    `\n${perfect} of ${scripts.length} scripts without a failure on ${options.engine}; ${percentage(total)} of all checks`,
  );
  return total;
}

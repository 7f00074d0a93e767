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
 *     --check-page FILE  fail unless FILE is what --page would write
 *     --list             print the failures that are not known, as lines for known-differences.jsonl
 *
 * Without a path: the corpus `sqlite-scripts.jsonl`, and on PluresDB what fails there is compared with the list of known
 * differences. The closing line counts as failed what fails unlisted, what is listed and passes, and what makes the list
 * too long; a known difference is neither passed nor failed there, and told in the line before.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type CommandLine, readCommandLine } from '../command-line.ts';
import { corpusPath } from '../corpora.ts';
import { loadEngine } from '../engine.ts';
import { runPool } from '../pool/pool.ts';
import { addCount, type Count, indent, newCount, percentage } from '../report.ts';
import { BY_DESIGN, designDifferences, designScript } from './by-design.ts';
import { compatibilityPage, type ScriptOutcome } from './compatibility-page.ts';
import { FeatureCounts } from './feature-counts.ts';
import { type Check, compareWithKnown, exceptionsOf, faultCount, MAX_KNOWN, readKnownDifferences } from './known-differences.ts';
import { checkCount, type Script, type ScriptResult, type ScriptTask } from './run-script.ts';
import { ownScripts, readScripts } from './sources.ts';

/** What running scripts came to. */
interface Run {
  readonly total: Count;
  readonly outcomes: ScriptOutcome[];
  readonly failed: Check[];
  readonly failures: string[];
  /** Per script, the steps that failed. */
  readonly failedSteps: Map<Script, ReadonlySet<number>>;
}

export async function runScripts(args: readonly string[]): Promise<Count> {
  const options = readCommandLine(args, {
    filter: { type: 'string' },
    jobs: { type: 'string' },
    failures: { type: 'string' },
    timeout: { type: 'string' },
    quiet: { type: 'boolean' },
    page: { type: 'string' },
    'check-page': { type: 'string' },
    list: { type: 'boolean' },
  });
  const corpus = corpusPath('sqlite-scripts.jsonl');
  const isCorpus = options.paths.length === 0;
  const paths = isCorpus && corpus !== undefined ? [corpus] : options.paths;
  if (paths.length === 0) {
    console.log('NOT RUN: scripts (no corpora on this machine; set PLURESDB_CORPORA)');
    return newCount();
  }
  const filter = options.text('filter') ?? '';
  const scripts = paths.flatMap(readScripts).filter((script) => script.file.includes(filter));
  const run = await runAll(scripts, options);
  for (const failure of run.failures.slice(0, options.number('failures', 10))) console.log(`\nFAILED ${failure}`);
  const perfect = run.outcomes.filter(({ failed }) => failed === 0).length;
  const unchecked = run.outcomes.reduce((sum, outcome) => sum + outcome.unchecked, 0);
  console.log(
    `\n${perfect} of ${scripts.length} scripts without a failure on ${options.engine}; ${percentage(run.total)} of all checks; ${unchecked} statements unchecked`,
  );
  if (!isCorpus || options.engine !== 'pluresdb') return run.total;
  const count = judge(run, options.has('list'));
  const page = options.text('page') ?? options.text('check-page');
  if (page !== undefined) {
    const { text, faults } = await pageOf(run, options);
    count.failed += faults;
    if (options.text('page') !== undefined) writeFileSync(page, text);
    else if (readFileSync(page, 'utf8') !== text) {
      console.log(`${page} is not what this run says: make it with --page ${page}`);
      count.failed += 1;
    }
  }
  return count;
}

async function runAll(scripts: readonly Script[], options: CommandLine): Promise<Run> {
  const run: Run = { total: newCount(), outcomes: [], failed: [], failures: [], failedSteps: new Map() };
  await runPool<ScriptTask, ScriptResult>({
    module: new URL('./run-script.ts', import.meta.url),
    items: scripts.map((script) => ({ engine: options.engine, script, failureLimit: options.number('failures', 10) })),
    jobs: options.number('jobs', 2),
    timeoutSeconds: options.number('timeout', 120),
    onOutcome({ script }, outcome) {
      const { file } = script;
      if (outcome.kind === 'crashed') {
        run.failures.unshift(`${file} CRASHED: ${outcome.reason}, in\n${indent(outcome.lastStatement)}`);
        console.log(`${file}  CRASHED: ${outcome.reason}  (${checkCount(script)} checks)`);
      } else run.failures.push(...outcome.result.failures.map((failure) => `${file}, ${failure}`));
      const result = outcome.kind === 'crashed' ? allFailed(script) : outcome.result;
      const { passed, failed, unchecked } = result;
      addCount(run.total, result);
      run.outcomes.push({ file, passed, failed, unchecked });
      run.failedSteps.set(script, new Set(result.failedSteps));
      for (const step of result.failedSteps) {
        const statement = script.steps[step];
        if (statement !== undefined && 'sql' in statement) run.failed.push({ script: file, step, sql: statement.sql });
      }
      const share = failed === 0 ? '' : `, ${failed} failed (${percentage(result)})`;
      if (failed > 0 || !options.has('quiet')) console.log(`${file}  ${passed} passed${share}`);
    },
  });
  // Children end in any order.
  run.outcomes.sort((a, b) => (a.file < b.file ? -1 : 1));
  return run;
}

/** A dead process has kept none of its promises. */
function allFailed(script: Script): ScriptResult {
  const failedSteps = [...script.steps.entries()]
    .filter(([, step]) => 'sql' in step && step.unchecked !== true)
    .map(([at]) => at);
  return { passed: 0, failed: failedSteps.length, unchecked: 0, failedSteps, failures: [] };
}

/** The run against the list of known differences. */
function judge(run: Run, isList: boolean): Count {
  const list = readKnownDifferences();
  const comparison = compareWithKnown(list, run.failed, new Set(run.outcomes.map(({ file }) => file)));
  for (const { script, step, sql } of comparison.stale)
    console.log(`\nSTALE ${script}, step ${step} is listed and passes:\n${indent(sql)}`);
  if (isList) for (const check of comparison.unexpected) console.log(JSON.stringify({ ...check, reason: '' }));
  const exceptions = exceptionsOf(comparison.known).length;
  console.log(
    `${exceptions} known differences (at most ${MAX_KNOWN}), ${comparison.known.length - exceptions} more wait for search; ` +
      `${comparison.unexpected.length} failures not listed, ${comparison.stale.length} listed and passing`,
  );
  return { passed: run.total.passed, failed: faultCount(comparison, list) };
}

/** The page, with the checks of our own scripts and the differences by design counted in. */
async function pageOf(corpus: Run, options: CommandLine): Promise<{ readonly text: string; readonly faults: number }> {
  const reference = await loadEngine('better-sqlite3');
  const features = new FeatureCounts(reference, await loadEngine(options.engine));
  const own = await runAll(ownScripts(reference), options);
  const design = await runAll([designScript(reference)], options);
  const listed = [...readKnownDifferences(), ...designDifferences()];
  for (const run of [corpus, own, design]) {
    for (const [script, failedSteps] of run.failedSteps) features.add(script, failedSteps, listed);
  }
  const ran = new Set(corpus.outcomes.map(({ file }) => file));
  const byDesign = compareWithKnown(designDifferences(), design.failed, new Set([BY_DESIGN]));
  for (const { sql } of byDesign.stale) console.log(`\nSTALE ${sql} differs by design, and agrees`);
  const known = [...compareWithKnown(listed, corpus.failed, ran).known, ...byDesign.known];
  const text = compatibilityPage({ outcomes: corpus.outcomes, known, features, own: own.total });
  return { text, faults: byDesign.stale.length + byDesign.unexpected.length };
}

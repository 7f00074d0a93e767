/**
 * `npm run fuzz -- coverage`: coverage-guided fuzzing of everything that reads bytes from outside.
 *
 *     --target NAME|all     default all
 *     --seconds N           for each target, default 60
 *     --seed S              where libFuzzer's chance begins, default 1
 *
 * A finding is kept by copying its input to `native/fuzz/regressions/<target>/`, where `cargo test` replays it.
 */
import { readCommandLine } from '../../command-line.ts';
import { type Count, indent, newCount } from '../../report.ts';
import { buildTargets } from './build.ts';
import { runTarget } from './run-target.ts';
import { writeSqlSeeds } from './seeds.ts';
import { TARGETS } from './targets.ts';

export function fuzzCoverage(args: readonly string[]): Count {
  const options = readCommandLine(args, {
    target: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string' },
  });
  const wanted = options.text('target') ?? 'all';
  const targets = TARGETS.filter(({ name }) => wanted === 'all' || name === wanted);
  if (targets.length === 0)
    throw new Error(`no target is named ${wanted}; there are ${TARGETS.map(({ name }) => name).join(', ')}`);
  const total = newCount();
  console.log('building the targets with coverage (minutes, the first time)');
  const build = buildTargets();
  if ('missing' in build) {
    console.log(`NOT RUN: coverage-guided fuzzing (missing: ${build.missing})`);
    return total;
  }
  if ('error' in build) {
    console.log(`the targets do not build:\n${indent(build.error)}`);
    total.failed += 1;
    return total;
  }
  writeSqlSeeds(targets.filter(({ takesSql }) => takesSql === true).map(({ name }) => name));
  for (const target of targets) {
    const { runs, edges, corpus, findings } = runTarget(
      build.programs,
      target,
      options.number('seconds', 60),
      options.number('seed', 1),
    );
    console.log(`${target.name}: ${runs} runs, ${edges} edges reached, ${corpus} inputs kept, ${findings.length} findings`);
    for (const { reason, path } of findings) console.log(`  FOUND: ${reason}\n${indent(path)}`);
    total.passed += Math.max(0, runs - findings.length);
    total.failed += findings.length;
  }
  return total;
}

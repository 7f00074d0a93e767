/**
 * The one door to every task: `node scripts/run.mjs <task> [arguments]`.
 *
 * Works on a clean checkout with Node 20, npm, cargo and a C compiler. It prepares what the task needs (packages, the
 * addon, the compiled TypeScript), each step skipped when nothing it depends on has changed, and then starts the task
 * under the Node that the lock file pins: better-sqlite3 13 and the tests need Node 24, and a running Node cannot
 * become another one.
 *
 * Built-ins only, and no syntax newer than Node 20. The task's exit code becomes ours.
 */
import { prepare } from './prepare.mjs';
import { pinnedNode, run, say } from './process.mjs';

/** What each task starts, and what must stand before it starts. */
const TASKS = {
  build: { needs: ['modules', 'addon', 'dist'] },
  release: { needs: ['modules', 'dist'], script: 'scripts/build-release.mjs' },
  demo: { needs: ['modules', 'addon', 'dist'], script: 'bench/demo/main.ts' },
  bench: { needs: ['modules', 'shippedAddon', 'dist'], script: 'bench/main.ts', nodeFlags: ['--expose-gc'] },
  compat: { needs: ['modules', 'addon', 'dist'], script: 'compat-tests/main.ts' },
  sim: { needs: ['modules', 'addon', 'dist'], script: 'compat-tests/sim.ts' },
  fuzz: { needs: ['modules', 'addon', 'dist'], script: 'compat-tests/fuzz/main.ts' },
  sqldiff: { needs: ['modules', 'addon', 'dist'], script: 'compat-tests/sqldiff.ts' },
  test: { needs: ['modules'], script: 'scripts/test.mjs' },
  fix: { needs: ['modules'], script: 'scripts/fix.mjs' },
  tidy: { needs: [], script: 'scripts/tidy.mjs' },
};

/** A runner that proves itself on better-sqlite3 alone has no use for our addon, nor has one that builds its own programs. */
function goesWithoutAddon(args) {
  const at = args.indexOf('--engine');
  return args[0] === 'coverage' || (at >= 0 && args[at + 1] === 'better-sqlite3') || args.includes('--engine=better-sqlite3');
}

/** What a task needs for these arguments: times are taken of what is shipped. */
function needsOf(task, args) {
  if (goesWithoutAddon(args)) return task.needs.filter((need) => need === 'modules');
  if (args.includes('--instructions')) return task.needs.map((need) => (need === 'shippedAddon' ? 'addon' : need));
  if (args.includes('--compare')) return task.needs.map((need) => (need === 'addon' ? 'shippedAddon' : need));
  return task.needs;
}

async function main() {
  const [name, ...rest] = process.argv.slice(2);
  const args = rest[0] === '--' ? rest.slice(1) : rest;
  const task = Object.hasOwn(TASKS, name ?? '') ? TASKS[name] : undefined;
  if (task === undefined) {
    say(`usage: node scripts/run.mjs <task> [arguments]\ntasks: ${Object.keys(TASKS).join(' ')}`);
    return 2;
  }
  const needs = needsOf(task, args);
  if (!(await prepare(needs))) return 1;
  if (task.script === undefined) return 0;
  const node = needs.includes('modules') ? pinnedNode() : process.execPath;
  const { code } = await run(node, ['--disable-warning=ExperimentalWarning', ...(task.nodeFlags ?? []), task.script, ...args]);
  return code;
}

process.exitCode = await main();

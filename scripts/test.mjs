/**
 * `npm test`: everything that must hold before a push, and what CI runs.
 *
 * All checks run, whatever fails before them; only what needs a build is left out without one.
 * `npm test -- rust` (or types, lint, tidy, vitest, slice …) runs the checks whose title has the word.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './fingerprint.mjs';
import { prepare } from './prepare.mjs';
import { binFolder, pinnedNode, run } from './process.mjs';
import { Account } from './report.mjs';

const only = process.argv.slice(2);
const account = new Account();

/** A program whose exit code is the verdict. */
async function verdict(program, args) {
  const { code, output } = await run(program, args, { quiet: true });
  return { ok: code === 0, output };
}

/** A part of the Rust toolchain that may not be installed. */
async function cargoTool(name, tool, args) {
  const probe = await run('cargo', [name, '--version'], { quiet: true });
  return probe.code === 0 ? verdict('cargo', args) : { missing: tool };
}

async function cargoTest() {
  const { code, output } = await run('cargo', ['test', '--workspace', '--locked', '--no-fail-fast'], { quiet: true });
  let passed = 0;
  let failed = 0;
  for (const result of output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)) {
    passed += Number(result[1]);
    failed += Number(result[2]);
  }
  return { ok: code === 0, output, passed, failed };
}

async function vitest() {
  const file = join(cacheFolder, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code, output } = await run(pinnedNode(), [join(binFolder, 'vitest'), 'run', ...reporters], { quiet: true });
  let counts = { numPassedTests: 0, numFailedTests: 0 };
  try {
    counts = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // It ended before it could report: its output tells why.
  }
  return { ok: code === 0, output, passed: counts.numPassedTests, failed: counts.numFailedTests };
}

async function slice() {
  const { code, output } = await run(pinnedNode(), ['--disable-warning=ExperimentalWarning', 'compat-tests/main.ts', 'slice'], {
    quiet: true,
  });
  const counts = /^slice: (\d+) passed, (\d+) failed$/m.exec(output);
  return { ok: code === 0, output, passed: Number(counts?.[1] ?? 0), failed: Number(counts?.[2] ?? 0) };
}

/** The recorded scripts against the list of known differences, and the page made of them; only with the corpora. */
async function compatibilityPage() {
  const args = ['--disable-warning=ExperimentalWarning', 'compat-tests/main.ts', 'scripts', '--quiet'];
  const { code, output } = await run(pinnedNode(), [...args, '--check-page', 'docs/compatibility.md'], { quiet: true });
  if (output.includes('NOT RUN')) return { missing: 'the corpora (PLURESDB_CORPORA)' };
  const counts = /^scripts: (\d+) passed, (\d+) failed$/m.exec(output);
  return { ok: code === 0, output, passed: Number(counts?.[1] ?? 0), failed: Number(counts?.[2] ?? 0) };
}

async function systemCalls() {
  const args = ['--disable-warning=ExperimentalWarning', 'compat-tests/sim.ts', 'system-calls'];
  const { code, output } = await run(pinnedNode(), args, { quiet: true });
  if (output.includes('NOT RUN')) return { missing: 'strace' };
  const counts = /^system-calls: (\d+) passed, (\d+) failed$/m.exec(output);
  return { ok: code === 0, output, passed: Number(counts?.[1] ?? 0), failed: Number(counts?.[2] ?? 0) };
}

/** The instructions of a small set of work against the saved counts. */
async function instructions() {
  const args = ['--disable-warning=ExperimentalWarning', 'bench/main.ts', '--instructions'];
  const { code, output } = await run(pinnedNode(), args, { quiet: true });
  if (output.includes('NOT RUN')) return { missing: 'valgrind' };
  const counts = /^instructions: (\d+) passed, (\d+) failed$/m.exec(output);
  return { ok: code === 0, output, passed: Number(counts?.[1] ?? 0), failed: Number(counts?.[2] ?? 0) };
}

async function step(title, check) {
  if (only.length === 0 || only.some((word) => title.includes(word))) return account.step(title, check);
  return true;
}

/** node-sqlite3's contract beside the original, where that is compiled; vitest compares ours with the recordings anyway. */
async function nodeSqlite3() {
  const args = ['--disable-warning=ExperimentalWarning', 'compat-tests/main.ts', 'sqlite3', '--only-beside-original'];
  const { code, output } = await run(pinnedNode(), args, { quiet: true });
  if (output.includes('NOT RUN'))
    return { missing: 'node-sqlite3, compiled (npm run compat -- sqlite3 --install; needs Python)' };
  const counts = /^sqlite3: (\d+) passed, (\d+) failed$/m.exec(output);
  return { ok: code === 0, output, passed: Number(counts?.[1] ?? 0), failed: Number(counts?.[2] ?? 0) };
}

const build = async () => ({ ok: await prepare(['addon', 'dist']), output: '' });
const isBuilt = await account.step('build', build);
await step('types (tsc)', () => verdict(join(binFolder, 'tsc'), ['--noEmit']));
await step('lint and format (Biome)', () => verdict(join(binFolder, 'biome'), ['check', '--error-on-warnings', '.']));
await step('rust format (rustfmt)', () => cargoTool('fmt', 'rustfmt', ['fmt', '--all', '--check']));
await step('rust lint (clippy)', () =>
  cargoTool('clippy', 'clippy', ['clippy', '--workspace', '--all-targets', '--locked', '--', '-D', 'warnings']),
);
// The fuzz targets are a workspace of their own, which nothing else here builds.
await step('rust lock of the fuzz targets', () =>
  verdict('cargo', ['metadata', '--locked', '--format-version', '1', '--manifest-path', 'native/fuzz/Cargo.toml']),
);
await step('tidy', () => verdict(process.execPath, ['scripts/tidy.mjs']));
await step('rust tests (cargo test)', cargoTest);
if (isBuilt) {
  await step('vitest', vitest);
  await step('compat slice', slice);
  await step('compatibility page', compatibilityPage);
  await step('instructions (valgrind)', instructions);
  await step('system calls (strace)', systemCalls);
  await step('node-sqlite3 contract', nodeSqlite3);
}
process.exitCode = account.close();

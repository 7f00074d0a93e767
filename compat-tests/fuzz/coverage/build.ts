/**
 * Builds the fuzz targets with libFuzzer and coverage, on stable Rust: LLVM's coverage pass is asked for by name, and
 * nothing of the nightly `-Z sanitizer` is needed, because the targets have no unsafe code to watch.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../corpora.ts';

const COVERAGE_FLAGS = [
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Cllvm-args=-sanitizer-coverage-trace-compares',
  '--cfg=fuzzing',
];

const targetFolder = join(repository, 'target', 'fuzz');
export const seedFolder: string = join(repository, '.cache', 'fuzz', 'seeds');

export type Build = { readonly programs: string } | { readonly missing: string } | { readonly error: string };

function outputOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string | undefined {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: join(repository, 'native', 'fuzz'),
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  return status === 0 ? stdout : status === null ? undefined : `\0${stderr}`;
}

const runs = (program: string, args: readonly string[]): boolean => outputOf(program, args)?.startsWith('\0') === false;

/** What the machine must have. libFuzzer is C++, and reads coverage only where ELF is at home. */
function missingTool(): string | undefined {
  if (process.platform !== 'linux') return 'libFuzzer under stable Rust works on Linux only';
  if (!runs('cargo', ['--version'])) return 'cargo';
  const compilers = [process.env['CXX'] ?? 'c++', 'g++', 'clang++'];
  if (!compilers.some((compiler) => runs(compiler, ['--version']))) return 'a C++ compiler';
  return undefined;
}

/** The programs of all targets, and the seeds that the targets know by themselves. */
export function buildTargets(): Build {
  const missing = missingTool();
  if (missing !== undefined) return { missing };
  const host = /^host: (.*)$/m.exec(outputOf('rustc', ['-vV']) ?? '')?.[1];
  if (host === undefined) return { missing: 'rustc' };
  // Named, so that the flags go to the programs and not to build scripts.
  const args = ['build', '--release', '--locked', '--bins', '--target', host];
  const built = outputOf('cargo', args, { CARGO_TARGET_DIR: targetFolder, RUSTFLAGS: COVERAGE_FLAGS.join(' ') });
  if (built === undefined || built.startsWith('\0')) return { error: built?.slice(1) ?? 'cargo was killed' };
  mkdirSync(seedFolder, { recursive: true });
  const manifest = join(repository, 'Cargo.toml');
  const seeds = ['run', '--quiet', '--locked', '--manifest-path', manifest, '-p', 'pluresdb-fuzz-targets', '--example', 'seeds'];
  const seeded = outputOf('cargo', [...seeds, '--', seedFolder]);
  if (seeded === undefined || seeded.startsWith('\0')) return { error: seeded?.slice(1) ?? 'cargo was killed' };
  return { programs: join(targetFolder, host, 'release') };
}

/**
 * Starting other programs: where the repository is, which Node runs the tasks, and how an exit code comes back.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const binFolder = join(root, 'node_modules', '.bin');

/** Progress goes to standard error, so that a task's own output can be piped. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** The Node the lock file pins; where no package of it exists for this platform, the running one when it will do. */
export function pinnedNode() {
  const pinned = join(binFolder, process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(pinned)) return pinned;
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return process.execPath;
  throw new Error(`no pinned Node for ${process.platform}-${process.arch}: run this with Node 24 (this is ${process.version})`);
}

/** The environment of a task: the packages' programs come first on PATH. */
export function taskEnvironment(extra = {}) {
  return { ...process.env, ...extra, PATH: `${binFolder}${delimiter}${process.env.PATH ?? ''}` };
}

/**
 * Runs a program to its end. With `capture`, its output is kept as text as well as shown (`quiet`: only kept).
 * A program ended by a signal counts as 128 + its number, as shells have it.
 */
export function run(program, args, { capture = false, quiet = false, env = {}, cwd = root } = {}) {
  return new Promise((resolve) => {
    const keep = capture || quiet;
    const child = spawn(program, args, {
      cwd,
      env: taskEnvironment(env),
      stdio: keep ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    let output = '';
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from?.on('data', (chunk) => {
        output += chunk;
        if (!quiet) to.write(chunk);
      });
    }
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', passOn);
    process.on('SIGTERM', passOn);
    const finish = (code) => {
      process.off('SIGINT', passOn);
      process.off('SIGTERM', passOn);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      finish(error.code === 'ENOENT' ? 127 : 126);
    });
    child.on('close', (code, signal) => finish(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

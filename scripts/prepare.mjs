/**
 * Brings the checkout to the state a task needs: packages installed, addon built, TypeScript compiled.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addonPath, buildAddon, SHIPPED_PROFILE, TESTED_PROFILE } from './build-addon.mjs';
import { buildDist } from './build-dist.mjs';
import { fingerprint, isCurrent, sourceFiles, writeStamp } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { pinnedNode, root, run, say } from './process.mjs';

const REQUIRED_NODE_MAJOR = 24;

/**
 * `npm ci` is no choice: it fails on packages of other platforms that a registry lacks, and runs node-gyp for
 * packages that ship their binaries. So `npm install` without scripts, which must leave the lock file alone.
 */
async function installModules() {
  const lockFile = join(root, 'package-lock.json');
  const before = readFileSync(lockFile, 'utf8');
  const args = ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'];
  const { code, output } = await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { quiet: true });
  if (code !== 0) return failed('npm install', output);
  if (readFileSync(lockFile, 'utf8') !== before)
    return failed('npm install', 'it changed package-lock.json: commit a lock that agrees');
  const version = (await run(pinnedNode(), ['-v'], { quiet: true })).output.trim();
  if (!version.startsWith(`v${REQUIRED_NODE_MAJOR}.`)) return failed('npm install', `node_modules/.bin/node is ${version}`);
  return true;
}

function failed(step, reason) {
  say(`${reason.trimEnd()}\n✗ ${step} failed`);
  return false;
}

const addonSources = () => ['Cargo.toml', 'Cargo.lock', ...sourceFiles(['native'], (path) => /\.(rs|toml|txt|sql)$/.test(path))];
const distSources = () => [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build-dist.mjs',
  ...sourceFiles(['lib', 'cli'], (path) => path.endsWith('.ts') && !path.endsWith('.test.ts')),
];

/** The addon of one profile: both stand in the same place, so that either replaces the other. */
const addonOf = (profile, title) => ({
  stamp: 'addon',
  title,
  print: () => fingerprint(addonSources(), profile),
  stands: () => existsSync(addonPath),
  make: () => buildAddon(profile),
});

/** In the order in which they are done. */
const STEPS = {
  modules: {
    title: 'installing packages',
    print: () => fingerprint(['package.json', 'package-lock.json']),
    stands: () => existsSync(join(root, 'node_modules', '.bin', 'tsc')),
    make: installModules,
  },
  addon: addonOf(TESTED_PROFILE, 'building the addon (cargo; minutes on a clean checkout)'),
  shippedAddon: addonOf(SHIPPED_PROFILE, 'building the addon as it is shipped (cargo with LTO; minutes)'),
  dist: {
    title: 'compiling TypeScript',
    print: () => fingerprint(distSources()),
    stands: () => existsSync(join(root, 'dist', 'index.cjs')),
    make: buildDist,
  },
};

/** True when everything needed stands. */
export function prepare(needs) {
  const steps = Object.entries(STEPS).filter(([name]) => needs.includes(name));
  const isReady = ([name, step]) => step.stands() && isCurrent(step.stamp ?? name, step.print());
  if (steps.every(isReady)) return true;
  return withLock(async () => {
    for (const entry of steps) {
      if (isReady(entry)) continue;
      const [name, step] = entry;
      const started = Date.now();
      say(`· ${step.title}`);
      const print = step.print();
      if (!(await step.make())) return false;
      writeStamp(step.stamp ?? name, print);
      say(`· ${name} ready in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
    return true;
  });
}

/**
 * `npm run compat -- orm`: each ORM's app on the original driver and on ours; the same notes, the same dump.
 *
 *     --app NAME      only these apps
 *     --failures N    differences to show for an app, default 10
 *     --show          what the app noted, too
 *
 * The ORMs are no dependencies of this repository: they are installed into a cache when the campaign runs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packTarballs } from '../package/tarballs.ts';
import { type Count, newCount, shorten } from '../report.ts';
import { type App, installApp, NotInstalled, readApp, type Variant } from './install.ts';

const APP_TIMEOUT_MS = 120_000;

function runApp(folder: string): string[] {
  const place = mkdtempSync(join(tmpdir(), 'orm-'));
  try {
    const { stdout, stderr, status, signal } = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'app.mjs', place],
      {
        cwd: folder,
        encoding: 'utf8',
        timeout: APP_TIMEOUT_MS,
        maxBuffer: 1 << 26,
        env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
      },
    );
    const lines = stdout.split('\n').filter((line) => line !== '');
    if (status !== 0) lines.push(`ended with ${signal ?? status}: ${shorten(stderr.trim(), 1500)}`);
    return lines.map((line) => line.replaceAll(place, '<folder>'));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Counts the lines that are the same, shows those that are not. */
function compare(app: App, original: readonly string[], ours: readonly string[], limit: number): Count {
  const count = newCount();
  for (let at = 0; at < Math.max(original.length, ours.length); at++) {
    if (original[at] === ours[at]) {
      count.passed++;
      continue;
    }
    count.failed++;
    if (count.failed > limit) continue;
    console.log(`\nDIFFERS ${app.name}, line ${at + 1}`);
    console.log(`  original  ${shorten(original[at] ?? 'nothing', 700)}`);
    console.log(`  ours      ${shorten(ours[at] ?? 'nothing', 700)}`);
  }
  return count;
}

export async function runOrm(args: readonly string[]): Promise<Count> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      app: { type: 'string', multiple: true },
      failures: { type: 'string', default: '10' },
      show: { type: 'boolean', default: false },
    },
  });
  const here = import.meta.dirname;
  const names = readdirSync(here).filter((name) => existsSync(join(here, name, 'app.mjs')));
  const apps = names.filter((name) => values.app?.includes(name) ?? true).map((name) => readApp(here, name));
  const cache = join(here, '..', '..', 'node_modules', '.cache', 'pluresdb', 'orm');
  mkdirSync(cache, { recursive: true });
  const tarballs = packTarballs(join(cache, 'tarballs'));
  const total = newCount();
  let notRun = 0;
  for (const app of apps) {
    try {
      const run = (variant: Variant): string[] => runApp(installApp(app, variant, cache, tarballs));
      const original = run('original');
      if (values.show) for (const line of original) console.log(`  ${shorten(line, 300)}`);
      // An app that fails on the driver it was written for shows nothing.
      const hasFailed = original.at(-1)?.startsWith('ended with') ?? true;
      if (hasFailed) console.log(`\nFAILS ${app.name} on the original: ${original.at(-1) ?? 'it says nothing'}`);
      const count = compare(app, original, run('ours'), Number(values.failures));
      if (hasFailed) count.failed++;
      console.log(`${app.name}: ${count.passed} lines are the same, ${count.failed} differ`);
      total.passed += count.passed;
      total.failed += count.failed;
    } catch (error) {
      if (!(error instanceof NotInstalled)) throw error;
      notRun++;
      console.log(`${app.name}: NOT RUN, it cannot be installed here: ${error.message}`);
    }
  }
  if (notRun > 0) console.log(`NOT RUN: ${notRun} of ${apps.length} apps`);
  return total;
}

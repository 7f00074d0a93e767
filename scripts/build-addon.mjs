/**
 * Builds the addon and puts it where the loader finds it: `prebuilds/<platform>-<arch>/pluresdb.node`.
 */
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run, say } from './process.mjs';

/** What tests and the demo load: the release profile without LTO, so that one edited crate rebuilds in seconds. */
export const TESTED_PROFILE = 'fast';
/** What is shipped, and what the benchmark measures. */
export const SHIPPED_PROFILE = 'release';

export const addonPath = join(root, 'prebuilds', `${process.platform}-${process.arch}`, 'pluresdb.node');

/** The library cargo made, as its JSON messages tell: the name differs by platform, the folder by configuration. */
export function cdylibOf(messages) {
  for (const line of messages.split('\n')) {
    if (!line.startsWith('{')) continue;
    const message = JSON.parse(line);
    if (message.reason !== 'compiler-artifact' || message.target.name !== 'pluresdb_native') continue;
    const library = message.filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
    if (library !== undefined) return library;
  }
  return undefined;
}

export async function buildAddon(profile) {
  const args = ['build', '--locked', '-p', 'pluresdb-native', '--profile', profile];
  const build = await run('cargo', args);
  if (build.code !== 0) {
    say(build.code === 127 ? '✗ cargo is not installed' : '✗ cargo build failed');
    return false;
  }
  // Everything is built: this second call only tells where.
  const { output } = await run('cargo', [...args, '--quiet', '--message-format=json'], { quiet: true });
  const library = cdylibOf(output);
  if (library === undefined) {
    say('✗ cargo made no loadable library of pluresdb-native');
    return false;
  }
  mkdirSync(dirname(addonPath), { recursive: true });
  // A process may have the old file mapped: a rename leaves it its own.
  copyFileSync(library, `${addonPath}.new`);
  renameSync(`${addonPath}.new`, addonPath);
  return true;
}

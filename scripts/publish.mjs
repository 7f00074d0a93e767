/**
 * `node scripts/publish.mjs [--dry-run]`: publishes `pluresdb`, then every version of the packages that take another
 * library's place, all with provenance. Run by the release workflow, where the binaries of all platforms lie in `prebuilds/`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, say } from './process.mjs';

const isDryRun = process.argv.includes('--dry-run');

function publish(folder, tag) {
  const args = ['publish', '--ignore-scripts', '--access', 'public', '--tag', tag];
  const { status } = spawnSync('npm', [...args, isDryRun ? '--dry-run' : '--provenance'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm publish failed in ${folder}`);
}

publish(root, 'latest');
for (const name of readdirSync(join(root, 'packages'))) {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  const newest = manifest.pluresdb.versions.at(-1);
  for (const version of manifest.pluresdb.versions) {
    const copy = mkdtempSync(join(tmpdir(), 'publish-'));
    cpSync(join(root, 'packages', name), copy, { recursive: true });
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, version }, null, 2));
    say(`· ${manifest.name}@${version}`);
    publish(copy, version === newest ? 'latest' : `v${version.split('.')[0]}`);
    rmSync(copy, { recursive: true, force: true });
  }
}

/**
 * `node scripts/build-release.mjs [--target TRIPLE] [--out FOLDER | --file FILE]`: the addon as it is shipped.
 *
 * Fat LTO, one codegen unit, stripped. Laid out as prebuildify does it, `<platform>-<arch>/pluresdb.node` within FOLDER
 * (default `prebuilds/`), for Linux with musl `pluresdb.musl.node`. `binding.gyp` calls it with --file.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cdylibOf } from './build-addon.mjs';
import { root, say } from './process.mjs';

/** Every platform that is published. */
const PLACES = {
  'x86_64-unknown-linux-gnu': 'linux-x64/pluresdb.node',
  'aarch64-unknown-linux-gnu': 'linux-arm64/pluresdb.node',
  'x86_64-unknown-linux-musl': 'linux-x64/pluresdb.musl.node',
  'aarch64-unknown-linux-musl': 'linux-arm64/pluresdb.musl.node',
  'x86_64-apple-darwin': 'darwin-x64/pluresdb.node',
  'aarch64-apple-darwin': 'darwin-arm64/pluresdb.node',
  'x86_64-pc-windows-msvc': 'win32-x64/pluresdb.node',
  'aarch64-pc-windows-msvc': 'win32-arm64/pluresdb.node',
};

const hostTriple = () => /^host: (.+)$/m.exec(spawnSync('rustc', ['-vV'], { encoding: 'utf8' }).stdout)?.[1];

function build(target) {
  const isMusl = target.endsWith('-musl');
  const env = {
    ...process.env,
    CARGO_PROFILE_RELEASE_DEBUG: 'false',
    CARGO_PROFILE_RELEASE_STRIP: 'symbols',
    // A library that is loaded cannot bring a libc of its own.
    ...(isMusl ? { RUSTFLAGS: `${process.env.RUSTFLAGS ?? ''} -C target-feature=-crt-static`.trim() } : {}),
  };
  const args = ['build', '--locked', '--release', '-p', 'pluresdb-native', '--target', target];
  const { status, stdout } = spawnSync('cargo', [...args, '--message-format=json-render-diagnostics'], {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return status === 0 ? cdylibOf(stdout) : undefined;
}

function main() {
  const { values } = parseArgs({
    options: { target: { type: 'string' }, out: { type: 'string', default: join(root, 'prebuilds') }, file: { type: 'string' } },
  });
  const target = values.target ?? hostTriple();
  if (target === undefined || PLACES[target] === undefined) {
    say(
      `✗ no binary is published for ${target ?? 'this platform: rustc is not installed'}; there are: ${Object.keys(PLACES).join(' ')}`,
    );
    return 1;
  }
  const library = build(target);
  if (library === undefined) {
    say('✗ cargo build failed');
    return 1;
  }
  const place = values.file ?? join(resolve(values.out), PLACES[target]);
  mkdirSync(dirname(place), { recursive: true });
  copyFileSync(library, place);
  say(`· ${place}`);
  return 0;
}

process.exitCode = main();

/**
 * An app's folder, twice: with the driver it was written for, and with ours in its place as a user would put it there.
 *
 *     <cache>/orm/drizzle-original    "better-sqlite3": "13.2.0"
 *     <cache>/orm/drizzle-ours        "better-sqlite3": "file:…/plures-better-sqlite3-13.2.0.tgz"
 *
 * Installed once for a package.json; what is inside our tarballs is unpacked anew for each run.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOriginal } from '../sqlite3/original.ts';

/** How our driver takes the place of the original. */
export interface Replacement {
  /** The package's name. */
  readonly replaces: string;
  /** The version of ours to take: peer ranges are checked against it. */
  readonly version: string;
  /** `alias`: a dependency of the app; `override`: for what its dependencies ask for, too. */
  readonly by: 'alias' | 'override';
}

interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  /** Dependencies that must be built when they are installed. */
  readonly pluresdb: Replacement & { readonly builds?: readonly string[] };
}

export interface App {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

export type Variant = 'original' | 'ours';

export class NotInstalled extends Error {}

export function readApp(folder: string, name: string): App {
  const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as Manifest;
  return { name, folder: join(folder, name), manifest };
}

/** The tarballs of this build: `pluresdb` and the packages that take another's place. */
export interface Tarballs {
  readonly pluresdb: string;
  dropIn(replaces: string, version: string): string;
}

function npm(args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0)
    throw new NotInstalled(`npm ${args.join(' ')}: ${(stderr || stdout).trim().split('\n').slice(0, 4).join(' | ')}`);
}

export function unpack(tarball: string, into: string): void {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const { status, stderr } = spawnSync('tar', ['-xzf', tarball, '-C', into, '--strip-components=1'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
}

function manifestFor({ manifest }: App, variant: Variant, tarballs: Tarballs): Manifest {
  const { replaces, version, by } = manifest.pluresdb;
  // One driver for everybody, also where the ORM's package names an older one.
  const everywhere = { ...manifest.overrides, [replaces]: `$${replaces}` };
  if (variant === 'original') return { ...manifest, overrides: everywhere };
  const dependencies = {
    ...manifest.dependencies,
    [replaces]: `file:${tarballs.dropIn(replaces, version)}`,
    pluresdb: `file:${tarballs.pluresdb}`,
  };
  if (by === 'override') return { ...manifest, dependencies, overrides: everywhere };
  return { ...manifest, dependencies };
}

/** What the contract's campaign has compiled is not compiled again. */
function takeBuilt(builds: readonly string[], folder: string): boolean {
  const original = findOriginal();
  if (original === undefined || builds.some((name) => name !== 'sqlite3')) return false;
  const version = (place: string) =>
    (JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as { version: string }).version;
  const installed = join(folder, 'node_modules', 'sqlite3');
  if (version(original) !== version(installed)) return false;
  cpSync(join(original, 'build'), join(installed, 'build'), { recursive: true });
  return true;
}

/** Makes the folder the app runs in; the app's own files are copied each time. */
export function installApp(app: App, variant: Variant, cache: string, tarballs: Tarballs): string {
  const folder = join(cache, `${app.name}-${variant}`);
  const text = JSON.stringify(manifestFor(app, variant, tarballs), null, 2);
  const stamp = join(folder, 'installed');
  const print = createHash('sha256').update(text).digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== print) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), text);
    npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], folder);
    const builds = variant === 'original' ? (app.manifest.pluresdb.builds ?? []) : [];
    if (builds.length > 0 && !takeBuilt(builds, folder)) npm(['rebuild', ...builds], folder);
    writeFileSync(stamp, print);
  }
  if (variant === 'ours') {
    const { replaces, version } = app.manifest.pluresdb;
    unpack(tarballs.pluresdb, join(folder, 'node_modules', 'pluresdb'));
    unpack(tarballs.dropIn(replaces, version), join(folder, 'node_modules', replaces));
  }
  for (const name of readdirSync(app.folder)) {
    if (name !== 'package.json' && name !== 'node_modules')
      cpSync(join(app.folder, name), join(folder, name), { recursive: true });
  }
  cpSync(join(app.folder, '..', 'harness.mjs'), join(folder, 'harness.mjs'));
  return folder;
}

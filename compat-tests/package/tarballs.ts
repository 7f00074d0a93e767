/** The packages as they would be published, packed from this checkout's build. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotInstalled, type Tarballs } from '../orm/install.ts';

const root = join(import.meta.dirname, '..', '..');

interface DropInManifest {
  version: string;
  readonly pluresdb: { readonly replaces: string; readonly versions: readonly string[] };
}

/** Packs a folder; returns the tarball's place. */
export function pack(folder: string, into: string): string {
  mkdirSync(into, { recursive: true });
  const args = ['pack', '--ignore-scripts', '--silent', '--json', '--pack-destination', into];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  const packed = JSON.parse(stdout) as unknown;
  // npm 11 gives a list, npm 12 an object by name.
  const [{ filename } = { filename: '' }] = Object.values(packed as Record<string, { filename: string }>);
  return join(into, filename.replace('@', '').replace('/', '-'));
}

/** One version of a package that takes another's place. */
function packDropIn(folder: string, version: string, into: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'drop-in-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as DropInManifest;
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, version }, null, 2));
    return pack(copy, into);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Packs `pluresdb` and every version of the packages under `packages/`. */
export function packTarballs(into: string): Tarballs {
  const dropIns = new Map<string, string>();
  const packages = join(root, 'packages');
  for (const name of readdirSync(packages)) {
    const manifest = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as DropInManifest;
    const { replaces, versions } = manifest.pluresdb;
    for (const version of versions) dropIns.set(`${replaces}@${version}`, packDropIn(join(packages, name), version, into));
  }
  return {
    pluresdb: pack(root, into),
    dropIn: (replaces, version) => {
      const tarball = dropIns.get(`${replaces}@${version}`);
      if (tarball === undefined) throw new NotInstalled(`no package takes the place of ${replaces}@${version}`);
      return tarball;
    },
  };
}

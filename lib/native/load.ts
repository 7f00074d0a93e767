/**
 * Finds and loads the addon, as prebuildify lays it out beside the package's `dist/` (or `lib/`):
 *
 *     prebuilds/<platform>-<arch>/pluresdb.node         Linux with musl: pluresdb.musl.node
 *
 * The first addon that is loaded serves the whole environment. When none is found, opening a database says so, unless its
 * option `nativeBinding` names one: a bundler may have put it anywhere.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../errors.ts';
import type { Binding } from './binding.ts';

/** The oldest Node-API that has everything the addon imports. */
const NODE_API_VERSION = 8;

/**
 * Filled when the addon is loaded. V8 looks up each call in an object that so many functions were put into, but for one that is
 * a prototype.
 */
const functions = {};

export const binding = Object.create(functions) as Binding;

let isLoaded = false;
/** Why there is no addon where it should be. */
let missing: unknown;

/** Which C library this process runs on: what its memory map says, read in no time. */
function runsOnMusl(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /\/ld-musl-[^/\s]*\.so/.test(readFileSync('/proc/self/maps', 'latin1'));
  } catch {
    return false;
  }
}

export function addonPath(): string {
  const name = runsOnMusl() ? 'pluresdb.musl.node' : 'pluresdb.node';
  const file = join('prebuilds', `${process.platform}-${process.arch}`, name);
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < 3; up++) {
    const candidate = join(folder, file);
    if (existsSync(candidate)) return candidate;
    folder = dirname(folder);
  }
  throw new Error(
    `pluresdb has no binary for ${process.platform}-${process.arch}: expected ${file} in the package. ` +
      'Build it from source with `npm run build` in a checkout of the repository, or tell where it is with the option "nativeBinding".',
  );
}

function adopt(addon: unknown): void {
  if (typeof (addon as Partial<Binding> | null)?.setErrorClass !== 'function') {
    throw new TypeError('The "nativeBinding" option names an addon that is not pluresdb\'s');
  }
  if (isLoaded) return;
  (addon as Binding).setErrorClass(EngineError);
  Object.assign(functions, addon);
  isLoaded = true;
}

function loadAddon(path: string): unknown {
  const version = Number(process.versions['napi'] ?? 0);
  if (version < NODE_API_VERSION) {
    throw new Error(`pluresdb needs Node-API ${NODE_API_VERSION} (Node 20 or newer); this runtime has ${version}`);
  }
  return createRequire(import.meta.url)(path);
}

try {
  adopt(loadAddon(addonPath()));
} catch (error) {
  missing = error;
}

/** To be called before a database is opened. */
export function requireBinding(nativeBinding: string | object | null): void {
  if (typeof nativeBinding === 'string') adopt(loadAddon(resolve(nativeBinding).replace(/(\.node)?$/, '.node')));
  else if (nativeBinding !== null) adopt(nativeBinding);
  else if (!isLoaded) throw missing;
}

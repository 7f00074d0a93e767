/**
 * Finds and loads the addon: `prebuilds/<platform>-<arch>/pluresdb.node` beside the package's `dist/` (or `lib/`).
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../errors.ts';
import type { Binding } from './binding.ts';

/** The oldest Node-API that has everything the addon imports. */
const NODE_API_VERSION = 8;

export function addonPath(): string {
  const file = join('prebuilds', `${process.platform}-${process.arch}`, 'pluresdb.node');
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < 3; up++) {
    const candidate = join(folder, file);
    if (existsSync(candidate)) return candidate;
    folder = dirname(folder);
  }
  throw new Error(
    `pluresdb has no binary for ${process.platform}-${process.arch}: expected ${file} in the package. ` +
      'Build it from source with `npm run build` in a checkout of the repository.',
  );
}

function loadBinding(): Binding {
  const version = Number(process.versions['napi'] ?? 0);
  if (version < NODE_API_VERSION) {
    throw new Error(`pluresdb needs Node-API ${NODE_API_VERSION} (Node 20 or newer); this runtime has ${version}`);
  }
  const binding = createRequire(import.meta.url)(addonPath()) as Binding;
  binding.setErrorClass(EngineError);
  return binding;
}

export const binding: Binding = loadBinding();

/**
 * Compiles TypeScript into `dist/`.
 *
 *     index.cjs     the library, bundled; `require('pluresdb')` is the Database class, as with better-sqlite3
 *     index.js      the ESM face of the same objects, so that one class exists however the package is loaded
 *     better-sqlite3.cjs   `pluresdb/better-sqlite3`, and its ESM face
 *     node-sqlite.cjs   `pluresdb/node-sqlite`, and its ESM face
 *     sqlite3.cjs   `pluresdb/sqlite3`, and its ESM face;  sqlite3-worker.cjs  what runs in its threads
 *     cli.js        the command line tool
 *     types/        declarations for `import`;  types-cjs/ the same for `require`
 *
 * The library is written as ESM; the bundle gives it `import.meta.url`, from which the loader finds the addon.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './fingerprint.mjs';
import { binFolder, root, run, say } from './process.mjs';

const dist = join(root, 'dist');
const target = ['--platform=node', '--target=node20', '--log-level=warning', '--sourcemap'];

/** Without the directive the library's functions would hand on the global object for `this`. */
const CJS_BANNER = `'use strict'; const __module_url = require('node:url').pathToFileURL(__filename).href;`;
/** `module.exports` becomes the default export carrying the named ones, itself as `default` among them. */
const CJS_FOOTER = `if (module.exports.default) {
  const named = module.exports;
  module.exports = named.default;
  for (const name of Object.keys(named)) {
    if (Object.hasOwn(module.exports, name)) continue;
    const enumerable = typeof module.exports === 'object' && name !== 'default';
    Object.defineProperty(module.exports, name, { value: named[name], enumerable });
  }
}`;

/** What `import` and `require` reach: the names in dist/, and where they come from. */
const ENTRIES = [
  { name: 'index', source: 'lib/index.ts' },
  // It has the class of `pluresdb`, not one of its own.
  { name: 'better-sqlite3', source: 'lib/drop-in/better-sqlite3.ts', external: ['--external:pluresdb'] },
  { name: 'sqlite3', source: 'lib/drop-in/sqlite3/index.ts' },
  { name: 'node-sqlite', source: 'lib/drop-in/node-sqlite/index.ts' },
];

/** Runs one of the packages' programs; esbuild's is a native program, the others are scripts. */
const tool = (name, args) => run(join(binFolder, name), args, { quiet: true });

/** The names that an entry exports, as esbuild lists them: no need to load the addon for it. */
async function exportedNames({ name, source, external = [] }) {
  const metafile = join(cacheFolder, `${name}.json`);
  const args = [source, '--bundle', '--format=esm', '--packages=external', ...external, `--metafile=${metafile}`, ...target];
  const { code, output } = await tool('esbuild', [...args, `--outfile=${join(cacheFolder, `${name}.js`)}`]);
  if (code !== 0) throw new Error(output);
  const outputs = Object.values(JSON.parse(readFileSync(metafile, 'utf8')).outputs);
  return outputs.flatMap(({ exports }) => exports ?? []).filter((exported) => exported !== 'default');
}

async function writeEsmFace(entry) {
  const names = await exportedNames(entry);
  const lines = [`import library from './${entry.name}.cjs';`, '', 'export default library;'];
  if (names.length > 0) lines.push(`export const { ${names.sort().join(', ')} } = library;`);
  writeFileSync(join(dist, `${entry.name}.js`), `${lines.join('\n')}\n`);
}

/** Arguments that bundle a source as CommonJS. */
function cjsBundle(source, name) {
  return [
    source,
    '--bundle',
    '--format=cjs',
    '--packages=external',
    `--outfile=dist/${name}.cjs`,
    '--define:import.meta.url=__module_url',
    `--banner:js=${CJS_BANNER}`,
    ...target,
  ];
}

export async function buildDist() {
  if (!existsSync(join(root, 'lib', 'index.ts'))) {
    say('✗ lib/index.ts is not there');
    return false;
  }
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const steps = [
    ...ENTRIES.map(({ name, source, external = [] }) => [
      'esbuild',
      [...cjsBundle(source, name), ...external, `--footer:js=${CJS_FOOTER}`],
    ]),
    ['esbuild', cjsBundle('lib/drop-in/sqlite3/worker.ts', 'sqlite3-worker')],
    ['tsc', ['-p', 'tsconfig.build.json']],
  ];
  if (existsSync(join(root, 'cli', 'main.ts'))) {
    // Else it would carry a library of its own: tsconfig.json names the source for the package.
    const external = ['--packages=external', '--external:pluresdb'];
    const cli = ['cli/main.ts', '--bundle', '--format=esm', ...external, '--outfile=dist/cli.js', ...target];
    steps.push(['esbuild', cli]);
  }
  for (const [name, args] of steps) {
    const { code, output } = await tool(name, args);
    if (code === 0) continue;
    say(`${output.trimEnd()}\n✗ ${name} failed`);
    return false;
  }
  cpSync(join(dist, 'types'), join(dist, 'types-cjs'), { recursive: true });
  writeFileSync(join(dist, 'types-cjs', 'package.json'), '{ "type": "commonjs" }\n');
  for (const entry of ENTRIES) await writeEsmFace(entry);
  return true;
}

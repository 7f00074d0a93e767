/**
 * Compiles TypeScript into `dist/`.
 *
 *     index.cjs     the library, bundled; `require('pluresdb')` is the Database class, as with better-sqlite3
 *     index.js      the ESM face of the same objects, so that one class exists however the package is loaded
 *     cli.js        the command line tool
 *     types/        declarations for `import`;  types-cjs/ the same for `require`
 *
 * The library is written as ESM; the bundle gives it `import.meta.url`, from which the loader finds the addon.
 */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { binFolder, pinnedNode, root, run, say } from './process.mjs';

const dist = join(root, 'dist');
const target = ['--platform=node', '--target=node20', '--log-level=warning', '--sourcemap'];

const CJS_BANNER = `const __module_url = require('node:url').pathToFileURL(__filename).href;`;
/** `module.exports` becomes the default export carrying the named ones, itself as `default` among them. */
const CJS_FOOTER = `if (module.exports.default) {
  const named = module.exports;
  module.exports = named.default;
  for (const name of Object.keys(named)) Object.defineProperty(module.exports, name, { value: named[name], enumerable: true });
}`;

/** Runs one of the packages' programs; esbuild's is a native program, the others are scripts. */
const tool = (name, args) => run(join(binFolder, name), args, { quiet: true });

function esmFace() {
  const library = createRequire(import.meta.url)(join(dist, 'index.cjs'));
  const names = Object.keys(library).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default');
  const lines = [`import library from './index.cjs';`, '', 'export default library;'];
  if (names.length > 0) lines.push(`export const { ${names.sort().join(', ')} } = library;`);
  return `${lines.join('\n')}\n`;
}

/** The names come from loading the library once, which the pinned Node does: that is the one the addon is tested on. */
async function writeEsmFace() {
  const { code, output } = await run(pinnedNode(), [join(root, 'scripts', 'build-dist.mjs'), '--esm-face'], { quiet: true });
  if (code !== 0) say(output.trimEnd());
  return code === 0;
}

export async function buildDist() {
  if (!existsSync(join(root, 'lib', 'index.ts'))) {
    say('✗ lib/index.ts is not there');
    return false;
  }
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const library = [
    'lib/index.ts',
    '--bundle',
    '--format=cjs',
    '--packages=external',
    '--outfile=dist/index.cjs',
    '--define:import.meta.url=__module_url',
    `--banner:js=${CJS_BANNER}`,
    `--footer:js=${CJS_FOOTER}`,
    ...target,
  ];
  const steps = [
    ['esbuild', library],
    ['tsc', ['-p', 'tsconfig.build.json']],
  ];
  if (existsSync(join(root, 'cli', 'main.ts'))) {
    const cli = ['cli/main.ts', '--bundle', '--format=esm', '--packages=external', '--outfile=dist/cli.js', ...target];
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
  return writeEsmFace();
}

if (process.argv[2] === '--esm-face') writeFileSync(join(dist, 'index.js'), esmFace());

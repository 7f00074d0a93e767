/**
 * `npm run fix`: formats everything, and applies the safe fixes of the linter.
 */
import { join } from 'node:path';
import { binFolder, run, say } from './process.mjs';

const biome = await run(join(binFolder, 'biome'), ['check', '--write', '.']);
const probe = await run('cargo', ['fmt', '--version'], { quiet: true });
const rustfmt = probe.code === 0 ? await run('cargo', ['fmt', '--all']) : { code: 0 };
if (probe.code !== 0) say('NOT RUN: rustfmt');
process.exitCode = biome.code === 0 && rustfmt.code === 0 ? 0 : 1;

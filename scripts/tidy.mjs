/**
 * `node scripts/tidy.mjs`: the house rules that no other tool checks.
 *
 * - every source file opens with its story, no line is longer than a screen, nothing is left for later without an issue;
 * - no file names a package registry's host or a path of somebody's machine;
 * - modules import from their left or from below: the edges between the engine's modules, and the few files that may
 *   name sled, redb and N-API.
 *
 * Problems go to standard output as `file:line: what`; a long file is a warning only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourceFiles } from './fingerprint.mjs';
import { root } from './process.mjs';

const MAX_LINE = 130;
/** A long text within quotes may not be broken: it is data. */
const LONG_LITERAL = /(["'`])(?:(?!\1).){60,}\1/;
const LONG_FILE = 1500;
const FOLDERS = ['native', 'lib', 'cli', 'bench', 'compat-tests', 'packages', 'scripts', '.ci', '.github', 'docs'];
const TOP_FILES = [
  'package.json',
  'package-lock.json',
  'Cargo.toml',
  'biome.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
  'README.md',
  'ARCHITECTURE.md',
];

/**
 * The engine's modules from the lowest to the highest: each may use its own layer and those before it. A module inside
 * another may stand in a layer of its own. The last layer is what runs statements: its members know each other.
 */
const ENGINE_LAYERS = [
  ['error'],
  ['environment'],
  ['catalog', 'transaction'],
  ['resolve', 'session'],
  ['plan'],
  ['execute'],
  ['catalog/define', 'dml', 'pragma', 'statement', 'connection', 'upkeep', 'sqlite_file'],
];

/** Edges that go up, each with its reason. */
const ALLOWED_EDGES = [
  // A session keeps the settings that pragmas change, and their types are the pragmas'.
  { from: 'session', to: 'pragma' },
  // `pragma_table_info(…)` in FROM is the pragma, read as a table.
  { from: 'execute', to: 'pragma' },
];

/** Who alone may name a foreign crate. */
const CRATE_HOMES = [
  { crate: 'sled', home: /^native\/crates\/store\/src\/sled(\.rs|\/)/ },
  { crate: 'redb', home: /^native\/crates\/store\/src\/file(\.rs|\/)/ },
  { crate: 'napi', home: /^native\/(src\/|build\.rs$)/ },
  { crate: 'napi_sys', home: /^native\/src\// },
  { crate: 'napi_derive', home: /^native\/src\// },
];

// Put together from parts, so that this file does not match itself.
const LEFT_FOR_LATER = new RegExp(`\\b(${['TO', 'FIX', 'XX'].map((start, at) => start + ['DO', 'ME', 'X'][at]).join('|')})\\b`);
const REGISTRY_HOST = new RegExp(
  ['registry\\.npm', 'npmjs\\.', 'crates\\.', 'pypi\\.', 'deb\\.debian\\.'].map((host) => `${host}(org|com|io|js)`).join('|'),
);
const MACHINE_PATH = new RegExp(
  `["'\`\\s=(](${['work', 'root', 'home/\\w+', 'Users/\\w+', 'tmp/(target-|npmtest|team)'].map((at) => `/${at}`).join('|')})/`,
);

/** Tables of cases read best one case a line. */
const isTestData = (path) => /^native\/.*\/tests\//.test(path);
const isSource = (path) => /\.(rs|ts|mjs|cts|mts)$/.test(path);

/** Where a file of the engine stands: `src/catalog/define/table.rs` in `catalog/define`, `src/plan/join.rs` in `plan`. */
function engineModule(path) {
  const within = /^native\/crates\/engine\/src\/(.+)\.rs$/.exec(path)?.[1]?.split('/') ?? [];
  const known = [within.slice(0, 2).join('/'), within[0] ?? ''].filter((module) => layerOf(module) >= 0);
  return known[0];
}

const layerOf = (module) => ENGINE_LAYERS.findIndex((layer) => layer.includes(module));

function checkHeader(path, lines) {
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#!'));
  const isOpened = path.endsWith('.rs') ? first?.startsWith('//!') : /^(\/\*\*|\/\/ )/.test(first ?? '');
  return isOpened ? [] : [[1, 'a file opens with its story']];
}

function checkLine(path, line) {
  const problems = [];
  if (isSource(path) && !isTestData(path) && line.length > MAX_LINE && !LONG_LITERAL.test(line))
    problems.push(`longer than ${MAX_LINE} characters`);
  if (LEFT_FOR_LATER.test(line)) problems.push('left for later: open an issue and link it instead');
  if (REGISTRY_HOST.test(line)) problems.push('names a registry host');
  if (MACHINE_PATH.test(line)) problems.push("names a path of somebody's machine");
  if (!path.endsWith('.rs')) return problems;
  const code = line.replace(/\/\/.*/, '');
  for (const { crate, home } of CRATE_HOMES) {
    // A line of `use crate::{ sled::SledMap, … }` names our own module.
    const isNamed = new RegExp(`\\bcrate ${crate}\\b|\\buse (::)?${crate}\\b|#\\[${crate}|(?<![\\w:])${crate}::(?!\\w+,$)`).test(
      code,
    );
    if (isNamed && !home.test(path)) problems.push(`only ${home.source.replace(/[\\^]/g, '')} may name ${crate}`);
  }
  const from = engineModule(path);
  if (from === undefined) return problems;
  for (const [, to] of code.matchAll(/\bcrate::(\w+)/g)) {
    const isAllowed = ALLOWED_EDGES.some((edge) => edge.from === from && edge.to === to);
    if (layerOf(to) > layerOf(from) && !isAllowed) problems.push(`${from} stands below ${to} and may not use it`);
  }
  return problems;
}

/** Tests inside a file may reach anywhere: what stands after `#[cfg(test)]` at the margin is theirs. */
function checkFile(path) {
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  const problems = isSource(path) ? checkHeader(path, lines) : [];
  const warnings = [];
  if (isSource(path) && lines.length > LONG_FILE)
    warnings.push(`${path}: ${lines.length} lines: look for the second story in it`);
  const testsAt = path.endsWith('.rs') ? lines.indexOf('#[cfg(test)]') : -1;
  for (const [at, line] of lines.entries()) {
    const isTest = testsAt >= 0 && at > testsAt;
    for (const problem of checkLine(isTest ? `${path}#tests` : path, line)) problems.push([at + 1, problem]);
  }
  return { problems: problems.map(([line, what]) => `${path}:${line}: ${what}`), warnings };
}

export function tidy() {
  const isRecorded = (path) => path.startsWith('compat-tests/slice/') && !isSource(path);
  const isText = (path) => /\.(rs|ts|mjs|cts|mts|json|toml|md|yml|sql)$/.test(path) || path === '.ci/run';
  const files = sourceFiles([...FOLDERS, ...TOP_FILES], (path) => isText(path) && !isRecorded(path));
  const results = files.map(checkFile);
  const problems = results.flatMap((result) => result.problems);
  if (/"resolved":/.test(readFileSync(join(root, 'package-lock.json'), 'utf8'))) {
    problems.push('package-lock.json: holds download addresses: install with omit-lockfile-registry-resolved');
  }
  return { files, problems, warnings: results.flatMap((result) => result.warnings) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { files, problems, warnings } = tidy();
  for (const warning of warnings) console.log(`warning: ${warning}`);
  for (const problem of problems) console.log(problem);
  console.log(`tidy: ${files.length} files, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

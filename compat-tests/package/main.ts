/**
 * `npm run compat -- package`: the tarball as it would be published, installed where nothing can be compiled.
 *
 *     --release    build the binary that is shipped first: fat LTO, stripped (minutes)
 *
 * Looked at: what is in it and how large it is; what the binary asks of its Node; `npm install` and `npm ci` in an empty
 * folder with neither Python nor make nor a compiler on PATH; the first queries on Node 20, 24 and 26; the contract suites
 * of better-sqlite3 and node-sqlite on Node 20 against recordings; what a platform without a binary is told.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { unpack } from '../orm/install.ts';
import { type Count, newCount, shorten } from '../report.ts';
import { readElf } from './elf.ts';
import { type NodeProgram, nodeProgram } from './nodes.ts';
import { PROGRAMS } from './programs.ts';
import { pack } from './tarballs.ts';

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache', 'pluresdb', 'package');
const MAJORS = [20, 24, 26];
/** The oldest Node that is supported: it has Node-API 9. */
const OLDEST = 20;
/** Suites with recordings, whose original the oldest Node does not have. */
const CONTRACTS = ['better-sqlite3', 'node-sqlite'];
const COMPILERS = ['python', 'python3', 'make', 'cc', 'gcc', 'c++', 'g++', 'clang', 'cargo', 'rustc', 'node-gyp'];
/** What a tarball may hold. */
const PUBLISHED = /^(package\.json|README\.md|LICENSE|dist\/|prebuilds\/[a-z0-9]+-[a-z0-9]+\/pluresdb(\.musl)?\.node$)/;
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];
/** Functions for memory that V8 does not own: Electron refuses it. */
const EXTERNAL_MEMORY = /^(napi_create_external_(array)?buffer|node_api_create_external_string_\w+)$/;

class Account {
  readonly count: Count = newCount();

  check(what: string, isTrue: boolean, detail = ''): void {
    this.count[isTrue ? 'passed' : 'failed']++;
    console.log(`${isTrue ? '✓' : '✗'} ${what}${isTrue || detail === '' ? '' : `: ${shorten(detail, 1500)}`}`);
  }
}

const megabytes = (path: string): string => `${(statSync(path).size / 1e6).toFixed(2)} MB`;

function checkContents(account: Account, folder: string): void {
  const listed = spawnSync('tar', ['-tzf', join(folder, '..', 'pluresdb.tgz')], { encoding: 'utf8' }).stdout;
  const files = listed
    .split('\n')
    .filter((name) => name !== '')
    .map((name) => name.replace(/^package\//, ''));
  const strangers = files.filter((name) => !PUBLISHED.test(name));
  account.check('the tarball holds what is published, and no binding.gyp', strangers.length === 0, strangers.join(', '));
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  account.check(
    'no install script',
    INSTALL_SCRIPTS.every((name) => manifest.scripts?.[name] === undefined) && manifest.gypfile === false,
  );
}

function checkBinary(account: Account, addon: string, oldest: NodeProgram | undefined, isRelease: boolean): void {
  const { imports, sections } = readElf(addon);
  const asked = imports.filter((name) => /^(napi|node_api)_/.test(name));
  account.check(`the binary asks for ${asked.length} functions of Node-API`, asked.length > 0);
  account.check('none of them for external memory', !asked.some((name) => EXTERNAL_MEMORY.test(name)), asked.join(' '));
  if (oldest === undefined) console.log(`NOT RUN: what Node ${OLDEST} has, because it is not there`);
  else {
    const has = new Set(readElf(oldest.path).exports);
    const missing = asked.filter((name) => !has.has(name));
    account.check(`Node ${OLDEST} (Node-API 9) has all of them`, missing.length === 0, missing.join(' '));
  }
  const leftovers = sections.filter((name) => name === '.symtab' || name.startsWith('.debug'));
  if (isRelease) account.check('the binary is stripped', leftovers.length === 0, leftovers.join(' '));
  else console.log('  the binary of this checkout is the one tests use; --release builds the one that is shipped');
}

/** A PATH with Node and a shell on it, and nothing that compiles. */
function barePath({ path }: NodeProgram, place: string): string {
  const bin = join(place, 'bin');
  mkdirSync(bin);
  symlinkSync(path, join(bin, 'node'));
  for (const name of ['sh', 'env']) {
    const found = ['/bin', '/usr/bin'].map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
    if (found !== undefined) symlinkSync(found, join(bin, name));
  }
  return bin;
}

/** npm as a program for any Node: what the `npm` on PATH is a link to. */
function npmProgram(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const links = folders.map((folder) => join(folder, 'npm')).filter((link) => existsSync(link));
  const program = links.map((link) => realpathSync(link)).find((path) => path.endsWith('npm-cli.js'));
  if (program === undefined) throw new Error('npm is not on PATH');
  return program;
}

function checkInstalls(account: Account, tarball: string, node: NodeProgram): string | undefined {
  const place = realpathSync(mkdtempSync(join(tmpdir(), `package-${node.major}-`)));
  const PATH = barePath(node, place);
  const folder = join(place, 'app');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "app", "version": "1.0.0", "private": true }\n');
  const env = { ...process.env, PATH, npm_config_audit: 'false', npm_config_fund: 'false' };
  const found = COMPILERS.filter((name) => PATH.split(delimiter).some((directory) => existsSync(join(directory, name))));
  account.check(`Node ${node.major}: nothing that compiles is on PATH`, found.length === 0, found.join(' '));
  const npm = (...args: string[]): boolean => {
    const begun = performance.now();
    const { status, stdout, stderr } = spawnSync(node.path, [npmProgram(), ...args], { cwd: folder, env, encoding: 'utf8' });
    account.check(
      `Node ${node.major}: npm ${args[0]} (${((performance.now() - begun) / 1000).toFixed(1)} s)`,
      status === 0,
      stderr || stdout,
    );
    return status === 0;
  };
  if (!npm('install', tarball)) return undefined;
  rmSync(join(folder, 'node_modules'), { recursive: true });
  if (!npm('ci')) return undefined;
  for (const { name, flags, source, answer } of PROGRAMS) {
    const { stdout, stderr } = spawnSync(node.path, [...flags, '-e', source], { cwd: folder, env, encoding: 'utf8' });
    account.check(`Node ${node.major}: ${name}`, stdout.trim() === answer, stdout + stderr);
  }
  return folder;
}

/** A contract suite, bundled for a Node that knows no TypeScript. */
function checkContract(account: Account, name: string, folder: string, node: NodeProgram): void {
  const bundle = join(folder, 'contract.mjs');
  const suite = join(root, 'compat-tests', name);
  const args = [
    join(suite, 'recorded.ts'),
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--target=node20',
    '--packages=external',
    '--external:pluresdb',
    '--external:pluresdb/*',
    `--define:import.meta.dirname=${JSON.stringify(suite)}`,
    `--outfile=${bundle}`,
    '--log-level=error',
  ];
  spawnSync(join(root, 'node_modules', '.bin', 'esbuild'), args, { stdio: 'inherit' });
  const { stdout, stderr, status } = spawnSync(node.path, [bundle], { cwd: folder, encoding: 'utf8' });
  const [line = ''] = stdout.match(/^\d+ members, .*$/m) ?? [];
  account.check(`Node ${node.major}: the suite of ${name} against recordings: ${line}`, status === 0, stdout + stderr);
}

/** A platform that no binary fits gets an error that says so, when a database is opened. */
function checkMissingBinary(account: Account, folder: string, node: NodeProgram): void {
  rmSync(join(folder, 'node_modules', 'pluresdb', 'prebuilds'), { recursive: true });
  const source = `const Database = require('pluresdb');
    try { new Database(':memory:'); } catch (error) { console.log(error.message); }`;
  const { stdout, stderr, status } = spawnSync(node.path, ['-e', source], { cwd: folder, encoding: 'utf8' });
  const isClear = stdout.includes(`no binary for ${process.platform}-${process.arch}`) && stdout.includes('Build it from source');
  account.check('without a binary that fits, the error says what to do', status === 0 && isClear, stdout + stderr);
}

export async function runPackage(args: readonly string[]): Promise<Count> {
  const { values } = parseArgs({ args: [...args], options: { release: { type: 'boolean', default: false } } });
  const account = new Account();
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'package-')));
  mkdirSync(cache, { recursive: true });
  try {
    let prebuilds = join(root, 'prebuilds');
    if (values.release) {
      prebuilds = join(cache, 'prebuilds');
      const built = spawnSync(process.execPath, [join(root, 'scripts', 'build-release.mjs'), '--out', prebuilds], {
        stdio: 'inherit',
      });
      account.check('the release build', built.status === 0);
      if (built.status !== 0) return account.count;
    }
    const staged = join(place, 'staged');
    unpack(pack(root, place), staged);
    rmSync(join(staged, 'prebuilds'), { recursive: true });
    spawnSync('cp', ['-r', prebuilds, join(staged, 'prebuilds')]);
    const packed = pack(staged, join(place, 'tarball'));
    spawnSync('cp', [packed, join(place, 'pluresdb.tgz')]);
    const tarball = join(place, 'pluresdb.tgz');
    const addon = join(staged, 'prebuilds', `${process.platform}-${process.arch}`, 'pluresdb.node');
    console.log(`tarball ${megabytes(tarball)}, binary ${megabytes(addon)}${values.release ? '' : ' (with debug information)'}`);
    checkContents(account, staged);
    const nodes = MAJORS.map((major) => [major, nodeProgram(major, cache)] as const);
    const oldest = nodes.find(([major]) => major === OLDEST)?.[1];
    if (process.platform === 'linux') checkBinary(account, addon, oldest, values.release);
    for (const [major, node] of nodes) {
      if (node === undefined) {
        console.log(`NOT RUN: Node ${major} cannot be installed here`);
        continue;
      }
      const folder = checkInstalls(account, tarball, node);
      if (folder === undefined) continue;
      if (major === OLDEST) for (const name of CONTRACTS) checkContract(account, name, folder, node);
      if (major === MAJORS.at(-1)) checkMissingBinary(account, folder, node);
      rmSync(dirname(folder), { recursive: true, force: true });
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  return account.count;
}

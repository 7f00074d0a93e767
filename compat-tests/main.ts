/**
 * `npm run compat -- <runner> [options]`: the compatibility runners.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { asksForHelp, explaining } from './command-line.ts';
import { type Count, closingLine } from './report.ts';

type Runner = (args: readonly string[]) => Promise<Count>;

interface Entry {
  readonly about: string;
  /** Loaded when asked for. */
  readonly load: () => Promise<Runner>;
}

const RUNNERS: Readonly<Record<string, Entry>> = {
  slice: {
    about: 'our own cases, recorded from SQLite; they need no corpus and are part of npm test',
    load: async () => (await import('./slice/main.ts')).runSlice,
  },
  scripts: {
    about: "324 recorded scripts of SQLite's own test suite; --filter, --failures, --page docs/compatibility.md",
    load: async () => (await import('./scripts/main.ts')).runScripts,
  },
  'better-sqlite3': {
    about:
      "better-sqlite3's API, member by member, beside the original; --drop-in, --filter, --failures, --list, --recorded, --record",
    load: async () => {
      const [{ betterSqlite3, betterSqlite3DropIn }, { runSuiteCommand }] = await Promise.all([
        import('./better-sqlite3/suite.ts'),
        import('./contract/suite.ts'),
      ]);
      return (args) => {
        const suite = args.includes('--drop-in') ? betterSqlite3DropIn : betterSqlite3;
        return runSuiteCommand(
          suite,
          args.filter((arg) => arg !== '--drop-in'),
        );
      };
    },
  },
  orm: {
    about:
      'Drizzle, Kysely, Knex, TypeORM, MikroORM, Prisma …: their apps on the original driver and on ours; --app NAME, --show',
    load: async () => (await import('./orm/main.ts')).runOrm,
  },
  package: {
    about: 'the tarball: contents, size, the binary, installs without a compiler on Node 20, 24 and 26; --release',
    load: async () => (await import('./package/main.ts')).runPackage,
  },
  sqllogictest: {
    about: "SQLite's sqllogictest, a million queries",
    load: async () => (await import('./sqllogictest/main.ts')).runSqllogictest,
  },
  sqlite3: {
    about: 'pluresdb/sqlite3 against node-sqlite3, call by call; --install compiles the original',
    load: async () => (await import('./sqlite3/main.ts')).runSqlite3,
  },
  'node-sqlite': {
    about: "node:sqlite's API, member by member, beside Node 26's; --filter, --failures, --list, --recorded, --record",
    load: async () => (await import('./node-sqlite/main.ts')).runNodeSqlite,
  },
  parser: {
    about: "what SQLite's parser takes and refuses",
    load: parserRunner,
  },
};

function usage(): string {
  const lines = Object.entries(RUNNERS).map(([name, { about }]) => `  ${name.padEnd(14)}${about}`);
  return ['usage: npm run compat -- RUNNER [--engine better-sqlite3|pluresdb] …', ...lines].join('\n');
}

/** The parser's campaign compares accept and reject, not results: it has a program of its own, whose verdict counts as one. */
async function parserRunner(): Promise<Runner> {
  const program = join(import.meta.dirname, 'parser', 'run.mjs');
  return async (args) => {
    const { status } = spawnSync(process.execPath, [program, ...args], {
      stdio: 'inherit',
      cwd: join(import.meta.dirname, '..'),
    });
    return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  };
}

const [name = '', ...args] = process.argv.slice(2);
const entry = Object.hasOwn(RUNNERS, name) ? RUNNERS[name] : undefined;
if (asksForHelp([name])) console.log(usage());
else if (entry === undefined) {
  console.error(name === '' ? usage() : `no runner is named ${name}\n${usage()}`);
  process.exitCode = 2;
} else
  await explaining(args, `usage: npm run compat -- ${name} …\n  ${entry.about}`, async () => {
    const run = await entry.load();
    const count = await run(args);
    console.log(closingLine(name, count));
    process.exitCode = count.failed === 0 ? 0 : 1;
  });

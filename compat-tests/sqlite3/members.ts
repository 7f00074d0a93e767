/** node-sqlite3's members on the page of compatibility: which cases of the contract are about which. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KNOWN_DIFFERENCES } from './known-differences.ts';

const BINDING = [
  'a value in an array',
  'a value by name',
  'a value as an argument',
  'a value through bind',
  'which parameters',
  'what is bound stays',
  'values are taken when the call is made',
];
const FAILING = [
  'SQL that fails',
  'a statement that cannot be prepared',
  'an error without a callback is an event',
  'arguments that are refused',
];

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'constants, VERSION, path': ['the package'],
  'verbose()': ['verbose'],
  'cached.Database': ['cached databases', 'promised cached databases'],
  'new Database()': [
    'documented new Database',
    'the classes',
    'a database',
    'subclasses',
    'open',
    'the order of opening',
    'a failed open',
    'what is no database',
    'a read-only database',
    'two connections',
    'before the database is open',
    'promised without a callback nothing is synchronous',
    'promised prototypes can be extended',
  ],
  'Database.close()': [
    'documented Database.close',
    'close',
    'calls behind a close',
    'what is stored is there again',
    'promised close waits for all that was called',
  ],
  'Database.run()': [
    'documented Database.run',
    'run',
    'run counts what triggers do',
    'what calls return',
    ...BINDING,
    ...FAILING,
    'promised one statement of several',
    'promised errors without a callback',
    'promised unknown and missing parameters',
  ],
  'Database.get()': [
    'documented Database.get, all, each',
    'rows',
    'rows are plain objects',
    'a value stored and read',
    'PRAGMA answers of a fresh database',
    'promised names of columns',
    'promised numbers and texts of all kinds',
    'promised what a callback throws',
  ],
  'Database.all()': ['all', 'foreign keys', 'double quotes', 'promised as promises'],
  'Database.each()': ['each', 'promised each in order, however many'],
  'Database.map()': ['map', 'promised map'],
  'Database.exec()': ['documented Database.exec', 'exec', 'what follows an exec waits for it', 'promised exec'],
  'Database.prepare()': [
    'documented Database.prepare and Statement',
    'prepare',
    'a statement',
    'a statement that cannot be prepared',
    'a change of the schema between two calls',
  ],
  'Database.serialize(), parallelize()': [
    'documented serialize and parallelize',
    'serialize',
    'serialize without a callback',
    'serialize within serialize',
    'parallel calls are all answered',
    'a call made in a callback',
    'a transaction in callbacks',
    'promised Database.serialize',
    'promised Database.parallelize',
  ],
  'Database.wait()': ['wait'],
  'Database.configure()': ['documented configure and interrupt', 'limits', 'busyTimeout'],
  'Database.interrupt()': ['interrupt', 'the event loop goes on'],
  'Database.backup(), Backup': [
    'a backup in one step',
    'a backup page by page',
    'calls of a backup stand in line',
    'a backup that is given up',
  ],
  'Database.on()': ['events are those of EventEmitter', 'change events', 'trace events', 'profile events'],
  'Statement.bind()': ['a value through bind', 'what is bound stays', 'promised Statement.bind'],
  'Statement.run()': ['run again', 'calls of one statement keep their order'],
  'Statement.get()': [
    'get goes on from row to row',
    'get of a statement without rows',
    'promised Statement.get leaves the database locked',
  ],
  'Statement.all(), each(), map()': ['all', 'each', 'map'],
  'Statement.reset(), finalize()': [
    'reset and finalize',
    'finalize waits for what was called before',
    'promised a finalized statement',
  ],
  'an application (the storage of VS Code)': [
    'storage',
    'storage opened again',
    'storage whose file was moved',
    'storage whose file is broken',
    'storage whose file is empty or gone',
  ],
};

/** A line for each member. What it says holds, because the contract's test compares every outcome that is not listed. */
export function sqlite3MemberLines(): string[] {
  const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'recordings.json'), 'utf8')) as Record<string, unknown>;
  const keys = Object.keys(recorded);
  const listed = new Set(Object.values(MEMBERS).flat());
  const missing = new Set(keys.map((key) => key.slice(0, key.indexOf(': '))).filter((name) => !listed.has(name)));
  if (missing.size > 0) throw new Error(`cases that no member has: ${[...missing].join(', ')}`);
  const reasons = new Map(
    KNOWN_DIFFERENCES.flatMap(({ reason, keys: differing }) => differing.map((key) => [key, reason] as const)),
  );
  const rows = Object.entries(MEMBERS).map(([member, cases]) => {
    const own = keys.filter((key) => cases.includes(key.slice(0, key.indexOf(': '))));
    const differing = own.filter((key) => reasons.has(key));
    const why = [...new Set(differing.map((key) => reasons.get(key)))].join(' ');
    return `| \`${member}\` | ${own.length} | ${own.length - differing.length} | ${differing.length === 0 ? 'same' : `differs: ${why}`} |`;
  });
  return ['| member | outcomes | agree | state |', '|---|---|---|---|', ...rows];
}

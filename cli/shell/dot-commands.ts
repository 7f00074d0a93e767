/** The commands that begin with a dot, at the prompt and in scripts. */
import { FORMATS_HELP, importFile, isImportFormat } from '../commands/import-file.ts';
import { isMode, MODES } from '../output/modes.ts';
import { linesOfFile } from '../script/lines.ts';
import { runScript } from '../script/run-script.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { writeDump } from './dump.ts';
import { databasesOf, isTableLike, nameFilter, schemaObjects } from './schema.ts';
import { wordsOf } from './words.ts';

interface DotCommand {
  readonly name: string;
  /** Its arguments as help shows them: `<needed>`, `[optional]`. */
  readonly usage: string;
  readonly help: string;
  run(session: Session, args: readonly string[]): void | Promise<void>;
}

/** `.read` within `.read`: deeper is a script that reads itself. */
const MAX_READ_DEPTH = 20;
let readDepth = 0;

function isOn(word: string): boolean {
  const text = word.toLowerCase();
  if (['on', 'yes', 'true', '1'].includes(text)) return true;
  if (['off', 'no', 'false', '0'].includes(text)) return false;
  throw new UsageError(`not on or off: ${word}`);
}

const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function writeLines(session: Session, lines: readonly string[]): void {
  for (const line of lines) session.output.write(`${line}\n`);
}

const COMMANDS: readonly DotCommand[] = [
  {
    name: 'changes',
    usage: '<on|off>',
    help: 'show how many rows a statement changed',
    run(session, [word]) {
      session.settings.showsChanges = isOn(word as string);
    },
  },
  {
    name: 'databases',
    usage: '',
    help: 'list the databases of this connection and their places',
    run(session) {
      writeLines(
        session,
        databasesOf(session).map(({ name, file }) => `${name}: ${file || '(memory)'}`),
      );
    },
  },
  {
    name: 'dump',
    usage: '[pattern]',
    help: 'write the database, or the tables of this name, as SQL',
    run: (session, [pattern]) => writeDump(session, pattern),
  },
  { name: 'exit', usage: '', help: 'leave, as .quit', run: leave },
  {
    name: 'headers',
    usage: '<on|off>',
    help: 'show column names in list, csv and tsv',
    run(session, [word]) {
      session.settings.headers = isOn(word as string);
    },
  },
  {
    name: 'help',
    usage: '',
    help: 'show this list',
    run(session) {
      const width = Math.max(...COMMANDS.map(({ name, usage }) => name.length + usage.length));
      writeLines(
        session,
        COMMANDS.map(({ name, usage, help }) => `.${`${name} ${usage}`.padEnd(width + 3)}${help}`),
      );
    },
  },
  {
    name: 'import',
    usage: '<file> [table] [format]',
    help: `import a file (${FORMATS_HELP})`,
    async run(session, [file, table, format]) {
      if (format !== undefined && !isImportFormat(format)) throw new UsageError(`unknown format: ${format} (${FORMATS_HELP})`);
      const result = await importFile(session.database, file as string, { table, format });
      writeLines(session, [`${result.rows} rows into ${result.table}`]);
    },
  },
  {
    name: 'indexes',
    usage: '[table]',
    help: 'list indexes, of all tables or of one',
    run(session, [pattern]) {
      const matches = nameFilter(pattern);
      const found = schemaObjects(session).filter(({ type, table }) => type === 'index' && matches(table));
      writeLines(session, found.map(({ name }) => name).sort(byName));
    },
  },
  {
    name: 'mode',
    usage: '[mode]',
    help: `set how results look: ${MODES.join(' ')}`,
    run(session, [mode]) {
      if (mode === undefined) writeLines(session, [session.settings.mode]);
      else if (isMode(mode)) session.settings.mode = mode;
      else throw new UsageError(`unknown mode: ${mode} (${MODES.join(', ')})`);
    },
  },
  {
    name: 'nullvalue',
    usage: '<text>',
    help: 'show this for NULL',
    run(session, [text]) {
      session.settings.nullText = text;
    },
  },
  {
    name: 'open',
    usage: '<database>',
    help: 'go on with another database',
    run: (session, [path]) => session.open(path as string),
  },
  {
    name: 'output',
    usage: '[file]',
    help: 'write results to a file; without one, here again',
    run: (session, [file]) => session.redirect(file),
  },
  { name: 'quit', usage: '', help: 'leave', run: leave },
  {
    name: 'read',
    usage: '<file>',
    help: 'run the SQL of a file',
    async run(session, [file]) {
      if (readDepth >= MAX_READ_DEPTH) throw new UsageError(`.read goes deeper than ${MAX_READ_DEPTH} files`);
      readDepth++;
      try {
        await runScript(session, linesOfFile(file as string), file);
      } finally {
        readDepth--;
      }
    },
  },
  {
    name: 'schema',
    usage: '[pattern]',
    help: 'show the CREATE statements, of everything or of the tables of this name',
    run(session, [pattern]) {
      const matches = nameFilter(pattern);
      const found = schemaObjects(session).filter(({ sql, table }) => sql !== null && matches(table));
      writeLines(
        session,
        found.map(({ sql }) => `${sql};`),
      );
    },
  },
  {
    name: 'separator',
    usage: '<text>',
    help: 'what stands between values in list',
    run(session, [text]) {
      session.settings.separator = text as string;
    },
  },
  {
    name: 'tables',
    usage: '[pattern]',
    help: 'list tables and views; % and _ as in LIKE',
    run(session, [pattern]) {
      const matches = nameFilter(pattern);
      const found = schemaObjects(session).filter((object) => isTableLike(object) && matches(object.name));
      writeLines(session, found.map(({ name }) => name).sort(byName));
    },
  },
  {
    name: 'timer',
    usage: '<on|off>',
    help: 'show how long each statement took',
    run(session, [word]) {
      session.settings.showsTime = isOn(word as string);
    },
  },
];

/** Names that SQLite's shell has for the same. */
const ALIASES: Readonly<Record<string, string>> = { indices: 'indexes', header: 'headers', q: 'quit', '?': 'help' };

export const COMMAND_NAMES: readonly string[] = COMMANDS.map(({ name }) => `.${name}`);

function leave(session: Session): void {
  session.isDone = true;
}

/** Runs a line such as `.mode json`. */
export async function runDotCommand(session: Session, line: string): Promise<void> {
  const [word = '', ...args] = wordsOf(line.trim().slice(1));
  const name = Object.hasOwn(ALIASES, word) ? ALIASES[word] : word;
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) throw new UsageError(`unknown command: .${word} (.help lists them)`);
  const needed = command.usage.split('<').length - 1;
  const known = command.usage === '' ? 0 : command.usage.split(' ').length;
  if (args.length < needed || args.length > known) throw new UsageError(`usage: .${command.name} ${command.usage}`.trimEnd());
  await command.run(session, args);
  await session.output.flush();
}

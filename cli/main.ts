#!/usr/bin/env node
/** `pluresdb`: SQL from an argument, a file, standard input or a prompt, and imports. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type ImportOptions, importCommand } from './commands/import.ts';
import { FORMATS_HELP } from './commands/import-file.ts';
import { type SqlOptions, sqlCommand } from './commands/sql.ts';
import { MODES } from './output/modes.ts';
import { OutputClosed } from './output/output.ts';
import { errorMessage } from './usage-error.ts';

const EXAMPLES = `
Examples:
  pluresdb                                    a prompt on a database in memory
  pluresdb shop.db                            a prompt on shop.db, which is made when it is not there
  pluresdb shop.db "SELECT * FROM item"       run SQL, then end
  pluresdb shop.db .tables                    run a dot command, then end
  pluresdb shop.db --file schema.sql          run a file
  pluresdb shop.db -m csv "SELECT 1" > a.csv  results as CSV
  cat schema.sql | pluresdb shop.db           run standard input
  pluresdb import shop.db items.parquet       make a table of a file

On a terminal results are tables, elsewhere lists with | between the values. The first error ends the run with exit code 1.`;

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Not a whole number.');
  return Number(text);
}

function buildProgram(): Command {
  const program = new Command('pluresdb')
    .description('An embedded SQL database: run SQL, look around, import files.')
    .version(packageVersion(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError(false)
    .exitOverride();
  program
    .argument('[database]', 'where the database is; in memory without it')
    .argument('[sql]', 'statements or a dot command to run')
    .option('-f, --file <file>', 'run the SQL of this file (- is standard input)')
    .option('-i, --interactive', 'give a prompt, after what else there is to run')
    .addOption(new Option('-m, --mode <mode>', 'how results look').choices(MODES))
    .option('--headers', 'show column names in list, csv and tsv')
    .option('--no-headers', 'show no column names in list, csv and tsv')
    .option('--null <text>', 'show this for NULL')
    .option('--separator <text>', 'what stands between values in list', '|')
    .option('--readonly', 'open for reading only; the database has to exist')
    .option('--timeout <ms>', 'how long to wait for another writer', wholeNumber, 5000)
    .option('--timer', 'show how long each statement took')
    .addHelpText('after', EXAMPLES)
    .action((database: string | undefined, sql: string | undefined, options: SqlOptions) => sqlCommand(database, sql, options));
  program
    .command('import')
    .description('import a CSV, JSON, NDJSON or Parquet file into a table')
    .helpOption('-h, --help', 'show this help')
    .argument('<database>', 'where the database is; it is made when it is not there')
    .argument('<file>', 'the file to read')
    .option('-t, --table <name>', 'the table; the name of the file without it')
    .addOption(new Option('--format <format>', 'what the file is; its ending tells without it').choices(FORMATS_HELP.split(', ')))
    .action((database: string, file: string, options: ImportOptions) => importCommand(database, file, options));
  return program;
}

/** A reader that has seen enough (`| head`) is no error, whoever is writing: commander's help writes by itself. */
function endQuietlyWhenClosed(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

async function main(): Promise<void> {
  endQuietlyWhenClosed();
  try {
    await buildProgram().parseAsync();
  } catch (error) {
    if (error instanceof OutputClosed) return;
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else {
      process.stderr.write(`error: ${errorMessage(error)}\n`);
      process.exitCode = 1;
    }
  }
}

await main();

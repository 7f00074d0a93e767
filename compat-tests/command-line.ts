/**
 * The options that the runners share.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type EngineName, isEngineName } from './engine.ts';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

export interface CommandLine {
  readonly engine: EngineName;
  readonly paths: readonly string[];
  readonly text: (name: string) => string | undefined;
  readonly number: (name: string, otherwise: number) => number;
  readonly has: (name: string) => boolean;
}

export const asksForHelp = (args: readonly string[]): boolean => args.includes('--help') || args.includes('-h');

/** Runs a command, or prints its usage: when it is asked for, and behind what is wrong with the arguments. */
export async function explaining(args: readonly string[], usage: string, run: () => Promise<void>): Promise<void> {
  if (asksForHelp(args)) {
    console.log(usage);
    return;
  }
  try {
    await run();
  } catch (error) {
    if (!isOfArguments(error)) throw error;
    console.error(`${error.message}\n${usage}`);
    process.exitCode = 2;
  }
}

const isOfArguments = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');

/** `--engine` is always known; the rest is the runner's own table. */
export function readCommandLine(args: readonly string[], options: OptionTable): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { engine: { type: 'string', default: 'pluresdb' }, ...options },
    allowPositionals: true,
  });
  const given: Readonly<Record<string, unknown>> = values;
  const text = (name: string): string | undefined => {
    const value = given[name];
    return typeof value === 'string' ? value : undefined;
  };
  const engine = text('engine') ?? '';
  if (!isEngineName(engine)) throw new Error(`no engine is named ${engine}`);
  return {
    engine,
    paths: positionals,
    text,
    number(name, otherwise) {
      const given = text(name);
      if (given === undefined) return otherwise;
      const value = Number(given);
      if (!Number.isFinite(value)) throw new Error(`--${name} takes a number, not ${given}`);
      return value;
    },
    has: (name) => given[name] === true,
  };
}

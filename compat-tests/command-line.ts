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

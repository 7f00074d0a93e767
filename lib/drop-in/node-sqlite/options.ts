/** The path and the options of `new DatabaseSync(path, options)`. */
import { booleanOption, integerOption, isInt32, isObject, type Options, requireObject } from './arguments.ts';
import { invalidArgType, invalidUrlScheme, outOfRange } from './errors.ts';
import { LIMITS, type LimitName } from './limits.ts';

/** What a statement begins with. */
export interface StatementSwitches {
  readonly readBigInts: boolean;
  readonly returnArrays: boolean;
  readonly allowBareNamedParameters: boolean;
  readonly allowUnknownNamedParameters: boolean;
}

export interface CheckedOptions extends StatementSwitches {
  readonly open: boolean;
  readonly readOnly: boolean;
  readonly foreignKeys: boolean;
  readonly doubleQuotedStrings: boolean;
  readonly allowExtension: boolean;
  readonly timeoutMs: number;
  readonly defensive: boolean;
  readonly limits: ReadonlyMap<LimitName, number>;
}

/** A path of a string, bytes or a URL, as text; a URL stays one. */
export function checkPath(path: unknown, name: string): string {
  if (typeof path === 'string') {
    if (!path.includes('\0')) return path;
  } else if (path instanceof Uint8Array) {
    if (!path.includes(0)) return Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString();
  } else if (isObject(path)) {
    const href: unknown = Reflect.get(path, 'href');
    if (typeof href === 'string' && !href.includes('\0')) {
      if (!href.startsWith('file:')) throw invalidUrlScheme();
      return href;
    }
  }
  throw invalidArgType(`The "${name}" argument must be a string, Uint8Array, or URL without null bytes.`);
}

function checkLimits(options: Options): ReadonlyMap<LimitName, number> {
  const checked = new Map<LimitName, number>();
  if (options['limits'] === undefined) return checked;
  const limits = requireObject(options['limits'], 'options.limits');
  for (const name of Object.keys(LIMITS) as LimitName[]) {
    const value = limits[name];
    if (value === undefined) continue;
    if (!isInt32(value)) throw invalidArgType(`The "options.limits.${name}" argument must be an integer.`);
    if (value < 0) throw outOfRange(`The "options.limits.${name}" argument must be non-negative.`);
    checked.set(name, value);
  }
  return checked;
}

/** Of statements: the original passes over one that cannot be read. */
function switchOption(options: Options, name: keyof StatementSwitches): boolean | undefined {
  let value: unknown;
  try {
    value = options[name];
  } catch {
    return undefined;
  }
  return booleanOption({ [name]: value }, name);
}

/** In the original's order: the first that is wrong is the one that is told. */
export function checkOptions(options: Options): CheckedOptions {
  return {
    open: booleanOption(options, 'open') ?? true,
    readOnly: booleanOption(options, 'readOnly') ?? false,
    foreignKeys: booleanOption(options, 'enableForeignKeyConstraints') ?? true,
    doubleQuotedStrings: booleanOption(options, 'enableDoubleQuotedStringLiterals') ?? false,
    allowExtension: booleanOption(options, 'allowExtension') ?? false,
    timeoutMs: integerOption(options, 'timeout') ?? 0,
    readBigInts: switchOption(options, 'readBigInts') ?? false,
    returnArrays: switchOption(options, 'returnArrays') ?? false,
    allowBareNamedParameters: switchOption(options, 'allowBareNamedParameters') ?? true,
    allowUnknownNamedParameters: switchOption(options, 'allowUnknownNamedParameters') ?? false,
    defensive: booleanOption(options, 'defensive') ?? true,
    limits: checkLimits(options),
  };
}

/** The options of `prepare`; the database's own stand for those that are left out. */
export function checkPrepareOptions(value: unknown, defaults: StatementSwitches): StatementSwitches {
  if (value === undefined) return defaults;
  const options = requireObject(value, 'options');
  return {
    returnArrays: booleanOption(options, 'returnArrays') ?? defaults.returnArrays,
    readBigInts: booleanOption(options, 'readBigInts') ?? defaults.readBigInts,
    allowBareNamedParameters: booleanOption(options, 'allowBareNamedParameters') ?? defaults.allowBareNamedParameters,
    allowUnknownNamedParameters: booleanOption(options, 'allowUnknownNamedParameters') ?? defaults.allowUnknownNamedParameters,
  };
}

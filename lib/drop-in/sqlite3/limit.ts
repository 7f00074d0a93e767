/** `configure('limit', …)`: SQLite's run-time limits as the addon's options. */
import type { ConnectionOption } from '../../native/binding.ts';
import { LIMIT } from './constants.ts';

/** Which option a limit is, and the highest value SQLite lets it have. The others are the engine's own for good. */
const OPTIONS = new Map<number, { readonly name: ConnectionOption; readonly max: number }>([
  [LIMIT.LIMIT_LENGTH, { name: 'length', max: 1_000_000_000 }],
  [LIMIT.LIMIT_SQL_LENGTH, { name: 'sqlLength', max: 1_000_000_000 }],
  [LIMIT.LIMIT_COLUMN, { name: 'column', max: 2000 }],
  [LIMIT.LIMIT_EXPR_DEPTH, { name: 'exprDepth', max: 1000 }],
  [LIMIT.LIMIT_COMPOUND_SELECT, { name: 'compoundSelect', max: 500 }],
  [LIMIT.LIMIT_FUNCTION_ARG, { name: 'functionArg', max: 1000 }],
  [LIMIT.LIMIT_TRIGGER_DEPTH, { name: 'triggerDepth', max: 1000 }],
  [LIMIT.LIMIT_ATTACHED, { name: 'attached', max: 10 }],
  [LIMIT.LIMIT_LIKE_PATTERN_LENGTH, { name: 'patternLength', max: 50_000 }],
  [LIMIT.LIMIT_VARIABLE_NUMBER, { name: 'parameter', max: 32_766 }],
]);

/** Undefined where nothing changes: a negative value only asks, an unknown limit is none. */
export function limitOption(id: number, value: number): { name: ConnectionOption; value: number } | undefined {
  const option = OPTIONS.get(id);
  if (option === undefined || value < 0) return undefined;
  return { name: option.name, value: Math.min(value, option.max) };
}

/**
 * SQL as a tree that knows only what the shrinker needs: what may be taken away.
 *
 * - an `expression` may be replaced by an expression inside it, or by a plain literal;
 * - an `optional` part may go;
 * - a `list` may lose members while one is left;
 * - anything else is text and groups of it.
 */
export type Sql = string | Group;

export interface Group {
  readonly kind: 'group' | 'expression' | 'optional' | 'list';
  readonly parts: readonly Sql[];
  readonly separator: string;
}

export const group = (...parts: Sql[]): Group => ({ kind: 'group', parts, separator: '' });
export const expression = (...parts: Sql[]): Group => ({ kind: 'expression', parts, separator: '' });
export const optional = (...parts: Sql[]): Group => ({ kind: 'optional', parts, separator: '' });
export const list = (parts: readonly Sql[], separator = ', '): Group => ({ kind: 'list', parts, separator });

export function render(sql: Sql): string {
  return typeof sql === 'string' ? sql : sql.parts.map(render).join(sql.separator);
}

/** The nearest expressions inside a node. */
function innerExpressions(node: Group): Group[] {
  return node.parts.flatMap((part) => {
    if (typeof part === 'string') return [];
    return part.kind === 'expression' ? [part] : innerExpressions(part);
  });
}

const PLAIN_LITERALS = ['NULL', '1', "'a'"];

/** Smaller trees made by one change, the boldest first. */
export function* smaller(sql: Sql): Generator<Sql> {
  if (typeof sql === 'string') return;
  if (sql.kind === 'optional' && sql.parts.length > 0) yield { ...sql, parts: [] };
  if (sql.kind === 'expression') {
    yield* innerExpressions(sql);
    const text = render(sql);
    for (const literal of PLAIN_LITERALS) if (literal.length < text.length) yield expression(literal);
  }
  if (sql.kind === 'list' && sql.parts.length > 1) {
    for (let at = 0; at < sql.parts.length; at++) yield { ...sql, parts: sql.parts.toSpliced(at, 1) };
  }
  for (const [at, part] of sql.parts.entries()) {
    for (const changed of smaller(part)) yield { ...sql, parts: sql.parts.with(at, changed) };
  }
}

/**
 * Cells of the shared buffer become rows.
 *
 * A row object comes from a constructor generated for its columns (`({a, b}) => …` as source): V8 then gives all rows
 * of a statement one hidden class, which makes it several times faster than setting properties. Where code generation
 * is forbidden (a Content-Security-Policy, `--disallow-code-generation-from-strings`) closures do the same work.
 */
import type { ColumnDescription } from './binding.ts';
import type { Cells } from './cells.ts';

/** Makes the row whose first cell is `cell`. */
export type RowDecoder = (buffer: Cells, cell: number, heap: string) => unknown;

export type RowMode = 'object' | 'pluck' | 'raw' | 'expand';

/** A generated decoder costs about as much as this many rows made by closures. */
const GENERATE_AFTER_ROWS = 8;
const MAX_CACHED = 500;

const generated = new Map<string, RowDecoder>();
let codeGeneration: 'unknown' | 'allowed' | 'forbidden' = 'unknown';

function decodeCell(buffer: Cells, cell: number, heap: string): unknown {
  const number = buffer.f64[cell] as number;
  return Number.isNaN(number) ? buffer.other(cell, heap) : number;
}

/** Source of an expression for one cell; `v` is a local of the decoder. */
const cellSource = (index: number) => `(v = f[q + ${index}]) === v ? v : b.other(q + ${index}, h)`;

function generate(body: string): RowDecoder | undefined {
  if (codeGeneration === 'forbidden') return undefined;
  const cached = generated.get(body);
  if (cached !== undefined) return cached;
  try {
    const decoder = new Function('b', 'q', 'h', body) as RowDecoder;
    codeGeneration = 'allowed';
    if (generated.size >= MAX_CACHED) generated.clear();
    generated.set(body, decoder);
    return decoder;
  } catch {
    codeGeneration = 'forbidden';
    return undefined;
  }
}

/** The cells that make the object's properties: of columns with one name the last one counts, at the first one's place. */
function properties(names: readonly string[]): Map<string, number> {
  const cells = new Map<string, number>();
  names.forEach((name, index) => {
    cells.set(name, index);
  });
  return cells;
}

function objectSource(names: readonly string[]): string {
  const members = [...properties(names)].map(([name, index]) => `[${JSON.stringify(name)}]: ${cellSource(index)}`);
  // A computed key keeps `__proto__` a plain property; V8 treats the others as literal ones.
  const literal = members.map((member) =>
    member.startsWith('["__proto__"]') ? member : member.replace(/^\[("(?:[^"\\]|\\.)*")\]/, '$1'),
  );
  return `const f = b.f64; let v; return { ${literal.join(', ')} };`;
}

function rawSource(count: number): string {
  const members = Array.from({ length: count }, (_, index) => cellSource(index));
  return `const f = b.f64; let v; return [${members.join(', ')}];`;
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}

function objectClosure(names: readonly string[]): RowDecoder {
  const cells = [...properties(names)];
  return (buffer, cell, heap) => {
    const row: Record<string, unknown> = {};
    for (const [name, index] of cells) {
      const value = decodeCell(buffer, cell + index, heap);
      if (name === '__proto__') define(row, name, value);
      else row[name] = value;
    }
    return row;
  };
}

function rawClosure(count: number): RowDecoder {
  return (buffer, cell, heap) => {
    const row = new Array<unknown>(count);
    for (let index = 0; index < count; index++) row[index] = decodeCell(buffer, cell + index, heap);
    return row;
  };
}

/** `{ table: { column: value } }`; columns of no table stand under `$`. */
function expandClosure(columns: readonly ColumnDescription[]): RowDecoder {
  const places = columns.map(([name, , table]) => ({ name, table: table ?? '$' }));
  return (buffer, cell, heap) => {
    const row: Record<string, Record<string, unknown>> = {};
    places.forEach(({ name, table }, index) => {
      if (!Object.hasOwn(row, table)) define(row, table, {});
      define(row[table] as object, name, decodeCell(buffer, cell + index, heap));
    });
    return row;
  };
}

/** A decoder for the columns: closures at first, generated code once it has paid for itself. */
export function createRowDecoder(mode: RowMode, count: number, columns: () => readonly ColumnDescription[]): RowDecoder {
  if (mode === 'pluck') return decodeCell;
  if (mode === 'expand') return expandClosure(columns());
  const names = mode === 'raw' ? [] : columns().map(([name]) => name);
  const closure = mode === 'raw' ? rawClosure(count) : objectClosure(names);
  let decode = closure;
  let rows = 0;
  return (buffer, cell, heap) => {
    if (rows <= GENERATE_AFTER_ROWS && ++rows > GENERATE_AFTER_ROWS) {
      decode = generate(mode === 'raw' ? rawSource(count) : objectSource(names)) ?? closure;
    }
    return decode(buffer, cell, heap);
  };
}

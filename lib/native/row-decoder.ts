/**
 * Cells of the shared buffer become rows.
 *
 * A row object comes from a constructor generated for its columns (`({a, b}) => …` as source): V8 then gives all rows
 * of a statement one hidden class, which makes it several times faster than setting properties. Where code generation
 * is forbidden (a Content-Security-Policy, `--disallow-code-generation-from-strings`) closures do the same work.
 * Statements of equal columns share a decoder: a text that is run once finds the code that others have paid for.
 */
import type { ColumnDescription } from './binding.ts';
import { type Cells, FIRST_TAG, SMALL_INTEGER, TEXT_END } from './cells.ts';

/** Makes the row whose first cell is `cell`. */
export type RowDecoder = (buffer: Cells, cell: number, heap: string) => unknown;

export type RowMode = 'object' | 'null-prototype' | 'pluck' | 'raw' | 'expand';

/** What row objects inherit from. */
type RowPrototype = 'Object' | 'null';

/** A generated decoder costs about as much as this many rows made by closures. */
const GENERATE_AFTER_ROWS = 8;
/** Decoders kept for statements of the same columns. */
const MAX_SHARED = 500;

let isCodeForbidden = false;

/** The value of one cell; as a row, that of `pluck`. */
export function decodeCell(buffer: Cells, cell: number, heap: string): unknown {
  const tag = buffer.i32[cell * 2 + 1] as number;
  if (tag === SMALL_INTEGER) return buffer.i32[cell * 2];
  return tag >= FIRST_TAG && tag < 0 ? buffer.other(cell, heap) : buffer.f64[cell];
}

/** What the expressions of `cellSource` need. */
const LOCALS = 'const i = b.i32, p = q * 2; let t, s;';

/** Source of an expression for one cell; texts that are not empty, the most common case, need no call. */
function cellSource(index: number): string {
  const [lower, upper] = [`i[p + ${2 * index}]`, `i[p + ${2 * index + 1}]`];
  const text = `t > ${FIRST_TAG} && t < ${TEXT_END} ? h.substring(s = ${lower}, s + (t & 65535))`;
  const rest = `t >= ${FIRST_TAG} && t < 0 ? b.other(q + ${index}, h) : b.f64[q + ${index}]`;
  return `(t = ${upper}) === ${SMALL_INTEGER} ? ${lower} : ${text} : ${rest}`;
}

function generate(body: string): RowDecoder | undefined {
  if (isCodeForbidden) return undefined;
  try {
    return new Function('b', 'q', 'h', body) as RowDecoder;
  } catch {
    isCodeForbidden = true;
    return undefined;
  }
}

/** A closure at first, generated code once it has paid for itself. */
function improving(closure: RowDecoder, source: () => string): RowDecoder {
  let decode = closure;
  let rows = 0;
  return (buffer, cell, heap) => {
    if (rows <= GENERATE_AFTER_ROWS && ++rows > GENERATE_AFTER_ROWS) decode = generate(source()) ?? closure;
    return decode(buffer, cell, heap);
  };
}

function shared<Key>(decoders: Map<Key, RowDecoder>, key: Key, create: () => RowDecoder): RowDecoder {
  const known = decoders.get(key);
  if (known !== undefined) return known;
  if (decoders.size >= MAX_SHARED) decoders.clear();
  const decoder = create();
  decoders.set(key, decoder);
  return decoder;
}

/** The cells that make the object's properties: of columns with one name the last one counts, at the first one's place. */
function properties(names: readonly string[]): Map<string, number> {
  const cells = new Map<string, number>();
  names.forEach((name, index) => {
    cells.set(name, index);
  });
  return cells;
}

function objectSource(names: readonly string[], prototype: RowPrototype): string {
  const members = [...properties(names)].map(([name, index]) => `[${JSON.stringify(name)}]: ${cellSource(index)}`);
  // A computed key keeps `__proto__` a plain property; V8 treats the others as literal ones.
  const literal = members.map((member) =>
    member.startsWith('["__proto__"]') ? member : member.replace(/^\[("(?:[^"\\]|\\.)*")\]/, '$1'),
  );
  if (prototype === 'null') literal.unshift('__proto__: null');
  return `${LOCALS} return { ${literal.join(', ')} };`;
}

function rawSource(count: number): string {
  const members = Array.from({ length: count }, (_, index) => cellSource(index));
  return `${LOCALS} return [${members.join(', ')}];`;
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}

function objectClosure(names: readonly string[], prototype: RowPrototype): RowDecoder {
  const cells = [...properties(names)];
  return (buffer, cell, heap) => {
    const row: Record<string, unknown> = prototype === 'null' ? Object.create(null) : {};
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

const ofCount = new Map<number, RowDecoder>();
const ofNames: Readonly<Record<RowPrototype, Map<string, RowDecoder>>> = { Object: new Map(), null: new Map() };

/** Rows as arrays of so many values. */
export function arrayDecoder(count: number): RowDecoder {
  return shared(ofCount, count, () => improving(rawClosure(count), () => rawSource(count)));
}

/** The names that `binding.columnNames` made one string of. */
export function splitNames(encoded: string): string[] {
  const names: string[] = [];
  for (let at = 0; at < encoded.length; ) {
    const colon = encoded.indexOf(':', at);
    const start = colon + 1;
    at = start + Number(encoded.slice(at, colon));
    names.push(encoded.slice(start, at));
  }
  return names;
}

/** Rows as objects; the columns' names as `binding.columnNames` gives them. */
export function objectDecoder(encodedNames: string, prototype: RowPrototype = 'Object'): RowDecoder {
  return shared(ofNames[prototype], encodedNames, () => {
    const names = splitNames(encodedNames);
    return improving(objectClosure(names, prototype), () => objectSource(names, prototype));
  });
}

/** Rows as `{ table: { column: value } }`; columns of no table stand under `$`. */
export function expandedDecoder(columns: readonly ColumnDescription[]): RowDecoder {
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

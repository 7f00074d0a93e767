/** JSON: an array of objects, or one object on each line (NDJSON). Columns are the objects' keys, in order of appearance. */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BATCH_ROWS, type Cell, type ImportSource, inBatches, type Row } from './source.ts';

/** Only a text with so many digits in a row can hold an integer that a JavaScript number cannot. */
const LONG_INTEGER = /\d{16}/;

/** Integers beyond 2^53 come out as BigInt where this Node shows how they were written (from 21 on). */
function keepInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?\d+$/.test(context?.source ?? '')) return value;
  const exact = BigInt(context?.source as string);
  return BigInt.asIntN(64, exact) === exact ? exact : value;
}

function parseJson(text: string): unknown {
  return LONG_INTEGER.test(text) ? JSON.parse(text, keepInteger) : JSON.parse(text);
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'string':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
      // A nested value stays JSON, which SQL's JSON functions read.
      return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
  }
}

function asObject(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${where} is not an object`);
  return value as Record<string, unknown>;
}

function toRow(object: Record<string, unknown>, columns: readonly string[]): Row {
  return columns.map((column) => toCell(object[column]));
}

function columnsOf(objects: Iterable<Record<string, unknown>>): string[] {
  const columns = new Set<string>();
  for (const object of objects) for (const key of Object.keys(object)) columns.add(key);
  return [...columns];
}

function parseFile(path: string): unknown {
  try {
    return parseJson(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new Error(`${path} is not JSON: ${cause.message}`, { cause });
    throw cause;
  }
}

export function openJson(path: string): ImportSource {
  const parsed = parseFile(path);
  if (!Array.isArray(parsed)) throw new Error(`${path} holds no array of objects`);
  const objects = parsed.map((value, index) => asObject(value, `element ${index} of ${path}`));
  const columns = columnsOf(objects);
  return {
    columns,
    types: columns.map(() => undefined),
    isTextOnly: false,
    rowCount: objects.length,
    async *batches() {
      yield* inBatches(objects.map((object) => toRow(object, columns)));
    },
  };
}

async function* readLines(path: string): AsyncGenerator<Record<string, unknown>> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = parseJson(line);
    } catch (cause) {
      throw new Error(`line ${number} of ${path} is not JSON`, { cause });
    }
    yield asObject(value, `line ${number} of ${path}`);
  }
}

export async function openNdjson(path: string): Promise<ImportSource> {
  const names = new Set<string>();
  let rowCount = 0;
  for await (const object of readLines(path)) {
    rowCount++;
    for (const key of Object.keys(object)) names.add(key);
  }
  const columns = [...names];
  return {
    columns,
    types: columns.map(() => undefined),
    isTextOnly: false,
    rowCount,
    async *batches() {
      let batch: Row[] = [];
      for await (const object of readLines(path)) {
        batch.push(toRow(object, columns));
        if (batch.length < BATCH_ROWS) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}

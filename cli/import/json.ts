/** JSON: an array of objects, or one object on each line (NDJSON). Columns are the objects' keys, in order of appearance. */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BATCH_ROWS, type Cell, type ImportSource, inBatches, type Row } from './source.ts';

type Json = null | boolean | number | string | readonly unknown[] | { readonly [key: string]: unknown };

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'number':
    case 'string':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
      // A nested value stays JSON, which SQL's JSON functions read.
      return JSON.stringify(value);
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

export function openJson(path: string): ImportSource {
  const parsed = JSON.parse(readFileSync(path, 'utf8')) as Json;
  if (!Array.isArray(parsed)) throw new Error(`${path} holds no array of objects`);
  const objects = parsed.map((value, index) => asObject(value, `element ${index} of ${path}`));
  const columns = columnsOf(objects);
  return {
    columns,
    types: columns.map(() => undefined),
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
      value = JSON.parse(line);
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

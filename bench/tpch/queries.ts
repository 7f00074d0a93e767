/** TPC-H's 22 queries with the parameters and row limits of its validation run, in SQLite's dialect. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Query {
  /** `q01` */
  readonly name: string;
  readonly title: string;
  readonly sql: string;
}

const folder = join(import.meta.dirname, 'queries');

export function readQueries(scale: number): Query[] {
  return readdirSync(folder)
    .toSorted()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const [, title, sql] = /^-- ([^;\n]+)[^\n]*\n([\s\S]+)$/.exec(text) ?? [];
      if (title === undefined || sql === undefined) throw new Error(`${file} does not open with its title`);
      return { name: file.replace('.sql', ''), title, sql: sql.trim().replace('{share}', String(0.0001 / scale)) };
    });
}

/**
 * The tables that workloads share, built once per engine and only when asked for:
 *
 *     facts       id | category (1,000 values) | other (all different) | quantity | price | label (200 texts) | code (unique)
 *     categories  id | name | region           one row for each category
 *     people      id | email (UNIQUE) | name | age
 */
import type { Connection } from './drivers/engine.ts';
import { Random } from './random.ts';
import { inTransaction, type Scale } from './workload.ts';

const CATEGORY_COUNT = 1000;
const LABEL_COUNT = 200;
const REGIONS = ['north', 'east', 'south', 'west', 'centre'];
/** Shares no factor with the scales' row counts (products of 2 and 5), so `id * STEP % rows` meets every number once. */
const STEP = 7_368_787;

export const emailOf = (id: number): string => `person.${id}@example.org`;

const labelOf = (index: number): string => `label ${String.fromCharCode(97 + (index % 26))}${index} of many`;

export class Fixtures {
  readonly #db: Connection;
  readonly #scale: Scale;
  readonly #built = new Set<string>();

  constructor(db: Connection, scale: Scale) {
    this.#db = db;
    this.#scale = scale;
  }

  facts(): void {
    if (!this.#isNew('facts')) return;
    const rows = this.#scale.facts;
    const random = new Random(42);
    this.#db.exec('CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT NOT NULL, region TEXT NOT NULL)');
    this.#db.exec(`CREATE TABLE facts (id INTEGER PRIMARY KEY, category INTEGER NOT NULL, other INTEGER NOT NULL,
      quantity INTEGER NOT NULL, price REAL NOT NULL, label TEXT NOT NULL, code TEXT NOT NULL)`);
    const category = this.#db.prepare('INSERT INTO categories VALUES (?, ?, ?)');
    const fact = this.#db.prepare('INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?)');
    inTransaction(this.#db, () => {
      for (let id = 0; id < CATEGORY_COUNT; id++) category.run(id, `category ${id}`, REGIONS[id % REGIONS.length] as string);
    });
    inTransaction(this.#db, () => {
      for (let id = 1; id <= rows; id++) {
        const other = (id * STEP) % rows;
        fact.run(
          id,
          random.next(CATEGORY_COUNT),
          other,
          random.next(1000),
          random.next(1_000_000) / 128,
          labelOf(random.next(LABEL_COUNT)),
          `${other.toString(36)}-${random.next(1_000_000_000).toString(36)}`,
        );
      }
    });
  }

  people(): void {
    if (!this.#isNew('people')) return;
    const random = new Random(7);
    this.#db.exec(
      'CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, age INTEGER NOT NULL)',
    );
    const person = this.#db.prepare('INSERT INTO people VALUES (?, ?, ?, ?)');
    inTransaction(this.#db, () => {
      for (let id = 1; id <= this.#scale.people; id++) person.run(id, emailOf(id), `Name ${random.next(5000)}`, random.next(100));
    });
  }

  #isNew(name: string): boolean {
    if (this.#built.has(name)) return false;
    this.#built.add(name);
    return true;
  }
}

/** `count` ids of `people`, in no order. */
export function someIds(count: number, rows: number): number[] {
  const random = new Random(99);
  return Array.from({ length: count }, () => 1 + random.next(rows));
}

/** `count` different ids of `people`, in no order. */
export function differentIds(count: number, rows: number): number[] {
  return Array.from({ length: Math.min(count, rows) }, (_, index) => 1 + (((index + 1) * STEP) % rows));
}

/** What stands in TPC-C's tables before the first transaction, by the rules of its clause 4.3. */
import type { Connection } from '../../drivers/engine.ts';
import { Random } from '../../random.ts';
import { inTransaction } from '../../workload.ts';
import { DISTRICTS, SCHEMA, type Sizes, TABLES, WAREHOUSE } from './schema.ts';

const SYLLABLES = ['BAR', 'OUGHT', 'ABLE', 'PRI', 'PRES', 'ESE', 'ANTI', 'CALLY', 'ATION', 'EING'];
const LINES_AT_LEAST = 5;
const LINES_AT_MOST = 15;
/** Of ten orders of a district, the last three are still to be delivered. */
const DELIVERED = 0.7;

export const lastName = (number: number): string =>
  [Math.floor(number / 100) % 10, Math.floor(number / 10) % 10, number % 10].map((digit) => SYLLABLES[digit]).join('');

/** Times are counted, not taken: every engine and run has the same. */
export const timeOf = (tick: number): string => new Date(1_700_000_000_000 + tick * 1000).toISOString();

const LETTERS = 'the quick brown fox jumps over the lazy dog and packs my box with five dozen liquor jugs ';

export class Texts {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  between(least: number, most: number): string {
    const length = this.range(least, most);
    const from = this.#random.next(LETTERS.length);
    return LETTERS.repeat(Math.ceil((from + length) / LETTERS.length)).slice(from, from + length);
  }

  range(least: number, most: number): number {
    return least + this.#random.next(most - least + 1);
  }
}

export function load(db: Connection, { items, customers }: Sizes): void {
  const random = new Random(31);
  const texts = new Texts(random);
  const range = (least: number, most: number) => texts.range(least, most);
  for (const table of TABLES) db.exec(`DROP TABLE IF EXISTS ${table}`);
  db.exec(SCHEMA);
  const inserts = new Map(
    Object.entries({
      warehouse: 8,
      district: 10,
      customer: 18,
      history: 8,
      new_order: 3,
      orders: 8,
      order_line: 10,
      item: 5,
      stock: 8,
    }).map(([table, width]) => [table, db.prepare(`INSERT INTO ${table} VALUES (?${', ?'.repeat(width - 1)})`)]),
  );
  const insert = (table: (typeof TABLES)[number], ...values: (string | number | null)[]) => inserts.get(table)?.run(...values);
  inTransaction(db, () => {
    insert('warehouse', WAREHOUSE, 'first', texts.between(10, 20), texts.between(10, 20), 'ST', '123411111', 0.08, 300_000);
    for (let id = 1; id <= items; id++) {
      insert('item', id, range(1, 10_000), texts.between(14, 24), range(100, 10_000) / 100, texts.between(26, 50));
      insert('stock', id, WAREHOUSE, range(10, 100), texts.between(240, 240), 0, 0, 0, texts.between(26, 50));
    }
  });
  for (let district = 1; district <= DISTRICTS; district++) {
    inTransaction(db, () => {
      const tax = range(0, 2000) / 10_000;
      insert(
        'district',
        district,
        WAREHOUSE,
        texts.between(6, 10),
        texts.between(10, 20),
        texts.between(10, 20),
        'ST',
        '123411111',
        tax,
        30_000,
        customers + 1,
      );
      for (let id = 1; id <= customers; id++) {
        const name = lastName(id <= 1000 ? id - 1 : range(0, 999));
        const credit = random.next(10) === 0 ? 'BC' : 'GC';
        insert(
          'customer',
          id,
          district,
          WAREHOUSE,
          texts.between(8, 16),
          'OE',
          name,
          texts.between(10, 20),
          texts.between(10, 20),
          '0123456789012345',
          timeOf(0),
          credit,
          50_000,
          range(0, 5000) / 10_000,
          -10,
          10,
          1,
          0,
          texts.between(300, 500),
        );
        insert('history', id, district, WAREHOUSE, district, WAREHOUSE, timeOf(0), 10, texts.between(12, 24));
      }
      for (let id = 1; id <= customers; id++) {
        const isDelivered = id <= customers * DELIVERED;
        const lines = range(LINES_AT_LEAST, LINES_AT_MOST);
        const customer = 1 + ((id * 7919) % customers);
        insert('orders', id, district, WAREHOUSE, customer, timeOf(id), isDelivered ? range(1, 10) : null, lines, 1);
        if (!isDelivered) insert('new_order', id, district, WAREHOUSE);
        for (let line = 1; line <= lines; line++) {
          const amount = isDelivered ? 0 : range(1, 999_999) / 100;
          insert(
            'order_line',
            id,
            district,
            WAREHOUSE,
            line,
            range(1, items),
            WAREHOUSE,
            isDelivered ? timeOf(id) : null,
            5,
            amount,
            texts.between(24, 24),
          );
        }
      }
    });
  }
}

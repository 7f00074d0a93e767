/**
 * YCSB's core workloads A to F: records of ten fields, their keys drawn so that a few are asked for most of the time.
 *
 * Source: Cooper et al., "Benchmarking Cloud Serving Systems with YCSB" (2010), with its proportions and a zipfian
 * constant of 0.99. Every operation is a transaction of its own.
 */
import type { Connection, Statement } from '../drivers/engine.ts';
import { Random } from '../random.ts';
import { type Case, inTransaction, type Workload } from '../workload.ts';

const FIELD_COUNT = 10;
const FIELD_LENGTH = 100;
const ZIPFIAN_CONSTANT = 0.99;
const MAX_SCAN = 100;
const FINE = 1 << 30;

type Operation = 'read' | 'update' | 'insert' | 'scan' | 'modify';

interface Mix {
  readonly letter: string;
  readonly what: string;
  /** In percent. */
  readonly shares: Readonly<Partial<Record<Operation, number>>>;
  /** The newest records are the ones asked for, instead of some anywhere. */
  readonly isLatest?: boolean;
}

const MIXES: readonly Mix[] = [
  { letter: 'A', what: 'half reads, half updates', shares: { read: 50, update: 50 } },
  { letter: 'B', what: 'reads, some updates', shares: { read: 95, update: 5 } },
  { letter: 'C', what: 'reads', shares: { read: 100 } },
  { letter: 'D', what: 'reads of the latest', shares: { read: 95, insert: 5 }, isLatest: true },
  { letter: 'E', what: 'short scans', shares: { scan: 95, insert: 5 } },
  { letter: 'F', what: 'reads, read and change', shares: { read: 50, modify: 50 } },
];

/** Ranks from 0, each less likely than the one before it (Gray et al., "Quickly Generating Billion-Record Databases"). */
class Zipfian {
  readonly #random: Random;
  readonly #count: number;
  readonly #zeta: number;
  readonly #eta: number;

  constructor(random: Random, count: number) {
    const sum = (until: number) => {
      let total = 0;
      for (let rank = 1; rank <= until; rank++) total += rank ** -ZIPFIAN_CONSTANT;
      return total;
    };
    this.#random = random;
    this.#count = count;
    this.#zeta = sum(count);
    this.#eta = (1 - (2 / count) ** (1 - ZIPFIAN_CONSTANT)) / (1 - sum(2) / this.#zeta);
  }

  next(): number {
    const uniform = this.#random.next(FINE) / FINE;
    const scaled = uniform * this.#zeta;
    if (scaled < 1) return 0;
    if (scaled < 1 + 0.5 ** ZIPFIAN_CONSTANT) return 1;
    return Math.floor(this.#count * (this.#eta * uniform - this.#eta + 1) ** (1 / (1 - ZIPFIAN_CONSTANT)));
  }
}

/** Keys lie in no order, as YCSB hashes them (FNV-1a of the number's bytes). */
function keyOf(record: number): string {
  let hash = 0x811c9dc5;
  for (let rest = record + 1; rest > 0; rest >>>= 8) hash = Math.imul(hash ^ (rest & 255), 0x01000193) >>> 0;
  return `user${hash}x${record}`;
}

class Store {
  readonly #db: Connection;
  readonly #random = new Random(17);
  readonly #insert: Statement;
  readonly #read: Statement;
  readonly #scan: Statement;
  readonly #updates: readonly Statement[];
  readonly #text = 'abcdefghijklmnopqrstuvwxyz0123456789 '.repeat(8);
  count = 0;

  constructor(db: Connection, records: number) {
    const fields = Array.from({ length: FIELD_COUNT }, (_, index) => `field${index}`);
    db.exec('DROP TABLE IF EXISTS usertable');
    db.exec(`CREATE TABLE usertable (key TEXT PRIMARY KEY, ${fields.map((field) => `${field} TEXT`).join(', ')})`);
    this.#db = db;
    this.#insert = db.prepare(`INSERT INTO usertable VALUES (?${', ?'.repeat(FIELD_COUNT)})`);
    this.#read = db.prepare('SELECT * FROM usertable WHERE key = ?');
    this.#scan = db.prepare('SELECT * FROM usertable WHERE key >= ? ORDER BY key LIMIT ?');
    this.#updates = fields.map((field) => db.prepare(`UPDATE usertable SET ${field} = ? WHERE key = ?`));
    inTransaction(db, () => {
      for (let record = 0; record < records; record++) this.insert();
    });
  }

  #field(): string {
    const from = this.#random.next(FIELD_LENGTH);
    return this.#text.slice(from, from + FIELD_LENGTH);
  }

  insert(): void {
    this.#insert.run(keyOf(this.count++), ...Array.from({ length: FIELD_COUNT }, () => this.#field()));
  }

  read(record: number): unknown {
    return this.#read.get(keyOf(record));
  }

  update(record: number): void {
    this.#updates[this.#random.next(FIELD_COUNT)]?.run(this.#field(), keyOf(record));
  }

  scan(record: number): unknown {
    return this.#scan.all(keyOf(record), 1 + this.#random.next(MAX_SCAN));
  }

  everything(): unknown {
    return this.#db.prepare('SELECT * FROM usertable ORDER BY key').all();
  }

  drop(): void {
    this.#db.exec('DROP TABLE usertable');
  }
}

function mixCase(store: Store, { shares, isLatest }: Mix, count: number): Case {
  const random = new Random(23);
  const zipfian = new Zipfian(random, store.count);
  const steps = Object.entries(shares).flatMap(([operation, share]) => Array<Operation>(share).fill(operation as Operation));
  // The likeliest records lie anywhere, unless they are the latest.
  const draw = () => {
    const rank = zipfian.next();
    return isLatest ? store.count - 1 - rank : (rank * 7_368_787) % store.count;
  };
  const actions: Readonly<Record<Operation, () => unknown>> = {
    read: () => store.read(draw()),
    update: () => store.update(draw()),
    insert: () => store.insert(),
    scan: () => store.scan(draw()),
    modify() {
      const record = draw();
      store.read(record);
      store.update(record);
    },
  };
  let last: unknown;
  return {
    count,
    run() {
      for (let step = 0; step < count; step++) last = actions[steps[random.next(steps.length)] as Operation]() ?? last;
    },
    answer: () => [last, store.everything()],
    close: () => store.drop(),
  };
}

export const YCSB: readonly Workload[] = MIXES.map((mix) => ({
  name: `ycsb-${mix.letter.toLowerCase()}`,
  title: `YCSB ${mix.letter}: ${mix.what}`,
  unit: 'operations',
  open: ({ db, scale }) => mixCase(new Store(db, scale.people / 5), mix, scale.statements / 4),
}));

/** TPC-C's five transactions (clauses 2.4 to 2.8), at one warehouse and from one terminal. */
import type { Connection, SqlValue } from '../../drivers/engine.ts';
import { Random } from '../../random.ts';
import { lastName, Texts, timeOf } from './load.ts';
import { DISTRICTS, type Sizes, WAREHOUSE } from './schema.ts';

type Row = Readonly<Record<string, SqlValue>>;

/** Of 100 transactions, how many are of a kind; the rest is new orders. */
const SHARES = { payment: 43, orderStatus: 4, delivery: 4, stockLevel: 4 };
/** One new order of a hundred names an item that does not exist, and is rolled back. */
const ROLLED_BACK_OF = 100;
const BY_NAME_PERCENT = 60;
const LOW_STOCK_ORDERS = 20;

/** The answer of what asks for one row that is known to be there. */
function only(row: unknown): Row {
  if (row === undefined || row === null) throw new Error('a row that TPC-C relies on is not there');
  return row as Row;
}

export class Terminal {
  readonly #db: Connection;
  readonly #sizes: Sizes;
  readonly #random = new Random(37);
  readonly #texts = new Texts(this.#random);
  readonly #sql: ReturnType<typeof prepareAll>;
  #tick = 1_000_000;

  constructor(db: Connection, sizes: Sizes) {
    this.#db = db;
    this.#sizes = sizes;
    this.#sql = prepareAll(db);
  }

  /** One transaction of the mix; what it tells its user. */
  next(): unknown {
    this.#tick += 1;
    let draw = this.#random.next(100);
    const isNext = (share: number) => {
      draw -= share;
      return draw < 0;
    };
    if (isNext(SHARES.payment)) return this.#within(() => this.#payment());
    if (isNext(SHARES.orderStatus)) return this.#within(() => this.#orderStatus());
    if (isNext(SHARES.delivery)) return this.#within(() => this.#delivery());
    if (isNext(SHARES.stockLevel)) return this.#within(() => this.#stockLevel());
    return this.#within(() => this.#newOrder());
  }

  #within(work: () => unknown): unknown {
    this.#db.exec('BEGIN IMMEDIATE');
    const answer = work();
    this.#db.exec(answer === undefined ? 'ROLLBACK' : 'COMMIT');
    return answer;
  }

  /** Clause 2.1.6: some values are drawn more often than others. */
  #uneven(spread: number, least: number, most: number): number {
    const count = most - least + 1;
    return (((((this.#random.next(spread + 1) | this.#texts.range(least, most)) + 42) % count) + count) % count) + least;
  }

  #item(): number {
    return this.#uneven(8191, 1, this.#sizes.items);
  }

  #district(): number {
    return this.#texts.range(1, DISTRICTS);
  }

  #customerId(): number {
    return this.#uneven(1023, 1, this.#sizes.customers);
  }

  /** By name it is the one in the middle of those who share it. */
  #customer(district: number): Row {
    if (this.#random.next(100) >= BY_NAME_PERCENT) {
      return only(this.#sql.customer.get(WAREHOUSE, district, this.#customerId()));
    }
    const names = Math.min(1000, this.#sizes.customers);
    const found = this.#sql.customersByName.all(WAREHOUSE, district, lastName(this.#uneven(255, 0, names - 1)));
    return only(found[Math.floor((found.length - 1) / 2)]);
  }

  #newOrder(): unknown {
    const sql = this.#sql;
    const district = this.#district();
    const customer = only(sql.orderingCustomer.get(WAREHOUSE, district, this.#customerId()));
    const { d_next_o_id, d_tax } = only(sql.district.get(WAREHOUSE, district));
    const order = d_next_o_id as number;
    sql.nextOrder.run(order + 1, WAREHOUSE, district);
    const lines = this.#texts.range(5, 15);
    sql.insertOrder.run(order, district, WAREHOUSE, customer['c_id'] as number, timeOf(this.#tick), lines);
    sql.insertNewOrder.run(order, district, WAREHOUSE);
    const isWrong = this.#random.next(ROLLED_BACK_OF) === 0;
    let total = 0;
    for (let line = 1; line <= lines; line++) {
      const id = isWrong && line === lines ? 0 : this.#item();
      const item = sql.item.get(id) as Row | undefined;
      if (item === undefined) return undefined;
      const quantity = this.#texts.range(1, 10);
      const stock = only(sql.stock.get(WAREHOUSE, id));
      const left = (stock['s_quantity'] as number) - quantity;
      sql.takeStock.run(left < 10 ? left + 91 : left, quantity, WAREHOUSE, id);
      const amount = quantity * (item['i_price'] as number);
      total += amount;
      const info = (stock['s_dist'] as string).slice(district * 24 - 24, district * 24);
      sql.insertLine.run(order, district, WAREHOUSE, line, id, WAREHOUSE, quantity, amount, info);
    }
    const taxes = 1 + (customer['w_tax'] as number) + (d_tax as number);
    return [order, total * (1 - (customer['c_discount'] as number)) * taxes];
  }

  #payment(): unknown {
    const sql = this.#sql;
    const district = this.#district();
    const amount = this.#texts.range(100, 500_000) / 100;
    sql.payWarehouse.run(amount, WAREHOUSE);
    sql.payDistrict.run(amount, WAREHOUSE, district);
    const names = [only(sql.warehouse.get(WAREHOUSE)), only(sql.district.get(WAREHOUSE, district))];
    const customer = this.#customer(district);
    const id = customer['c_id'] as number;
    if (customer['c_credit'] === 'BC') {
      const data = `${id} ${district} ${WAREHOUSE} ${amount} | ${customer['c_data']}`.slice(0, 500);
      sql.payAndNote.run(amount, amount, data, WAREHOUSE, district, id);
    } else {
      sql.pay.run(amount, amount, WAREHOUSE, district, id);
    }
    const note = `${names[0]?.['w_name']}    ${names[1]?.['d_name']}`;
    sql.insertHistory.run(id, district, WAREHOUSE, district, WAREHOUSE, timeOf(this.#tick), amount, note);
    return [id, (customer['c_balance'] as number) - amount];
  }

  #orderStatus(): unknown {
    const district = this.#district();
    const id = this.#customer(district)['c_id'] as number;
    const order = this.#sql.lastOrder.get(WAREHOUSE, district, id) as Row | undefined;
    return [id, order, order && this.#sql.lines.all(WAREHOUSE, district, order['o_id'] as number)];
  }

  #delivery(): unknown {
    const sql = this.#sql;
    const carrier = this.#texts.range(1, 10);
    const delivered: SqlValue[] = [];
    for (let district = 1; district <= DISTRICTS; district++) {
      const oldest = sql.oldestNewOrder.get(WAREHOUSE, district) as Row | undefined;
      if (oldest === undefined) continue;
      const order = oldest['no_o_id'] as number;
      sql.deleteNewOrder.run(WAREHOUSE, district, order);
      const { o_c_id } = only(sql.orderCustomer.get(WAREHOUSE, district, order));
      sql.carry.run(carrier, WAREHOUSE, district, order);
      sql.deliverLines.run(timeOf(this.#tick), WAREHOUSE, district, order);
      const { amount } = only(sql.orderAmount.get(WAREHOUSE, district, order));
      sql.deliverTo.run(amount as number, WAREHOUSE, district, o_c_id as number);
      delivered.push(order);
    }
    return delivered;
  }

  #stockLevel(): unknown {
    const district = this.#district();
    const { d_next_o_id } = only(this.#sql.district.get(WAREHOUSE, district));
    const next = d_next_o_id as number;
    return this.#sql.lowStock.get(WAREHOUSE, district, next, next - LOW_STOCK_ORDERS, WAREHOUSE, this.#texts.range(10, 20));
  }
}

function prepareAll(db: Connection) {
  const prepare = (sql: string) => db.prepare(sql);
  const ofCustomer = 'c_w_id = ? AND c_d_id = ? AND c_id = ?';
  return {
    orderingCustomer: prepare(`SELECT c_id, c_discount, c_last, c_credit, w_tax FROM warehouse, customer
      WHERE w_id = c_w_id AND ${ofCustomer}`),
    district: prepare(
      'SELECT d_next_o_id, d_tax, d_name, d_street_1, d_city, d_state, d_zip FROM district WHERE d_w_id = ? AND d_id = ?',
    ),
    nextOrder: prepare('UPDATE district SET d_next_o_id = ? WHERE d_w_id = ? AND d_id = ?'),
    insertOrder: prepare('INSERT INTO orders VALUES (?, ?, ?, ?, ?, NULL, ?, 1)'),
    insertNewOrder: prepare('INSERT INTO new_order VALUES (?, ?, ?)'),
    item: prepare('SELECT i_price, i_name, i_data FROM item WHERE i_id = ?'),
    stock: prepare('SELECT s_quantity, s_data, s_dist FROM stock WHERE s_w_id = ? AND s_i_id = ?'),
    takeStock: prepare(`UPDATE stock SET s_quantity = ?, s_ytd = s_ytd + ?, s_order_cnt = s_order_cnt + 1
      WHERE s_w_id = ? AND s_i_id = ?`),
    insertLine: prepare('INSERT INTO order_line VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)'),
    payWarehouse: prepare('UPDATE warehouse SET w_ytd = w_ytd + ? WHERE w_id = ?'),
    payDistrict: prepare('UPDATE district SET d_ytd = d_ytd + ? WHERE d_w_id = ? AND d_id = ?'),
    warehouse: prepare('SELECT w_name, w_street_1, w_city, w_state, w_zip FROM warehouse WHERE w_id = ?'),
    customer: prepare(`SELECT * FROM customer WHERE ${ofCustomer}`),
    customersByName: prepare('SELECT * FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_last = ? ORDER BY c_first'),
    pay: prepare(`UPDATE customer SET c_balance = c_balance - ?, c_ytd_payment = c_ytd_payment + ?,
      c_payment_cnt = c_payment_cnt + 1 WHERE ${ofCustomer}`),
    payAndNote: prepare(`UPDATE customer SET c_balance = c_balance - ?, c_ytd_payment = c_ytd_payment + ?,
      c_payment_cnt = c_payment_cnt + 1, c_data = ? WHERE ${ofCustomer}`),
    insertHistory: prepare('INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    lastOrder: prepare(`SELECT o_id, o_carrier_id, o_entry_d FROM orders WHERE o_w_id = ? AND o_d_id = ? AND o_c_id = ?
      ORDER BY o_id DESC LIMIT 1`),
    lines: prepare(`SELECT ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_delivery_d FROM order_line
      WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?`),
    oldestNewOrder: prepare('SELECT no_o_id FROM new_order WHERE no_w_id = ? AND no_d_id = ? ORDER BY no_o_id LIMIT 1'),
    deleteNewOrder: prepare('DELETE FROM new_order WHERE no_w_id = ? AND no_d_id = ? AND no_o_id = ?'),
    orderCustomer: prepare('SELECT o_c_id FROM orders WHERE o_w_id = ? AND o_d_id = ? AND o_id = ?'),
    carry: prepare('UPDATE orders SET o_carrier_id = ? WHERE o_w_id = ? AND o_d_id = ? AND o_id = ?'),
    deliverLines: prepare('UPDATE order_line SET ol_delivery_d = ? WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?'),
    orderAmount: prepare('SELECT sum(ol_amount) AS amount FROM order_line WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?'),
    deliverTo: prepare(`UPDATE customer SET c_balance = c_balance + ?, c_delivery_cnt = c_delivery_cnt + 1 WHERE ${ofCustomer}`),
    lowStock: prepare(`SELECT count(DISTINCT s_i_id) AS low FROM order_line, stock WHERE ol_w_id = ? AND ol_d_id = ?
      AND ol_o_id < ? AND ol_o_id >= ? AND s_w_id = ? AND s_i_id = ol_i_id AND s_quantity < ?`),
  };
}

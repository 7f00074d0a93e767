/**
 * TPC-H's tables, in the order in which they can be loaded: each after those that it refers to.
 *
 * SQLite and our engine take keys, foreign keys and an index on every foreign key; DuckDB takes neither, as its own TPC-H
 * does, and has the standard's types where SQLite has none: DECIMAL for REAL and DATE for its text.
 */
export type ColumnType = 'INTEGER' | 'REAL' | 'TEXT' | 'DATE';

export interface Table {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, type: ColumnType])[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly (readonly [columns: string, references: string])[];
}

/** `'INTEGER r_regionkey, TEXT r_name'`, read more easily than arrays of pairs. */
function columns(text: string): Table['columns'] {
  return text.split(',').map((column) => {
    const [type, name] = column.trim().split(/\s+/);
    return [name as string, type as ColumnType];
  });
}

export const TABLES: readonly Table[] = [
  {
    name: 'region',
    columns: columns('INTEGER r_regionkey, TEXT r_name, TEXT r_comment'),
    primaryKey: ['r_regionkey'],
    foreignKeys: [],
  },
  {
    name: 'nation',
    columns: columns('INTEGER n_nationkey, TEXT n_name, INTEGER n_regionkey, TEXT n_comment'),
    primaryKey: ['n_nationkey'],
    foreignKeys: [['n_regionkey', 'region']],
  },
  {
    name: 'part',
    columns: columns(`INTEGER p_partkey, TEXT p_name, TEXT p_mfgr, TEXT p_brand, TEXT p_type, INTEGER p_size,
      TEXT p_container, REAL p_retailprice, TEXT p_comment`),
    primaryKey: ['p_partkey'],
    foreignKeys: [],
  },
  {
    name: 'supplier',
    columns: columns(`INTEGER s_suppkey, TEXT s_name, TEXT s_address, INTEGER s_nationkey, TEXT s_phone, REAL s_acctbal,
      TEXT s_comment`),
    primaryKey: ['s_suppkey'],
    foreignKeys: [['s_nationkey', 'nation']],
  },
  {
    name: 'partsupp',
    columns: columns(`INTEGER ps_partkey, INTEGER ps_suppkey, INTEGER ps_availqty, REAL ps_supplycost, TEXT ps_comment`),
    primaryKey: ['ps_partkey', 'ps_suppkey'],
    foreignKeys: [
      ['ps_partkey', 'part'],
      ['ps_suppkey', 'supplier'],
    ],
  },
  {
    name: 'customer',
    columns: columns(`INTEGER c_custkey, TEXT c_name, TEXT c_address, INTEGER c_nationkey, TEXT c_phone, REAL c_acctbal,
      TEXT c_mktsegment, TEXT c_comment`),
    primaryKey: ['c_custkey'],
    foreignKeys: [['c_nationkey', 'nation']],
  },
  {
    name: 'orders',
    columns: columns(`INTEGER o_orderkey, INTEGER o_custkey, TEXT o_orderstatus, REAL o_totalprice, DATE o_orderdate,
      TEXT o_orderpriority, TEXT o_clerk, INTEGER o_shippriority, TEXT o_comment`),
    primaryKey: ['o_orderkey'],
    foreignKeys: [['o_custkey', 'customer']],
  },
  {
    name: 'lineitem',
    columns: columns(`INTEGER l_orderkey, INTEGER l_partkey, INTEGER l_suppkey, INTEGER l_linenumber, REAL l_quantity,
      REAL l_extendedprice, REAL l_discount, REAL l_tax, TEXT l_returnflag, TEXT l_linestatus, DATE l_shipdate,
      DATE l_commitdate, DATE l_receiptdate, TEXT l_shipinstruct, TEXT l_shipmode, TEXT l_comment`),
    primaryKey: ['l_orderkey', 'l_linenumber'],
    foreignKeys: [
      ['l_orderkey', 'orders'],
      ['l_partkey, l_suppkey', 'partsupp'],
      ['l_suppkey', 'supplier'],
    ],
  },
];

/** One key column is a rowid in SQLite and has to say so itself. */
export function sqliteTable({ name, columns, primaryKey, foreignKeys }: Table): string {
  const [rowid] = primaryKey.length === 1 ? primaryKey : [];
  const lines = columns.map(([column, type]) =>
    column === rowid ? `${column} INTEGER PRIMARY KEY` : `${column} ${type === 'DATE' ? 'TEXT' : type} NOT NULL`,
  );
  if (rowid === undefined) lines.push(`PRIMARY KEY (${primaryKey.join(', ')})`);
  for (const [key, references] of foreignKeys) lines.push(`FOREIGN KEY (${key}) REFERENCES ${references}`);
  return `CREATE TABLE ${name} (${lines.join(', ')})`;
}

/** An index for each foreign key that is not the start of the primary key. */
export function sqliteIndexes({ name, primaryKey, foreignKeys }: Table): string[] {
  return foreignKeys
    .map(([key]) => key)
    .filter((key) => !primaryKey.join(', ').startsWith(key))
    .map((key) => `CREATE INDEX ${name}_${key.replace(', ', '_')} ON ${name} (${key})`);
}

const DUCKDB_TYPES: Readonly<Record<ColumnType, string>> = {
  INTEGER: 'INTEGER',
  REAL: 'DECIMAL(15, 2)',
  TEXT: 'VARCHAR',
  DATE: 'DATE',
};

export function duckdbTable({ name, columns }: Table): string {
  return `CREATE TABLE ${name} (${columns.map(([column, type]) => `${column} ${DUCKDB_TYPES[type]} NOT NULL`).join(', ')})`;
}

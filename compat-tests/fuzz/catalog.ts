/**
 * Questions about the schema: the catalogue's tables and the PRAGMAs that answer with rows.
 */
import { type Context, nameOf } from './context.ts';
import type { Query } from './query.ts';

export function catalog(context: Context): Query {
  const { random, schema } = context;
  const { tables, indexes, views, isAttached } = schema.picture;
  const relation = random.pick([...tables, ...views]);
  const { name } = relation;
  const database = isAttached && random.oneIn(3) ? 'aux.' : random.pick(['', '', 'main.', 'temp.']);
  const index = indexes.length > 0 ? random.pick(indexes).name : 'nowhere';
  const sql = random.pick([
    `SELECT type, name, tbl_name, sql FROM ${database}sqlite_schema ORDER BY rowid`,
    'SELECT type, name, tbl_name, sql FROM sqlite_temp_schema ORDER BY rowid',
    `SELECT count(*), typeof(sql) FROM sqlite_master GROUP BY 2 ORDER BY 1, 2`,
    'SELECT * FROM sqlite_sequence ORDER BY name',
    `PRAGMA ${database}table_info(${name})`,
    `PRAGMA table_xinfo(${name})`,
    `PRAGMA table_list(${name})`,
    `PRAGMA index_list(${name})`,
    `PRAGMA index_info(${index})`,
    `PRAGMA index_xinfo(${index})`,
    `PRAGMA foreign_key_list(${name})`,
    `PRAGMA foreign_key_check`,
    'PRAGMA foreign_keys',
    'PRAGMA defer_foreign_keys',
    'PRAGMA recursive_triggers',
    'PRAGMA integrity_check',
    'PRAGMA quick_check',
    'PRAGMA user_version',
    'PRAGMA application_id',
    'PRAGMA collation_list',
    'PRAGMA database_list',
    `SELECT m.name, i.name, i.type FROM sqlite_schema AS m, pragma_table_info(m.name) AS i WHERE m.type = 'table' ORDER BY m.rowid, i.cid`,
    `SELECT m.name, l.name, x.name FROM sqlite_schema AS m JOIN pragma_index_list(m.name) AS l JOIN pragma_index_info(l.name) AS x
      ORDER BY m.rowid, l.seq, x.seqno`,
    `SELECT * FROM ${nameOf(context, relation)}, json_each('[1,2]') WHERE false`,
  ]);
  return { sql, isOrdered: true };
}

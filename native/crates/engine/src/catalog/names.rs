//! Names as SQLite treats them: the schema's own table, quoting.

use std::sync::{Arc, LazyLock};

use super::{Column, Table, TreeId};

/// `sqlite_schema` as a table. SQLite calls it by its old name wherever it shows a table's name.
pub fn schema_table(is_temp: bool) -> Arc<Table> {
    static MAIN: LazyLock<Arc<Table>> = LazyLock::new(|| Arc::new(make_schema_table("sqlite_master")));
    static TEMP: LazyLock<Arc<Table>> = LazyLock::new(|| Arc::new(make_schema_table("sqlite_temp_master")));
    if is_temp { TEMP.clone() } else { MAIN.clone() }
}

fn make_schema_table(name: &str) -> Table {
    let column =
        |slot: u32, name: &str, declared_type: &str| Column::of_type(name.into(), slot, declared_type);
    let columns = vec![
        column(0, "type", "TEXT"),
        column(1, "name", "TEXT"),
        column(2, "tbl_name", "TEXT"),
        column(3, "rootpage", "INT"),
        column(4, "sql", "TEXT"),
    ];
    Table { is_system: true, next_slot: 6, ..Table::plain(name, TreeId::SCHEMA, columns) }
}

/// The name in double quotes where SQL would not read it as one name without.
pub(crate) fn quote_name(name: &str) -> String {
    let is_plain = name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !is_keyword_like(name);
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Whether the word is one of SQLite's keywords, also of those that may serve as names.
fn is_keyword_like(word: &str) -> bool {
    let upper = word.to_ascii_uppercase();
    KEYWORDS.binary_search(&upper.as_str()).is_ok()
}

/// Sorted.
const KEYWORDS: &[&str] = &[
    "ABORT",
    "ACTION",
    "ADD",
    "AFTER",
    "ALL",
    "ALTER",
    "ALWAYS",
    "ANALYZE",
    "AND",
    "AS",
    "ASC",
    "ATTACH",
    "AUTOINCREMENT",
    "BEFORE",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CASCADE",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COLUMN",
    "COMMIT",
    "CONFLICT",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CURRENT",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DATABASE",
    "DEFAULT",
    "DEFERRABLE",
    "DEFERRED",
    "DELETE",
    "DESC",
    "DETACH",
    "DISTINCT",
    "DO",
    "DROP",
    "EACH",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXCLUDE",
    "EXCLUSIVE",
    "EXISTS",
    "EXPLAIN",
    "FAIL",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FOR",
    "FOREIGN",
    "FROM",
    "FULL",
    "GENERATED",
    "GLOB",
    "GROUP",
    "GROUPS",
    "HAVING",
    "IF",
    "IGNORE",
    "IMMEDIATE",
    "IN",
    "INDEX",
    "INDEXED",
    "INITIALLY",
    "INNER",
    "INSERT",
    "INSTEAD",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "KEY",
    "LAST",
    "LEFT",
    "LIKE",
    "LIMIT",
    "MATCH",
    "MATERIALIZED",
    "NATURAL",
    "NO",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "NULLS",
    "OF",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OTHERS",
    "OUTER",
    "OVER",
    "PARTITION",
    "PLAN",
    "PRAGMA",
    "PRECEDING",
    "PRIMARY",
    "QUERY",
    "RAISE",
    "RANGE",
    "RECURSIVE",
    "REFERENCES",
    "REGEXP",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "REPLACE",
    "RESTRICT",
    "RETURNING",
    "RIGHT",
    "ROLLBACK",
    "ROW",
    "ROWS",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "TABLE",
    "TEMP",
    "TEMPORARY",
    "THEN",
    "TIES",
    "TO",
    "TRANSACTION",
    "TRIGGER",
    "UNBOUNDED",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VACUUM",
    "VALUES",
    "VIEW",
    "VIRTUAL",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "WITHIN",
    "WITHOUT",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_only_where_they_must() {
        assert!(KEYWORDS.is_sorted());
        assert_eq!(quote_name("abc_1"), "abc_1");
        assert_eq!(quote_name("order"), "\"order\"");
        assert_eq!(quote_name("a b"), "\"a b\"");
        assert_eq!(quote_name("1a"), "\"1a\"");
    }
}

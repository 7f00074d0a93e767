//! SQL text: lexed, parsed, printed, parsed again.
//!
//! Laws: parsing goes forward; what parsed prints as something that parses; that prints the same again.

use pluresdb_sql::{is_keyword, parse_next, print, quote_identifier};

/// What an app could send; longer text only repeats.
const MAX_TEXT: usize = 1 << 16;

pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_TEXT)]);
    let mut offset = 0;
    loop {
        match parse_next(&text, offset) {
            Ok(Some(parsed)) => {
                assert!(parsed.end > offset, "the parser goes forward");
                assert!(text.is_char_boundary(parsed.end), "statements end between characters");
                offset = parsed.end;
                check_printing(&parsed.statement);
            }
            Ok(None) => break,
            Err(error) => {
                assert!(!error.message.is_empty(), "an error says what is wrong");
                break;
            }
        }
    }
    let _ = is_keyword(&text);
    let _ = quote_identifier(&text);
}

fn check_printing(statement: &pluresdb_sql::ast::Statement) {
    let printed = print::statement(statement);
    let again = match parse_next(&printed, 0) {
        Ok(Some(again)) => again,
        Ok(None) => panic!("printed as nothing: {printed}"),
        Err(error) => panic!("{}: printed as {printed}", error.message),
    };
    assert_eq!(print::statement(&again.statement), printed, "printing is stable");
}

pub fn seeds() -> Vec<Vec<u8>> {
    crate::texts(&[
        "SELECT a, b AS c, t.*, count(*) FILTER (WHERE x > 1) OVER w FROM t AS u LEFT JOIN v USING (a) WHERE a IN (1, 2) \
         GROUP BY 1 HAVING max(b) > 2 WINDOW w AS (PARTITION BY a ORDER BY b DESC NULLS LAST ROWS BETWEEN 1 PRECEDING \
         AND CURRENT ROW EXCLUDE TIES) ORDER BY 1 LIMIT 2 OFFSET 3",
        "WITH RECURSIVE c(x) AS MATERIALIZED (VALUES (1) UNION ALL SELECT x + 1 FROM c) SELECT * FROM c",
        "INSERT OR REPLACE INTO main.t (a, b) VALUES (?1, :n) ON CONFLICT (a) WHERE b DO UPDATE SET b = excluded.b RETURNING *",
        "UPDATE t INDEXED BY i SET (a, b) = (SELECT 1, 2) FROM u WHERE t.x = u.x",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT COLLATE NOCASE CHECK (b <> ''), c AS (a + 1) STORED, \
         FOREIGN KEY (b) REFERENCES u (x) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED) STRICT, WITHOUT ROWID",
        "CREATE TEMP TRIGGER r INSTEAD OF UPDATE OF a ON v FOR EACH ROW WHEN new.a BEGIN SELECT RAISE(ABORT, 'x'); END",
        "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (lower(a) COLLATE RTRIM DESC) WHERE b IS NOT NULL; PRAGMA x.y(-1)",
        "ALTER TABLE t RENAME COLUMN a TO \"b c\"; EXPLAIN QUERY PLAN DELETE FROM t; VACUUM INTO 'x'; ATTACH 'a' AS b",
        "SELECT CASE a WHEN 1 THEN x'00' ELSE CAST(b AS INT) END, a NOT BETWEEN 1 AND 2, a -> '$.b' ->> 1, -~+1, NOT a \
         ISNULL, a LIKE b ESCAPE c, (1, 2) < (3, 4), EXISTS (SELECT 1), 1e5, 0x1F, 1_000",
        "VALUES (1, 'it''s'), (2, \"q\"\"q\") EXCEPT SELECT [a], `b` FROM f(1) /* c */ -- d\n",
    ])
}

//! Laws: no text makes the parser panic, printing is stable, deep text ends in a result on a small stack.

use std::thread;

use pluresdb_sql::{parse_next, print};

/// A small generator with a state of 64 bits (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}

const SOUP: &str = "SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET VALUES WITH RECURSIVE AS UNION ALL EXCEPT INTERSECT \
    INSERT INTO REPLACE DEFAULT ON CONFLICT DO NOTHING UPDATE SET DELETE RETURNING CREATE TABLE TEMP VIEW INDEX UNIQUE \
    TRIGGER BEFORE AFTER INSTEAD OF FOR EACH ROW WHEN BEGIN END VIRTUAL USING IF NOT EXISTS PRIMARY KEY REFERENCES CHECK \
    FOREIGN COLLATE GENERATED ALWAYS CONSTRAINT AUTOINCREMENT WITHOUT ALTER RENAME TO ADD COLUMN DROP PRAGMA ATTACH \
    DETACH ANALYZE REINDEX VACUUM EXPLAIN QUERY PLAN SAVEPOINT RELEASE ROLLBACK COMMIT TRANSACTION CASE THEN ELSE CAST \
    LIKE GLOB MATCH ESCAPE BETWEEN AND OR IN IS NULL ISNULL NOTNULL DISTINCT RAISE ABORT IGNORE OVER FILTER WINDOW \
    PARTITION ROWS RANGE GROUPS PRECEDING FOLLOWING UNBOUNDED CURRENT EXCLUDE TIES NULLS FIRST LAST LEFT NATURAL CROSS \
    JOIN INDEXED MATERIALIZED ( ) ( ) ( ) , , , . ; + - * / % = == <> < >> & | || ~ -> ->> ! 1 2.5 0x1f 1_0 1__0 x'00' \
    x'0' 'text' 'open \"q\" [b] [open `c` ? ?7 :n @n $n # #1 é a b t -- /* */ \u{feff} \u{7f} \\";

#[test]
fn token_soup_never_panics_and_what_it_makes_prints_stably() {
    let words: Vec<&str> = SOUP.split_whitespace().collect();
    for seed in 0..30_000 {
        let mut random = Random(seed);
        let mut sql = String::new();
        for _ in 0..random.below(14) {
            sql.push_str(words[random.below(words.len())]);
            if random.below(8) > 0 {
                sql.push(' ');
            }
        }
        let mut offset = 0;
        while let Ok(Some(parsed)) = parse_next(&sql, offset) {
            assert!(parsed.end > offset, "no progress in {sql}");
            offset = parsed.end;
            let printed = print::statement(&parsed.statement);
            let again = parse_next(&printed, 0)
                .unwrap_or_else(|error| panic!("{sql} printed as {printed}: {error}"))
                .unwrap_or_else(|| panic!("{sql} printed as nothing"));
            assert_eq!(print::statement(&again.statement), printed, "printed from {sql}");
        }
    }
}

#[test]
fn any_cut_of_a_text_ends_in_a_result() {
    let sql = "WITH x(é) AS (SELECT 'ü' || \"ö\", [ä], x'00', /* ß */ 1_0.5e-3, ?1, :né -- ø\n) \
               INSERT INTO t SELECT * FROM x WHERE a NOT IN (1, 2) ON CONFLICT (a) DO UPDATE SET (b, c) = (1, 2)";
    for start in (0..sql.len()).filter(|&at| sql.is_char_boundary(at)) {
        for end in (start..=sql.len()).filter(|&at| sql.is_char_boundary(at)) {
            let _ = parse_next(&sql[start..end], 0);
        }
    }
}

/// What the text comes to on a thread with the stack Rust gives its threads: parsed, cloned, compared, printed.
fn on_a_small_stack(sql: String) -> Result<(), String> {
    let work = move || {
        let parsed = match parse_next(&sql, 0) {
            Ok(parsed) => parsed.expect("the text holds a statement"),
            Err(error) => return Err(error.message),
        };
        assert!(parsed.clone() == parsed);
        print::statement(&parsed.statement);
        Ok(())
    };
    let thread = thread::Builder::new().stack_size(2 << 20).spawn(work).expect("threads can be made");
    thread.join().expect("no panic and no overflow")
}

fn nested(open: &str, core: &str, close: &str, levels: usize) -> String {
    format!("SELECT {}{core}{}", open.repeat(levels), close.repeat(levels))
}

#[test]
fn expressions_end_at_a_depth_of_1000() {
    let too_large = Err("Expression tree is too large (maximum depth 1000)".to_string());
    for (open, close) in
        [("", "+1"), ("", " OR 1"), ("- ", ""), ("NOT ", ""), ("", " ISNULL"), ("", " COLLATE x")]
    {
        assert_eq!(on_a_small_stack(nested(open, "1", close, 999)), Ok(()), "{open}{close}");
        assert_eq!(on_a_small_stack(nested(open, "1", close, 1000)), too_large, "{open}{close}");
        assert_eq!(on_a_small_stack(nested("", "1", " OR 1", 100_000)), too_large);
    }
}

#[test]
fn nesting_ends_where_sqlites_parser_ends_it() {
    let limit = Err("Recursion limit".to_string());
    // Opening, core, closing, the most levels SQLite takes.
    for (open, core, close, levels) in [
        ("(", "1", ")", 2493),
        ("+ ", "1", "", 2494),
        ("abs(", "1", ")", 831),
        ("max(1,", "1", ")", 498),
        ("(1,", "1", ")", 831),
        ("1+(", "1", ")", 831),
        ("CASE WHEN ", "1", " THEN 1 END", 830),
        ("CASE 1 WHEN 1 THEN ", "1", " END", 498),
        ("count(*) FILTER (WHERE ", "1", ")", 356),
    ] {
        assert_eq!(on_a_small_stack(nested(open, core, close, levels)), Ok(()), "{open}");
        assert_eq!(on_a_small_stack(nested(open, core, close, levels + 1)), limit, "{open}");
        assert_eq!(on_a_small_stack(nested(open, core, close, 50_000)), limit, "{open}");
    }
}

#[test]
fn every_way_to_nest_survives_a_small_stack() {
    for (open, core, close) in [
        ("(SELECT ", "1", ")"),
        ("EXISTS (SELECT ", "1", ")"),
        ("1 IN (", "1, 2", ")"),
        ("1 IN (SELECT ", "1", ")"),
        ("1 IN x(", "1", ")"),
        ("1 BETWEEN ", "1", " AND 1"),
        ("1 LIKE ", "1", ""),
        ("CAST(", "1", " AS INT)"),
        ("sum(1) OVER (PARTITION BY ", "1", ")"),
        ("* FROM (SELECT ", "1", ")"),
        ("(SELECT * FROM f(", "1", "))"),
        ("(SELECT * FROM t JOIN t ON ", "1", ")"),
        ("(WITH x AS (SELECT ", "1", ") SELECT 1)"),
        ("1 LIMIT (SELECT ", "1", ")"),
    ] {
        for levels in [150, 300, 490, 800, 1200, 100_000] {
            let _ = on_a_small_stack(nested(open, core, close, levels));
        }
    }
    for (open, close) in [("(", ")"), ("(t JOIN ", ")"), ("t JOIN (", ")"), ("(SELECT * FROM ", ")")] {
        for levels in [400, 1200, 100_000] {
            let _ = on_a_small_stack(nested("", &nested_from(open, close, levels), "", 1));
        }
    }
}

fn nested_from(open: &str, close: &str, levels: usize) -> String {
    format!("* FROM {}t{}", open.repeat(levels), close.repeat(levels))
}

//! Keywords, and how a name must be written so that it is read as a name.

use crate::token::TokenKind;

const KEYWORDS: [(&str, TokenKind); 147] = [
    ("ABORT", TokenKind::Abort),
    ("ACTION", TokenKind::Action),
    ("ADD", TokenKind::Add),
    ("AFTER", TokenKind::After),
    ("ALL", TokenKind::All),
    ("ALTER", TokenKind::Alter),
    ("ALWAYS", TokenKind::Always),
    ("ANALYZE", TokenKind::Analyze),
    ("AND", TokenKind::And),
    ("AS", TokenKind::As),
    ("ASC", TokenKind::Asc),
    ("ATTACH", TokenKind::Attach),
    ("AUTOINCREMENT", TokenKind::Autoincrement),
    ("BEFORE", TokenKind::Before),
    ("BEGIN", TokenKind::Begin),
    ("BETWEEN", TokenKind::Between),
    ("BY", TokenKind::By),
    ("CASCADE", TokenKind::Cascade),
    ("CASE", TokenKind::Case),
    ("CAST", TokenKind::Cast),
    ("CHECK", TokenKind::Check),
    ("COLLATE", TokenKind::Collate),
    ("COLUMN", TokenKind::Column),
    ("COMMIT", TokenKind::Commit),
    ("CONFLICT", TokenKind::Conflict),
    ("CONSTRAINT", TokenKind::Constraint),
    ("CREATE", TokenKind::Create),
    ("CROSS", TokenKind::JoinWord),
    ("CURRENT", TokenKind::Current),
    ("CURRENT_DATE", TokenKind::TimeWord),
    ("CURRENT_TIME", TokenKind::TimeWord),
    ("CURRENT_TIMESTAMP", TokenKind::TimeWord),
    ("DATABASE", TokenKind::Database),
    ("DEFAULT", TokenKind::Default),
    ("DEFERRABLE", TokenKind::Deferrable),
    ("DEFERRED", TokenKind::Deferred),
    ("DELETE", TokenKind::Delete),
    ("DESC", TokenKind::Desc),
    ("DETACH", TokenKind::Detach),
    ("DISTINCT", TokenKind::Distinct),
    ("DO", TokenKind::Do),
    ("DROP", TokenKind::Drop),
    ("EACH", TokenKind::Each),
    ("ELSE", TokenKind::Else),
    ("END", TokenKind::EndWord),
    ("ESCAPE", TokenKind::Escape),
    ("EXCEPT", TokenKind::Except),
    ("EXCLUDE", TokenKind::Exclude),
    ("EXCLUSIVE", TokenKind::Exclusive),
    ("EXISTS", TokenKind::Exists),
    ("EXPLAIN", TokenKind::Explain),
    ("FAIL", TokenKind::Fail),
    ("FILTER", TokenKind::Filter),
    ("FIRST", TokenKind::First),
    ("FOLLOWING", TokenKind::Following),
    ("FOR", TokenKind::For),
    ("FOREIGN", TokenKind::Foreign),
    ("FROM", TokenKind::From),
    ("FULL", TokenKind::JoinWord),
    ("GENERATED", TokenKind::Generated),
    ("GLOB", TokenKind::LikeWord),
    ("GROUP", TokenKind::Group),
    ("GROUPS", TokenKind::Groups),
    ("HAVING", TokenKind::Having),
    ("IF", TokenKind::If),
    ("IGNORE", TokenKind::Ignore),
    ("IMMEDIATE", TokenKind::Immediate),
    ("IN", TokenKind::In),
    ("INDEX", TokenKind::Index),
    ("INDEXED", TokenKind::Indexed),
    ("INITIALLY", TokenKind::Initially),
    ("INNER", TokenKind::JoinWord),
    ("INSERT", TokenKind::Insert),
    ("INSTEAD", TokenKind::Instead),
    ("INTERSECT", TokenKind::Intersect),
    ("INTO", TokenKind::Into),
    ("IS", TokenKind::Is),
    ("ISNULL", TokenKind::Isnull),
    ("JOIN", TokenKind::Join),
    ("KEY", TokenKind::Key),
    ("LAST", TokenKind::Last),
    ("LEFT", TokenKind::JoinWord),
    ("LIKE", TokenKind::LikeWord),
    ("LIMIT", TokenKind::Limit),
    ("MATCH", TokenKind::Match),
    ("MATERIALIZED", TokenKind::Materialized),
    ("NATURAL", TokenKind::JoinWord),
    ("NO", TokenKind::No),
    ("NOT", TokenKind::Not),
    ("NOTHING", TokenKind::Nothing),
    ("NOTNULL", TokenKind::Notnull),
    ("NULL", TokenKind::Null),
    ("NULLS", TokenKind::Nulls),
    ("OF", TokenKind::Of),
    ("OFFSET", TokenKind::Offset),
    ("ON", TokenKind::On),
    ("OR", TokenKind::Or),
    ("ORDER", TokenKind::Order),
    ("OTHERS", TokenKind::Others),
    ("OUTER", TokenKind::JoinWord),
    ("OVER", TokenKind::Over),
    ("PARTITION", TokenKind::Partition),
    ("PLAN", TokenKind::Plan),
    ("PRAGMA", TokenKind::Pragma),
    ("PRECEDING", TokenKind::Preceding),
    ("PRIMARY", TokenKind::Primary),
    ("QUERY", TokenKind::Query),
    ("RAISE", TokenKind::Raise),
    ("RANGE", TokenKind::Range),
    ("RECURSIVE", TokenKind::Recursive),
    ("REFERENCES", TokenKind::References),
    ("REGEXP", TokenKind::LikeWord),
    ("REINDEX", TokenKind::Reindex),
    ("RELEASE", TokenKind::Release),
    ("RENAME", TokenKind::Rename),
    ("REPLACE", TokenKind::Replace),
    ("RESTRICT", TokenKind::Restrict),
    ("RETURNING", TokenKind::Returning),
    ("RIGHT", TokenKind::JoinWord),
    ("ROLLBACK", TokenKind::Rollback),
    ("ROW", TokenKind::Row),
    ("ROWS", TokenKind::Rows),
    ("SAVEPOINT", TokenKind::Savepoint),
    ("SELECT", TokenKind::Select),
    ("SET", TokenKind::Set),
    ("TABLE", TokenKind::Table),
    ("TEMP", TokenKind::Temp),
    ("TEMPORARY", TokenKind::Temp),
    ("THEN", TokenKind::Then),
    ("TIES", TokenKind::Ties),
    ("TO", TokenKind::To),
    ("TRANSACTION", TokenKind::Transaction),
    ("TRIGGER", TokenKind::Trigger),
    ("UNBOUNDED", TokenKind::Unbounded),
    ("UNION", TokenKind::Union),
    ("UNIQUE", TokenKind::Unique),
    ("UPDATE", TokenKind::Update),
    ("USING", TokenKind::Using),
    ("VACUUM", TokenKind::Vacuum),
    ("VALUES", TokenKind::Values),
    ("VIEW", TokenKind::View),
    ("VIRTUAL", TokenKind::Virtual),
    ("WHEN", TokenKind::When),
    ("WHERE", TokenKind::Where),
    ("WINDOW", TokenKind::Window),
    ("WITH", TokenKind::With),
    ("WITHOUT", TokenKind::Without),
];

const TABLE_SIZE: usize = 512;

/// Open addressing, built by the compiler: 0 is empty, n is `KEYWORDS[n - 1]`.
const TABLE: [u8; TABLE_SIZE] = {
    let mut table = [0; TABLE_SIZE];
    let mut index = 0;
    while index < KEYWORDS.len() {
        let mut slot = hash(KEYWORDS[index].0.as_bytes());
        while table[slot] != 0 {
            slot = (slot + 1) % TABLE_SIZE;
        }
        table[slot] = index as u8 + 1;
        index += 1;
    }
    table
};

const LONGEST: usize = "CURRENT_TIMESTAMP".len();

/// Of a word of at least two bytes; the case of letters makes no difference.
const fn hash(word: &[u8]) -> usize {
    let first = (word[0] | 0x20) as usize;
    let second = (word[1] | 0x20) as usize;
    let last = (word[word.len() - 1] | 0x20) as usize;
    (first * 37 + second * 5 + last * 113 + word.len() * 29) % TABLE_SIZE
}

/// The keyword a word is, or `Identifier`.
pub(crate) fn keyword(word: &[u8]) -> TokenKind {
    if word.len() < 2 || word.len() > LONGEST {
        return TokenKind::Identifier;
    }
    let mut slot = hash(word);
    while TABLE[slot] != 0 {
        let (text, kind) = KEYWORDS[TABLE[slot] as usize - 1];
        if text.as_bytes().eq_ignore_ascii_case(word) {
            return kind;
        }
        slot = (slot + 1) % TABLE_SIZE;
    }
    TokenKind::Identifier
}

/// Whether SQLite knows the word as a keyword (of which many may still be identifiers).
pub fn is_keyword(word: &str) -> bool {
    keyword(word.as_bytes()) != TokenKind::Identifier
}

/// The name as SQL text: bare where that reads back as the same name anywhere, else in double quotes.
pub fn quote_identifier(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    push_identifier(&mut quoted, name);
    quoted
}

pub(crate) fn push_identifier(out: &mut String, name: &str) {
    let starts_like_one = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    let is_bare =
        starts_like_one && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !is_keyword(name);
    if is_bare {
        out.push_str(name);
        return;
    }
    out.push('"');
    for c in name.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_found_in_either_case() {
        for (text, kind) in KEYWORDS {
            assert_eq!(keyword(text.as_bytes()), kind);
            assert_eq!(keyword(text.to_ascii_lowercase().as_bytes()), kind);
        }
        assert_eq!(keyword(b"selects"), TokenKind::Identifier);
        assert!(!is_keyword("rowid"));
    }

    #[test]
    fn names_are_quoted_only_where_they_must_be() {
        assert_eq!(quote_identifier("a_1"), "a_1");
        assert_eq!(quote_identifier("order"), "\"order\"");
        assert_eq!(quote_identifier("1a"), "\"1a\"");
        assert_eq!(quote_identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(quote_identifier(""), "\"\"");
    }
}

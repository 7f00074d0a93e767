//! What the tree says: structure, spans, names, parameters, and SQLite's error texts.
//!
//! Whether a text is accepted at all is asked of SQLite itself, in `compat-tests/parser`.

use pluresdb_sql::ast::{
    AlterAction, BinaryOp, ColumnConstraintKind, CreateTableBody, Expr, ExprKind, Literal, Quote,
    ResultColumn, SelectCore, Statement, TableConstraintKind,
};
use pluresdb_sql::{ParseError, Parsed, parse_next, print};

fn parse(sql: &str) -> Parsed {
    match parse_next(sql, 0) {
        Ok(Some(parsed)) => parsed,
        other => panic!("{sql}: {other:?}"),
    }
}

fn parse_error(sql: &str) -> ParseError {
    match parse_next(sql, 0) {
        Err(error) => error,
        other => panic!("{sql}: {other:?}"),
    }
}

fn result_columns(sql: &str) -> Vec<ResultColumn> {
    match parse(sql).statement {
        Statement::Select(select) => match select.first {
            SelectCore::Query(query) => query.columns,
            SelectCore::Values(_) => panic!("{sql} is VALUES"),
        },
        other => panic!("{other:?}"),
    }
}

fn expr(text: &str) -> Expr {
    match result_columns(&format!("SELECT {text}")).pop() {
        Some(ResultColumn::Expr { expr, .. }) => expr,
        other => panic!("{other:?}"),
    }
}

/// The expression with every operator in parentheses, so that a test shows how it was read.
fn shape(text: &str) -> String {
    fn show(expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Binary { op, left, right } => {
                let whole = print::expr(expr);
                let op = match op {
                    BinaryOp::Is => "IS",
                    BinaryOp::IsNot => "IS NOT",
                    BinaryOp::And => "AND",
                    BinaryOp::Or => "OR",
                    BinaryOp::Equal => "=",
                    BinaryOp::Less => "<",
                    BinaryOp::Add => "+",
                    BinaryOp::Concat => "||",
                    BinaryOp::JsonExtract => "->",
                    _ => return whole,
                };
                format!("({} {op} {})", show(left), show(right))
            }
            ExprKind::Unary { op, operand } => format!("({op:?} {})", show(operand)),
            ExprKind::Collate { operand, collation } => {
                format!("({} COLLATE {})", show(operand), collation.text)
            }
            ExprKind::Like { negated, operand, pattern, escape, .. } => {
                let escape = escape.as_ref().map(|escape| format!(" ESCAPE {}", show(escape)));
                let not = if *negated { "NOT " } else { "" };
                format!("({} {not}LIKE {}{})", show(operand), show(pattern), escape.unwrap_or_default())
            }
            ExprKind::Between { operand, low, high, .. } => {
                format!("({} BETWEEN {} AND {})", show(operand), show(low), show(high))
            }
            _ => print::expr(expr),
        }
    }
    show(&expr(text))
}

#[test]
fn operators_bind_as_in_sqlite() {
    assert_eq!(shape("a OR b AND c"), "(a OR (b AND c))");
    assert_eq!(shape("NOT a = b"), "(Not (a = b))");
    assert_eq!(shape("NOT a NOT LIKE b"), "(Not (a NOT LIKE b))");
    assert_eq!(shape("1 + NOT 2 = 3"), "(1 + (Not (2 = 3)))");
    assert_eq!(shape("a = b < c"), "(a = (b < c))");
    assert_eq!(shape("- a COLLATE b || c"), "(((Minus a) COLLATE b) || c)");
    assert_eq!(shape("a || b -> c"), "((a || b) -> c)");
    assert_eq!(shape("a = b NOT NULL"), "(NotNull (a = b))");
    assert_eq!(shape("a AND b NOT NULL"), "(a AND (NotNull b))");
    assert_eq!(shape("a LIKE b ESCAPE c = d"), "((a LIKE b ESCAPE c) = d)");
    assert_eq!(shape("a LIKE b ESCAPE c < d"), "(a LIKE b ESCAPE (c < d))");
    assert_eq!(shape("a BETWEEN b = c AND d AND e"), "((a BETWEEN (b = c) AND d) AND e)");
    assert_eq!(shape("a BETWEEN b AND c OR d"), "((a BETWEEN b AND c) OR d)");
    assert_eq!(shape("a IS NOT b"), "(a IS NOT b)");
    assert_eq!(shape("a IS NOT DISTINCT FROM b"), "(a IS b)");
    assert_eq!(shape("a IS NOT NULL"), "(NotNull a)");
    assert_eq!(shape("- + a"), "(Minus a)");
}

#[test]
fn result_columns_keep_the_text_that_names_them() {
    let sql = "SELECT (a) , b+ 1 AS c, ( 1 /* x */ ) FROM t";
    let texts: Vec<&str> = result_columns(sql)
        .iter()
        .map(|column| match column {
            ResultColumn::Expr { span, .. } => span.text(sql),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(texts, ["(a)", "b+ 1", "( 1 /* x */ )"]);
}

#[test]
fn spans_cover_the_parentheses_of_parts_but_not_their_own() {
    let sql = "SELECT ((a) + (b))";
    let whole = expr("((a) + (b))");
    assert_eq!(whole.span.text(sql), "(a) + (b)");
    match whole.kind {
        ExprKind::Binary { left, right, .. } => {
            assert_eq!((left.span.text(sql), right.span.text(sql)), ("a", "b"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_tell_how_they_were_quoted() {
    for (text, dequoted, quote) in [
        ("a", "a", Quote::None),
        ("\"a\"\"b\"", "a\"b", Quote::Double),
        ("`a``b`", "a`b", Quote::Backtick),
        ("[a b]", "a b", Quote::Bracket),
    ] {
        match expr(text).kind {
            ExprKind::Column { qualifier: None, column } => {
                assert_eq!((&*column.text, column.quote), (dequoted, quote));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(expr("'it''s'").kind, ExprKind::Literal(Literal::String(text)) if &*text == "it's"));
}

#[test]
fn numbers_keep_what_the_value_needs() {
    let literal = |text: &str| match expr(text).kind {
        ExprKind::Literal(literal) => literal,
        other => panic!("{other:?}"),
    };
    assert_eq!(literal("1_000"), Literal::Integer(1000));
    assert_eq!(literal("0xffffffffffffffff"), Literal::Integer(-1));
    assert_eq!(literal("9223372036854775808"), Literal::BigInteger("9223372036854775808".into()));
    assert_eq!(literal("1_0.5e1_0"), Literal::Real("10.5e10".into()));
    assert_eq!(literal("x'0aFF'"), Literal::Blob([10, 255].into()));
}

#[test]
fn parameters_are_numbered_as_in_sqlite() {
    let names = parse("SELECT ?, :a, ?5, @b, :a, ?").parameters.names;
    let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
    assert_eq!(names, [None, Some(":a"), None, None, Some("?5"), Some("@b"), None]);
    assert_eq!(parse_error("SELECT ?0").message, "variable number must be between ?1 and ?32766");
    assert_eq!(parse_error("SELECT ?32767").offset, Some(7));
    assert_eq!(parse_error("SELECT ?32766, ?").message, "too many SQL variables");
}

#[test]
fn statements_come_one_at_a_time() {
    let sql = ";; SELECT 1 ; -- done\n SELECT 2 -- end";
    let first = parse(sql);
    assert_eq!(first.span.text(sql), "SELECT 1");
    assert_eq!(first.end, sql.find("; --").expect("the text has it") + 1);
    let second = parse_next(sql, first.end).expect("accepted").expect("there is one");
    assert_eq!(second.span.text(sql), "SELECT 2");
    assert_eq!(parse_next(sql, second.end), Ok(None));
    assert_eq!(parse_next("SELECT 1\0 nonsense", 0).map(|parsed| parsed.map(|p| p.end)), Ok(Some(8)));
}

#[test]
fn errors_are_sqlites() {
    for (sql, message, offset) in [
        ("SELEC 1", "near \"SELEC\": syntax error", Some(0)),
        ("SELECT", "incomplete input", None),
        ("SELECT 'a", "unrecognized token: \"'a\"", Some(7)),
        ("SELECT 12ab", "unrecognized token: \"12ab\"", Some(7)),
        ("SELECT 1_0__1", "unrecognized token: \"100__1\"", None),
        ("SELECT 1 ORDER BY 1 UNION SELECT 2", "ORDER BY clause should come after UNION not before", None),
        ("SELECT 1 LIMIT 1 UNION ALL SELECT 2", "LIMIT clause should come after UNION ALL not before", None),
        ("SELECT * FROM a OUTER JOIN b", "unknown join type: OUTER", None),
        ("SELECT * FROM a LEFT x INNER JOIN b", "unknown join type: LEFT x INNER", None),
        ("CREATE TABLE t(a) WITHOUT x", "unknown table option: x", None),
        ("WITH x(a DESC) AS (SELECT 1) SELECT 1", "syntax error after column name \"a\"", None),
    ] {
        let error = parse_error(sql);
        assert_eq!((error.message.as_str(), error.offset), (message, offset), "{sql}");
    }
}

#[test]
fn a_complaint_gives_way_to_a_syntax_error_right_behind_it() {
    assert_eq!(parse_error("SELECT ?0 DISTINCT").message, "near \"DISTINCT\": syntax error");
    assert_eq!(parse_error("SELECT ?0 FROM FROM").message, "variable number must be between ?1 and ?32766");
}

#[test]
fn definitions_keep_the_texts_sqlite_shows() {
    let sql = "CREATE TABLE t (a INT GENERATED ALWAYS AS ( b+1 ) STORED, b DEFAULT ( 1 + 2 ) CONSTRAINT c CHECK( b > 0 ), \
               d DEFAULT -5 NOT NULL, CONSTRAINT p PRIMARY KEY (a) UNIQUE (b), CHECK (a))";
    let Statement::CreateTable(create) = parse(sql).statement else { panic!("not a table") };
    let CreateTableBody::Columns { columns, constraints, .. } = create.body else { panic!("no columns") };
    assert_eq!(columns[0].type_name.as_ref().map(|name| &*name.text), Some("INT"));
    assert_eq!(columns[2].span.text(sql), "d DEFAULT -5 NOT NULL");
    let texts: Vec<(Option<&str>, &str)> = columns
        .iter()
        .flat_map(|column| &column.constraints)
        .filter_map(|constraint| {
            let text = match &constraint.kind {
                ColumnConstraintKind::Generated(generated) => generated.text,
                ColumnConstraintKind::Default(default) => default.text,
                ColumnConstraintKind::Check(check) => check.text,
                _ => return None,
            };
            Some((constraint.name.as_ref().map(|name| &*name.text), text.text(sql)))
        })
        .collect();
    assert_eq!(texts, [(None, "b+1"), (None, "1 + 2"), (Some("c"), "b > 0"), (None, "-5")]);
    let names: Vec<Option<&str>> =
        constraints.iter().map(|constraint| constraint.name.as_ref().map(|name| &*name.text)).collect();
    assert_eq!(names, [Some("p"), Some("p"), None], "a name reaches to the next comma");
    assert!(matches!(constraints[1].kind, TableConstraintKind::Unique { .. }));
    assert_eq!(constraints[0].span.text(sql), "CONSTRAINT p PRIMARY KEY (a)");
}

#[test]
fn alter_knows_the_forms_of_sqlite_3_53() {
    let action = |sql: &str| match parse(sql).statement {
        Statement::AlterTable(alter) => alter.action,
        other => panic!("{other:?}"),
    };
    assert!(matches!(action("ALTER TABLE t ADD CHECK (a > 1)"), AlterAction::AddCheck { name: None, .. }));
    assert!(matches!(action("ALTER TABLE t DROP CONSTRAINT c"), AlterAction::DropConstraint(_)));
    assert!(matches!(action("ALTER TABLE t ALTER a DROP NOT NULL"), AlterAction::DropNotNull(_)));
    let sql = "ALTER TABLE t ALTER COLUMN a SET NOT NULL ON CONFLICT FAIL";
    assert!(matches!(action(sql), AlterAction::SetNotNull { span, .. }
        if span.text(sql) == "NOT NULL ON CONFLICT FAIL"));
}

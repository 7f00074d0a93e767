//! One compilation for many texts: those that differ in their literals only, as an application writes them that puts
//! values into its SQL.
//!
//! ```text
//! text ─ Shape ─► key ─► Template { compiled with parameters for literals, idle operations }
//!          └────► literals ─► values of those parameters ─┴─► Statement
//! ```
//! A statement of a template has its text and its values; the operation it runs is the template's, from its first step to
//! its end. The operation is in the processor's caches then, whatever the text.
//!
//! Always true:
//! - What a template answers is what its text compiled by itself would. Literals whose value decides anything but values
//!   stay what they are (`Template::fixed`): names of columns, LIMIT, ORDER BY, arguments of functions.
//! - It is for statements whose plan no literal decides: INSERT of VALUES, and one row found by a rowid or a unique column.
//! - A shape that comes for the first time is compiled as it is written: many come only once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use pluresdb_sql::ast::{
    self, BinaryOp, Expr, ExprKind, FromSource, InsertSource, Literal, ResultColumn, SelectCore, UnaryOp,
};
use pluresdb_sql::{LiteralKind, LiteralToken, Shape};
use pluresdb_value::{Value, number};

use super::compile::{self, Compiled, Operation};
use super::{Core, Phase, Source, Statement, StatementScope, release_snapshots, take_snapshots};
use crate::Result;
use crate::catalog::{DatabaseIndex, Index, IndexColumn, IndexTerm, Table};
use crate::connection::Connection;
use crate::session::Session;
use crate::text_hash::TextHasher;
use crate::work::Work;

/// Longer texts are bulk inserts.
const MAX_TEXT_LEN: usize = 2048;
/// Shapes known per connection.
const MAX_SHAPES: usize = 256;
/// Operations kept for statements of one shape that run at the same time.
const MAX_IDLE: usize = 2;

static NEXT_NUMBER: AtomicU32 = AtomicU32::new(1);

#[derive(Default)]
pub(crate) struct Templates {
    shape: Shape,
    known: HashMap<Box<[u8]>, Known, BuildHasherDefault<TextHasher>>,
}

enum Known {
    /// One text had this shape.
    Once,
    /// No template can be made of it.
    Unfit,
    Template(Rc<Template>),
}

pub(super) struct Template {
    /// Another one has another number, whatever its connection.
    number: u32,
    /// Without its operation.
    compiled: Compiled,
    idle: RefCell<Vec<Operation>>,
    /// For each parameter: which of the shape's literals it is, and whether a minus sign before it belongs to it.
    lifted: Vec<(usize, bool)>,
    /// The other literals, as every text of the template has them.
    fixed: Vec<(usize, Box<str>)>,
    /// Bytes behind the statement.
    tail: usize,
}

impl Statement {
    /// The statement of a text whose shape has a template; None: it is to be compiled.
    pub(crate) fn of_template(connection: &mut Connection, sql: &str) -> Result<Option<Statement>> {
        if sql.len() > max_text_len(&connection.session) || !connection.templates.shape.read(sql) {
            return Ok(None);
        }
        Statement::of_shape(connection, sql)
    }

    /// The same of the statement at the beginning of a part of a script, and where it ends. The statement is not kept for
    /// who prepares its text: a script has many, and they come once.
    pub(crate) fn of_script(connection: &mut Connection, script: &str) -> Result<Option<(Statement, usize)>> {
        let Some(len) = connection.templates.shape.read_first(script) else { return Ok(None) };
        if len > max_text_len(&connection.session) {
            return Ok(None);
        }
        let Some(mut statement) = Statement::of_shape(connection, &script[..len])? else { return Ok(None) };
        statement.core.cacheable = false;
        Ok(Some((statement, len)))
    }

    /// Of the text whose shape was read.
    fn of_shape(connection: &mut Connection, sql: &str) -> Result<Option<Statement>> {
        let Connection { session, templates, .. } = connection;
        let Templates { shape, known } = templates;
        let Some(known_as) = known.get_mut(shape.key()) else {
            if known.len() >= MAX_SHAPES {
                known.clear();
            }
            known.insert(shape.key().into(), Known::Once);
            return Ok(None);
        };
        let template = match known_as {
            Known::Unfit => return Ok(None),
            Known::Template(template) => template.clone(),
            Known::Once => {
                let Some(template) = Template::new(session, sql, shape.literals())? else {
                    *known_as = Known::Unfit;
                    return Ok(None);
                };
                let template = Rc::new(template);
                *known_as = Known::Template(template.clone());
                template
            }
        };
        let held = take_snapshots(session)?;
        let is_current = template.compiled.is_current(session);
        release_snapshots(session, held);
        if !is_current {
            *known_as = Known::Once;
            return Ok(None);
        }
        Ok(template.statement(sql, shape.literals()))
    }
}

fn max_text_len(session: &Session) -> usize {
    let settings = &session.settings;
    if settings.tcl_variables {
        return 0;
    }
    MAX_TEXT_LEN.min(settings.max_sql_length).min(settings.max_length)
}

impl Template {
    /// Compiles the text with parameters in the place of literals; None where that cannot be, or not be told apart from
    /// the text itself.
    fn new(session: &mut Session, sql: &str, literals: &[LiteralToken]) -> Result<Option<Template>> {
        let Ok(Some(mut source)) = Source::parse(sql, 0, session.settings.dialect()) else { return Ok(None) };
        let mut lift = Lift { literals, lifted: Vec::new() };
        let held = take_snapshots(session)?;
        let compiled = if source.parsed.parameters.names.is_empty()
            && lift.statement(session, &mut source.parsed.statement)
            && !lift.lifted.is_empty()
        {
            source.parsed.parameters.names.resize(lift.lifted.len(), None);
            compile::compile(session, &source).ok()
        } else {
            None
        };
        release_snapshots(session, held);
        let Some(mut compiled) = compiled else { return Ok(None) };
        let operation = compiled.lend();
        let Lift { lifted, .. } = lift;
        let is_fixed = |index: &usize| lifted.iter().all(|(other, _)| other != index);
        let fixed =
            (0..literals.len()).filter(is_fixed).map(|index| (index, text_of(sql, literals[index]).into()));
        Ok(Some(Template {
            number: NEXT_NUMBER.fetch_add(1, Ordering::Relaxed),
            fixed: fixed.collect(),
            lifted,
            idle: RefCell::new(vec![operation]),
            tail: sql.len() - source.parsed.end,
            compiled,
        }))
    }

    /// The statement of a text of its shape; None where a literal that is fixed is another one.
    fn statement(self: Rc<Template>, sql: &str, literals: &[LiteralToken]) -> Option<Statement> {
        if !self.fixed.iter().all(|(index, text)| text_of(sql, literals[*index]) == &**text) {
            return None;
        }
        let value = |(index, is_negative): &(usize, bool)| value_of(sql, literals[*index], *is_negative);
        let core = Core {
            text: sql.into(),
            end: sql.len() - self.tail,
            parameter_names: Vec::new(),
            is_explain: false,
            compiled: self.compiled.without_operation(),
            parameters: self.lifted.iter().map(value).collect(),
            phase: Phase::Ready,
            rows: Vec::new(),
            next_row: 0,
            cacheable: true,
            compilation: 0,
            scope: StatementScope::default(),
            template: Some(self),
            work: Work::default(),
        };
        Some(Statement { core: Box::new(core) })
    }

    pub fn number(&self) -> u32 {
        self.number
    }

    /// An operation for one execution; None when all are running.
    pub fn borrow(&self) -> Option<Operation> {
        self.idle.borrow_mut().pop()
    }

    pub fn give_back(&self, operation: Operation) {
        let mut idle = self.idle.borrow_mut();
        if idle.len() < MAX_IDLE {
            idle.push(operation);
        }
    }
}

fn text_of(sql: &str, token: LiteralToken) -> &str {
    &sql[token.start as usize..token.end as usize]
}

/// As the parser and the resolver read the literal.
fn value_of(sql: &str, token: LiteralToken, is_negative: bool) -> Value {
    let text = text_of(sql, token);
    match token.kind {
        LiteralKind::Integer => {
            // Of at most 18 digits: it cannot overflow.
            let integer = text.bytes().fold(0, |integer, digit| integer * 10 + i64::from(digit - b'0'));
            Value::Integer(if is_negative { -integer } else { integer })
        }
        LiteralKind::Real => {
            let real = number::text_to_real(text.as_bytes());
            Value::real(if is_negative { -real } else { real })
        }
        LiteralKind::String => {
            let inner = &text[1..text.len() - 1];
            if inner.contains('\'') { Value::text(inner.replace("''", "'")) } else { Value::text(inner) }
        }
    }
}

/// Puts parameters in the place of literals.
struct Lift<'l> {
    literals: &'l [LiteralToken],
    lifted: Vec<(usize, bool)>,
}

impl Lift<'_> {
    /// False for a statement that no template is made of.
    fn statement(&mut self, session: &Session, statement: &mut ast::Statement) -> bool {
        match statement {
            ast::Statement::Select(select) => {
                let ast::Select { with: None, first: SelectCore::Query(query), compounds, .. } =
                    &mut **select
                else {
                    return false;
                };
                let ast::Query {
                    columns,
                    from: Some(from),
                    filter: Some(filter),
                    group_by,
                    having,
                    windows,
                    ..
                } = &mut **query
                else {
                    return false;
                };
                let FromSource::Table { name, indexed: None } = &from.first.source else { return false };
                let is_plain =
                    compounds.is_empty() && from.joins.is_empty() && from.first.constraint.is_none();
                let is_grouped = !group_by.is_empty() || having.is_some() || !windows.is_empty();
                if !is_plain || is_grouped || !finds_one_row(session, name, filter) {
                    return false;
                }
                for column in columns {
                    // Without an alias the text of the expression is the column's name.
                    if let ResultColumn::Expr { expr, alias: Some(_), .. } = column
                        && let ExprKind::Binary { .. } = expr.kind
                    {
                        self.value(expr);
                    }
                }
                self.condition(filter);
            }
            ast::Statement::Insert(insert) => {
                let InsertSource::Select(select) = &mut insert.source else { return false };
                let SelectCore::Values(values) = &mut select.first else { return false };
                let is_plain = insert.with.is_none()
                    && select.with.is_none()
                    && select.compounds.is_empty()
                    && select.order_by.is_empty()
                    && select.limit.is_none();
                if !is_plain || table_of(session, &insert.table).is_none() {
                    return false;
                }
                values.rows.iter_mut().flatten().for_each(|value| self.value(value));
            }
            ast::Statement::Update(update) => {
                let is_plain = update.with.is_none() && update.indexed.is_none() && update.from.is_none();
                let is_whole = update.limit.is_none();
                let Some(filter) = &mut update.filter else { return false };
                if !is_plain || !is_whole || !finds_one_row(session, &update.table, filter) {
                    return false;
                }
                update.assignments.iter_mut().for_each(|assignment| self.value(&mut assignment.value));
                self.condition(filter);
            }
            ast::Statement::Delete(delete) => {
                let is_plain = delete.with.is_none() && delete.indexed.is_none() && delete.limit.is_none();
                let Some(filter) = &mut delete.filter else { return false };
                if !is_plain || !finds_one_row(session, &delete.table, filter) {
                    return false;
                }
                self.condition(filter);
            }
            _ => return false,
        }
        true
    }

    /// Literals that are compared with a column.
    fn condition(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Binary { op: BinaryOp::And, left, right } => {
                self.condition(left);
                self.condition(right);
            }
            ExprKind::Binary { op, left, right } if is_comparison(*op) => {
                if is_column(left) && literal_of(right).is_some() {
                    self.value(right);
                } else if is_column(right) && literal_of(left).is_some() {
                    self.value(left);
                }
            }
            _ => {}
        }
    }

    /// A literal, or those that operators compute with.
    fn value(&mut self, expr: &mut Expr) {
        if let Some((start, is_negative)) = literal_of(expr) {
            let is_it = |token: &LiteralToken| token.start == start && token.end == expr.span.end;
            if let Some(index) = self.literals.iter().position(is_it) {
                self.lifted.push((index, is_negative));
                expr.kind = ExprKind::Parameter(self.lifted.len() as u32);
            }
        } else if let ExprKind::Binary { op, left, right } = &mut expr.kind
            && (is_comparison(*op) || is_computing(*op))
        {
            self.value(left);
            self.value(right);
        }
    }
}

/// Where a literal starts, and whether a minus sign belongs to it.
fn literal_of(expr: &Expr) -> Option<(u32, bool)> {
    match &expr.kind {
        ExprKind::Literal(Literal::Integer(_) | Literal::Real(_) | Literal::String(_)) => {
            Some((expr.span.start, false))
        }
        ExprKind::Unary { op: UnaryOp::Minus, operand } => match &operand.kind {
            ExprKind::Literal(Literal::Integer(_) | Literal::Real(_)) => Some((operand.span.start, true)),
            _ => None,
        },
        _ => None,
    }
}

fn is_column(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Column { .. })
}

fn is_comparison(op: BinaryOp) -> bool {
    use BinaryOp::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
}

fn is_computing(op: BinaryOp) -> bool {
    use BinaryOp::{Add, Concat, Divide, Multiply, Remainder, Subtract};
    matches!(op, Add | Subtract | Multiply | Divide | Remainder | Concat)
}

/// Whether the condition names one row, so that every plan begins with finding it: by the rowid or a unique column.
fn finds_one_row(session: &Session, name: &ast::QualifiedName, filter: &Expr) -> bool {
    let Some((database, table)) = table_of(session, name) else { return false };
    let indexes = session.catalog(database).indexes_of(&table.name);
    // Whether a literal is what such an index is about decides if it can be used.
    let is_plain = |index: &Arc<Index>| {
        index.partial.is_none()
            && !index.columns.iter().any(|column| matches!(column.term, IndexTerm::Expr(_)))
    };
    indexes.iter().all(is_plain) && is_one_row(filter, &table, indexes)
}

fn table_of(session: &Session, name: &ast::QualifiedName) -> Option<(DatabaseIndex, Arc<Table>)> {
    let schema = name.schema.as_ref().map(|schema| &*schema.text);
    session.find_table(schema, &name.name.text).filter(|(_, table)| !table.is_system)
}

fn is_unique(table: &Table, column: usize, indexes: &[Arc<Index>]) -> bool {
    indexes.iter().any(|index| match &index.columns[..] {
        [IndexColumn { term: IndexTerm::Column(only), collation, .. }] => {
            index.unique && *only == column && *collation == table.columns[column].collation
        }
        _ => false,
    })
}

fn is_one_row(expr: &Expr, table: &Table, indexes: &[Arc<Index>]) -> bool {
    match &expr.kind {
        ExprKind::Binary { op: BinaryOp::And, left, right } => {
            is_one_row(left, table, indexes) || is_one_row(right, table, indexes)
        }
        ExprKind::Binary { op: BinaryOp::Equal, left, right } => {
            let column = match (&left.kind, &right.kind) {
                (ExprKind::Column { column, .. }, _) if literal_of(right).is_some() => column,
                (_, ExprKind::Column { column, .. }) if literal_of(left).is_some() => column,
                _ => return false,
            };
            let place = table.columns.iter().position(|other| column.is(&other.name));
            match place {
                Some(place) => table.rowid_alias == Some(place) || is_unique(table, place, indexes),
                None => {
                    !table.without_rowid && ["rowid", "oid", "_rowid_"].iter().any(|name| column.is(name))
                }
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DatabasePath, OpenOptions, Step};

    const SCHEMA: &str = "
        CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, n INTEGER CHECK (n <> 13), r, x TEXT COLLATE NOCASE UNIQUE);
        CREATE TABLE log (what, id);
        CREATE TRIGGER changed AFTER UPDATE ON t BEGIN INSERT INTO log VALUES ('changed to 5', new.id); END;
        CREATE TABLE part (a UNIQUE, b);
        CREATE UNIQUE INDEX part_b ON part (b) WHERE a = 1;
        CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
        CREATE VIEW v AS SELECT id AS id, n + 1 AS n FROM t;
        INSERT INTO t VALUES (1, 'a', 10, 1.5, 'X'), (2, 'b''c', 20, NULL, 'Y'), (3, '', -5, 'text', 'Z');
        INSERT INTO w VALUES ('k1', 1), ('k2', 2)";

    fn connection() -> Connection {
        let mut connection = Connection::open(&OpenOptions::new(DatabasePath::Memory)).unwrap();
        connection.execute(SCHEMA).unwrap();
        connection
    }

    /// Everything a statement shows, and whether a template had it.
    fn shown(connection: &mut Connection, sql: &str) -> (String, bool) {
        let mut statement = match connection.prepare(sql, 0) {
            Ok(prepared) => prepared.unwrap().0,
            Err(error) => return (format!("{error:?}"), false),
        };
        let is_template = statement.core.template.is_some();
        let names: Vec<_> =
            (0..statement.column_count()).map(|index| statement.column(index).clone()).collect();
        let bound = statement.bind(0, Value::Null).map_err(|error| error.message);
        let (count, sql) = (statement.parameter_count(), statement.sql());
        let mut lines =
            vec![format!("{names:?} {count} {sql} {} {bound:?}", statement.expanded_sql(connection))];
        loop {
            match statement.step(connection) {
                Ok(Step::Row) => {
                    let values =
                        (0..statement.column_count()).map(|index| statement.value(index).unwrap().to_value());
                    lines.push(format!("{:?}", values.collect::<Vec<_>>()));
                }
                Ok(Step::Done) => break,
                Err(error) => {
                    lines.push(format!("{error:?}"));
                    break;
                }
            }
        }
        statement.reset(connection);
        lines.push(format!("{} {}", connection.changes(), connection.last_insert_rowid()));
        (lines.join("\n"), is_template)
    }

    /// Runs the texts one after the other, where templates are made and where every text is compiled by itself.
    fn compare(texts: &[&str]) -> usize {
        let (mut with, mut without) = (connection(), connection());
        let mut templates = 0;
        for sql in texts {
            let (found, is_template) = shown(&mut with, sql);
            without.templates = Templates::default();
            let (expected, _) = shown(&mut without, sql);
            assert_eq!(found, expected, "{sql}");
            templates += usize::from(is_template);
        }
        let rows = |connection: &mut Connection| {
            let tables = ["t", "log", "part", "w"];
            tables.map(|table| shown(connection, &format!("SELECT * FROM {table}")).0)
        };
        assert_eq!(rows(&mut with), rows(&mut without));
        templates
    }

    #[test]
    fn texts_of_one_shape_answer_as_if_compiled_by_themselves() {
        let selects = [
            "SELECT n, n + 1 AS later FROM t WHERE id = 1",
            "SELECT n, n + 2 AS later FROM t WHERE id = 2",
            "SELECT n, n + 9223372036854775 AS later FROM t WHERE id = 3",
            "SELECT n, n + 5 AS later FROM t WHERE id = 99",
        ];
        assert_eq!(compare(&selects), 3);
        let texts = [
            "SELECT id FROM t WHERE mail = 'a'",
            "SELECT id FROM t WHERE mail = 'b''c'",
            "SELECT id FROM t WHERE mail = ''",
        ];
        assert_eq!(compare(&texts), 2);
        let kinds = [
            "SELECT * FROM t WHERE rowid = 1 AND n > -3",
            "SELECT * FROM t WHERE rowid = 3 AND n > -6",
            "SELECT * FROM t WHERE rowid = 3 AND n > -5",
        ];
        assert_eq!(compare(&kinds), 2);
        assert_eq!(
            compare(&[
                "SELECT v FROM w WHERE k = 'k1';",
                "SELECT v FROM w WHERE k = 'k2';",
                "SELECT v FROM w WHERE k = 'K2';"
            ]),
            2
        );
        assert_eq!(
            compare(&[
                "SELECT id FROM t WHERE x = 'x'",
                "SELECT id FROM t WHERE x = 'y'",
                "SELECT id FROM t WHERE x = 'q'"
            ]),
            2
        );
        assert_eq!(
            compare(&[
                "SELECT id FROM t WHERE id = '1'",
                "SELECT id FROM t WHERE id = '2'",
                "SELECT id FROM t WHERE id = 'two'"
            ]),
            2
        );
        assert_eq!(
            compare(&[
                "SELECT id FROM t WHERE id = 1.0",
                "SELECT id FROM t WHERE id = 2.5",
                "SELECT id FROM t WHERE id = 0.0"
            ]),
            2
        );
        assert_eq!(
            compare(&[
                "SELECT typeof(r), n - -0.0 AS a FROM t WHERE 1 = id",
                "SELECT typeof(r), n - -1.5 AS a FROM t WHERE 2 = id"
            ]),
            1
        );
    }

    #[test]
    fn changes_of_one_shape_change_what_their_texts_say() {
        let changes = [
            "INSERT INTO t VALUES (4, 'd', 40, -1.5, 'A')",
            "INSERT INTO t VALUES (5, 'e', 50, -0.0, 'B')",
            "INSERT INTO t VALUES (5, 'f', 60, -2.5, 'C')",
            "INSERT INTO t VALUES (6, 'g', 13, -2.5, 'D')",
            "INSERT INTO t VALUES (7, 'h', 70, -2.5, 'D')",
            "UPDATE t SET n = 5, r = 'x' || 'y' WHERE id = 4",
            "UPDATE t SET n = 6, r = 'x' || 'z' WHERE id = 5",
            "UPDATE t SET n = 13, r = 'q' || 'z' WHERE id = 5",
            "UPDATE t SET n = 7, r = 'q' || 'z' WHERE id = 555",
            "DELETE FROM t WHERE id = 4",
            "DELETE FROM t WHERE id = 5",
            "DELETE FROM t WHERE id = 5",
            "INSERT INTO log VALUES (1, 'a'), (-2, 'b') RETURNING what + 1 AS next",
            "INSERT INTO log VALUES (3, 'c'), (-4, 'd') RETURNING what + 1 AS next",
            "INSERT INTO log VALUES (5, 'c'), (-6, 'd') RETURNING what + 2 AS next",
            "INSERT OR REPLACE INTO w VALUES ('k1', 3)",
            "INSERT OR REPLACE INTO w VALUES ('k2', 4)",
        ];
        assert_eq!(compare(&changes), 4 + 3 + 2 + 1 + 1);
    }

    #[test]
    fn literals_that_decide_more_than_values_are_no_parameters() {
        for texts in [
            // Names of columns.
            [
                "SELECT n + 1 FROM t WHERE id = 1",
                "SELECT n + 1 FROM t WHERE id = 2",
                "SELECT n + 2 FROM t WHERE id = 3",
            ],
            [
                "SELECT 'a' AS kind FROM t WHERE id = 1",
                "SELECT 'a' AS kind FROM t WHERE id = 2",
                "SELECT 'b' AS kind FROM t WHERE id = 3",
            ],
            [
                "SELECT n FROM t WHERE id = 1 LIMIT 1",
                "SELECT n FROM t WHERE id = 2 LIMIT 1",
                "SELECT n FROM t WHERE id = 3 LIMIT 0",
            ],
            [
                "SELECT substr(mail, 1) AS a FROM t WHERE id = 1",
                "SELECT substr(mail, 1) AS a FROM t WHERE id = 2",
                "SELECT substr(mail, 2) AS a FROM t WHERE id = 2",
            ],
        ] {
            assert_eq!(compare(&texts), 1, "{texts:?}");
        }
        for texts in [
            ["SELECT n FROM t WHERE n = 1", "SELECT n FROM t WHERE n = 10", "SELECT n FROM t WHERE n = 20"],
            [
                "SELECT b FROM part WHERE a = 1",
                "SELECT b FROM part WHERE a = 2",
                "SELECT b FROM part WHERE a = 3",
            ],
            ["SELECT n FROM v WHERE id = 1", "SELECT n FROM v WHERE id = 2", "SELECT n FROM v WHERE id = 3"],
            ["SELECT 1 AS a", "SELECT 2 AS a", "SELECT 3 AS a"],
            ["UPDATE t SET n = 1", "UPDATE t SET n = 2", "UPDATE t SET n = 3"],
            [
                "SELECT n FROM t WHERE id = ? AND n = 1",
                "SELECT n FROM t WHERE id = ? AND n = 2",
                "SELECT n FROM t WHERE id = ? AND n = 3",
            ],
        ] {
            assert_eq!(compare(&texts), 0, "{texts:?}");
        }
    }

    #[test]
    fn a_change_of_the_schema_ends_a_template() {
        let mut connection = connection();
        let text = |id| format!("SELECT * FROM w WHERE k = 'k{id}'");
        assert!(!shown(&mut connection, &text(1)).1);
        assert!(shown(&mut connection, &text(2)).1);
        let (mut kept, _) = connection.prepare(&text(3), 0).unwrap().unwrap();
        assert!(kept.core.template.is_some());
        connection
            .execute("ALTER TABLE w ADD COLUMN added DEFAULT 7; INSERT INTO w VALUES ('k3', 1, 2)")
            .unwrap();
        assert_eq!(kept.step(&mut connection), Ok(Step::Row));
        assert_eq!((kept.column_count(), kept.value(2)), (3, Ok(pluresdb_value::ValueRef::Integer(2))));
        kept.reset(&mut connection);
        assert!(!shown(&mut connection, &text(1)).1);
        assert!(shown(&mut connection, &text(4)).1);
    }

    #[test]
    fn statements_of_one_template_run_at_the_same_time() {
        let mut connection = connection();
        let text = |id| format!("SELECT n FROM t WHERE id = {id}");
        let mut statements: Vec<_> =
            (0..4).map(|id| connection.prepare(&text(id), 0).unwrap().unwrap().0).collect();
        let steps: Vec<_> =
            statements.iter_mut().map(|statement| statement.step(&mut connection).unwrap()).collect();
        assert_eq!(steps, [Step::Done, Step::Row, Step::Row, Step::Row]);
        let values: Vec<_> =
            statements[1..].iter().map(|statement| statement.value(0).unwrap().to_value()).collect();
        assert_eq!(values, [Value::Integer(10), Value::Integer(20), Value::Integer(-5)]);
        for mut statement in statements {
            statement.reset(&mut connection);
            assert!(statement.step(&mut connection).is_ok());
            connection.finalize(statement);
        }
        assert_eq!(shown(&mut connection, &text(2)).0, shown(&mut connection, &text(2)).0);
    }
}

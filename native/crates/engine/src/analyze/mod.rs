//! ANALYZE: what `sqlite_stat1` and `sqlite_stat4` say of tables and indexes, row for row as SQLite says it.
//!
//! ```text
//! sqlite_stat1   tbl, idx, stat                      a row for each index, or one for a table without
//! sqlite_stat4   tbl, idx, neq, nlt, ndlt, sample    up to 24 rows for each index; a sample is a SQLite record
//! ```
//!
//! Tables come in the order of SQLite's own list of them (`catalog::define`), a table's indexes newest first.
//!
//! | module | decides |
//! |---|---|
//! | `scan` | how an index's entries are walked |
//! | `samples` | what is counted, which entries become samples |

mod samples;
mod scan;

use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_tree::RowCursor;
use pluresdb_value::{Value, ValueRef, key, record};

use crate::catalog::define::{create_internal_table, for_each_row, hash_order, tables_in_order};
use crate::catalog::{DatabaseIndex, Index, Table};
use crate::dml::no_such_table;
use crate::execute::{Context, corrupt, tree_error};
use crate::resolve::Relation;
use crate::resolve::tree::Program;
use crate::session::Session;
use crate::statement::Effect;
use crate::{Error, Result};

pub(crate) use scan::row_count;

const STAT1: (&str, &str) = ("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)");
const STAT4: (&str, &str) = ("sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)");

/// The columns of both tables that say whom a row is about.
const TABLE: usize = 0;
const INDEX: usize = 1;
/// In `sqlite_stat1`.
const STAT: usize = 2;

pub(crate) struct Analyze {
    targets: Vec<Target>,
}

/// What one run over a database looks at, and which old rows go first.
struct Target {
    database: DatabaseIndex,
    tables: Vec<Arc<Table>>,
    stale: Stale,
}

enum Stale {
    All,
    Table(String),
    /// Only this index is analyzed.
    Index(Arc<Index>),
}

impl Analyze {
    pub fn prepare(session: &Session, name: Option<&ast::QualifiedName>) -> Result<Analyze> {
        let whole = |database: DatabaseIndex| Target {
            database,
            tables: tables_in_order(session, database),
            stale: Stale::All,
        };
        let Some(name) = name else {
            let databases = (0..session.databases.len()).filter(|index| *index != DatabaseIndex::TEMP.0);
            return Ok(Analyze { targets: databases.map(|index| whole(DatabaseIndex(index))).collect() });
        };
        if name.schema.is_none()
            && let Some(database) = session.database_index(&name.name.text)
        {
            return Ok(Analyze { targets: vec![whole(database)] });
        }
        Ok(Analyze { targets: vec![named(session, name)?] })
    }

    /// What is analyzed, database by database.
    pub fn targets(&self) -> impl Iterator<Item = (DatabaseIndex, &[Arc<Table>])> {
        self.targets.iter().map(|target| (target.database, &*target.tables))
    }

    /// ANALYZE of one table.
    pub fn table(database: DatabaseIndex, table: Arc<Table>) -> Analyze {
        let stale = Stale::Table(table.name.to_string());
        Analyze { targets: vec![Target { database, tables: vec![table], stale }] }
    }

    pub fn effect(&self) -> Effect {
        match self.targets.as_slice() {
            [only] => Effect::Write(only.database),
            _ => Effect::WriteAll,
        }
    }

    pub fn run(&self, session: &mut Session) -> Result<()> {
        for target in &self.targets {
            if session.database(target.database).read_only && self.targets.len() > 1 {
                continue;
            }
            target.run(session)?;
        }
        Ok(())
    }
}

fn named(session: &Session, name: &ast::QualifiedName) -> Result<Target> {
    let schema = name.schema.as_ref().map(|schema| &*schema.text);
    if let Some(schema) = schema
        && session.database_index(schema).is_none()
    {
        return Err(Error::error(format!("unknown database {schema}")));
    }
    let text = &name.name.text;
    if let Some((database, index)) = session.find_index(schema, text)
        && let Some(table) = session.catalog(database).table(&index.table)
    {
        return Ok(Target { database, tables: vec![table.clone()], stale: Stale::Index(index) });
    }
    match session.find_relation(schema, text) {
        Some(Relation::Table(database, table)) => {
            let stale = Stale::Table(table.name.to_string());
            let is_own = table.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"));
            Ok(Target { database, tables: if is_own { Vec::new() } else { vec![table] }, stale })
        }
        Some(Relation::View(database, view)) => {
            Ok(Target { database, tables: Vec::new(), stale: Stale::Table(view.name.clone()) })
        }
        Some(Relation::Virtual(table)) => {
            let stale = Stale::Table(table.name().to_owned());
            Ok(Target { database: DatabaseIndex::MAIN, tables: Vec::new(), stale })
        }
        None => Err(no_such_table(schema, text)),
    }
}

impl Target {
    fn run(&self, session: &mut Session) -> Result<()> {
        // A build without samples empties the table that another one has made.
        let is_sampled = session.settings.takes_samples;
        let has_stat4 = session.catalog(self.database).table(STAT4.0).is_some();
        let stat1 = self.open(session, STAT1, has_stat4 || !is_sampled)?;
        let stat4 = if is_sampled || has_stat4 { Some(self.open(session, STAT4, true)?) } else { None };
        for table in &self.tables {
            let (mut counts, mut samples) = (Vec::new(), Vec::new());
            let only = match &self.stale {
                Stale::Index(index) => Some(index.name.as_str()),
                Stale::All | Stale::Table(_) => None,
            };
            scan::table(session, self.database, table, only, &mut counts, &mut samples)?;
            append(session, self.database, &stat1, &counts)?;
            if let Some(stat4) = stat4.as_ref().filter(|_| is_sampled) {
                append(session, self.database, stat4, &samples)?;
            }
        }
        Ok(())
    }

    /// The table of statistics without the rows that are about to be written again.
    /// `is_last`: the other one is there already, and the schema has a new version when this one was made.
    fn open(&self, session: &mut Session, (name, sql): (&str, &str), is_last: bool) -> Result<Arc<Table>> {
        let found = |session: &Session| session.catalog(self.database).table(name).cloned();
        if found(session).is_none() {
            hash_order::follow(session, self.database, |session| {
                create_internal_table(session, self.database, name, sql, is_last)
            })?;
        }
        let table = found(session).ok_or_else(|| no_such_table(None, name))?;
        match &self.stale {
            Stale::All => forget(session, self.database, &table, None)?,
            Stale::Table(name) => forget(session, self.database, &table, Some((TABLE, name)))?,
            Stale::Index(index) => forget(session, self.database, &table, Some((INDEX, &index.name)))?,
        }
        Ok(table)
    }
}

/// How many rows of a table `sqlite_stat1` knows of.
pub(crate) fn known_rows(session: &Session, database: DatabaseIndex, table: &Table) -> Result<Option<u64>> {
    let Some(statistics) = session.catalog(database).table(STAT1.0) else { return Ok(None) };
    let transaction = session.transaction(database);
    let rows = transaction.row_tree(statistics.tree)?;
    let mut cursor = RowCursor::new(rows, transaction.pager().clone());
    let mut record = Vec::new();
    let mut known = None;
    let mut found = cursor.first().map_err(tree_error)?;
    while found {
        record.clear();
        cursor.to_record(&mut record).map_err(tree_error)?;
        let row = record::Record::new(&record).map_err(corrupt)?;
        let text = |column: usize| row.column(column).map(|value| value.and_then(ValueRef::to_text));
        let (name, stat) = (text(TABLE).map_err(corrupt)?, text(STAT).map_err(corrupt)?);
        if name.is_some_and(|name| name.eq_ignore_ascii_case(table.name.as_bytes())) {
            let stat = stat.as_deref().unwrap_or_default();
            let count = stat.split(|byte| *byte == b' ').next().unwrap_or_default();
            known = std::str::from_utf8(count).ok().and_then(|count| count.parse().ok()).or(known);
        }
        found = cursor.next().map_err(tree_error)?;
    }
    Ok(known)
}

/// What was known of a table that is being dropped.
pub(crate) fn forget_table(session: &mut Session, database: DatabaseIndex, name: &str) -> Result<()> {
    forget_dropped(session, database, TABLE, name)
}

/// What was known of an index that is being dropped.
pub(crate) fn forget_index(session: &mut Session, database: DatabaseIndex, name: &str) -> Result<()> {
    forget_dropped(session, database, INDEX, name)
}

fn forget_dropped(session: &mut Session, database: DatabaseIndex, column: usize, name: &str) -> Result<()> {
    for (statistics, _) in [STAT1, STAT4] {
        if let Some(table) = session.catalog(database).table(statistics).cloned() {
            forget(session, database, &table, Some((column, name)))?;
        }
    }
    Ok(())
}

/// Deletes the rows whose column has that text, or all.
fn forget(
    session: &mut Session,
    database: DatabaseIndex,
    statistics: &Table,
    only: Option<(usize, &str)>,
) -> Result<()> {
    let program = Program::default();
    let mut context = Context::new(session, &[], &program);
    let mut stale = Vec::new();
    for_each_row(&mut context, database, statistics, &mut |_, identity, row| {
        let is_stale = match only {
            None => true,
            Some((column, name)) => {
                let value = record::Record::new(row).map_err(corrupt)?.column(column).map_err(corrupt)?;
                value.and_then(ValueRef::to_text).as_deref() == Some(name.as_bytes())
            }
        };
        if is_stale {
            stale.push((key::decode_rowid(identity).map_err(corrupt)?, row.to_vec()));
        }
        Ok(())
    })?;
    for (rowid, row) in stale {
        session.transaction_mut(database).delete_row(statistics.tree, rowid, &row)?;
    }
    Ok(())
}

fn append(
    session: &mut Session,
    database: DatabaseIndex,
    statistics: &Table,
    rows: &[Vec<Value>],
) -> Result<()> {
    let mut bytes = Vec::new();
    for row in rows {
        bytes.clear();
        record::encode_values(row, &mut bytes);
        let transaction = session.transaction_mut(database);
        let last =
            transaction.row_tree(statistics.tree)?.last_rowid(transaction.pager()).map_err(tree_error)?;
        transaction.put_row(statistics.tree, last.unwrap_or(0) + 1, &bytes, None)?;
    }
    Ok(())
}

//! A table that a statement changes, with all that is known of it before any row: its indexes in SQLite's order of
//! checking, its constraints resolved against registers, buffers used again by every row.
//!
//! ```text
//! image      registers: one per column, then the rowid
//! new        the row to be
//! old        the row that is
//! victim     a row that REPLACE evicts
//! ```

use std::cell::Cell;
use std::sync::Arc;

use pluresdb_tree::KeyCursor;
use pluresdb_value::Affinity;
use pluresdb_value::Value;
use pluresdb_value::key::KeyColumn;

use super::assignment::Assignments;
use super::foreign_key::ForeignKeys;
use super::trigger::RowTriggers;
use crate::catalog::{
    self, ConflictAction, DatabaseIndex, Index, IndexOrigin, IndexTerm, StrictType, Table, TreeId,
    TurnedIdentity,
};
use crate::resolve::tree::{Expr, Program, Register};
use crate::resolve::{Names, Relation, Resolver, ScopeSource, any_expr, visit_expr};
use crate::session::Session;
use crate::{Error, Result};

/// Which of a table's rows in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Image {
    New,
    Old,
    Victim,
}

pub(crate) const IMAGES: [Image; 3] = [Image::New, Image::Old, Image::Victim];

pub(crate) struct Target {
    pub database: DatabaseIndex,
    pub table: Arc<Table>,
    pub columns: Vec<ColumnPlan>,
    /// Newest first, those with REPLACE last, as SQLite checks them.
    pub indexes: Vec<IndexPlan>,
    pub checks: Vec<CheckPlan>,
    /// Columns computed from others, each after those it needs.
    pub generated: Vec<(usize, Expr)>,
    /// Slot → column; None for the slots of dropped columns.
    pub slots: Vec<Option<usize>>,
    bases: [Register; 3],
    /// A view in a table's clothes (`columns_of_view`).
    pub is_view: bool,
    /// The triggers of rows that REPLACE evicts.
    pub on_evict: RowTriggers,
    pub buffers: Buffers,
    /// What `Reentry::writes` was when the row that is about to be changed was read.
    pub read_at: Cell<u64>,
    /// None: none to look after. Statements compile them; whoever only reads rows does without.
    pub foreign_keys: Option<Box<ForeignKeys>>,
}

/// Bytes of the row at hand.
#[derive(Default)]
pub(crate) struct Buffers {
    pub record: Vec<u8>,
    pub old_record: Vec<u8>,
    pub victim_record: Vec<u8>,
    pub key: Vec<u8>,
    pub value: Vec<u8>,
    pub old_key: Vec<u8>,
    pub old_value: Vec<u8>,
    /// Identity of the row that stands in the way: its rowid's bytes, or its primary key's.
    pub conflict: Vec<u8>,
    /// Identity of the row being changed.
    pub identity: Vec<u8>,
    pub cursor: Option<KeyCursor>,
}

pub(crate) struct ColumnPlan {
    pub affinity: Affinity,
    pub not_null: Option<ConflictAction>,
    pub strict: Option<StrictType>,
    /// None: NULL. An error is one only for a statement that takes the default.
    pub default: Option<Result<Expr>>,
    pub is_generated: bool,
    /// What it is in rows written before it existed.
    pub missing: Value,
}

pub(crate) struct CheckPlan {
    pub expr: Expr,
    /// What the error calls it.
    pub name: String,
    /// Table columns it reads.
    reads: Vec<usize>,
    reads_rowid: bool,
}

impl CheckPlan {
    /// Whether an UPDATE can make it fail; None: the row is new. SQLite does not look at the others, so that a row that
    /// came in while CHECKs were ignored can still be changed.
    pub fn is_touched_by(&self, assignments: Option<&Assignments>) -> bool {
        assignments.is_none_or(|assignments| {
            self.reads.iter().any(|column| assignments.changed[*column])
                || (self.reads_rowid && assignments.changes_rowid)
        })
    }
}

pub(crate) struct IndexPlan {
    pub index: Arc<Index>,
    pub columns: Vec<KeyColumn>,
    /// The table itself: the primary key of a WITHOUT ROWID table.
    pub is_table: bool,
    /// How entries end in the key of their row, where that is not as the table has it.
    pub turned: Option<TurnedIdentity>,
    images: [IndexImage; 3],
    /// Table columns it reads, in expressions too.
    pub reads: Vec<usize>,
}

/// Where an index finds its values in one image.
#[derive(Default)]
pub(crate) struct IndexImage {
    pub registers: Vec<Register>,
    pub computed: Vec<(Register, Expr)>,
    pub partial: Option<Expr>,
}

impl IndexPlan {
    #[inline]
    pub fn image(&self, image: Image) -> &IndexImage {
        &self.images[image as usize]
    }

    /// Whether a change of these columns can change its entries.
    pub fn is_touched_by(&self, changed: &[bool]) -> bool {
        self.reads.iter().any(|column| changed[*column])
    }
}

impl Target {
    /// `resolver` numbers the registers of the statement's program.
    pub fn compile(
        session: &Session,
        resolver: &mut Resolver<'_>,
        database: DatabaseIndex,
        table: &Arc<Table>,
    ) -> Result<Target> {
        let was_schema_text = resolver.set_schema_text(database != DatabaseIndex::TEMP);
        let target = Target::compile_schema_text(session, resolver, database, table);
        resolver.set_schema_text(was_schema_text);
        target
    }

    fn compile_schema_text(
        session: &Session,
        resolver: &mut Resolver<'_>,
        database: DatabaseIndex,
        table: &Arc<Table>,
    ) -> Result<Target> {
        // What the schema says of itself was asked for when it was written.
        let was_asking = resolver.set_asking(false);
        let width = table.columns.len() + 1;
        let bases = [(); 3].map(|()| resolver.new_registers(width));
        let mut target = Target {
            database,
            table: table.clone(),
            columns: Vec::with_capacity(table.columns.len()),
            indexes: Vec::new(),
            checks: Vec::new(),
            generated: Vec::new(),
            slots: vec![None; table.next_slot as usize],
            bases,
            is_view: false,
            on_evict: RowTriggers::default(),
            buffers: Buffers::default(),
            read_at: Cell::new(0),
            foreign_keys: None,
        };
        for (index, column) in table.columns.iter().enumerate() {
            target.slots[column.slot as usize] = (table.rowid_alias != Some(index)).then_some(index);
            let default = column.default.as_ref().map(|default| resolver.resolve_constant(&default.expr));
            target.columns.push(ColumnPlan {
                affinity: column.affinity,
                not_null: column.not_null,
                strict: if table.strict { catalog::strict_type_of(&column.declared_type) } else { None },
                default,
                is_generated: column.generated.is_some(),
                missing: crate::execute::missing_value(column),
            });
        }
        let schema = session.database_name(database).to_owned();
        for index in session.catalog(database).indexes_of(&table.name).iter().rev() {
            let plan = target.compile_index(resolver, &schema, index)?;
            target.indexes.push(plan);
        }
        // SQLite keeps the indexes with REPLACE behind all others, so that nothing is evicted for a row that fails.
        target.indexes.sort_by_key(|plan| plan.index.on_conflict == ConflictAction::Replace);
        target.compile_checks(resolver, &schema)?;
        target.compile_generated(resolver, &schema)?;
        resolver.set_asking(was_asking);
        Ok(target)
    }

    #[inline]
    pub fn base(&self, image: Image) -> Register {
        self.bases[image as usize]
    }

    #[inline]
    pub fn rowid_register(&self, image: Image) -> Register {
        Register(self.bases[image as usize].0 + self.columns.len())
    }

    /// Where a column of the image stands: the rowid's register for its alias.
    #[inline]
    pub fn register(&self, image: Image, column: usize) -> Register {
        if self.table.rowid_alias == Some(column) {
            self.rowid_register(image)
        } else {
            Register(self.bases[image as usize].0 + column)
        }
    }

    /// The image as a table of the given name, for expressions.
    pub fn scope(&self, name: &str, schema: Option<&str>, image: Image) -> ScopeSource {
        let source = ScopeSource::from_registers(name, schema, &self.table, self.base(image));
        if self.is_view { source.without_rowid() } else { source }
    }

    /// What is wrong with the keys that a new row has to other tables. Of mistakes in DO UPDATE, RETURNING and these SQLite
    /// tells of these.
    pub fn own_key_error(&self) -> Option<Error> {
        self.foreign_keys.as_ref().and_then(|keys| keys.own_error()).cloned()
    }

    pub fn compile_index(
        &self,
        resolver: &mut Resolver<'_>,
        schema: &str,
        index: &Arc<Index>,
    ) -> Result<IndexPlan> {
        let mut images = [IndexImage::default(), IndexImage::default(), IndexImage::default()];
        let mut reads = Vec::new();
        let has_expr = index.columns.iter().any(|column| matches!(column.term, IndexTerm::Expr(_)));
        let reads_names = has_expr || index.partial.is_some();
        for image in IMAGES {
            if reads_names {
                resolver.push_schema_scope(self.scope(&self.table.name, Some(schema), image));
            }
            let compiled = &mut images[image as usize];
            for column in &index.columns {
                let register = match &column.term {
                    IndexTerm::Column(column) => {
                        reads.push(*column);
                        self.register(image, *column)
                    }
                    IndexTerm::Rowid => self.rowid_register(image),
                    IndexTerm::Expr(expr) => {
                        let register = resolver.new_registers(1);
                        let expr = resolver.resolve_expr(expr)?;
                        self.note_columns(&expr, image, &mut reads);
                        compiled.computed.push((register, expr));
                        register
                    }
                };
                compiled.registers.push(register);
            }
            if let Some(partial) = &index.partial {
                let partial = resolver.resolve_expr(partial)?;
                self.note_columns(&partial, image, &mut reads);
                compiled.partial = Some(partial);
            }
            if reads_names {
                resolver.pop_scope();
            }
        }
        let columns = index
            .columns
            .iter()
            .map(|column| KeyColumn { collation: column.collation, descending: column.descending })
            .collect();
        Ok(IndexPlan {
            index: index.clone(),
            columns,
            is_table: self.table.without_rowid && index.origin == IndexOrigin::PrimaryKey,
            turned: index.turned_identity(&self.table),
            images,
            reads,
        })
    }

    /// The columns of the image that the expression names.
    pub fn note_columns(&self, expr: &Expr, image: Image, columns: &mut Vec<usize>) {
        visit_expr(expr, &mut |expr| {
            if let Expr::Register(register) = expr {
                let named =
                    (0..self.columns.len()).filter(|column| self.register(image, *column) == *register);
                columns.extend(named);
            }
        });
    }

    fn compile_checks(&mut self, resolver: &mut Resolver<'_>, schema: &str) -> Result<()> {
        if self.table.checks.is_empty() {
            return Ok(());
        }
        resolver.push_schema_scope(self.scope(&self.table.name, Some(schema), Image::New));
        for check in &self.table.checks {
            let expr = resolver.resolve_expr(&check.expr)?;
            let name = check.name.clone().unwrap_or_else(|| check.text.clone());
            let mut reads = Vec::new();
            self.note_columns(&expr, Image::New, &mut reads);
            let rowid = self.rowid_register(Image::New);
            let reads_rowid = any_expr(&expr, &|expr| matches!(expr, Expr::Register(of) if *of == rowid));
            self.checks.push(CheckPlan { expr, name, reads, reads_rowid });
        }
        resolver.pop_scope();
        Ok(())
    }

    /// Generated columns in an order in which each finds what it needs.
    fn compile_generated(&mut self, resolver: &mut Resolver<'_>, schema: &str) -> Result<()> {
        let order = generation_order(&self.table)?;
        if order.is_empty() {
            return Ok(());
        }
        resolver.push_scope(vec![self.scope(&self.table.name, Some(schema), Image::New)]);
        for column in order {
            if let Some(generated) = &self.table.columns[column].generated {
                self.generated.push((column, resolver.resolve_expr(&generated.expr)?));
            }
        }
        resolver.pop_scope();
        Ok(())
    }

    /// Whether a statement with this program that changes the table has nothing to do with the table of that tree, as far as
    /// can be told without looking into queries.
    pub fn is_apart(&self, tree: TreeId, program: &Program) -> bool {
        self.table.tree != tree
            && self.foreign_keys.is_none()
            && program.subqueries.is_empty()
            && program.ctes.is_empty()
    }

    /// The WITHOUT ROWID table's own key.
    pub fn primary_index(&self) -> Option<usize> {
        self.indexes.iter().position(|plan| plan.is_table)
    }
}

/// The generated columns, each after the generated columns it names.
pub(crate) fn generation_order(table: &Table) -> Result<Vec<usize>> {
    let mut order = Vec::new();
    let mut pending: Vec<usize> =
        (0..table.columns.len()).filter(|column| table.columns[*column].generated.is_some()).collect();
    while !pending.is_empty() {
        let before = pending.len();
        let waiting = pending.clone();
        pending.retain(|column| {
            let generated =
                table.columns[*column].generated.as_ref().expect("only generated columns are pending");
            let mut is_ready = true;
            catalog::walk_expr(&generated.expr, &mut |expr| {
                if let pluresdb_sql::ast::ExprKind::Column { column: name, .. } = &expr.kind {
                    is_ready &= !waiting.iter().any(|other| name.is(&table.columns[*other].name));
                }
            });
            if is_ready {
                order.push(*column);
            }
            !is_ready
        });
        if pending.len() == before {
            let name = &table.columns[pending[pending.len() - 1]].name;
            return Err(Error::error(format!("generated column loop on \"{name}\"")));
        }
    }
    Ok(order)
}

/// The table or view that a statement says it changes.
pub(crate) enum Found {
    Table(DatabaseIndex, Arc<Table>),
    /// A view: INSTEAD OF triggers do the work.
    View(DatabaseIndex, Arc<catalog::View>),
}

/// `home` is where an unqualified name is looked for; None: everywhere.
pub(crate) fn find_target(
    session: &Session,
    name: &pluresdb_sql::ast::QualifiedName,
    home: Option<&str>,
) -> Result<Found> {
    let schema = name.schema.as_ref().map(|schema| &*schema.text).or(home);
    match session.find_relation(schema, &name.name.text) {
        Some(Relation::Table(_, table)) if table.is_system => {
            Err(Error::error(format!("table {} may not be modified", table.name)))
        }
        Some(Relation::Table(database, table)) => Ok(Found::Table(database, table)),
        Some(Relation::View(database, view)) => Ok(Found::View(database, view)),
        Some(Relation::Virtual(table)) => {
            session.connect(&table)?;
            Err(Error::error(format!("table {} may not be modified", table.name())))
        }
        None => Err(no_such_table(schema, &name.name.text)),
    }
}

pub(crate) fn no_such_table(schema: Option<&str>, name: &str) -> Error {
    match schema {
        Some(schema) => Error::error(format!("no such table: {schema}.{name}")),
        None => Error::error(format!("no such table: {name}")),
    }
}

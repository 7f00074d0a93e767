//! A cursor of the frame: one table of a FROM clause and the row it stands on.
//!
//! The row may be in the table's tree (read in place), be an image (values taken from a covering index or from the
//! build side of a hash join), or be the null row of an outer join.

use std::ops::Range;
use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_tree::{KeyCursor, Pager, RowCursor, RowTree, WideShape};
use pluresdb_value::record::Record;
use pluresdb_value::{Affinity, Value, ValueRef, affinity, number};

use crate::catalog::{Column, DatabaseIndex, Table};
use crate::error::Result;
use crate::execute::context::{Context, corrupt, tree_error};

/// Stands in `Layout::slots` for the column that is the rowid.
const ROWID_SLOT: usize = usize::MAX;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum View {
    /// The null row: every column is NULL.
    #[default]
    Null,
    Tree,
    Image,
}

/// Where a table's columns stand in its records.
#[derive(Debug)]
struct Layout {
    table: Arc<Table>,
    slots: Vec<usize>,
    /// What a column is in rows written before it existed.
    missing: Vec<Value>,
}

/// A place in a table, whatever becomes of the row there.
pub(crate) enum Standing {
    Nowhere,
    Rowid(i64),
    Key(Vec<u8>),
}

#[derive(Default)]
enum Place {
    #[default]
    Closed,
    Rows(Box<RowCursor>),
    Keys(Box<KeyCursor>),
}

#[derive(Default)]
pub struct Cursor {
    view: View,
    layout: Option<Layout>,
    database: DatabaseIndex,
    place: Place,
    /// `place` holds a version: closing it again is nothing.
    is_open: bool,
    /// By table column; only the columns the query reads are filled.
    image: Vec<Value>,
    image_rowid: i64,
}

impl Cursor {
    /// Looks at the table's present version; stands on the null row.
    pub(crate) fn open(
        &mut self,
        database: DatabaseIndex,
        table: &Arc<Table>,
        context: &Context<'_>,
    ) -> Result<()> {
        if !self.layout.as_ref().is_some_and(|layout| Arc::ptr_eq(&layout.table, table)) {
            self.layout = Some(Layout::new(table));
        }
        self.view = View::Null;
        self.database = database;
        if table.without_rowid {
            let (tree, pager) = context.key_tree(database, table.tree)?;
            self.is_open = true;
            match &mut self.place {
                Place::Keys(cursor) => cursor.reset(tree, pager),
                place => *place = Place::Keys(Box::new(KeyCursor::new(tree, pager.clone()))),
            }
        } else {
            let (tree, pager) = context.row_tree(database, table.tree)?;
            self.open_rows(tree, pager);
        }
        Ok(())
    }

    /// Looks at a version of a rowid table that somebody holds.
    pub(crate) fn open_version(&mut self, table: &Arc<Table>, tree: &RowTree, pager: &Arc<Pager>) {
        self.open_for_images(table);
        self.open_rows(tree, pager);
    }

    fn open_rows(&mut self, tree: &RowTree, pager: &Arc<Pager>) {
        self.is_open = true;
        match &mut self.place {
            Place::Rows(cursor) => cursor.reset(tree, pager),
            place => *place = Place::Rows(Box::new(RowCursor::new(tree, pager.clone()))),
        }
    }

    /// For a cursor that will only ever be given images.
    pub(crate) fn open_for_images(&mut self, table: &Arc<Table>) {
        self.view = View::Null;
        if !self.layout.as_ref().is_some_and(|layout| Arc::ptr_eq(&layout.table, table)) {
            self.layout = Some(Layout::new(table));
        }
    }

    pub(crate) fn close(&mut self) {
        self.view = View::Null;
        if !std::mem::take(&mut self.is_open) {
            return;
        }
        match &mut self.place {
            Place::Closed => {}
            Place::Rows(cursor) => cursor.close(),
            Place::Keys(cursor) => cursor.close(),
        }
    }

    /// `table.columns[column]` of the row it stands on.
    #[inline]
    pub fn column(&self, column: usize) -> Result<ValueRef<'_>> {
        match self.view {
            View::Null => Ok(ValueRef::Null),
            View::Image => Ok(self.image_column(column)),
            View::Tree => self.tree_column(column),
        }
    }

    fn image_column(&self, column: usize) -> ValueRef<'_> {
        if self.layout.as_ref().is_some_and(|layout| layout.table.rowid_alias == Some(column)) {
            return ValueRef::Integer(self.image_rowid);
        }
        self.image.get(column).map_or(ValueRef::Null, Value::as_ref)
    }

    #[inline]
    fn tree_column(&self, column: usize) -> Result<ValueRef<'_>> {
        let Some(layout) = &self.layout else { return Ok(ValueRef::Null) };
        let slot = layout.slots[column];
        let found = match &self.place {
            Place::Rows(cursor) if slot == ROWID_SLOT => Some(ValueRef::Integer(cursor.rowid())),
            Place::Rows(cursor) => cursor.column(slot).map_err(tree_error)?,
            Place::Keys(cursor) => {
                let record = Record::new(cursor.value().map_err(tree_error)?).map_err(corrupt)?;
                record.column(slot).map_err(corrupt)?
            }
            Place::Closed => None,
        };
        Ok(found.unwrap_or_else(|| layout.missing[column].as_ref()))
    }

    /// What is known of a column's value without reading it, where it lies in overflow blocks.
    #[inline]
    pub(crate) fn wide(&self, column: usize) -> Result<Option<WideShape>> {
        match (self.view, &self.place, &self.layout) {
            (View::Tree, Place::Rows(cursor), Some(layout)) if cursor.may_have_wide() => {
                cursor.wide(layout.slots[column]).map_err(tree_error)
            }
            _ => Ok(None),
        }
    }

    /// Some bytes of such a value.
    pub(crate) fn wide_part(&self, column: usize, part: Range<u64>) -> Result<Option<Vec<u8>>> {
        match (&self.place, &self.layout) {
            (Place::Rows(cursor), Some(layout)) => {
                cursor.wide_part(layout.slots[column], part).map_err(tree_error)
            }
            _ => Ok(None),
        }
    }

    /// NULL on the null row.
    #[inline]
    pub fn rowid(&self) -> ValueRef<'_> {
        match (self.view, &self.place) {
            (View::Tree, Place::Rows(cursor)) => ValueRef::Integer(cursor.rowid()),
            (View::Image, _) => ValueRef::Integer(self.image_rowid),
            _ => ValueRef::Null,
        }
    }

    /// The key of a WITHOUT ROWID table's row.
    pub fn key(&self) -> Option<&[u8]> {
        match (self.view, &self.place) {
            (View::Tree, Place::Keys(cursor)) => Some(cursor.key()),
            _ => None,
        }
    }

    /// The whole stored record of the row, appended to `out`. False on the null row and on images.
    pub fn to_record(&self, out: &mut Vec<u8>) -> Result<bool> {
        match (self.view, &self.place) {
            (View::Tree, Place::Rows(cursor)) => cursor.to_record(out).map_err(tree_error)?,
            (View::Tree, Place::Keys(cursor)) => out.extend_from_slice(cursor.value().map_err(tree_error)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub fn is_null_row(&self) -> bool {
        self.view == View::Null
    }

    pub(crate) fn set_null_row(&mut self) {
        self.view = View::Null;
    }

    /// Puts the cursor onto an image, whose values the caller then sets.
    pub(crate) fn set_image(&mut self, rowid: i64) {
        self.view = View::Image;
        self.image_rowid = rowid;
    }

    pub(crate) fn set_image_column(&mut self, column: usize, value: Value) {
        *self.image_slot(column) = value;
    }

    /// The same by copying, into memory that is there.
    #[inline]
    pub(crate) fn assign_image_column(&mut self, column: usize, value: ValueRef<'_>) {
        self.image_slot(column).assign(value);
    }

    #[inline]
    fn image_slot(&mut self, column: usize) -> &mut Value {
        if self.image.len() <= column {
            self.image.resize(column + 1, Value::Null);
        }
        &mut self.image[column]
    }

    /// The tree cursor of a rowid table, for the scans.
    pub(crate) fn rows(&mut self) -> &mut RowCursor {
        match &mut self.place {
            Place::Rows(cursor) => cursor,
            _ => panic!("a rowid access path runs on an open rowid table"),
        }
    }

    pub(crate) fn rows_ref(&self) -> &RowCursor {
        match &self.place {
            Place::Rows(cursor) => cursor,
            _ => panic!("a rowid access path runs on an open rowid table"),
        }
    }

    /// Where a column stands in the records of an open table, and what it is in rows older than the column; None: it is
    /// the rowid.
    pub(crate) fn stored_slot(&self, column: usize) -> Option<(usize, &Value)> {
        let layout = self.layout.as_ref().expect("an open cursor has a table");
        let slot = layout.slots[column];
        (slot != ROWID_SLOT).then(|| (slot, &layout.missing[column]))
    }

    /// The tree cursor of a WITHOUT ROWID table, for the scans.
    pub(crate) fn keys(&mut self) -> &mut KeyCursor {
        match &mut self.place {
            Place::Keys(cursor) => cursor,
            _ => panic!("a key access path runs on an open WITHOUT ROWID table"),
        }
    }

    /// After the tree cursor was moved: whether it stands on a row.
    #[inline]
    pub(crate) fn landed(&mut self, found: bool) -> bool {
        self.view = if found { View::Tree } else { View::Null };
        found
    }

    /// Goes to the table's first row; false when it has none.
    pub(crate) fn first(&mut self) -> Result<bool> {
        let found = match &mut self.place {
            Place::Rows(cursor) => cursor.first(),
            Place::Keys(cursor) => cursor.first(),
            Place::Closed => Ok(false),
        };
        Ok(self.landed(found.map_err(tree_error)?))
    }

    /// Goes to the next row; false when there is none.
    pub(crate) fn next(&mut self) -> Result<bool> {
        let found = match &mut self.place {
            Place::Rows(cursor) => cursor.next(),
            Place::Keys(cursor) => cursor.next(),
            Place::Closed => Ok(false),
        };
        Ok(self.landed(found.map_err(tree_error)?))
    }

    /// Where it stands in the table's present version, which it looks at from now on.
    pub(crate) fn reopen(
        &mut self,
        database: DatabaseIndex,
        table: &Arc<Table>,
        context: &Context<'_>,
    ) -> Result<Standing> {
        let standing = match &self.place {
            Place::Rows(cursor) if cursor.is_valid() => Standing::Rowid(cursor.rowid()),
            Place::Keys(cursor) if cursor.is_valid() => Standing::Key(cursor.key().to_vec()),
            Place::Rows(_) | Place::Keys(_) | Place::Closed => Standing::Nowhere,
        };
        self.open(database, table, context)?;
        Ok(standing)
    }

    /// Looks at its row in the table's present version: what has become of it, the null row where it is gone. The scan
    /// goes on behind its place all the same.
    pub(crate) fn look_again(&mut self, context: &Context<'_>) -> Result<()> {
        let Some(layout) = self.layout.as_ref().filter(|_| self.view == View::Tree) else { return Ok(()) };
        let tree = layout.table.tree;
        let is_there = match &mut self.place {
            Place::Rows(cursor) => {
                let (tree, pager) = context.row_tree(self.database, tree)?;
                let mut present = RowCursor::new(tree, pager.clone());
                let is_there = present.seek_exact(cursor.rowid()).map_err(tree_error)?;
                if is_there {
                    **cursor = present;
                }
                is_there
            }
            Place::Keys(cursor) => {
                let (tree, pager) = context.key_tree(self.database, tree)?;
                let mut present = KeyCursor::new(tree, pager.clone());
                let is_there = present.seek_exact(cursor.key()).map_err(tree_error)?;
                if is_there {
                    **cursor = present;
                }
                is_there
            }
            Place::Closed => true,
        };
        self.landed(is_there);
        Ok(())
    }

    /// Goes to the row behind that place, which need not be there any more.
    pub(crate) fn seek_behind(&mut self, standing: &Standing, is_reverse: bool) -> Result<bool> {
        let found = match (standing, is_reverse) {
            (Standing::Nowhere, _) => return Ok(false),
            (Standing::Rowid(rowid), false) => match rowid.checked_add(1) {
                Some(next) => self.rows().seek_ge(next),
                None => return Ok(false),
            },
            (Standing::Rowid(rowid), true) => match rowid.checked_sub(1) {
                Some(next) => self.rows().seek_le(next),
                None => return Ok(false),
            },
            (Standing::Key(key), false) => self.keys().seek_gt(key),
            (Standing::Key(key), true) => self.keys().seek_lt(key),
        };
        found.map_err(tree_error)
    }

    pub(crate) fn seek_rowid(&mut self, rowid: i64) -> Result<bool> {
        let found = self.rows().seek_exact(rowid).map_err(tree_error)?;
        Ok(self.landed(found))
    }

    pub(crate) fn seek_key(&mut self, key: &[u8]) -> Result<bool> {
        let found = self.keys().seek_exact(key).map_err(tree_error)?;
        Ok(self.landed(found))
    }
}

impl Layout {
    fn new(table: &Arc<Table>) -> Layout {
        let slots = table.columns.iter().enumerate().map(|(index, column)| {
            if table.rowid_alias == Some(index) { ROWID_SLOT } else { column.slot as usize }
        });
        Layout {
            slots: slots.collect(),
            missing: table.columns.iter().map(missing_value).collect(),
            table: table.clone(),
        }
    }
}

/// What a column is in a row older than the column: ALTER TABLE ADD COLUMN takes constant defaults only.
pub(crate) fn missing_value(column: &Column) -> Value {
    let Some(default) = &column.default else { return Value::Null };
    let mut value = constant(&default.expr).unwrap_or_default();
    affinity::apply(&mut value, column.affinity);
    value
}

/// Whether a default is a value that rows older than their column can be read with.
pub(crate) fn is_stored_constant(default: &ast::Expr) -> bool {
    let is_moment = matches!(
        &default.kind,
        ast::ExprKind::Literal(
            ast::Literal::CurrentTime | ast::Literal::CurrentDate | ast::Literal::CurrentTimestamp
        )
    );
    !is_moment && constant(default).is_some()
}

fn constant(expr: &ast::Expr) -> Option<Value> {
    match &expr.kind {
        ast::ExprKind::Literal(literal) => Some(match literal {
            ast::Literal::Integer(integer) => Value::Integer(*integer),
            ast::Literal::BigInteger(text) | ast::Literal::Real(text) => {
                Value::real(number::text_to_real(text.as_bytes()))
            }
            ast::Literal::String(text) => Value::text(text.as_ref()),
            ast::Literal::Blob(bytes) => Value::blob(bytes.as_ref()),
            _ => Value::Null,
        }),
        ast::ExprKind::Column { qualifier: None, column } if column.is("true") => Some(Value::Integer(1)),
        ast::ExprKind::Column { qualifier: None, column } if column.is("false") => Some(Value::Integer(0)),
        ast::ExprKind::Column { qualifier: None, column } => Some(Value::text(column.text.as_ref())),
        ast::ExprKind::Unary { op: ast::UnaryOp::Minus, operand } => match &operand.kind {
            ast::ExprKind::Literal(ast::Literal::BigInteger(text)) if &**text == "9223372036854775808" => {
                Some(Value::Integer(i64::MIN))
            }
            _ => constant(operand).map(|value| pluresdb_value::arithmetic::negate(value.as_ref())),
        },
        ast::ExprKind::Unary { op: ast::UnaryOp::Plus, operand } => constant(operand),
        ast::ExprKind::Cast { operand, type_name } => {
            let affinity = type_name.as_ref().map_or(Affinity::Blob, |t| Affinity::of_declared_type(&t.text));
            constant(operand).map(|value| pluresdb_value::cast::cast(value, affinity))
        }
        _ => None,
    }
}

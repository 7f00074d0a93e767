//! Finds the rows of a child table that refer to one row of the parent: by an index of the child where one fits.
//!
//! The search is a small program of its own, with its own frame. Its registers hold the parent's key, and its condition
//! is `parent = child` for each column, under the parent's collation and the affinity of such a comparison.

use std::sync::Arc;

use pluresdb_value::{Affinity, ValueRef, key};

use super::parent_key::ParentKey;
use crate::Result;
use crate::catalog::{DatabaseIndex, Index, Table};
use crate::dml::target::{IndexPlan, Target};
use crate::execute::{Context, Frame, RowSource};
use crate::plan::{self, AccessPath, RowSourceRequest, Scan, SourceNode};
use crate::resolve::tree::{Expr, From, IndexedBy, Program, Register, SourceId, TableSource};
use crate::resolve::{CollationSource, Resolver, ScopeSource, Typed, conjunction};
use crate::session::Session;

pub(super) struct ChildScan {
    program: Program,
    frame: Frame,
    rows: RowSource,
    source: SourceId,
    /// The first of the parent key's registers.
    key: Register,
    /// The index that leads to children.
    index: Option<Arc<Index>>,
    /// Every row of the child is looked at.
    is_full: bool,
}

impl ChildScan {
    pub fn plan(
        session: &Session,
        database: DatabaseIndex,
        key: &ParentKey,
        child: &Arc<Table>,
    ) -> Result<ChildScan> {
        let mut resolver = Resolver::new(session, "", 0);
        let registers = resolver.new_registers(key.parent_columns.len());
        let source = resolver.new_source();
        let scope = ScopeSource::from_cursor(&child.name, None, child, source);
        let mut filter = None;
        for (position, (parent, child)) in key.parent_columns.iter().zip(&key.child_columns).enumerate() {
            let column = &key.parent.columns[*parent];
            let is_rowid = key.parent.rowid_alias == Some(*parent);
            let left = Typed {
                expr: Expr::Register(Register(registers.0 + position)),
                affinity: Some(if is_rowid { Affinity::Integer } else { column.affinity }),
                collation: if is_rowid {
                    CollationSource::None
                } else {
                    CollationSource::Column(column.collation)
                },
            };
            let equal = Resolver::equal(left, scope.columns[*child].typed());
            filter = Some(conjunction(filter, equal));
        }
        let program = resolver.finish()?;
        let from = From::Table(TableSource {
            source,
            database,
            table: child.clone(),
            shown: child.name.to_string(),
            indexed_by: IndexedBy::Any,
        });
        let request = RowSourceRequest {
            from: &from,
            target: Some(source),
            filter: filter.as_ref(),
            order_by: &[],
            limit: None,
            offset: None,
        };
        let node = plan::plan_row_source(&request, &program, session)?;
        let index = match &node {
            SourceNode::Scan(Scan { path: AccessPath::Index { index, .. }, .. }) => Some(index.clone()),
            _ => None,
        };
        let is_full = match &node {
            SourceNode::Scan(Scan { path: AccessPath::Full, .. }) => true,
            SourceNode::Scan(Scan { path: AccessPath::Index { bounds, .. }, .. }) => bounds.equal.is_empty(),
            _ => false,
        };
        let frame = Frame::new(&program);
        Ok(ChildScan { program, frame, rows: RowSource::new(node), source, key: registers, index, is_full })
    }

    /// Whether an UPDATE of these columns of the child changes the entries that lead to children.
    pub fn is_touched_by(&self, changed: &[bool], child: &Target) -> bool {
        let is_own =
            |plan: &&IndexPlan| self.index.as_ref().is_some_and(|index| plan.index.name == index.name);
        child.indexes.iter().find(is_own).is_some_and(|plan| plan.is_touched_by(changed))
    }

    /// Notes the work of a count that need not be done, in the plan's way.
    pub fn note_count(
        &self,
        database: DatabaseIndex,
        child: &Table,
        registers: &[Register],
        row: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if self.is_full && !registers.iter().any(|register| row.register(*register).is_null()) {
            let rows = context.session.transaction(database).entry_count(child.tree)?;
            context.session.work.scan(0, rows);
        }
        Ok(())
    }

    /// How many rows refer to the key in these registers of `row`. `hidden` is the identity of one that does not count.
    pub fn count(
        &mut self,
        registers: &[Register],
        hidden: Option<&[u8]>,
        row: &Frame,
        context: &mut Context<'_>,
    ) -> Result<i64> {
        for (position, register) in registers.iter().enumerate() {
            let value = row.register(*register);
            if value.is_null() {
                return Ok(0);
            }
            self.frame.set_register(Register(self.key.0 + position), value.clone());
        }
        let ChildScan { program, frame, rows, source, .. } = self;
        frame.reset();
        let mut context = context.with_program(&[], program);
        let mut count = 0;
        let mut outcome = rows.start(frame, &mut context);
        while outcome.is_ok() {
            match rows.next(frame, &mut context) {
                Ok(true) => {
                    let is_hidden = hidden.is_some_and(|hidden| is_at(frame, *source, hidden));
                    count += i64::from(!is_hidden);
                }
                Ok(false) => break,
                Err(error) => outcome = Err(error),
            }
        }
        rows.close(frame);
        outcome.map(|()| count)
    }
}

fn is_at(frame: &Frame, source: SourceId, identity: &[u8]) -> bool {
    let cursor = frame.cursor(source);
    match (cursor.key(), cursor.rowid()) {
        (Some(key), _) => key == identity,
        (None, ValueRef::Integer(rowid)) => key::rowid_bytes(rowid) == identity,
        (None, _) => false,
    }
}

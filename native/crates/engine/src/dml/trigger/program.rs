//! A trigger as a row program: WHEN and the steps of the body, resolved where `new` and `old` have a meaning.

use std::rc::Rc;

use pluresdb_sql::ast::{TriggerEvent, TriggerTime};

use super::TriggerKey;
use crate::Result;
use crate::callback::Permission;
use crate::catalog::DatabaseIndex;
use crate::dml::nested::NestedStatement;
use crate::dml::row_program::{Condition, RowProgram, RowPrograms};
use crate::dml::surroundings::{Surroundings, TriggerPlace};
use crate::execute::Frame;
use crate::resolve::{RowImages, ScopeSource};
use crate::session::Session;
use crate::statement::authorize;

pub(crate) fn compile(key: &TriggerKey, session: &Session, programs: &Rc<RowPrograms>) -> Result<RowProgram> {
    let definition = &key.trigger.definition;
    let is_temp = key.database == DatabaseIndex::TEMP;
    let place = TriggerPlace {
        home: (!is_temp).then(|| session.database_name(key.database).to_owned()),
        images: images(key),
        name: Some(key.trigger.name.clone()),
        or: key.or,
        settled_key: None,
    };
    let surroundings = Surroundings {
        session,
        text: &key.trigger.sql,
        parameter_count: 2 * (key.table.columns.len() + 1),
        programs,
        trigger: Some(&place),
    };
    let mut condition = None;
    if let Some(when) = &definition.when {
        let mut resolver = surroundings.resolver();
        let expr = resolver.resolve_expr(when)?;
        let program = resolver.finish()?;
        let frame = Frame::new(&program);
        condition = Some(Condition { program, frame, expr });
    }
    let mut steps = Vec::with_capacity(definition.body.len());
    let mut spans = Vec::with_capacity(definition.body.len());
    for step in &definition.body {
        // A step that is to be ignored is left out.
        if authorize(session, &step.statement, surroundings.context())? == Permission::Allowed {
            steps.push(NestedStatement::compile(&step.statement, &surroundings)?);
            spans.push(step.span);
        }
    }
    Ok(RowProgram { trigger: Some((key.trigger.clone(), spans)), condition, steps })
}

/// Where the parameters are `new` and `old`: as they stand side by side in the registers of a `Target`.
fn images(key: &TriggerKey) -> RowImages {
    let is_view = key.trigger.definition.time == Some(TriggerTime::InsteadOf);
    let image = |name: &str, first: usize| {
        let image = ScopeSource::from_parameters(name, &key.table, first);
        Some(if is_view { image.without_rowid() } else { image })
    };
    let width = key.table.columns.len() + 1;
    match key.trigger.definition.event {
        TriggerEvent::Insert => RowImages { new: image("new", 0), old: None },
        TriggerEvent::Delete => RowImages { new: None, old: image("old", 0) },
        TriggerEvent::Update | TriggerEvent::UpdateOf(_) => {
            RowImages { new: image("new", 0), old: image("old", width) }
        }
    }
}

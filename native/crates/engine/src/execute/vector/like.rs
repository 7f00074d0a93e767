//! LIKE with one pattern for a whole column of texts.

use pluresdb_function::pattern::LikePattern;
use pluresdb_function::{Context as _, Scalar};
use pluresdb_value::Value;

use super::column::{Column, UNKNOWN};
use crate::execute::Context;

/// None when the call has to be made row by row.
pub(super) fn truths(
    function: &Scalar,
    pattern: &Column<'_>,
    texts: &Column<'_>,
    context: &Context<'_>,
) -> Option<Vec<u8>> {
    let (Column::Constant(Value::Text(pattern)), Column::Texts(texts)) = (pattern, texts) else {
        return None;
    };
    if function.name != "like" || pattern.len() > context.max_pattern_length() {
        return None;
    }
    let pattern = LikePattern::new(pattern, None, context.case_sensitive_like());
    Some(texts.iter().map(|text| text.map_or(UNKNOWN, |text| u8::from(pattern.matches(text)))).collect())
}

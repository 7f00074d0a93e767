use crate::registry::{Aggregate, Scalar};

pub(crate) const FUNCTIONS: &[Scalar] = &[];
pub(crate) const AGGREGATES: &[Aggregate] = &[];

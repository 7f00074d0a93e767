use crate::registry::Scalar;

pub(crate) const FUNCTIONS: &[Scalar] = &[];

//! What was read becomes part of the objects it was asked for.

pub(crate) mod commit;
pub(crate) mod values;

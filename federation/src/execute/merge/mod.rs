//! Puts what was read of an answer into the objects it was asked for.
//!
//! In: the slots of one answer, and the objects that its request was for. Out: these objects with
//! the new values, and a list of what is absent or differs from another answer. Invariant: a value
//! that is not null is never replaced; the first one stays.

pub(crate) mod commit;
pub(crate) mod values;

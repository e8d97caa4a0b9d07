//! The requests of a fetch: objects, representations, variables.
//!
//! In: a fetch of the plan, and the slots as they are once all that it depends on is done. Out: the JSON
//! text of its variables, and which objects each representation stands for. Invariant: equal
//! representations are sent once; an object that cannot be asked about is left out, and its nulls are
//! explained.

pub(crate) mod context;
pub(crate) mod in_flight;
pub(crate) mod left_out;
pub(crate) mod prepare;
pub(crate) mod representations;
pub(crate) mod targets;
pub(crate) mod variables;

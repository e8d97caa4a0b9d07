//! The requests of a fetch: objects, representations, variables.

pub(crate) mod in_flight;
pub(crate) mod prepare;
pub(crate) mod representations;
pub(crate) mod targets;
pub(crate) mod variables;

//! Checks `@context` and `@fromContext` in one subgraph. In: a subgraph. Out: diagnostics.

mod from_context;
mod name;
mod rule;
mod selection;

pub(super) use from_context::check_from_context;
pub(super) use name::context_name_invalid;

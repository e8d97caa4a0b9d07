//! The rules for `@context` and `@fromContext` in one subgraph: a subgraph in, diagnostics out.

mod from_context;
mod name;
mod rule;
mod selection;

pub(super) use from_context::check_from_context;
pub(super) use name::context_name_invalid;

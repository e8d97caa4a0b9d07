//! One subgraph, parsed and resolved: what its SDL says once names, links and versions are resolved.
//!
//! A [`SubgraphInput`] in, a [`Subgraph`] in canonical form out, or diagnostics that say why not.

mod build;
mod canonical;
mod definitions;
mod directive_lists;
pub mod directives;
mod facts;
pub mod field_set;
pub(crate) mod input_values;
mod limits;
pub mod link;
mod machinery;
mod model;
mod names;
mod parse;
mod report;
pub mod specs;
mod upgrade;
mod validity;

pub(crate) use canonical::shadowed_name;
pub use model::{Subgraph, SubgraphInput};

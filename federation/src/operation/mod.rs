//! Reads clients' operations: parsed, limited, validated, and normalised to the form that later
//! steps take.
//!
//! In: the text of a document; then one operation of it with the values of its variables. Out: a
//! [`Document`]; then a [`NormalizedOperation`]. Invariant: a normalised operation has no
//! fragments, no `@skip` and no `@include`, and no two of its selections give one object the same
//! response name.

mod choose;
mod errors;
mod introspects;
mod limits;
mod literals;
mod normalize;
mod parse;
mod signature;
mod specialize;
mod subscription;
mod suggest;
mod unique_fields;
mod usage;
mod variables;

use apollo_compiler::{Name, ast::OperationType, collections::IndexMap};

pub use introspects::introspects;
pub use limits::Limits;
pub use normalize::normalize;
pub use parse::Document;
pub use signature::signature;
pub use specialize::{Booleans, boolean_variables};
pub use usage::coordinates_used;
pub use variables::coerce_variables;

use crate::index::{OnOperation, SelectionSet};

/// Query, mutation or subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Each fetch starts once those that it depends on are done.
    #[default]
    Query,
    /// Root fields run in series: later root fetches depend on the whole sub-plan of earlier ones.
    Mutation,
    /// One root fetch is a stream; the rest runs for each event.
    Subscription,
}

impl OperationKind {
    /// The kind that a document gives.
    pub fn of(given: OperationType) -> Self {
        match given {
            OperationType::Query => Self::Query,
            OperationType::Mutation => Self::Mutation,
            OperationType::Subscription => Self::Subscription,
        }
    }

    /// As a document has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

/// An operation as a tree of response fields, each for the runtime types it is selected on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormalizedOperation {
    /// Query, mutation or subscription.
    pub kind: OperationKind,
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// What it selects of the root.
    pub selection_set: SelectionSet,
    /// Its directives, for the subgraphs.
    pub directives: Vec<OnOperation>,
    /// Its variables.
    pub variables: IndexMap<Name, Variable>,
}

/// A variable of an operation, as text for documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its type.
    pub ty: String,
    /// Its default value.
    pub default: Option<String>,
}

//! Reads a supergraph from join-spec SDL: ours or another composer's, join v0.1 to v0.5.
//!
//! In: SDL. Out: a [`Supergraph`] with its API schema, or a [`SupergraphError`]. Invariant: it does
//! not change once it is read.
//!
//! <https://specs.apollo.dev/join/v0.5>

mod api_schema;
mod error;
mod features;
pub(crate) mod join;
mod subgraphs;

use apollo_compiler::{Name, Schema, schema::ExtendedType, validation::Valid};

use crate::invalid::describe;

pub use error::SupergraphError;
pub use features::Features;
pub(crate) use features::client_directives;
pub use subgraphs::Subgraph;

/// The result of composition: all types with the join directives, and the API schema.
#[derive(Clone, Debug)]
pub struct Supergraph {
    /// The full schema, with hidden elements and join directives.
    pub schema: Valid<Schema>,
    /// The API schema, which clients see.
    pub api_schema: Valid<Schema>,
    /// The subgraphs, in the order of the enum `join__Graph`.
    pub subgraphs: Vec<Subgraph>,
    /// Names of the spec's elements in this document.
    pub(crate) features: Features,
}

impl Supergraph {
    /// Reads a supergraph's SDL.
    pub fn parse(sdl: &str) -> Result<Self, SupergraphError> {
        let schema = Schema::parse_and_validate(sdl, "supergraph.graphql").map_err(|invalid| {
            if is_subgraph(&invalid.partial) {
                return SupergraphError::Subgraph;
            }
            SupergraphError::Graphql(describe(&invalid.errors))
        })?;
        let features = Features::of(&schema)?;
        let subgraphs = subgraphs::read(&schema, &features)?;
        let api_schema = api_schema::api_schema(&schema, &features)?;
        Ok(Self {
            schema,
            api_schema,
            subgraphs,
            features,
        })
    }
}

/// Whether a schema that is not valid by itself is that of a subgraph: it uses directives of
/// federation without a definition, and none of join.
fn is_subgraph(schema: &Schema) -> bool {
    let is_join = |name: &Name| name.starts_with("join__");
    if schema.directive_definitions.keys().any(is_join) || schema.types.keys().any(is_join) {
        return false;
    }
    let links = schema.schema_definition.directives.iter();
    let is_linked = links
        .filter_map(|directive| directive.specified_argument_by_name("url")?.as_str())
        .any(|url| url.contains("/federation/"));
    // Federation 1 links nothing.
    let is_entity = |definition: &ExtendedType| {
        let directives = definition.directives();
        directives.has("key") || directives.has("extends")
    };
    is_linked || schema.types.values().any(is_entity)
}

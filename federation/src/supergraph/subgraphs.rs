//! The subgraphs that a supergraph lists: the values of its enum `join__Graph`.

use apollo_compiler::{Name, Schema, schema::ExtendedType};

use super::{Features, SupergraphError};

/// A subgraph as the supergraph lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subgraph {
    /// Its name.
    pub name: String,
    /// Its value in the enum of subgraphs.
    pub graph: Name,
    /// Its address; empty where composition was given none.
    pub url: String,
}

/// Reads the list.
pub(super) fn read(schema: &Schema, features: &Features) -> Result<Vec<Subgraph>, SupergraphError> {
    let enum_name = features.type_name("join", "Graph");
    let Some(ExtendedType::Enum(graphs)) = schema.types.get(enum_name.as_str()) else {
        return Err(SupergraphError::NoSubgraphs(enum_name));
    };
    let directive = features.directive("join", "graph");
    let mut subgraphs = Vec::with_capacity(graphs.values.len());
    for (graph, value) in &graphs.values {
        let text = |argument: &str| {
            value
                .directives
                .get(&directive)
                .and_then(|found| found.specified_argument_by_name(argument))
                .and_then(|value| value.as_str())
        };
        let name = text("name").ok_or_else(|| {
            SupergraphError::join(
                format!("{enum_name}.{graph}"),
                format!("the subgraph has no `@{directive}(name:)`"),
            )
        })?;
        subgraphs.push(Subgraph {
            name: name.to_owned(),
            graph: graph.clone(),
            url: text("url").unwrap_or_default().to_owned(),
        });
    }
    Ok(subgraphs)
}

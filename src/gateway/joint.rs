//! The joint schema: the embedded sources, composed.

use std::{sync::Arc, time::Duration};

use federation::{compose::compose, subgraph::SubgraphInput, supergraph::Supergraph};

use super::{Connection, Embedded, Graph, GraphError, Route, SourceFault, Sources};
use crate::{config::Config, database::Database, sources::Source};

/// The subgraphs of the joint schema; they have no address.
pub fn inputs(embedded: &[Arc<dyn Source>]) -> Vec<SubgraphInput> {
    let describe = |source: &Arc<dyn Source>| SubgraphInput {
        name: source.name().to_owned(),
        url: String::new(),
        sdl: source.sdl(),
    };
    embedded.iter().map(describe).collect()
}

/// The supergraph of the joint schema, as SDL.
pub fn compose_joint(embedded: &[Arc<dyn Source>]) -> Result<String, GraphError> {
    let inputs = inputs(embedded);
    let (composed, diagnostics) = compose(&inputs);
    composed
        .map(|composed| composed.supergraph_sdl)
        .ok_or_else(|| {
            let sources = inputs.iter().map(|input| (&*input.name, &*input.sdl));
            GraphError::Composition(diagnostics.to_text(&sources.collect()))
        })
}

/// The joint schema, ready to answer from a database.
pub fn joint_graph(
    embedded: Vec<Arc<dyn Source>>,
    database: &Database,
    config: &Config,
    faults: &[SourceFault],
) -> Result<Graph, GraphError> {
    let supergraph = Supergraph::parse(&compose_joint(&embedded)?)?;
    let mut sources = Sources::default();
    for fault in faults {
        if !embedded.iter().any(|source| source.name() == fault.source) {
            let names: Vec<_> = embedded.iter().map(|source| source.name()).collect();
            let what = format!("there is none of this name; there are {}", names.join(", "));
            return Err(GraphError::Source(fault.source.clone(), what));
        }
    }
    for source in embedded {
        let name = source.name();
        let fault = faults.iter().find(|fault| fault.source == name);
        let connection = Connection {
            timeout: Duration::from_millis(config.source(name).timeout_ms),
            fault: fault.map(|fault| fault.fault),
            route: Route::Embedded(Embedded::new(source, database.clone())),
        };
        sources.insert(name, connection);
    }
    Graph::new(supergraph, sources, &config.limits)
}

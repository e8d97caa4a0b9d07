//! The joint schema: the embedded sources, composed.

use std::{collections::HashSet, sync::Arc, time::Duration};

use federation::{compose::compose, subgraph::SubgraphInput, supergraph::Supergraph};

use super::{
    Connection, Embedded, Graph, GraphError, Outgoing, Route, ServedSource, SourceFault, Sources,
};
use crate::{
    auth::{Clock, SystemClock},
    config::Config,
    database::Database,
    sources::Source,
    telemetry::Preparation,
};

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
    let supergraph_sdl = compose_joint(&embedded)?;
    let parts = JointParts::new(embedded, database.clone(), config.clone(), faults)?;
    parts.graph(&supergraph_sdl, &[], None)
}

/// The parts that all supergraphs of one process share.
#[derive(Debug)]
pub struct JointParts {
    embedded: Vec<Arc<dyn Source>>,
    database: Database,
    config: Config,
    faults: Vec<SourceFault>,
    outgoing: Option<Arc<Outgoing>>,
    clock: Arc<dyn Clock>,
    preparation: Preparation,
}

impl JointParts {
    /// Embedded sources alone.
    pub fn new(
        embedded: Vec<Arc<dyn Source>>,
        database: Database,
        config: Config,
        faults: &[SourceFault],
    ) -> Result<Self, GraphError> {
        for fault in faults {
            if !embedded.iter().any(|source| source.name() == fault.source) {
                let names: Vec<_> = embedded.iter().map(|source| source.name()).collect();
                let what = format!("there is none of this name; there are {}", names.join(", "));
                return Err(GraphError::Source(fault.source.clone(), what));
            }
        }
        Ok(Self {
            embedded,
            database,
            config,
            faults: faults.to_vec(),
            outgoing: None,
            clock: Arc::new(SystemClock),
            preparation: Preparation::default(),
        })
    }

    /// Gives embedded sources another clock than the machine's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Adds the transport to registered sources.
    #[must_use]
    pub fn with_outgoing(mut self, outgoing: Arc<Outgoing>) -> Self {
        self.outgoing = Some(outgoing);
        self
    }

    /// A supergraph with the transports to its sources. A source that cannot be asked is an error
    /// in each answer that needs it, and does not prevent serving.
    pub fn graph(
        &self,
        supergraph_sdl: &str,
        registered: &[ServedSource],
        before: Option<&Graph>,
    ) -> Result<Graph, GraphError> {
        let supergraph = Supergraph::parse(supergraph_sdl)?;
        let mut sources = Sources::new(Arc::clone(&self.clock)).counting(self.preparation.clone());
        for source in &self.embedded {
            let name = source.name();
            let fault = self.faults.iter().find(|fault| fault.source == name);
            let embedded = Embedded::new(
                Arc::clone(source),
                self.database.clone(),
                Arc::clone(&self.clock),
            );
            let connection = Connection {
                timeout: Duration::from_millis(self.config.source(name).timeout_ms),
                consents: HashSet::new(),
                fault: fault.map(|fault| fault.fault),
                route: Route::Embedded(embedded),
            };
            sources.insert(name, connection);
            // An embedded source is its entity's: `srsg_svc` is `SRSG_SVC`'s.
            sources.set_entity(name, &name.to_uppercase());
        }
        for source in registered {
            let Some(outgoing) = &self.outgoing else {
                continue;
            };
            sources.set_entity(&source.name, &source.entity);
            let before = before.and_then(|graph| graph.find_http(&source.name));
            match outgoing.source(source, &self.config, before) {
                Ok(way) => {
                    let connection = Connection {
                        timeout: Duration::from_millis(self.config.source(&source.name).timeout_ms),
                        consents: source.consents.iter().cloned().collect(),
                        fault: None,
                        route: Route::Http(way),
                    };
                    sources.insert(source.name.as_str(), connection);
                }
                Err(why) => tracing::error!(source = source.name, why, "cannot be asked"),
            }
        }
        Graph::new(supergraph, sources, &self.config.limits)
    }
}

//! A supergraph from elsewhere: every source over HTTP, where its `url` says.

use std::{sync::Arc, time::Duration};

use federation::supergraph::Supergraph;
use reqwest::Client;

use super::{Connection, Graph, GraphError, HttpSource, Route, Sources, http::Courtesies};
use crate::config::Config;

/// A supergraph that answers from HTTP sources. A source that the one before had at the same place
/// stays the same, so that a swap forgets neither its breaker nor its limit.
pub fn plain_graph(
    sdl: &str,
    config: &Config,
    client: &Client,
    before: Option<&Graph>,
) -> Result<Graph, GraphError> {
    let supergraph = Supergraph::parse(sdl)?;
    let mut sources = Sources::default();
    for subgraph in &supergraph.subgraphs {
        let name = subgraph.name.as_str();
        let settings = config.source(name);
        let source = HttpSource::new(
            name,
            &subgraph.url,
            client.clone(),
            (&settings, Courtesies::default()),
        )
        .map_err(|what| GraphError::Source(name.to_owned(), what))?;
        let kept = before
            .and_then(|graph| graph.find_http(name))
            .filter(|kept| kept.url() == source.url());
        let connection = Connection {
            timeout: Duration::from_millis(settings.timeout_ms),
            fault: None,
            route: Route::Http(kept.map_or(source, Arc::clone)),
        };
        sources.insert(name, connection);
    }
    Graph::new(supergraph, sources, &config.limits)
}

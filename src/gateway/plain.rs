//! A supergraph that was composed elsewhere: every source is asked over HTTP, at its `url`.

use std::{collections::HashSet, sync::Arc, time::Duration};

use federation::supergraph::Supergraph;
use reqwest::Client;

use super::{Connection, Graph, GraphError, HttpOptions, HttpSource, Route, Sources, own::Own};
use crate::config::Config;

/// A supergraph that answers from HTTP sources. A source that the supergraph before had at the same
/// URL is reused, so that a swap keeps its breaker and its limit. All sources are the operator's
/// own, so a caller's credentials may be passed on to them if the settings say so.
pub fn plain_graph(
    sdl: &str,
    config: &Config,
    client: &Client,
    before: Option<&Graph>,
) -> Result<Graph, GraphError> {
    let supergraph = Supergraph::parse(sdl)?;
    let preparation = before.map(|graph| graph.preparation().clone());
    let mut sources = Sources::default().counting(preparation.unwrap_or_default());
    for subgraph in &supergraph.subgraphs {
        let name = subgraph.name.as_str();
        let refuse = |what| GraphError::Source(name.to_owned(), what);
        let own = (config.sources.get(name))
            .map(|set| Own::read(set, |builder| builder, client, true))
            .transpose()
            .map_err(|what| refuse(format!("settings: `sources.{name}.{what}")))?;
        let settings = config.source(name);
        let own_client = own.as_ref().map_or(client, |own| &own.client).clone();
        let options = own.map_or_else(HttpOptions::default, |own| HttpOptions {
            headers: own.headers,
            forward: own.forward,
            ..HttpOptions::default()
        });
        let source =
            HttpSource::new(name, &subgraph.url, own_client, &settings, options).map_err(refuse)?;
        let kept = before
            .and_then(|graph| graph.find_http(name))
            .filter(|kept| kept.url() == source.url());
        let connection = Connection {
            timeout: Duration::from_millis(settings.timeout_ms),
            consents: HashSet::new(),
            fault: None,
            route: Route::Http(kept.map_or(source, Arc::clone)),
        };
        sources.insert(name, connection);
    }
    Graph::new(supergraph, sources, &config.limits)
}

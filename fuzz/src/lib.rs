//! The graph that the targets `operation` and `subgraph_answer` ask: every feature of federation
//! once, composed afresh from `graph/`.

use std::sync::Arc;

use federation::{
    compose::compose,
    execute::Transport,
    gateway::{Gateway, Options},
    operation::Limits,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

const SUBGRAPHS: [(&str, &str); 4] = [
    ("catalogue", include_str!("../graph/catalogue.graphql")),
    ("reviews", include_str!("../graph/reviews.graphql")),
    ("stock", include_str!("../graph/stock.graphql")),
    ("users", include_str!("../graph/users.graphql")),
];

/// Steps that planning a document may take: what no document of the size allowed here needs.
pub const PLANNING_WORK: u64 = 2_000_000;

/// A gateway with small limits. One that keeps nothing depends in no run on those before it.
pub fn gateway<T: Transport>(transport: T, cache_bytes: u64) -> Gateway<T> {
    let inputs = SUBGRAPHS.map(|(name, sdl)| SubgraphInput {
        name: name.to_owned(),
        url: String::new(),
        sdl: sdl.to_owned(),
    });
    let (composed, diagnostics) = compose(&inputs);
    let composed = composed.unwrap_or_else(|| panic!("it does not compose: {diagnostics:?}"));
    let supergraph = Supergraph::parse(&composed.supergraph_sdl).expect("what composes is read");
    let options = Options {
        limits: Limits {
            document_bytes: 4 << 10,
            tokens: 500,
            depth: 12,
            aliases: 40,
            root_fields: 20,
            selections: 300,
        },
        max_places: 200,
        planning_work: PLANNING_WORK,
        document_cache_bytes: cache_bytes,
        plan_cache_bytes: cache_bytes,
        ..Options::default()
    };
    Gateway::new(supergraph, Arc::new(transport), options).expect("what composes is indexed")
}

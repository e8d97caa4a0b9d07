//! A composed supergraph that operations are planned on, with what the planning took.

use apollo_compiler::ExecutableDocument;
use federation::{
    authorize::AuthorizedOperation,
    budget::{Allowance, Budget, Interrupt, Resource},
    compose::compose,
    index::Index,
    operation::{Booleans, normalize},
    plan::{MAX_WORK, Options, model::Plan, plan_within},
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", \
                    import: [\"@key\", \"@shareable\", \"@external\", \"@requires\", \
                    \"@provides\", \"@interfaceObject\"])\n";

pub(crate) struct Graph {
    supergraph: Supergraph,
    index: Index,
}

/// What planning an operation came to: a plan, or a refusal.
pub(crate) struct Planned {
    pub(crate) plan: Result<Plan, String>,
    pub(crate) work: u64,
}

impl Graph {
    pub(crate) fn new(subgraphs: &[String]) -> Self {
        let inputs: Vec<SubgraphInput> = subgraphs
            .iter()
            .enumerate()
            .map(|(at, sdl)| SubgraphInput {
                name: format!("s{at:02}"),
                url: String::new(),
                sdl: format!("{LINK}{sdl}"),
            })
            .collect();
        let (composed, diagnostics) = compose(&inputs);
        let Some(composed) = composed else {
            panic!("{diagnostics:?}")
        };
        let supergraph = Supergraph::parse(&composed.supergraph_sdl).unwrap();
        let index = Index::new(&supergraph).unwrap();
        Self { supergraph, index }
    }

    /// Plans an operation within the bound that a gateway has by default.
    pub(crate) fn plan(&self, query: &str) -> Planned {
        self.plan_within(query, MAX_WORK, Interrupt::default())
    }

    pub(crate) fn plan_within(&self, query: &str, work: u64, interrupt: Interrupt) -> Planned {
        let schema = &self.supergraph.api_schema;
        let document = ExecutableDocument::parse_and_validate(schema, query, "query.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
        let operation = document.operations.get(None).unwrap();
        let budget = Budget::new(Allowance::of_work(work), interrupt);
        let normalized = normalize(&self.index, &document, operation, &Booleans::default());
        let plan = normalized
            .map_err(|error| error.to_string())
            .and_then(|normalized| {
                let authorized = AuthorizedOperation::unrestricted(normalized);
                plan_within(&self.index, &authorized, &Options::default(), &budget)
                    .map_err(|error| error.to_string())
            });
        Planned {
            plan,
            work: budget.used(Resource::Work),
        }
    }
}

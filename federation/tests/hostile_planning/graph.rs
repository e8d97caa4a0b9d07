//! A composed supergraph that operations are planned on, with what the planning took.

use apollo_compiler::{ExecutableDocument, response::JsonMap};
use federation::{
    authorize::Requirements,
    budget::{Allowance, Budget, Interrupt, Resource},
    compose::compose,
    grants::Grants,
    index::Index,
    operation::{Booleans, boolean_variables, normalize},
    plan::{Options, plan_within},
    query_plan::Plan,
    reachable::{Access, make_reachable},
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

use crate::ALLOCATOR;

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", \
                    import: [\"@key\", \"@shareable\", \"@external\", \"@requires\", \
                    \"@provides\", \"@interfaceObject\", \"@context\", \"@fromContext\", \
                    \"@requiresScopes\"])\n";

pub(crate) struct Graph {
    pub(crate) supergraph: Supergraph,
    index: Index,
    requirements: Requirements,
}

/// What planning an operation came to: a plan, or a refusal.
pub(crate) struct Planned {
    pub(crate) plan: Result<Plan, String>,
    /// Selections, with fragments in place.
    pub(crate) selections: usize,
    pub(crate) work: u64,
    /// Bytes at the peak of planning, over those before it.
    pub(crate) peak: usize,
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
        Self {
            requirements: Requirements::new(&index),
            supergraph,
            index,
        }
    }

    /// Plans an operation within a bound, for a caller who holds everything or no scope.
    pub(crate) fn plan(
        &self,
        query: &str,
        (work, is_restricted): (u64, bool),
        interrupt: Interrupt,
    ) -> Planned {
        let schema = &self.supergraph.api_schema;
        let document = ExecutableDocument::parse_and_validate(schema, query, "query.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
        let operation = document.operations.get(None).unwrap();
        let budget = Budget::new(Allowance::of_work(work), interrupt);
        let variables = boolean_variables(&document, operation);
        let defaults = operation.variables.iter().filter_map(|variable| {
            let value = variable.default_value.as_ref()?.to_bool()?;
            Some((variable.name.as_str().into(), value.into()))
        });
        let values: JsonMap = defaults.collect();
        let booleans = Booleans::new(&variables, &values);
        let normalized = match normalize(&self.index, &document, operation, &booleans) {
            Ok(normalized) => normalized,
            Err(refused) => {
                return Planned {
                    plan: Err(refused.to_string()),
                    selections: 0,
                    work: 0,
                    peak: 0,
                };
            }
        };
        let selections = normalized.selection_set.size();
        let relevant = self
            .requirements
            .relevant(&self.index, &document, operation);
        let grants = Grants {
            unrestricted: !is_restricted,
            ..Grants::default()
        };
        let satisfied = self.requirements.satisfied(&relevant, &grants);
        let options = Options::default();
        let access = Access {
            requirements: &self.requirements,
            relevant: &relevant,
            satisfied: &satisfied,
            labels: &options.labels,
        };
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let (reachable, _) = make_reachable(&self.index, access, normalized, &budget);
        let plan = plan_within(&self.index, &reachable, &options, &budget);
        Planned {
            peak: ALLOCATOR.peak_usage().saturating_sub(before),
            plan: plan.map_err(|error| error.to_string()),
            selections,
            work: budget.used(Resource::Work),
        }
    }
}

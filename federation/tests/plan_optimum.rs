//! Plans against the optimum that trying every assignment finds, on small random graphs of
//! entities: as many rounds, no more fetches.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use apollo_compiler::ExecutableDocument;
use federation::{
    compose::compose,
    index::Index,
    operation::{Booleans, normalize},
    plan::{Options, plan},
    query_plan::Plan,
    reachable::ReachableOperation,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

const SUBGRAPHS: usize = 3;
const TYPES: usize = 3;
const FIELDS: usize = 4;

/// A small generator of numbers, the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound
    }
}

/// Who has which field: a set of subgraphs as bits. The last field of a type leads to another.
struct Graph {
    homes: [[u8; FIELDS]; TYPES],
    leads_to: [usize; TYPES],
    root: u8,
}

/// What is asked of an object: leaves by number, and perhaps what is behind the last field.
#[derive(Debug)]
struct Asked {
    leaves: Vec<usize>,
    below: Option<Box<Asked>>,
}

impl Graph {
    fn random(numbers: &mut Numbers) -> Self {
        let mut homes = [[0; FIELDS]; TYPES];
        for home in homes.iter_mut().flatten() {
            *home = u8::try_from(1 + numbers.below((1 << SUBGRAPHS) - 1)).unwrap_or(1);
        }
        let mut leads_to = [0; TYPES];
        for to in &mut leads_to {
            *to = numbers.below(TYPES);
        }
        let root = u8::try_from(1 + numbers.below((1 << SUBGRAPHS) - 1)).unwrap_or(1);
        Self {
            homes,
            leads_to,
            root,
        }
    }

    fn subgraph(&self, own: usize) -> SubgraphInput {
        let mut sdl = String::from(
            "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\", \"@shareable\"])\n",
        );
        if self.root & (1 << own) != 0 {
            sdl.push_str("type Query { start: T0 @shareable }\n");
        }
        for (type_, homes) in self.homes.iter().enumerate() {
            let _ = write!(sdl, "type T{type_} @key(fields: \"id\") {{ id: ID!");
            for (field, home) in homes.iter().enumerate() {
                if home & (1 << own) != 0 {
                    let ty = if field + 1 == FIELDS {
                        format!("T{}", self.leads_to[type_])
                    } else {
                        "Int".to_owned()
                    };
                    let _ = write!(sdl, " f{field}: {ty} @shareable");
                }
            }
            sdl.push_str(" }\n");
        }
        SubgraphInput {
            name: format!("s{own}"),
            url: String::new(),
            sdl,
        }
    }

    fn ask(numbers: &mut Numbers, depth: usize) -> Asked {
        let mut leaves: Vec<usize> = (0..FIELDS - 1).filter(|_| numbers.below(2) == 0).collect();
        let below = (depth > 0).then(|| Box::new(Self::ask(numbers, depth - 1)));
        if leaves.is_empty() && below.is_none() {
            leaves.push(0);
        }
        Asked { leaves, below }
    }

    /// The least (rounds, fetches) of completing an object that arrived in some subgraphs, each at
    /// a level; fetches that are made anyway are not counted.
    fn best(
        &self,
        type_: usize,
        asked: &Asked,
        arrived: &[Option<usize>; SUBGRAPHS],
    ) -> Vec<(usize, usize)> {
        let first = arrived.iter().flatten().min().copied().unwrap_or(0);
        let mut found = Vec::new();
        for opened in 0_u8..1 << SUBGRAPHS {
            let mut at = *arrived;
            let mut fetches = 0;
            let mut rounds = 0;
            for (own, level) in at.iter_mut().enumerate() {
                if opened & (1 << own) != 0 && level.is_none() {
                    *level = Some(first + 1);
                    fetches += 1;
                    rounds = rounds.max(first + 1);
                }
            }
            let Some(leaves) = asked.leaves.iter().try_fold(rounds, |rounds, &leaf| {
                self.serve(type_, leaf, &at).map(|level| rounds.max(level))
            }) else {
                continue;
            };
            let Some(below) = &asked.below else {
                found.push((leaves, fetches));
                continue;
            };
            let home = self.homes[type_][FIELDS - 1];
            // Every choice among those who can bring what is below.
            for chosen in 1_u8..1 << SUBGRAPHS {
                let mut landed = [None; SUBGRAPHS];
                for (own, level) in landed.iter_mut().enumerate() {
                    if chosen & home & (1 << own) != 0 {
                        *level = at[own];
                    }
                }
                if landed.iter().all(Option::is_none) {
                    continue;
                }
                for (rounds, more) in self.best(self.leads_to[type_], below, &landed) {
                    found.push((rounds.max(leaves), fetches + more));
                }
            }
        }
        pareto(found)
    }

    fn serve(&self, type_: usize, field: usize, at: &[Option<usize>; SUBGRAPHS]) -> Option<usize> {
        let home = self.homes[type_][field];
        (0..SUBGRAPHS)
            .filter(|own| home & (1 << own) != 0)
            .filter_map(|own| at[own])
            .min()
    }

    fn optimum(&self, asked: &Asked) -> (usize, usize) {
        let mut best = (usize::MAX, usize::MAX);
        for roots in 1_u8..1 << SUBGRAPHS {
            if roots & self.root != roots {
                continue;
            }
            let mut arrived = [None; SUBGRAPHS];
            for (own, level) in arrived.iter_mut().enumerate() {
                *level = (roots & (1 << own) != 0).then_some(0);
            }
            for (rounds, fetches) in self.best(0, asked, &arrived) {
                best = best.min((rounds + 1, fetches + roots.count_ones() as usize));
            }
        }
        best
    }
}

fn pareto(mut found: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    found.sort_unstable();
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (rounds, fetches) in found {
        if kept.last().is_none_or(|&(_, fewest)| fetches < fewest) {
            kept.push((rounds, fetches));
        }
    }
    kept
}

fn text(asked: &Asked) -> String {
    let mut fields: Vec<String> = asked.leaves.iter().map(|leaf| format!("f{leaf}")).collect();
    if let Some(below) = &asked.below {
        fields.push(format!("f{} {{ {} }}", FIELDS - 1, text(below)));
    }
    fields.join(" ")
}

fn planned(graph: &Graph, query: &str) -> Plan {
    let inputs: Vec<SubgraphInput> = (0..SUBGRAPHS).map(|own| graph.subgraph(own)).collect();
    let (composed, diagnostics) = compose(&inputs);
    let Some(composed) = composed else {
        panic!("{diagnostics:?}")
    };
    let supergraph =
        Supergraph::parse(&composed.supergraph_sdl).unwrap_or_else(|error| panic!("{error}"));
    let index = Index::new(&supergraph).unwrap_or_else(|error| panic!("{error}"));
    let document =
        ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
    let Ok(operation) = document.operations.get(None) else {
        panic!("one operation")
    };
    let normalized = normalize(&index, &document, operation, &Booleans::default())
        .unwrap_or_else(|error| panic!("{error}"));
    plan(
        &index,
        &ReachableOperation::unrestricted(normalized),
        &Options::default(),
    )
    .unwrap_or_else(|error| panic!("{query}: {error}"))
}

#[test]
fn no_assignment_is_better_than_the_plan() {
    let mut numbers = Numbers(7);
    let mut joined = 0;
    for round in 0..120 {
        let graph = Graph::random(&mut numbers);
        let depth = if round % 15 == 0 { 3 } else { 1 + round % 2 };
        let asked = Graph::ask(&mut numbers, depth);
        let query = format!("{{ start {{ {} }} }}", text(&asked));
        let plan = planned(&graph, &query);
        let (rounds, fetches) = graph.optimum(&asked);
        let ours = (plan.cost.rounds as usize, plan.cost.fetches as usize);
        joined += usize::from(rounds > 1);
        assert!(
            ours.0 == rounds && ours.1 <= fetches,
            "{query}: ({rounds}, {fetches}) is possible, homes {:?}, root {}\n{}",
            graph.homes,
            graph.root,
            plan.to_text()
        );
    }
    assert!(joined > 60, "{joined} take several rounds");
}

//! Random graphs: asking the gateway and asking one schema over the same data is the same.
//!
//! `cargo test --test random -- --graphs 2000 --queries 50 --seed 1` runs as long as one likes;
//! without arguments a bounded number. A difference is shrunk and printed.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says why"
)]

mod data;
mod emit;
mod generate;
mod model;
#[path = "../oracle/mod.rs"]
mod oracle;
mod query;
mod rng;
mod shrink;

use std::{collections::BTreeSet, sync::Arc};

use oracle::{Graph, everything, to_json, transport::Fault};
use serde_json::Value as Json;

use crate::{data::Hashed, model::Model, query::Query, rng::Rng};

/// What came of one query.
pub(crate) enum Outcome {
    /// The same.
    Holds,
    /// The graph does not compose, or the query is not valid.
    Nothing,
    /// Not the same; why.
    Fails(String),
}

/// A graph with its data.
struct Case {
    graph: Graph,
    data: Arc<Hashed>,
}

fn graph(model: &Model) -> Result<Case, String> {
    let data = Arc::new(Hashed::new(model));
    let shared: Arc<dyn oracle::value::Data> = Arc::<Hashed>::clone(&data);
    let graph = Graph::compose(&emit::emit(model), shared)?;
    Ok(Case { graph, data })
}

/// Composes a graph and asks it.
pub(crate) fn check(model: &Model, query: &Query) -> Outcome {
    match graph(model) {
        Ok(case) => match ask(&case.graph, query) {
            Outcome::Holds => ask_with_faults(&case, query),
            other => other,
        },
        Err(_) => Outcome::Nothing,
    }
}

/// With a fault, every value is what it was or null, and an error says that something is missing.
fn ask_with_faults(case: &Case, query: &Query) -> Outcome {
    let graph = &case.graph;
    let (text, variables) = (query.text(), query.values());
    let expected = graph.monolith(&text, &variables);
    graph.respond(&text, &variables, &everything());
    let calls = graph.take_calls();
    let asked: BTreeSet<String> = calls.into_iter().map(|call| call.subgraph).collect();
    let nonsense = || Fault::Says(r#"{"data":{"root0":7,"_entities":[[],"x"]}}"#.to_owned());
    let mut faults: Vec<(u64, Vec<(String, Fault)>)> = vec![(1, Vec::new()), (2, Vec::new())];
    for name in asked {
        for fault in [Fault::Down, Fault::Null, nonsense()] {
            faults.push((0, vec![(name.clone(), fault)]));
        }
    }
    for (failing, broken) in faults {
        graph.transport().set_faults(broken.clone());
        case.data.set_failing(failing);
        let response = graph.respond(&text, &variables, &everything());
        graph.take_calls();
        graph.transport().set_faults(Vec::new());
        case.data.set_failing(0);
        let answered = to_json(&response);
        let is_less = answered["data"] != expected["data"];
        let is_told = answered["errors"] != Json::Array(Vec::new());
        if !is_at_most(&answered["data"], &expected["data"]) || is_less && !is_told {
            return Outcome::Fails(format!(
                "with {broken:?}, failing {failing}\nasked as one schema: {expected:#}\nanswered: \
                 {answered:#}"
            ));
        }
    }
    Outcome::Holds
}

/// Whether a value is the expected one, with nulls in places.
fn is_at_most(value: &Json, expected: &Json) -> bool {
    match (value, expected) {
        (Json::Null, _) => true,
        (Json::Array(items), Json::Array(expected)) => {
            let mut pairs = items.iter().zip(expected);
            items.len() == expected.len() && pairs.all(|(item, whole)| is_at_most(item, whole))
        }
        (Json::Object(fields), Json::Object(expected)) => {
            fields.len() == expected.len()
                && fields.iter().all(|(name, value)| {
                    expected
                        .get(name)
                        .is_some_and(|whole| is_at_most(value, whole))
                })
        }
        (value, expected) => value == expected,
    }
}

fn ask(graph: &Graph, query: &Query) -> Outcome {
    let (text, variables) = (query.text(), query.values());
    let expected = graph.monolith(&text, &variables);
    if expected.get("data").is_none() {
        return Outcome::Nothing;
    }
    let response = graph.respond(&text, &variables, &everything());
    let calls = graph.take_calls();
    let answered = to_json(&response);
    let data = response.data.unwrap_or_default();
    let is_same = data == graph.monolith_text(&text, &variables).as_bytes();
    let has_errors = answered["errors"] != Json::Array(Vec::new());
    // The data has no errors of its own, save nulls that pass what cannot be null.
    let may_err = expected.get("errors").is_some();
    if is_same && (!has_errors || may_err) {
        return Outcome::Holds;
    }
    let calls: Vec<String> = calls
        .iter()
        .map(|call| format!("{}: {}\n  {}", call.subgraph, call.document, call.variables))
        .collect();
    Outcome::Fails(format!(
        "asked as one schema: {expected:#}\nanswered: {answered:#}\ncalls:\n{}",
        calls.join("\n")
    ))
}

struct Arguments {
    graphs: u64,
    queries: u64,
    seed: u64,
    /// Whether to list failing seeds instead of shrinking the first.
    keep_going: bool,
}

fn main() {
    let given: Vec<String> = std::env::args().collect();
    if given.iter().any(|argument| argument == "--list") {
        if !given.iter().any(|argument| argument == "--ignored") {
            println!("federated_is_monolith: test");
        }
        return;
    }
    let number = |name: &str, default: u64| {
        let at = given.iter().position(|argument| argument == name);
        let value = at.and_then(|at| given.get(at + 1)?.parse().ok());
        value.unwrap_or(default)
    };
    let arguments = Arguments {
        graphs: number("--graphs", 20),
        queries: number("--queries", 10),
        seed: number("--seed", 1),
        keep_going: given.iter().any(|argument| argument == "--keep-going"),
    };
    run(&arguments);
}

fn run(arguments: &Arguments) {
    let (mut composed, mut asked, mut rejected, mut failed) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut seed = arguments.seed;
    while composed < arguments.graphs {
        let mut rng = Rng::new(seed);
        let model = generate::generate(&mut rng);
        match graph(&model) {
            Ok(case) => {
                composed += 1;
                for _ in 0..arguments.queries {
                    let schema = &case.graph.gateway.supergraph().api_schema;
                    let query = query::generate(schema, &mut rng);
                    let outcome = match ask(&case.graph, &query) {
                        Outcome::Holds => ask_with_faults(&case, &query),
                        other => other,
                    };
                    match outcome {
                        Outcome::Holds => asked += 1,
                        Outcome::Nothing => {}
                        Outcome::Fails(_) if arguments.keep_going => {
                            failed += 1;
                            println!("seed {seed} fails");
                            break;
                        }
                        Outcome::Fails(_) => fail(seed, model, query),
                    }
                }
            }
            Err(why) => {
                rejected += 1;
                if rejected <= 3 || rejected % 1000 == 0 {
                    println!("seed {seed} does not compose: {why}");
                }
            }
        }
        seed += 1;
    }
    println!("{composed} graphs ({rejected} did not compose), {asked} queries: the same");
    assert_eq!(failed, 0, "some seeds fail");
}

fn fail(seed: u64, model: Model, query: Query) -> ! {
    let (model, query) = shrink::shrink(model, query);
    for input in emit::emit(&model) {
        println!("# {}\n{}", input.name, input.sdl);
    }
    println!("{}\n{}", query.text(), query.values());
    if let Outcome::Fails(why) = check(&model, &query) {
        println!("{why}");
    }
    panic!("seed {seed}: the gateway answers something else than one schema")
}

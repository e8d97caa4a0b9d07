//! Random graphs: asking the gateway and asking one schema over the same data is the same.
//! Callers may see all or not, labels are on or off, subgraphs fail or not; what a caller may not
//! see is null, and no subgraph is asked for it.
//!
//! `cargo test --test random -- --graphs 2000 --queries 50 --seed 1` runs as long as one likes;
//! without arguments a bounded number. A difference is shrunk and printed. With `--keep-going` each
//! failing seed is listed instead; `--only refused` and `--only answered` look for one kind alone, and
//! `--whole` prints the first failure as it was found.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says why"
)]

mod caller;
mod changes;
mod context;
mod data;
mod decorate;
mod emit;
mod generate;
mod guards;
mod lend;
mod model;
#[path = "../oracle/mod.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod oracle;
mod parts;
mod provide;
mod query;
mod requires;
mod rng;
mod settle;
mod shrink;
mod widen;

use std::{collections::BTreeSet, sync::Arc};

use federation::{
    error::{Origin, code},
    response::Response,
};
use oracle::{Graph, to_json, transport::Fault};
use serde_json::Value as Json;

use crate::{data::Hashed, model::Model, query::Query, rng::Rng};

/// What came of one query.
pub(crate) enum Outcome {
    /// The same, with so many requests to subgraphs.
    Holds(usize),
    /// The graph does not compose, or the query is not valid.
    Nothing,
    /// Not the same; how and why.
    Fails(Failure, String),
}

/// How a query fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It was not planned, and nothing was answered.
    Refused,
    /// Something else was answered than one schema answers.
    Answered,
}

/// A graph with its data.
struct Case {
    graph: Graph,
    data: Arc<Hashed>,
    /// Whether keys read what not everybody may see.
    guards_keys: bool,
}

impl Case {
    /// Whether an answer may be less than the whole: what lies behind a key that may not be read is
    /// null, and that is said.
    fn may_be_less(&self, response: &Response) -> bool {
        self.guards_keys && !response.withheld.is_empty()
    }
}

fn graph(model: &Model) -> Result<Case, String> {
    let data = Arc::new(Hashed::new(model));
    let shared: Arc<dyn oracle::value::Data> = Arc::<Hashed>::clone(&data);
    let graph = Graph::compose(&emit::emit(model), shared)?;
    Ok(Case {
        graph,
        data,
        guards_keys: model.guards_keys,
    })
}

/// Composes a graph and asks it.
pub(crate) fn check(model: &Model, query: &Query) -> Outcome {
    match graph(model) {
        Ok(case) => match ask(&case, query) {
            Outcome::Holds(calls) => ask_with_faults(&case, query, calls),
            other => other,
        },
        Err(_) => Outcome::Nothing,
    }
}

/// With a fault, every value is what it was or null, and an error says that something is missing.
fn ask_with_faults(case: &Case, query: &Query, calls: usize) -> Outcome {
    let graph = &case.graph;
    let (text, variables) = (query.text(), query.values());
    let (request, grants) = (query.request(), query.caller.grants());
    case.data.set_caller(&query.caller);
    let expected = graph.monolith(&text, &variables);
    graph.answer(&request, &grants);
    let asked = graph.take_calls().into_iter().map(|call| call.subgraph);
    let asked: BTreeSet<String> = asked.collect();
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
        let response = graph.answer(&request, &grants);
        graph.take_calls();
        graph.transport().set_faults(Vec::new());
        case.data.set_failing(0);
        let answered = to_json(&response);
        let is_less = answered["data"] != expected["data"];
        let is_told = answered["errors"] != Json::Array(Vec::new()) || case.may_be_less(&response);
        if !is_at_most(&answered["data"], &expected["data"]) || is_less && !is_told {
            let why = format!(
                "with {broken:?}, failing {failing}\nasked as one schema: {expected:#}\nanswered: \
                 {answered:#}"
            );
            return Outcome::Fails(Failure::Answered, why);
        }
    }
    case.data.take_breaches();
    Outcome::Holds(calls)
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

fn ask(case: &Case, query: &Query) -> Outcome {
    let graph = &case.graph;
    let (text, variables) = (query.text(), query.values());
    case.data.set_caller(&query.caller);
    case.data.changes.start();
    let expected = graph.monolith(&text, &variables);
    // A graph that was shrunk may hold data of types that it has no more.
    let is_of_schema = !expected["errors"]
        .to_string()
        .contains("not defined in the schema");
    if expected.get("data").is_none() || !is_of_schema {
        return Outcome::Nothing;
    }
    case.data.changes.start();
    let data = graph.monolith_text(&text, &variables);
    let expected_changes = case.data.changes.start();
    let response = graph.answer(&query.request(), &query.caller.grants());
    let changes = case.data.changes.stop();
    let calls = graph.take_calls();
    let breaches = case.data.take_breaches();
    let answered = to_json(&response);
    let planning_failed = Origin::Request(code::PLANNING_FAILED);
    let is_refused = (response.errors.iter()).any(|error| error.origin == planning_failed);
    let may_be_less = case.may_be_less(&response);
    let is_same = response.data.unwrap_or_default() == data.as_bytes();
    // What is withheld behind a key, and cannot be null, is told as an error.
    let is_withheld = |origin: &Origin| *origin == Origin::Withheld && may_be_less;
    let has_errors = (response.errors.iter()).any(|error| !is_withheld(&error.origin));
    // The data has no errors of its own, save nulls that pass what cannot be null.
    let may_err = expected.get("errors").is_some();
    let is_same =
        is_same || may_be_less && !is_refused && is_at_most(&answered["data"], &expected["data"]);
    let is_changed_so = is_refused || changes == expected_changes;
    if is_same && (!has_errors || may_err) && breaches.is_empty() && is_changed_so {
        return Outcome::Holds(calls.len());
    }
    let calls: Vec<String> = calls
        .iter()
        .map(|call| format!("{}: {}\n  {}", call.subgraph, call.document, call.variables))
        .collect();
    let how = if is_refused {
        Failure::Refused
    } else {
        Failure::Answered
    };
    let calls = calls.join("\n");
    Outcome::Fails(
        how,
        format!(
            "asked as one schema: {expected:#}\nanswered: {answered:#}\n\
             asked though it may not be seen: {breaches:?}\n\
             changed: {changes:?}, and not {expected_changes:?}\ncalls:\n{calls}"
        ),
    )
}

struct Arguments {
    graphs: u64,
    queries: u64,
    seed: u64,
    /// Whether to list failing seeds instead of shrinking the first.
    keep_going: bool,
    /// The one kind of failure to look for.
    only: Option<Failure>,
    /// Whether to print a failure without shrinking it.
    whole: bool,
}

/// What was asked and answered as by one schema.
#[derive(Default)]
struct Asked {
    queries: u64,
    /// With more than one request to subgraphs.
    joined: u64,
    /// By callers who may not see all.
    limited: u64,
    mutations: u64,
}

impl Asked {
    fn add(&mut self, query: &Query, calls: usize) {
        self.queries += 1;
        self.joined += u64::from(calls > 1);
        self.limited += u64::from(query.caller.held.is_some());
        self.mutations += u64::from(query.kind == "mutation");
    }

    /// A run that hardly asks anything shows nothing. A few queries alone may all be of one kind.
    fn assert_enough(&self, generated: u64) {
        assert!(self.queries * 2 > generated, "{self} of {generated}");
        if generated >= 200 {
            assert!(self.joined * 4 > generated, "{self} of {generated}");
            assert!(self.limited * 4 > generated, "{self} of {generated}");
            assert!(self.mutations * 50 > generated, "{self} of {generated}");
        }
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} queries ({} of several requests, {} of limited callers, {} mutations)",
            self.queries, self.joined, self.limited, self.mutations
        )
    }
}

/// How many seeds fail, and how many queries.
#[derive(Default)]
struct Count {
    seeds: u64,
    queries: u64,
}

impl std::fmt::Display for Count {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} queries of {} seeds",
            self.queries, self.seeds
        )
    }
}

impl Count {
    fn add(&mut self, queries: u64) {
        self.seeds += u64::from(queries > 0);
        self.queries += queries;
    }
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
    let only = given.iter().position(|argument| argument == "--only");
    let arguments = Arguments {
        graphs: number("--graphs", 100),
        queries: number("--queries", 10),
        seed: number("--seed", 1),
        keep_going: given.iter().any(|argument| argument == "--keep-going"),
        only: only.map(|only| match given.get(only + 1).map(String::as_str) {
            Some("refused") => Failure::Refused,
            Some("answered") => Failure::Answered,
            _ => panic!("--only takes `refused` or `answered`"),
        }),
        whole: given.iter().any(|argument| argument == "--whole"),
    };
    run(&arguments);
}

fn run(arguments: &Arguments) {
    let (mut composed, mut rejected) = (0_u64, 0_u64);
    let mut asked = Asked::default();
    let (mut refused, mut answered) = (Count::default(), Count::default());
    let mut seed = arguments.seed;
    while composed < arguments.graphs {
        let mut rng = Rng::new(seed);
        let model = generate::generate(&mut rng);
        match graph(&model) {
            Ok(case) => {
                composed += 1;
                let (mut of_refused, mut of_answered) = (0, 0);
                for _ in 0..arguments.queries {
                    let schema = &case.graph.gateway.supergraph().api_schema;
                    let query = query::generate(schema, &mut rng);
                    let outcome = match ask(&case, &query) {
                        Outcome::Holds(calls) => ask_with_faults(&case, &query, calls),
                        other => other,
                    };
                    match outcome {
                        Outcome::Holds(calls) => asked.add(&query, calls),
                        Outcome::Nothing => {}
                        Outcome::Fails(how, _)
                            if arguments.only.is_some_and(|only| only != how) => {}
                        Outcome::Fails(how, _) if !arguments.keep_going => {
                            if arguments.whole {
                                print(&model, &query);
                                panic!("seed {seed} fails: {how:?}");
                            }
                            fail(seed, how, model, query);
                        }
                        Outcome::Fails(Failure::Refused, _) => of_refused += 1,
                        Outcome::Fails(Failure::Answered, _) => of_answered += 1,
                    }
                }
                if of_refused + of_answered > 0 {
                    println!("seed {seed}: {of_refused} refused, {of_answered} answered wrongly");
                }
                refused.add(of_refused);
                answered.add(of_answered);
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
    println!("{composed} graphs ({rejected} did not compose), {asked}: the same");
    println!("refused: {refused}; answered wrongly: {answered}");
    assert_eq!(refused.seeds + answered.seeds, 0, "some seeds fail");
    if arguments.only.is_none() {
        asked.assert_enough(composed * arguments.queries);
    }
}

fn fail(seed: u64, how: Failure, model: Model, query: Query) -> ! {
    let (model, query) = shrink::shrink(how, model, query);
    print(&model, &query);
    match how {
        Failure::Refused => panic!("seed {seed}: the gateway refuses what one schema answers"),
        Failure::Answered => panic!("seed {seed}: the gateway answers something else"),
    }
}

fn print(model: &Model, query: &Query) {
    for input in emit::emit(model) {
        println!("# {}\n{}", input.name, input.sdl);
    }
    println!("{}\n{}\n{:?}", query.text(), query.values(), query.caller);
    if let Outcome::Fails(_, why) = check(model, query) {
        println!("{why}");
    }
}

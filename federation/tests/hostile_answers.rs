//! Answers made to cost: work and memory grow with the length of what is answered and no faster, up
//! to the budget, and then a clear error comes.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[path = "execution/support.rs"]
#[expect(dead_code, reason = "shared with other tests, which use more of it")]
mod support;

use std::sync::{Arc, Mutex, MutexGuard};

use federation::{
    budget::{Allowance, Budget, Interrupt, Resource},
    execute::ALLOWANCE,
    plan::model::{LeafKind, OutputType, Plan, Presence, RuntimeType},
};
use peak_alloc::PeakAlloc;
use support::{
    Canned, PRODUCT, QUERY, Reply, entities, fetch, field, ingest, key, leaf, list, nested, object,
    plan, products, projection, run_with, scalar, shape, target,
};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The peak is the process's: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What an execution took.
struct Cost {
    work: u64,
    values: u64,
    /// Bytes at the peak, over those before.
    peak: usize,
    data: bytes::Bytes,
    errors: Vec<String>,
}

fn cost(made: Plan, answers: Vec<(&str, Vec<u8>)>, allowance: Allowance) -> Cost {
    let made = plan(made);
    let answers = answers
        .into_iter()
        .map(|(name, text)| (name, Reply::Text(text)));
    let canned = Canned::new(answers.collect());
    let budget = Arc::new(Budget::new(allowance, Interrupt::default()));
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let (data, errors) = run_with(&made, &canned, &budget);
    Cost {
        work: budget.used(Resource::Work),
        values: budget.used(Resource::Values),
        peak: ALLOCATOR.peak_usage().saturating_sub(before),
        data,
        errors,
    }
}

/// Runs growing inputs: twice the input takes at most about twice the work and memory.
fn assert_linear(name: &str, sizes: [usize; 2], run: impl Fn(usize) -> (Cost, usize)) {
    let [(small, _), (large, length)] = sizes.map(&run);
    let growth = sizes[1] / sizes[0];
    let most = small.work * growth as u64 * 5 / 4 + 10_000;
    assert!(
        large.work <= most,
        "{name}: work {} of {}, {} of {}",
        small.work,
        sizes[0],
        large.work,
        sizes[1]
    );
    assert!(
        large.peak <= 16 * length + 100 * usize::try_from(large.values).unwrap() + (8 << 20),
        "{name}: {} bytes at the peak for {length} of text",
        large.peak
    );
    assert!(
        large.errors.len() <= 1_100,
        "{name}: {} errors",
        large.errors.len()
    );
}

/// `{ xs }`, of any output type.
fn leaves(output: OutputType) -> Plan {
    Plan {
        shapes: vec![shape(&["xs"])],
        ingests: vec![ingest(0, RuntimeType::Known(QUERY), &[("xs", leaf(0))])],
        fetches: vec![fetch(
            "a",
            federation::plan::model::FetchInput::Root(federation::plan::model::IngestId(0)),
            &[],
        )],
        projections: vec![projection(None, vec![field("xs", 0, output)])],
        ..Plan::default()
    }
}

fn repeated(before: &str, item: &str, times: usize, after: &str) -> Vec<u8> {
    let mut text = before.as_bytes().to_vec();
    text.reserve(times * (item.len() + 1));
    for at in 0..times {
        if at > 0 {
            text.push(b',');
        }
        text.extend_from_slice(item.as_bytes());
    }
    text.extend_from_slice(after.as_bytes());
    text
}

#[test]
fn values_that_fit_no_enum_are_told_in_bounded_number() {
    let _alone = alone();
    let values = [Box::from("A")].into_iter().collect();
    let enums = || OutputType::Leaf {
        non_null: false,
        kind: LeafKind::Enum,
        values: Some(Arc::new(values)),
    };
    let output = list(enums(), false);
    assert_linear("[enum] of 1", [30_000, 120_000], |times| {
        let text = repeated(r#"{"data":{"xs":["#, "1", times, "]}}");
        let length = text.len();
        let took = cost(leaves(output.clone()), vec![("a", text)], ALLOWANCE);
        assert_eq!(took.errors.len(), 501, "500 are told, the others counted");
        let more = format!(
            "null: Subgraph `a` answered {} more values that do not fit.",
            times - 500
        );
        assert_eq!(took.errors[500], more);
        (took, length)
    });
}

#[test]
fn values_of_another_kind_are_told_in_bounded_number() {
    let _alone = alone();
    assert_linear("[Int] of \"\"", [30_000, 120_000], |times| {
        let text = repeated(r#"{"data":{"xs":["#, r#""""#, times, "]}}");
        let length = text.len();
        let output = list(scalar(LeafKind::Int, false), false);
        let took = cost(leaves(output), vec![("a", text)], ALLOWANCE);
        assert_eq!(took.errors.len(), 501);
        (took, length)
    });
}

/// `{ ps { f0 f1 … } }`, with sixty fields.
fn wide() -> Plan {
    let names: Vec<String> = (0..60).map(|at| format!("f{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let fields = names.iter().zip(0..);
    let entries: Vec<_> = fields.clone().map(|(name, at)| (*name, leaf(at))).collect();
    let shown = fields.map(|(name, at)| field(name, at, scalar(LeafKind::Int, false)));
    let mut of_object = ingest(1, RuntimeType::Known(PRODUCT), &entries);
    for entry in &mut of_object.entries {
        entry.presence = Presence::Sometimes;
    }
    Plan {
        shapes: vec![shape(&["ps"]), shape(&names)],
        ingests: vec![
            ingest(0, RuntimeType::Known(QUERY), &[("ps", object(0, 1, 1))]),
            of_object,
        ],
        fetches: vec![fetch(
            "a",
            federation::plan::model::FetchInput::Root(federation::plan::model::IngestId(0)),
            &[],
        )],
        projections: vec![
            projection(None, vec![field("ps", 0, list(nested(1, false), false))]),
            projection(None, shown.collect()),
        ],
        ..Plan::default()
    }
}

#[test]
fn empty_objects_of_a_wide_type_are_refused_at_the_bound() {
    let _alone = alone();
    let allowance = Allowance {
        values: 1 << 20,
        ..ALLOWANCE
    };
    let text = repeated(r#"{"data":{"ps":["#, "{}", 100_000, "]}}");
    let took = cost(wide(), vec![("a", text)], allowance);
    assert_eq!(&took.data[..], br#"{"ps":null}"#);
    assert_eq!(
        took.errors,
        [
            "[\"ps\"]: The answer of subgraph `a` holds more values than the gateway may still hold \
             for this request; ask for shorter lists."
        ]
    );
    assert_eq!(took.values, 0, "what was refused is not held");
    assert!(took.work < 2 << 20, "it stops at the bound: {}", took.work);
    // 16 bytes a value, twice where a list grows, and the text.
    assert!(took.peak < 48 << 20, "{} bytes", took.peak);
}

#[test]
fn what_one_source_answers_too_much_of_leaves_the_others_whole() {
    let _alone = alone();
    let mut both = wide();
    both.shapes[0] = shape(&["ps", "xs"]);
    both.ingests
        .push(ingest(0, RuntimeType::Known(QUERY), &[("xs", leaf(1))]));
    let xs = federation::plan::model::FetchInput::Root(federation::plan::model::IngestId(2));
    both.fetches.push(fetch("b", xs, &[]));
    let int = list(scalar(LeafKind::Int, false), false);
    both.projections[0].variants[0]
        .fields
        .push(field("xs", 1, int));
    let allowance = Allowance {
        values: 1 << 16,
        ..ALLOWANCE
    };
    let text = repeated(r#"{"data":{"ps":["#, "{}", 10_000, "]}}");
    let xs = br#"{"data":{"xs":[1,2]}}"#.to_vec();
    let took = cost(both, vec![("a", text), ("b", xs)], allowance);
    assert_eq!(&took.data[..], br#"{"ps":null,"xs":[1,2]}"#);
    assert_eq!(took.errors.len(), 1);
}

fn ids(times: usize) -> Vec<u8> {
    let items: Vec<String> = (0..times)
        .map(|at| format!(r#"{{"id":"{at}","name":"n"}}"#))
        .collect();
    format!("{{\"data\":{{\"products\":[{}]}}}}", items.join(",")).into_bytes()
}

#[test]
fn errors_of_entities_cost_what_they_and_the_entities_cost() {
    let _alone = alone();
    let run = |path: &'static str| {
        move |times: usize| {
            let entities = 500;
            let errors: Vec<String> = (0..times)
                .map(|at| {
                    let path = path.replace("%i", &(at % entities).to_string());
                    let path = path.replace("%e", &at.to_string());
                    format!(r#"{{"message":"m{at}"{path}}}"#)
                })
                .collect();
            let text = format!(
                "{},\"errors\":[{}]}}",
                String::from_utf8(repeated(
                    r#"{"data":{"_entities":["#,
                    r#"{"price":null,"stock":null}"#,
                    entities,
                    "]}"
                ))
                .unwrap(),
                errors.join(",")
            );
            let length = text.len() + 20_000;
            let answers = vec![("a", ids(entities)), ("b", text.into_bytes())];
            let took = cost(products(), answers, ALLOWANCE);
            let counted = took.errors.last().unwrap();
            assert!(counted.contains(" more errors."), "{counted}");
            (took, length)
        }
    };
    let sizes = [3_000, 12_000];
    assert_linear("by index", sizes, run(r#","path":["_entities",%i]"#));
    assert_linear(
        "in a field",
        sizes,
        run(r#","path":["_entities",%i,"price"]"#),
    );
    assert_linear("without a path", sizes, run(""));
    assert_linear("of the list", sizes, run(r#","path":["_entities"]"#));
    assert_linear(
        "without an index",
        sizes,
        run(r#","path":["_entities","price"]"#),
    );
    assert_linear(
        "of nobody",
        sizes,
        run(r#","path":["_entities",%e,"price"]"#),
    );
    let deep = r#","path":["_entities","price",%e]"#;
    assert_linear("each of its own", sizes, run(deep));
}

#[test]
fn one_entity_of_many_objects_is_not_traced_without_end() {
    let _alone = alone();
    assert_linear("one entity", [2_000, 8_000], |times| {
        let root = repeated(
            r#"{"data":{"products":["#,
            r#"{"id":"1","name":"n"}"#,
            times,
            "]}}",
        );
        let errors: Vec<String> = (0..times)
            .map(|at| format!(r#"{{"message":"m{at}","path":["_entities",0,"price"]}}"#))
            .collect();
        let text = format!(
            r#"{{"data":{{"_entities":[null]}},"errors":[{}]}}"#,
            errors.join(",")
        );
        let length = root.len() + text.len();
        let answers = vec![("a", root), ("b", text.into_bytes())];
        (cost(products(), answers, ALLOWANCE), length)
    });
}

#[test]
fn errors_of_any_shape_take_no_more_than_their_text() {
    let _alone = alone();
    for (name, entry) in [
        ("empty", "{}".to_owned()),
        ("numbers", "7".to_owned()),
        (
            "nested",
            format!(r#"{{"path":[{}[]]}}"#, "[],".repeat(2_000)),
        ),
        (
            "long",
            format!(r#"{{"message":"{}"}}"#, "m".repeat(100_000)),
        ),
        (
            "extended",
            format!(
                r#"{{"message":"m","extensions":{{"x":[{}0]}}}}"#,
                "0,".repeat(2_000)
            ),
        ),
    ] {
        let times = (1 << 19) / (entry.len() + 1);
        assert_linear(name, [times / 4, times], |times| {
            let text = repeated(r#"{"errors":["#, &entry, times, "]}");
            let length = text.len();
            let answers = vec![("a", ids(50)), ("b", text)];
            (cost(products(), answers, ALLOWANCE), length)
        });
    }
}

#[test]
fn misfits_are_told_in_bounded_number() {
    let _alone = alone();
    assert_linear("misfits", [20_000, 80_000], |times| {
        let text = repeated(r#"{"data":{"products":["#, "7", times, "]}}");
        let length = text.len();
        let took = cost(products(), vec![("a", text)], ALLOWANCE);
        assert_eq!(took.errors.len(), 101);
        (took, length)
    });
    assert_linear("more entities than asked for", [20_000, 80_000], |times| {
        let text = repeated(r#"{"data":{"_entities":["#, "7", times, "]}}");
        let length = text.len();
        let answers = vec![("a", ids(2)), ("b", text)];
        (cost(products(), answers, ALLOWANCE), length)
    });
    assert_linear("left out", [20_000, 80_000], |times| {
        let text = repeated(r#"{"data":{"products":["#, "{}", times, "]}}");
        let length = text.len();
        (cost(products(), vec![("a", text)], ALLOWANCE), length)
    });
}

/// `products` of which each holds the same entity, with a list of its own.
#[test]
fn an_entity_that_many_hold_is_copied_up_to_the_bound() {
    let _alone = alone();
    let mut shared = products();
    shared.shapes.push(shape(&["x"]));
    shared.ingests[2] = ingest(
        1,
        RuntimeType::Known(PRODUCT),
        &[("stock", object(3, 1, 3))],
    );
    shared
        .ingests
        .push(ingest(2, RuntimeType::Known(PRODUCT), &[("x", leaf(0))]));
    shared.fetches[1].input = entities(vec![target(&[0], vec![key("id", 0, LeafKind::Id)], 2)]);
    shared.projections[1].variants[0].fields.remove(1);
    shared.projections[1].variants[0].fields[1].output = list(nested(2, false), false);
    shared.projections.push(projection(
        None,
        vec![field("x", 0, scalar(LeafKind::Int, false))],
    ));
    let root = repeated(
        r#"{"data":{"products":["#,
        r#"{"id":"1","name":"n"}"#,
        2_000,
        "]}}",
    );
    let entity = repeated(
        r#"{"data":{"_entities":[{"stock":["#,
        r#"{"x":1}"#,
        2_000,
        "]}]}}",
    );
    let allowance = Allowance {
        values: 1 << 18,
        ..ALLOWANCE
    };
    let took = cost(shared, vec![("a", root), ("b", entity)], allowance);
    assert!(took.values <= 1 << 18, "{} values", took.values);
    assert!(took.peak < 32 << 20, "{} bytes", took.peak);
    assert_eq!(
        took.errors,
        [
            "[\"products\"]: The answer of subgraph `b` holds more values than the gateway may still \
             hold for this request; ask for shorter lists."
        ]
    );
    let data: serde_json::Value = serde_json::from_slice(&took.data).unwrap();
    assert_eq!(
        data["products"][0]["stock"][1999]["x"], 1,
        "what came before stays"
    );
    assert_eq!(data["products"][1999]["name"], "n");
}

#[test]
fn an_answer_that_is_written_too_long_is_null_with_an_error() {
    let _alone = alone();
    // One text for each of many objects.
    let long = "t".repeat(100_000);
    let root = repeated(
        r#"{"data":{"products":["#,
        r#"{"id":"1","name":"n"}"#,
        2_000,
        "]}}",
    );
    let entity = format!(r#"{{"data":{{"_entities":[{{"price":1,"stock":"{long}"}}]}}}}"#);
    let mut texts = products();
    texts.projections[1].variants[0].fields[2].output = scalar(LeafKind::String, false);
    let allowance = Allowance {
        bytes: 16 << 20,
        ..ALLOWANCE
    };
    let took = cost(
        texts,
        vec![("a", root), ("b", entity.into_bytes())],
        allowance,
    );
    assert_eq!(&took.data[..], b"null");
    assert_eq!(
        took.errors,
        [
            "null: The answer has grown beyond what the gateway holds for one request; ask for \
             shorter lists."
        ]
    );
    assert!(took.peak < 64 << 20, "{} bytes", took.peak);
}

#[test]
fn representations_are_made_up_to_the_bound() {
    let _alone = alone();
    let allowance = Allowance {
        bytes: 1 << 20,
        ..ALLOWANCE
    };
    let took = cost(products(), vec![("a", ids(10_000))], allowance);
    assert!(took.errors.iter().any(|error| {
        error.contains("To ask subgraph `b` for so many objects would take more")
    }));
    assert!(took.errors.len() <= 502);
}

#[test]
fn an_execution_gives_way_while_it_reads_and_writes() {
    use std::{future::Future, pin::pin, task::Context};

    let _alone = alone();
    let made = plan(products());
    let root = ids(50_000);
    let canned = Canned::new(vec![("a", Reply::Text(root))]);
    let mut execution = federation::execute::Execution::new(Arc::clone(&made));
    let mut turns = 0;
    let variables = apollo_compiler::response::JsonMap::new();
    let waker = futures::task::noop_waker();
    let mut context = Context::from_waker(&waker);
    {
        let mut run = pin!(execution.run(&canned, &(), &variables));
        while run.as_mut().poll(&mut context).is_pending() {
            turns += 1;
        }
    }
    assert!(turns > 50, "{turns} turns to read and ask");
    let none = federation::execute::IntrospectionAnswers::new();
    let mut write = pin!(execution.write(&none));
    let mut written = 0;
    while write.as_mut().poll(&mut context).is_pending() {
        written += 1;
    }
    assert!(written > 20, "{written} turns to write");
}

//! Answers that go past what may be held, and the turns that reading and writing take.

use std::sync::Arc;

use federation::{
    budget::Allowance,
    execute::ALLOWANCE,
    query_plan::{LeafKind, Plan, Presence, RuntimeType},
};

use crate::{
    alone, cost, ids,
    leaves::leaves,
    repeated,
    support::{
        Canned, PRODUCT, QUERY, Reply, entities, fetch, field, ingest, key, leaf, list, nested,
        object, plan, products, projection, scalar, shape, target,
    },
};

/// `{ ps { f0 f1 … } }`, with sixty fields.
fn wide() -> Plan {
    let names: Vec<String> = (0..60).map(|at| format!("f{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let fields = names.iter().zip(0..);
    let entries: Vec<_> = fields.clone().map(|(name, at)| (*name, leaf(at))).collect();
    let shown = fields.map(|(name, at)| field(name, at, scalar(LeafKind::Int, false)));
    let mut of_object = ingest(1, RuntimeType::Known(PRODUCT), &entries);
    for entry in &mut of_object.entries {
        entry.presence = Presence::Sometimes(None);
    }
    Plan {
        shapes: vec![shape(&["ps"]), shape(&names)],
        ingests: vec![
            ingest(0, RuntimeType::Known(QUERY), &[("ps", object(0, 1, 1))]),
            of_object,
        ],
        fetches: vec![fetch(
            "a",
            federation::query_plan::FetchInput::Root(federation::query_plan::IngestId(0)),
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
    let xs = federation::query_plan::FetchInput::Root(federation::query_plan::IngestId(2));
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

#[test]
fn a_list_of_leaves_and_a_list_of_errors_are_read_in_turns() {
    use std::{future::Future, pin::pin, task::Context};

    let _alone = alone();
    let numbers = repeated("[", "17", 400_000, "]");
    let errors = repeated("[", r#"{"message":"m"}"#, 100_000, "]");
    let parts: [&[u8]; 5] = [
        b"{\"data\":{\"xs\":",
        &numbers,
        b"},\"errors\":",
        &errors,
        b"}",
    ];
    let turns_of = |text: Vec<u8>| {
        let made = plan(leaves(list(scalar(LeafKind::Int, false), false)));
        let canned = Canned::new(vec![("a", Reply::Text(text))]);
        let mut execution = federation::execute::Execution::new(Arc::clone(&made));
        let variables = apollo_compiler::response::JsonMap::new();
        let waker = futures::task::noop_waker();
        let mut context = Context::from_waker(&waker);
        let mut run = pin!(execution.run(&canned, &(), &variables));
        let mut turns = 0;
        while run.as_mut().poll(&mut context).is_pending() {
            turns += 1;
        }
        turns
    };
    let with_data_alone = turns_of([parts[0], parts[1], b"}}"].concat());
    assert!(
        with_data_alone >= 15,
        "{with_data_alone} turns for a megabyte"
    );
    let with_errors = turns_of(parts.concat());
    assert!(with_errors >= with_data_alone + 20, "{with_errors} turns");
}

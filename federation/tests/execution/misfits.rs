//! Answers of the wrong shape: null, one error that names the subgraph, siblings whole.

use federation::{
    execute::Verdict,
    query_plan::{LeafKind, RuntimeType},
};
use proptest::prelude::*;
use serde_json::json;

use super::support::{
    BOOK, Canned, HIDDEN, PRODUCT, Reply, answer, cases, field, ingest, leaf, list, nested, plan,
    products, projection, run, scalar, set,
};

fn root(products: &str) -> String {
    format!("{{\"data\":{{\"products\":{products}}}}}")
}

/// The products plan without its second fetch.
fn alone() -> federation::query_plan::Plan {
    let mut plan = products();
    plan.fetches.truncate(1);
    plan.projections[1].variants[0].fields.truncate(1);
    plan
}

#[test]
fn the_transport_is_told_what_became_of_each_answer() {
    let judge = |answers: &[(&str, &str)]| {
        let replies = answers.iter();
        let replies = replies.map(|(name, text)| (*name, Reply::Text(text.as_bytes().into())));
        let canned = Canned::new(replies.collect());
        run(&plan(products()), &canned);
        canned.judged.into_inner().unwrap()
    };
    let of = |name: &str, verdict| (name.to_owned(), verdict);
    let good = root(r#"[{"id":"1","name":"x"}]"#);
    for (entities, verdict) in [
        (
            r#"{"data":{"_entities":[{"price":1,"stock":2}]}}"#,
            Verdict::Taken,
        ),
        (
            r#"{"data":{"_entities":[null]},"errors":[{"message":"no"}]}"#,
            Verdict::Taken,
        ),
        (
            r#"{"data":null,"errors":[{"message":"no"}]}"#,
            Verdict::Taken,
        ),
        (r#"{"data":{"_entities":[5]}}"#, Verdict::Misfit),
        (r#"{"data":{"_entities":[]}}"#, Verdict::Misfit),
        (r#"{"data":{"_entities":[{"price":1}]}}"#, Verdict::Misfit),
        (r#"{"data":{}}"#, Verdict::Misfit),
        (
            r#"{"data":{"_entities":[{"price":}]}}"#,
            Verdict::Unreadable,
        ),
        (r#"{"data":null}"#, Verdict::Unreadable),
        ("<html>", Verdict::Unreadable),
    ] {
        let judged = judge(&[("a", &good), ("b", entities)]);
        assert_eq!(
            judged,
            [of("a", Verdict::Taken), of("b", verdict)],
            "{entities}"
        );
    }
    // That a key cannot be sent on is known only when it is to be sent.
    let odd = root(r#"[{"id":true,"name":"x"}]"#);
    let judged = judge(&[("a", &odd)]);
    assert_eq!(judged, [of("a", Verdict::Taken), of("a", Verdict::Misfit)]);
    // A subgraph that does not answer is no news to the transport.
    assert_eq!(judge(&[("a", &good)]), [of("a", Verdict::Taken)]);
}

#[test]
fn a_value_of_another_kind_is_null_with_an_error() {
    let expected =
        |what: &str| format!("Subgraph `a` answered something else where {what} was expected.");
    for (text, data, path, what) in [
        ("\"text\"", json!(null), r#"["products"]"#, "a list"),
        ("{\"id\":\"1\"}", json!(null), r#"["products"]"#, "a list"),
        ("[7]", json!([null]), r#"["products",0]"#, "an object"),
        (
            "[[{\"id\":\"1\"}]]",
            json!([null]),
            r#"["products",0]"#,
            "an object",
        ),
        (
            "[{\"id\":\"1\",\"name\":\"x\"},\"y\"]",
            json!([{"name": "x"}, null]),
            r#"["products",1]"#,
            "an object",
        ),
        (
            r#"[{"id":"1","name":"\ud800"}]"#,
            json!([null]),
            r#"["products",0,"name"]"#,
            "text in Unicode",
        ),
    ] {
        let (answered, errors) = answer(alone(), &[("a", &root(text))]);
        assert_eq!(answered["products"], data, "{text}");
        assert_eq!(errors, [format!("{path}: {}", expected(what))], "{text}");
    }
}

#[test]
fn a_leaf_of_another_kind_is_null_with_an_error() {
    let mut plan = alone();
    plan.projections[1].variants[0].fields = vec![
        field("id", 0, scalar(LeafKind::Id, false)),
        field("name", 1, list(scalar(LeafKind::Int, true), false)),
    ];
    let plan = self::plan(plan);
    let misfit = "Subgraph `a` answered a value that does not fit the field's type.";
    for (product, data, errors) in [
        (
            r#"{"id":7,"name":[1, 2]}"#,
            json!({"id": "7", "name": [1, 2]}),
            vec![],
        ),
        (
            r#"{"id":true,"name":7}"#,
            json!({"id": null, "name": null}),
            vec![
                format!("[\"products\",0,\"id\"]: {misfit}"),
                format!("[\"products\",0,\"name\"]: {misfit}"),
            ],
        ),
        (
            r#"{"id":"1","name":[1,"2"]}"#,
            json!({"id": "1", "name": null}),
            vec![format!("[\"products\",0,\"name\",1]: {misfit}")],
        ),
        (
            r#"{"id":"1","name":[null]}"#,
            json!({"id": "1", "name": null}),
            vec![
                "[\"products\",0,\"name\",0]: Null was answered for a field that cannot be null."
                    .to_owned(),
            ],
        ),
    ] {
        let reply = Reply::Text(root(&format!("[{product}]")).into_bytes());
        let answered = run(&plan, &Canned::new(vec![("a", reply)]));
        assert_eq!(answered, (json!({"products": [data]}), errors), "{product}");
    }
}

#[test]
fn runtime_types_are_checked_and_hidden_ones_are_null() {
    let typed = || {
        let mut plan = alone();
        plan.ingests[1] = ingest(
            1,
            RuntimeType::Reported(set(&[PRODUCT, BOOK, HIDDEN])),
            &[
                ("__typename", federation::query_plan::IngestInto::Typename),
                ("name", leaf(1)),
            ],
        );
        plan.projections[1] = projection(
            Some(set(&[PRODUCT, BOOK])),
            vec![field("name", 1, scalar(LeafKind::String, false))],
        );
        plan.projections[0] = projection(
            None,
            vec![field("products", 0, list(nested(1, false), false))],
        );
        plan
    };
    let (data, errors) = answer(
        typed(),
        &[(
            "a",
            &root(
                r#"[{"name":"x","__typename":"Book"},{"__typename":"Hidden","name":"secret"},
            {"__typename":"Query","name":"secret"},{"name":"secret"},{"__typename":7}]"#,
            ),
        )],
    );
    assert_eq!(
        data,
        json!({"products": [{"name": "x"}, null, null, null, null]})
    );
    let error = |at: usize| {
        format!(
            "[\"products\",{at}]: Subgraph `a` answered something else where an object of a type \
             that may stand here was expected."
        )
    };
    assert_eq!(errors, [error(2), error(3), error(4)]);
}

#[test]
fn what_is_no_response_fails_the_fetch() {
    for (text, why) in [
        (
            &b"<html>"[..],
            "is not the JSON of a GraphQL response: an opening bracket was expected at byte 0",
        ),
        (
            b"",
            "is not the JSON of a GraphQL response: an opening bracket was expected at byte 0",
        ),
        (b"{}", "holds neither data nor errors"),
        (b"{\"errors\":[]}", "holds neither data nor errors"),
        (
            b"{\"errors\":7}",
            "is not the JSON of a GraphQL response: a list of errors was expected at byte 10",
        ),
        (b"{\"data\":7}", "holds `data` that is not an object"),
        (
            b"{\"data\":{}}x",
            "is not the JSON of a GraphQL response: the end was expected at byte 11",
        ),
        (
            b"{\"data\":{\"products\":[{\"id\":\"1\"",
            "is not the JSON of a GraphQL response: a comma or a closing bracket was expected at byte 30",
        ),
        (
            b"{\"data\":{\"products\":[],\"products\":[]}}",
            "has one field twice",
        ),
        (
            b"{\"data\":{},\"data\":{}}",
            "is not the JSON of a GraphQL response: `data` once was expected at byte 18",
        ),
        (
            b"{\"errors\":[{\"message\":\"m\"}],\"data\":{},\"errors\":[]}",
            "is not the JSON of a GraphQL response: `errors` once was expected at byte 47",
        ),
        (b"{\"data\":{\"x\":\"\xff\"}}", "is not text in UTF-8"),
    ] {
        let reply = Reply::Text(text.to_vec());
        let (data, errors) = run(&plan(alone()), &Canned::new(vec![("a", reply)]));
        assert_eq!(data, json!({"products": null}));
        let expected = format!("[\"products\"]: The answer of subgraph `a` {why}.");
        assert_eq!(errors, [expected], "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn many_misfits_are_told_in_bounded_number() {
    let text = root(&format!("[{}7]", "7,".repeat(999)));
    let (data, errors) = answer(alone(), &[("a", &text)]);
    assert_eq!(data["products"].as_array().map(Vec::len), Some(1000));
    assert_eq!(errors.len(), 101);
    assert!(errors[100].ends_with("Subgraph `a` answered 900 more values that do not fit."));
}

fn near_answers() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"data\":",
        "\"products\":",
        "\"_entities\":",
        "\"id\":",
        "\"name\":",
        "\"price\":",
        "\"errors\":",
        "\"path\":",
        "\"message\":",
        "null",
        "1",
        "\"1\"",
        "\"_entities\"",
        "{\"data\":{",
        "[{",
        "}]",
        "}}",
        "\"\\ud800\"",
        "\u{7f}",
        "-",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn no_answer_makes_it_panic(
        a in prop_oneof![near_answers(), Just(root("[{\"id\":\"1\",\"name\":\"x\"}]").into_bytes())],
        b in prop_oneof![near_answers(), prop::collection::vec(any::<u8>(), 0..40)],
    ) {
        let canned = Canned::new(vec![("a", Reply::Text(a)), ("b", Reply::Text(b))]);
        let (data, errors) = run(&plan(products()), &canned);
        prop_assert!(data.is_object(), "{data} {errors:?}");
    }
}

//! Long lists of leaves.

use std::sync::Arc;

use federation::{
    execute::ALLOWANCE,
    query_plan::{LeafKind, OutputType, Plan, RuntimeType},
};

use crate::{
    Cost, alone, assert_linear, cost, repeated,
    support::{QUERY, fetch, field, ingest, leaf, list, products, projection, scalar, shape},
};

/// `{ xs }`, of any output type.
pub(crate) fn leaves(output: OutputType) -> Plan {
    Plan {
        shapes: vec![shape(&["xs"])],
        ingests: vec![ingest(0, RuntimeType::Known(QUERY), &[("xs", leaf(0))])],
        fetches: vec![fetch(
            "a",
            federation::query_plan::FetchInput::Root(federation::query_plan::IngestId(0)),
            &[],
        )],
        projections: vec![projection(None, vec![field("xs", 0, output)])],
        ..Plan::default()
    }
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

/// A list of numbers at a product that stands in so many places.
fn list_in_places(places: usize, numbers: &str) -> Cost {
    let mut made = products();
    made.projections[1].variants[0].fields[1].output = list(scalar(LeafKind::Int, false), false);
    let root = repeated(
        r#"{"data":{"products":["#,
        r#"{"id":"1","name":"n"}"#,
        places,
        "]}}",
    );
    let entity = format!(r#"{{"data":{{"_entities":[{{"price":{numbers},"stock":1}}]}}}}"#);
    let answers = vec![("a", root), ("b", entity.into_bytes())];
    cost(made, answers, ALLOWANCE)
}

#[test]
fn a_list_of_leaves_is_read_once_for_all_its_places() {
    let _alone = alone();
    let numbers = String::from_utf8(repeated("[", "17", 20_000, "]")).unwrap();
    let (few, many) = (list_in_places(2, &numbers), list_in_places(50, &numbers));
    assert!(
        many.work <= few.work + 48 * 64,
        "{} steps for 2 places, {} for 50",
        few.work,
        many.work
    );
    let product = format!(r#"{{"name":"n","price":{numbers},"stock":1}}"#);
    let whole = repeated(r#"{"products":["#, &product, 50, "]}");
    assert!(many.data == whole, "each place has the list");
}

#[test]
fn a_value_of_a_list_that_does_not_fit_is_told_in_each_place() {
    let _alone = alone();
    let numbers = String::from_utf8(repeated("[\"x\",", "17", 200, "]")).unwrap();
    let took = list_in_places(3, &numbers);
    assert_eq!(took.errors.len(), 3, "{:?}", took.errors);
    let with_null = numbers.replacen("\"x\"", "null", 1);
    let product = format!(r#"{{"name":"n","price":{with_null},"stock":1}}"#);
    assert!(took.data == repeated(r#"{"products":["#, &product, 3, "]}"));
}

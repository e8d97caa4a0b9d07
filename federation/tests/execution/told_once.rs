//! One failure, one error; and no value is lost without one.

use federation::query_plan::{FetchInput, IngestId, LeafKind, Plan, Presence, RuntimeType};
use serde_json::{Value, json};

use super::support::{
    PRODUCT, QUERY, answer, fetch, field, ingest, leaf, list, object, products, scalar, set,
};

const TWO: &str = r#"{"data":{"products":[{"id":"1","name":"x"},{"id":"2","name":"y"}]}}"#;

/// `{ products { name: [[Int!]]! } }`, from `a` alone.
fn lists() -> Plan {
    let mut plan = products();
    plan.fetches.truncate(1);
    let items = list(list(scalar(LeafKind::Int, true), false), true);
    plan.projections[1].variants[0].fields = vec![field("name", 1, items)];
    plan
}

#[test]
fn an_error_of_an_item_explains_its_null() {
    let reported = r#"{"data":{"products":[{"id":"1","name":[[1,null],[2]]}]},
        "errors":[{"message":"m","path":["products",0,"name",0,1]}]}"#;
    let (data, errors) = answer(lists(), &[("a", reported)]);
    assert_eq!(data["products"], json!([{"name": [null, [2]]}]));
    assert_eq!(errors, [r#"["products",0,"name",0,1]: m"#]);
    // The subgraph gave up the inner list itself, and another item is null for no reason.
    let reported = r#"{"data":{"products":[{"id":"1","name":[null,[2,null]]}]},
        "errors":[{"message":"m","path":["products",0,"name",0,1]}]}"#;
    let (data, errors) = answer(lists(), &[("a", reported)]);
    assert_eq!(data["products"], json!([{"name": [null, null]}]));
    assert_eq!(
        errors,
        [
            r#"["products",0,"name",0,1]: m"#,
            r#"["products",0,"name",1,1]: Null was answered for a field that cannot be null."#,
        ]
    );
}

/// `products`, with `price` and `stock` that may not be null.
fn strict() -> Plan {
    let mut plan = products();
    for field in 1..3 {
        plan.projections[1].variants[0].fields[field].output = scalar(LeafKind::Int, true);
    }
    plan
}

#[test]
fn a_null_entity_is_explained_by_an_error_anywhere_in_it() {
    for path in [r#"["_entities",0,"stock"]"#, r#"["_entities",0]"#] {
        let reported = format!(
            r#"{{"data":{{"_entities":[null,{{"price":1,"stock":2}}]}},
            "errors":[{{"message":"m","path":{path}}}]}}"#
        );
        let (data, errors) = answer(strict(), &[("a", TWO), ("b", &reported)]);
        assert_eq!(
            data["products"],
            json!([null, {"name": "y", "price": 1, "stock": 2}])
        );
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with(r#"["products",0"#), "{errors:?}");
    }
}

#[test]
fn a_field_left_out_is_told_unless_an_error_says_why() {
    let left_out = |at: usize, name: &str| {
        format!(
            r#"["products",{at},"{name}"]: Subgraph `b` left out a field that it was asked for."#
        )
    };
    let silent = r#"{"data":{"_entities":[{},{"price":1,"stock":2}]}}"#;
    let (data, errors) = answer(products(), &[("a", TWO), ("b", silent)]);
    assert_eq!(
        data["products"][0],
        json!({"name": "x", "price": null, "stock": null})
    );
    assert_eq!(errors, [left_out(0, "price"), left_out(0, "stock")]);
    let elsewhere = r#"{"data":{"_entities":[{"price":1},{"stock":2}]},
        "errors":[{"message":"m","path":["_entities",1,"price"]}]}"#;
    let (_, errors) = answer(products(), &[("a", TWO), ("b", elsewhere)]);
    assert_eq!(
        errors,
        [
            r#"["products",1,"price"]: m"#.to_owned(),
            left_out(0, "stock")
        ]
    );
}

#[test]
fn a_field_left_out_of_an_object_of_known_type_is_told() {
    let mut plan = products();
    // As `... on Product { price stock }` of an entity that does not tell its type again.
    plan.ingests[2].runtime_type = RuntimeType::Unknown;
    for entry in &mut plan.ingests[2].entries {
        entry.presence = Presence::On(set(&[PRODUCT]));
    }
    let silent = r#"{"data":{"_entities":[{"price":1},{"price":1,"stock":2}]}}"#;
    let (_, errors) = answer(plan, &[("a", TWO), ("b", silent)]);
    assert_eq!(
        errors,
        [r#"["products",0,"stock"]: Subgraph `b` left out a field that it was asked for."#]
    );
}

/// `products { name! price! }`, where `a` and `b` share the root field: one has names, one prices.
fn shared() -> Plan {
    let mut plan = strict();
    plan.ingests = vec![
        ingest(
            0,
            RuntimeType::Known(QUERY),
            &[("products", object(0, 1, 1))],
        ),
        ingest(1, RuntimeType::Known(PRODUCT), &[("name", leaf(1))]),
        ingest(
            0,
            RuntimeType::Known(QUERY),
            &[("products", object(0, 1, 3))],
        ),
        ingest(1, RuntimeType::Known(PRODUCT), &[("price", leaf(2))]),
    ];
    plan.fetches = vec![
        fetch("a", FetchInput::Root(IngestId(0)), &[]),
        fetch("b", FetchInput::Root(IngestId(2)), &[]),
    ];
    plan.projections[1].variants[0].fields.truncate(2);
    plan
}

const NAMES: &str = r#"{"data":{"products":[{"name":"x"},{"name":"y"}]}}"#;

#[test]
fn a_shared_field_that_failed_contradicts_nobody() {
    let failed = r#"{"data":{"products":null},
        "errors":[{"message":"m","path":["products"]}]}"#;
    let nulls: Value = json!({"products": [null, null]});
    // Whoever answers first.
    let (data, errors) = answer(shared(), &[("a", NAMES), ("b", failed)]);
    assert_eq!(
        (&data, &*errors),
        (&nulls, &[r#"["products"]: m"#.into()][..])
    );
    let prices = r#"{"data":{"products":[{"price":1},{"price":2}]}}"#;
    let (data, errors) = answer(shared(), &[("a", failed), ("b", prices)]);
    assert_eq!(
        (&data, &*errors),
        (&nulls, &[r#"["products"]: m"#.into()][..])
    );
    // As a whole.
    let (data, errors) = answer(shared(), &[("a", NAMES)]);
    assert_eq!(
        (&data, &*errors),
        (&nulls, &[r#"["products"]: b is down"#.into()][..])
    );
    let (data, errors) = answer(shared(), &[("b", prices)]);
    assert_eq!(
        (&data, &*errors),
        (&nulls, &[r#"["products"]: a is down"#.into()][..])
    );
    // One item of the list.
    let one = r#"{"data":{"products":[{"price":1},null]},
        "errors":[{"message":"m","path":["products",1,"price"]}]}"#;
    let (data, errors) = answer(shared(), &[("a", NAMES), ("b", one)]);
    assert_eq!(data["products"], json!([{"name": "x", "price": 1}, null]));
    assert_eq!(errors, [r#"["products",1,"price"]: m"#]);
}

#[test]
fn what_contradicts_is_told_once() {
    let message = "Subgraph `b` answered something that contradicts what another subgraph \
                   answered.";
    for answered in [
        r#"{"data":{"products":null}}"#,
        r#"{"data":{"products":[{"price":1}]}}"#,
    ] {
        let (data, errors) = answer(shared(), &[("a", NAMES), ("b", answered)]);
        assert_eq!(data["products"], json!([null, null]));
        assert_eq!(errors, [format!("[\"products\"]: {message}")], "{answered}");
    }
}

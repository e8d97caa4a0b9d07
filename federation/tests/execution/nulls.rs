//! Null where none may be: how far it reaches, and that it is explained once.

use federation::{
    execute::Verdict,
    query_plan::{LeafKind, Plan, ValueSource},
};
use serde_json::{Value, json};

use super::support::{
    Canned, Reply, answer, field, list, nested, object, plan, products, projection, run, scalar,
};

/// `products` with the given nullability of the list, its items and `price`.
fn with(list_non_null: bool, item_non_null: bool) -> Plan {
    let mut plan = products();
    plan.projections[0] = projection(
        None,
        vec![field(
            "products",
            0,
            list(nested(1, item_non_null), list_non_null),
        )],
    );
    plan.projections[1].variants[0].fields[1].output = scalar(LeafKind::Int, true);
    plan
}

const ROOT: &str = r#"{"data":{"products":[{"id":"1","name":"x"},{"id":"2","name":"y"}]}}"#;
const NO_PRICE: &str =
    r#"{"data":{"_entities":[{"price":1,"stock":null},{"price":null,"stock":1}]}}"#;

#[test]
fn it_reaches_the_nearest_place_that_may_be_null() {
    let kept = json!({"name": "x", "price": 1, "stock": null});
    for (list, item, data) in [
        (false, false, json!({"products": [kept, null]})),
        (true, false, json!({"products": [kept, null]})),
        (false, true, json!({"products": null})),
        (true, true, json!(null)),
    ] {
        let answered = answer(with(list, item), &[("a", ROOT), ("b", NO_PRICE)]);
        let error =
            "[\"products\",1,\"price\"]: Null was answered for a field that cannot be null.";
        assert_eq!(answered, (data, vec![error.to_owned()]));
    }
}

#[test]
fn an_error_of_the_subgraph_explains_it() {
    for reported in [
        r#"{"data":{"_entities":[{"price":1,"stock":null},{"stock":1}]},
            "errors":[{"message":"m","path":["_entities",1,"price"]}]}"#,
        r#"{"data":{"_entities":[{"price":1,"stock":null},null]},
            "errors":[{"message":"m","path":["_entities",1,"price"]}]}"#,
    ] {
        let (data, errors) = answer(with(false, false), &[("a", ROOT), ("b", reported)]);
        assert_eq!(data["products"][1], Value::Null);
        assert_eq!(errors, [r#"["products",1,"price"]: m"#]);
    }
    let whole = answer(with(false, false), &[("a", ROOT)]);
    assert_eq!(
        whole,
        (
            json!({"products": [null, null]}),
            vec![
                r#"["products",0]: b is down"#.into(),
                r#"["products",1]: b is down"#.into()
            ]
        )
    );
}

#[test]
fn a_null_that_the_subgraph_passed_on_is_explained_by_the_error_below_it() {
    let reported = r#"{"data":{"products":null},
        "errors":[{"message":"m","path":["products",3,"name"]}]}"#;
    let (data, errors) = answer(with(true, true), &[("a", reported)]);
    assert_eq!(data, Value::Null);
    assert_eq!(errors, [r#"["products",3,"name"]: m"#]);
}

#[test]
fn a_path_into_lists_of_lists_is_told_as_far_as_it_fits_them() {
    let lists = || {
        let mut plan = with(false, false);
        let items = list(nested(1, true), false);
        plan.projections[0] = projection(None, vec![field("products", 0, list(items, false))]);
        plan.ingests[0].entries[0].into = object(0, 2, 1);
        plan
    };
    for (path, told) in [
        (r#"["products",1,2,"name"]"#, r#"["products",1,2,"name"]"#),
        (r#"["products",1]"#, r#"["products",1]"#),
        (r#"["products",1,2,3,"name"]"#, r#"["products",1,2]"#),
        (r#"["products","name"]"#, r#"["products","name"]"#),
        (
            r#"["products",1,2,"name",4]"#,
            r#"["products",1,2,"name",4]"#,
        ),
    ] {
        let reported = r#"{"data":{"products":null},"errors":[{"message":"m","path":PATH}]}"#;
        let (_, errors) = answer(lists(), &[("a", &reported.replace("PATH", path))]);
        assert_eq!(errors, [format!("{told}: m")]);
    }
    let reported = r#"{"data":{"products":[[],null]},
        "errors":[{"message":"m","path":["products",1,2,"name"]}]}"#;
    let (_, errors) = answer(lists(), &[("a", reported)]);
    assert_eq!(errors, [r#"["products",1,2,"name"]: m"#]);
}

#[test]
fn two_errors_on_one_null_are_both_told() {
    let reported = r#"{"data":{"products":null},"errors":[
        {"message":"first","path":["products"]},{"message":"second","path":["products"]}]}"#;
    let (_, errors) = answer(with(false, false), &[("a", reported)]);
    assert_eq!(
        errors,
        [r#"["products"]: first"#, r#"["products"]: second"#]
    );
}

#[test]
fn an_error_elsewhere_explains_nothing() {
    let reported = r#"{"data":{"_entities":[{"stock":null,"price":null},{"price":2,"stock":1}]},
        "errors":[{"message":"m","path":["_entities",0,"stock"]}]}"#;
    let (data, errors) = answer(with(false, false), &[("a", ROOT), ("b", reported)]);
    assert_eq!(data["products"][0], Value::Null);
    assert_eq!(
        errors,
        [
            r#"["products",0,"stock"]: m"#,
            r#"["products",0,"price"]: Null was answered for a field that cannot be null."#,
        ]
    );
}

#[test]
fn a_failure_explains_what_could_not_be_asked_for_after_it() {
    let failed_key = r#"{"data":{"products":[{"name":"x"}]},
        "errors":[{"message":"m","path":["products",0,"id"]}]}"#;
    let (data, errors) = answer(with(false, false), &[("a", failed_key)]);
    assert_eq!(data, json!({"products": [null]}));
    assert_eq!(
        errors,
        [r#"["products",0]: m"#],
        "the hidden key's object is named"
    );
}

#[test]
fn a_withheld_field_is_an_error_where_it_cannot_be_null() {
    let mut plan = with(false, false);
    plan.projections[1].variants[0].fields[1].source = ValueSource::Withheld;
    let (data, errors) = answer(plan, &[("a", ROOT), ("b", NO_PRICE)]);
    assert_eq!(data, json!({"products": [null, null]}));
    let message = "This field is withheld and cannot be null, so what it is in is.";
    let of = |at: usize| format!(r#"["products",{at},"price"]: {message}"#);
    assert_eq!(errors, [of(0), of(1)]);
}

/// A subgraph that answers null for a field that cannot be null is told so; one that has no such entity
/// did what it was asked.
#[test]
fn only_a_null_that_was_answered_is_held_against_its_subgraph() {
    let no_entity = r#"{"data":{"_entities":[{"price":1,"stock":null},null]}}"#;
    for (entities, misfits) in [(NO_PRICE, 1), (no_entity, 0)] {
        let replies = [("a", ROOT), ("b", entities)];
        let replies = replies.map(|(name, text)| (name, Reply::Text(text.into())));
        let canned = Canned::new(replies.into());
        let (data, _) = run(&plan(with(false, false)), &canned);
        assert_eq!(data["products"][1], Value::Null);
        let judged = canned.judged.into_inner().unwrap();
        let held = judged
            .iter()
            .filter(|(_, verdict)| *verdict == Verdict::Misfit);
        assert_eq!(held.clone().count(), misfits, "{judged:?}");
        assert!(held.map(|(name, _)| name).all(|name| name == "b"));
    }
}

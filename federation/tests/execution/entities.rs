//! Jumps: what is asked, whom an answer and an error belong to.

use federation::{
    index::TypeId,
    query_plan::{
        ContextPath, ContextVariable, FetchInput, IngestId, IngestInto, InputType, LeafKind, Plan,
        RuntimeType, SlotId, Step,
    },
};
use serde_json::json;

use super::support::{
    BOOK, Canned, HIDDEN, PRODUCT, QUERY, Reply, answer, entities, fetch, field, ingest, key, leaf,
    nested, object, plan, products, projection, run, scalar, set, shape, target,
};

#[test]
fn equal_representations_are_sent_once_and_answered_to_each() {
    let canned = Canned::new(vec![
        (
            "a",
            Reply::Tree(json!({"data": {"products": [
                {"id": "1", "name": "x"}, {"id": "2", "name": "y"}, {"id": "1", "name": "z"}, null
            ]}})),
        ),
        (
            "b",
            Reply::Tree(
                json!({"data": {"_entities": [{"price": 1, "stock": null}, {"price": 2, "stock": null}]}}),
            ),
        ),
    ]);
    let (data, errors) = run(&plan(products()), &canned);
    assert_eq!(
        data,
        json!({"products": [
            {"name": "x", "price": 1, "stock": null}, {"name": "y", "price": 2, "stock": null},
            {"name": "z", "price": 1, "stock": null}, null
        ]})
    );
    assert_eq!(errors, [""; 0]);
    let asked = canned.asked.lock().unwrap();
    assert_eq!(
        asked[1],
        json!(["b", {"representations": [
            {"__typename": "Product", "id": "1"}, {"__typename": "Product", "id": "2"}
        ]}])
    );
}

#[test]
fn order_of_keys_is_free_and_what_was_not_asked_for_is_passed_over() {
    let (data, errors) = answer(
        products(),
        &[
            (
                "a",
                r#"{"extensions":{"x":[1]},"errors":[],"data":{"other":{"a":[{}]},
            "products":[{"name":"x","more":1,"id":"1"}]}}"#,
            ),
            ("b", r#"{"data":{"_entities":[{"stock":2,"price":1}]}}"#),
        ],
    );
    assert_eq!(
        data,
        json!({"products": [{"name": "x", "price": 1, "stock": 2}]})
    );
    assert_eq!(errors, [""; 0]);
}

#[test]
fn an_object_with_a_null_key_is_left_out_in_silence() {
    let canned = Canned::new(vec![(
        "a",
        Reply::Tree(json!({"data": {"products": [
            {"id": null, "name": "x"}, {"id": null, "name": "y"}
        ]}})),
    )]);
    let (data, errors) = run(&plan(products()), &canned);
    assert_eq!(
        data["products"][1],
        json!({"name": "y", "price": null, "stock": null})
    );
    assert_eq!(errors, [""; 0]);
    assert_eq!(canned.asked.lock().unwrap().len(), 1, "nobody to ask for");
}

#[test]
fn a_key_is_asked_for_if_one_part_is_told_and_the_others_may_be_null() {
    let mut composite = products();
    let mut region = key("region", 1, LeafKind::String);
    region.nullable = 1;
    let parts = vec![key("id", 0, LeafKind::Id), region];
    composite.fetches[1].input = entities(vec![target(&[0], parts, 2)]);
    let canned = Canned::new(vec![
        (
            "a",
            Reply::Tree(json!({"data": {"products": [
                {"id": "1", "name": "x"}, {"id": "2", "name": null}, {"id": null, "name": "y"},
                {"id": null, "name": null}
            ]}})),
        ),
        (
            "b",
            Reply::Tree(json!({"data": {"_entities": [
                {"price": 1, "stock": 1}, {"price": 2, "stock": 2}
            ]}})),
        ),
    ]);
    composite.projections[1].variants[0].fields.remove(0);
    let (data, errors) = run(&plan(composite), &canned);
    let prices = data["products"].as_array().unwrap().iter();
    let prices: Vec<_> = prices.map(|it| it["price"].clone()).collect();
    assert_eq!(prices, [json!(1), json!(2), json!(null), json!(null)]);
    assert_eq!(errors, [""; 0]);
    let asked = canned.asked.lock().unwrap();
    assert_eq!(
        asked[1],
        json!(["b", {"representations": [
            {"__typename": "Product", "id": "1", "region": "x"},
            {"__typename": "Product", "id": "2", "region": null}
        ]}])
    );
}

#[test]
fn a_field_may_be_left_out_only_where_an_error_is_told() {
    let left_out = r#"{"data":{"products":[{"name":"x"}]}}"#;
    let (data, errors) = answer(products(), &[("a", left_out)]);
    assert_eq!(
        data["products"][0],
        json!({"name": "x", "price": null, "stock": null})
    );
    assert_eq!(
        errors,
        ["[\"products\",0]: Subgraph `a` left out a field that it was asked for."]
    );
    let told = r#"{"data":{"products":[{"name":"x"}]},"errors":[{"message":"m"}]}"#;
    let (_, errors) = answer(products(), &[("a", told)]);
    assert_eq!(errors, [r#"["products"]: m"#]);
}

#[test]
fn one_misfit_key_does_not_take_its_batch_down() {
    let canned = Canned::new(vec![
        (
            "a",
            Reply::Tree(json!({"data": {"products": [
                {"id": {"no": 1}, "name": "x"}, {"id": 7, "name": "y"}, {"id": 1.5, "name": "z"}
            ]}})),
        ),
        (
            "b",
            Reply::Tree(json!({"data": {"_entities": [{"price": 2, "stock": 3}]}})),
        ),
    ]);
    let (data, errors) = run(&plan(products()), &canned);
    assert_eq!(data["products"][1]["price"], 2);
    assert_eq!(
        errors,
        [
            r#"["products",0]: Subgraph `a` answered a key that subgraph `b` cannot be asked with."#,
            r#"["products",2]: Subgraph `a` answered a key that subgraph `b` cannot be asked with."#,
        ]
    );
}

const TWO: &str = r#"{"data":{"products":[{"id":"1","name":"x"},{"id":"2","name":"y"}]}}"#;

#[test]
fn a_failed_fetch_is_told_at_each_object_and_the_rest_stands() {
    let (data, errors) = answer(products(), &[("a", TWO)]);
    assert_eq!(
        data["products"][1],
        json!({"name": "y", "price": null, "stock": null})
    );
    assert_eq!(
        errors,
        [
            r#"["products",0]: b is down"#,
            r#"["products",1]: b is down"#
        ]
    );
    let one = r#"{"data":{"products":[{"id":"1","name":"x"}]}}"#;
    assert_eq!(
        answer(products(), &[("a", one)]).1,
        [r#"["products",0]: b is down"#]
    );
}

#[test]
fn a_list_of_another_length_is_not_trusted() {
    for entities in [
        "[{\"price\":1}]",
        "[]",
        "[{},{},{\"price\":3}]",
        "{}",
        "null",
        "7",
    ] {
        let text = format!("{{\"data\":{{\"_entities\":{entities}}}}}");
        let (data, errors) = answer(products(), &[("a", TWO), ("b", &text)]);
        assert_eq!(
            data["products"][0],
            json!({"name": "x", "price": null, "stock": null})
        );
        let error = |at: usize| {
            format!(
                "[\"products\",{at}]: The answer of subgraph `b` does not hold one entity for each \
                 representation."
            )
        };
        assert_eq!(errors, [error(0), error(1)], "{entities}");
    }
}

#[test]
fn errors_of_entities_find_their_objects() {
    let (data, errors) = answer(
        products(),
        &[
            ("a", TWO),
            (
                "b",
                r#"{
        "data":{"_entities":[{"price":1},{"stock":2}]},
        "errors":[
            {"message":"indexed","path":["_entities",1,"price"],"extensions":{"code":"X"}},
            {"message":"no index","path":["_entities","stock"]},
            {"message":"no index","path":["_entities","stock"]},
            {"message":"whole","path":["_entities"]},
            {"message":"no path"},
            {"message":"entity","path":["_entities",0]},
            7
        ]}"#,
            ),
        ],
    );
    assert_eq!(
        data["products"],
        json!([
            {"name": "x", "price": 1, "stock": null}, {"name": "y", "price": null, "stock": 2}
        ])
    );
    assert_eq!(
        errors,
        [
            r#"["products"]: whole"#,
            r#"["products"]: no path"#,
            r#"["products"]: The subgraph reported an error without a message."#,
            r#"["products",1,"price"]: indexed"#,
            r#"["products",0,"stock"]: no index"#,
            r#"["products",0]: entity"#,
        ]
    );
}

#[test]
fn data_null_with_an_error_is_told_once_at_each_object() {
    let failed = r#"{"data":null,"errors":[{"message":"gone","path":["_entities"]}]}"#;
    let (data, errors) = answer(products(), &[("a", TWO), ("b", failed)]);
    assert_eq!(data["products"][0]["name"], "x");
    assert_eq!(
        errors,
        [r#"["products",0]: gone"#, r#"["products",1]: gone"#]
    );
    let silent = answer(products(), &[("a", TWO), ("b", r#"{"data":null}"#)]).1;
    assert_eq!(
        silent,
        [
            r#"["products",0]: The answer of subgraph `b` holds neither data nor errors."#,
            r#"["products",1]: The answer of subgraph `b` holds neither data nor errors."#
        ]
    );
}

/// Two places with products of different shapes, both completed by one list.
fn two_shapes() -> Plan {
    let mut plan = products();
    plan.shapes[0] = shape(&["products", "best"]);
    plan.shapes.push(shape(&["stock", "-id"]));
    plan.ingests[0] = ingest(
        0,
        RuntimeType::Known(QUERY),
        &[("products", object(0, 1, 1)), ("best", object(1, 0, 3))],
    );
    plan.ingests
        .push(ingest(2, RuntimeType::Known(PRODUCT), &[("id", leaf(1))]));
    plan.ingests.push(ingest(
        2,
        RuntimeType::Known(PRODUCT),
        &[("stock", leaf(0))],
    ));
    plan.fetches[1].input = entities(vec![
        target(&[0], vec![key("id", 0, LeafKind::Id)], 2),
        target(&[1], vec![key("id", 1, LeafKind::Id)], 4),
    ]);
    plan.projections[0].variants[0]
        .fields
        .push(field("best", 1, nested(2, false)));
    plan.projections.push(projection(
        None,
        vec![field("stock", 0, scalar(LeafKind::Int, true))],
    ));
    plan
}

#[test]
fn objects_of_different_shapes_share_a_list() {
    let root = json!({"data": {"products": [{"id": "1", "name": "x"}], "best": {"id": "1"}}});
    let entity = json!({"data": {"_entities": [{"price": 1, "stock": 2}]}});
    let texts = [("a", root.to_string()), ("b", entity.to_string())];
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, &**text)).collect();
    let (data, errors) = answer(two_shapes(), &texts);
    assert_eq!(
        data,
        json!({
            "products": [{"name": "x", "price": 1, "stock": 2}], "best": {"stock": 2}
        })
    );
    assert_eq!(errors, [""; 0]);
    let canned = Canned::new(vec![("a", Reply::Tree(root)), ("b", Reply::Tree(entity))]);
    assert_eq!(run(&plan(two_shapes()), &canned), (data, errors));
}

/// `products` where subgraph `b` takes their `currency` as a variable.
fn with_context() -> Plan {
    let mut with_context = products();
    with_context.shapes[1] = shape(&["-id", "name", "price", "stock", "-currency"]);
    with_context.ingests[1] = ingest(
        1,
        RuntimeType::Known(PRODUCT),
        &[("id", leaf(0)), ("name", leaf(1)), ("currency", leaf(4))],
    );
    let mut target = target(&[0], vec![key("id", 0, LeafKind::Id)], 2);
    target.context.push(ContextVariable {
        variable: "currency".into(),
        input: InputType {
            kind: LeafKind::String,
            values: None,
            lists: 0,
            nullable: 1,
        },
        paths: vec![ContextPath {
            depth: 1,
            steps: vec![Step {
                slot: SlotId(4),
                only: None,
            }],
        }],
    });
    with_context.fetches[1].input = entities(vec![target]);
    // Its `name` may not be null.
    with_context.projections[1].variants[0].fields.remove(0);
    with_context
}

#[test]
fn more_sets_of_context_values_than_may_be_asked_with_are_named() {
    let of = |numbers: std::ops::Range<u32>| {
        let products =
            numbers.map(|at| json!({"id": "1", "name": "x", "currency": at.to_string()}));
        let products: Vec<_> = products.collect();
        Reply::Tree(json!({"data": {"products": products}}))
    };
    let canned = Canned::new(vec![("a", of(0..1001))]);
    let (data, errors) = run(&plan(with_context()), &canned);
    assert_eq!(
        data["products"][1000],
        json!({"price": null, "stock": null})
    );
    assert_eq!(canned.asked.lock().unwrap().len(), 1);
    let message = "Subgraph `b` would have to be asked once for each of the different values of a \
                   context, which are more than 1000 here; ask for shorter lists.";
    assert_eq!(errors[0], format!(r#"["products",0]: {message}"#));
    let canned = Canned::new(vec![("a", of(0..1000))]);
    run(&plan(with_context()), &canned);
    assert_eq!(canned.asked.lock().unwrap().len(), 1001);
}

#[test]
fn representations_are_grouped_by_context() {
    let canned = Canned::new(vec![
        (
            "a",
            Reply::Tree(json!({"data": {"products": [
                {"id": "1", "currency": "EUR"}, {"id": "1", "currency": "USD"},
                {"id": "2", "currency": "EUR"}
            ]}})),
        ),
        (
            "b",
            Reply::Tree(
                json!({"data": {"_entities": [{"price": 1, "stock": null}, {"price": 2, "stock": null}]}}),
            ),
        ),
        (
            "b",
            Reply::Tree(json!({"data": {"_entities": [{"price": 3}]}})),
        ),
    ]);
    let (data, _) = run(&plan(with_context()), &canned);
    let prices = data["products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["price"].clone());
    assert_eq!(prices.collect::<Vec<_>>(), [1, 3, 2]);
    let asked = canned.asked.lock().unwrap();
    assert_eq!(
        asked[2],
        json!(["b", {
            "currency": "USD", "representations": [{"__typename": "Product", "id": "1"}]
        }])
    );
}

/// Of a list that the context is reached through, each item goes its own way.
#[test]
fn which_way_leads_to_a_context_differs_by_item() {
    let mut by_item = with_context();
    by_item.ingests[1] = ingest(
        1,
        RuntimeType::Reported(set(&[PRODUCT, BOOK, HIDDEN])),
        &[
            ("__typename", IngestInto::Typename),
            ("id", leaf(0)),
            ("name", leaf(1)),
            ("currency", leaf(4)),
        ],
    );
    let way = |slot: u32, only: TypeId| ContextPath {
        depth: 0,
        steps: [(0, None), (slot, Some(set(&[only])))]
            .map(|(slot, only)| Step {
                slot: SlotId(slot),
                only,
            })
            .into(),
    };
    if let FetchInput::Entities(lists) = &mut by_item.fetches[1].input {
        let context = &mut lists[0].targets[0].context[0];
        context.input.lists = 1;
        context.input.nullable = 0b11;
        context.paths = vec![way(4, PRODUCT), way(1, BOOK)];
    }
    let by_item = plan(by_item);
    let root = |typename: &str| {
        Reply::Tree(json!({"data": {"products": [
            {"__typename": "Product", "id": "1", "name": "x", "currency": "EUR"},
            {"__typename": "Book", "id": "2", "name": "y", "currency": "USD"},
            {"__typename": typename, "id": "3", "name": "z", "currency": null},
            null,
        ]}}))
    };
    let sent = |typename: &str| {
        let canned = Canned::new(vec![("a", root(typename))]);
        run(&by_item, &canned);
        let asked = canned.asked.lock().unwrap();
        asked[1][1]["currency"].clone()
    };
    assert_eq!(sent("Product"), json!(["EUR", "y", null, null]));
    // Of other types there is no value.
    assert_eq!(sent("Hidden"), json!(["EUR", "y", null, null]));
    assert_eq!(sent("Book"), json!(["EUR", "y", "z", null]));
}

#[test]
fn two_roots_fill_one_list_place_by_place() {
    let part = |id: u32, key: &str, slot: u32| {
        [
            ingest(
                0,
                RuntimeType::Known(QUERY),
                &[("products", object(0, 1, id + 1))],
            ),
            ingest(1, RuntimeType::Known(PRODUCT), &[(key, leaf(slot))]),
        ]
    };
    let two_roots = || {
        let mut plan = products();
        plan.ingests = part(0, "name", 1)
            .into_iter()
            .chain(part(2, "price", 2))
            .collect();
        plan.fetches = vec![
            fetch("a", FetchInput::Root(IngestId(0)), &[]),
            fetch("b", FetchInput::Root(IngestId(2)), &[]),
        ];
        plan.projections[1].variants[0].fields.truncate(2);
        plan
    };
    let a = r#"{"data":{"products":[{"name":"x"},null]}}"#;
    let b = r#"{"data":{"products":[{"price":1},null]}}"#;
    let (data, errors) = answer(two_roots(), &[("a", a), ("b", b)]);
    assert_eq!(data, json!({"products": [{"name": "x", "price": 1}, null]}));
    assert_eq!(errors, [""; 0]);
    let longer = r#"{"data":{"products":[{"price":1},{"price":2},{"price":3}]}}"#;
    let (data, errors) = answer(two_roots(), &[("a", a), ("b", longer)]);
    assert_eq!(
        data,
        json!({"products": [{"name": "x", "price": null}, null]})
    );
    assert_eq!(
        errors,
        [
            "[\"products\"]: Subgraph `b` answered something that contradicts what another subgraph \
         answered."
        ]
    );
}

#[test]
fn a_path_that_leads_nowhere_is_cut_where_it_does() {
    let (_, errors) = answer(
        products(),
        &[(
            "a",
            r#"{"data":{"products":[{"id":"1","name":"x"}]},"errors":[
                {"message":"no root item","path":[0]},
                {"message":"no such product","path":["products",5,"name"]}
            ]}"#,
        )],
    );
    let at_products = ["no root item", "no such product"];
    let at_products = at_products.map(|message| format!(r#"["products"]: {message}"#));
    assert_eq!(errors[..2], at_products);
}

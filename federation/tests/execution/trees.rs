//! A response that tells itself and its JSON text come to the same.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::support::{Canned, Reply, cases, plan, products, run};

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..3_i32).prop_map(Value::from),
        "[a-c\"é\\\\]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let keys = prop::sample::select(vec!["products", "id", "name", "price", "other"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys, inner), 0..4).prop_map(|fields| {
                let fields = fields
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value));
                Value::Object(fields.collect::<Map<_, _>>())
            }),
        ]
    })
}

fn product() -> impl Strategy<Value = Value> {
    (json_value(), json_value(), 0..4_i32).prop_map(|(id, name, is_odd)| match is_odd {
        0 => id,
        1 => json!({"id": id, "name": "x"}),
        2 => json!({"name": name, "id": "1"}),
        _ => json!({"id": "2", "name": "y"}),
    })
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn trees_and_texts_agree(
        root in prop_oneof![
            prop::collection::vec(product(), 0..4).prop_map(|all| json!({"products": all})),
            json_value(),
        ],
        entities in prop::collection::vec(json_value(), 0..4),
    ) {
        let answers = [json!({"data": root}), json!({"data": {"_entities": entities}})];
        let text = |value: &Value| Reply::Text(value.to_string().into_bytes());
        let texts = Canned::new(vec![("a", text(&answers[0])), ("b", text(&answers[1]))]);
        let [a, b] = answers;
        let trees = Canned::new(vec![("a", Reply::Tree(a)), ("b", Reply::Tree(b))]);
        let plan = plan(products());
        prop_assert_eq!(run(&plan, &texts), run(&plan, &trees));
    }
}

//! Objects that the host does not let a subgraph be asked about.

use serde_json::json;

use super::support::{Canned, Reply, plan, products, run};

#[test]
fn one_that_may_not_be_sent_is_left_out_with_an_error() {
    let answers = || {
        Canned::new(vec![
            (
                "a",
                Reply::Text(
                    br#"{"data":{"products":[{"id":"1","name":"x"},{"id":"2","name":"y"},{"id":"1","name":"z"}]}}"#
                        .to_vec(),
                ),
            ),
            (
                "b",
                Reply::Text(br#"{"data":{"_entities":[{"price":1,"stock":2}]}}"#.to_vec()),
            ),
        ])
    };
    let mut canned = answers();
    canned.refused = vec![r#""id":"1""#.to_owned()];
    let (data, errors) = run(&plan(products()), &canned);
    assert_eq!(
        data["products"],
        json!([
            { "name": "x", "price": null, "stock": null },
            { "name": "y", "price": 1, "stock": 2 },
            { "name": "z", "price": null, "stock": null },
        ])
    );
    let message = "Subgraph `b` may not be asked about this object.";
    assert_eq!(
        errors,
        [0, 2].map(|at| format!(r#"["products",{at}]: {message}"#))
    );
    let asked = canned.asked.lock().unwrap();
    let sent = json!({ "representations": [{ "__typename": "Product", "id": "2" }] });
    assert_eq!(asked[1], json!(["b", sent]));

    // Where none may be sent, the subgraph is not asked.
    let mut canned = answers();
    canned.refused = vec!["Product".to_owned()];
    let (_, errors) = run(&plan(products()), &canned);
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert_eq!(canned.asked.lock().unwrap().len(), 1);
}

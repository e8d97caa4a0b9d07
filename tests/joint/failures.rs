//! A mandate that fails leaves the others whole, with exactly one error that names it.

use serde_json::{Value, json};
use upfront::database::Database;

use crate::joint::example::{MANDATES, example, on_example, review, serve};

async fn check(
    database: &Database,
    whole: &Value,
    (source, block): (&str, &str),
    fault: &str,
    code: &str,
) {
    let app = serve(database, &[&format!("{source}={fault}")]).await;
    let answer = review(&app, &example("situation-profile")).await;
    let mut expected = whole["data"].clone();
    expected["situation"][block] = Value::Null;
    assert_eq!(answer["data"], expected, "{source}={fault}");
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert_eq!(
        errors[0]["path"],
        json!(["situation", block]),
        "{errors:#?}"
    );
    assert_eq!(errors[0]["extensions"]["code"], code);
    assert_eq!(errors[0]["extensions"]["source"]["name"], source);
    assert_eq!(
        errors[0]["extensions"]["retryable"],
        code != "SOURCE_INVALID"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_mandate_in_each_way() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let whole = review(&app, &example("situation-profile")).await;
        for mandate in MANDATES {
            check(&database, &whole, mandate, "down", "SOURCE_UNAVAILABLE").await;
            check(&database, &whole, mandate, "slow", "SOURCE_TIMEOUT").await;
            check(&database, &whole, mandate, "invalid", "SOURCE_INVALID").await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_of_situations_failing_is_one_error() {
    on_example(|database| async move {
        let app = serve(&database, &["reviews=down"]).await;
        let answer = review(&app, &example("situation-profile")).await;
        assert_eq!(answer["data"], json!({"situation": null}));
        assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
        assert_eq!(
            answer["errors"][0]["extensions"]["source"]["name"],
            "reviews"
        );
    })
    .await;
}

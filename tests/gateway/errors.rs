//! What clients are told of errors that a source reports.

use serde_json::{Value, json};
use upfront::config::{Config, ExposeErrors, SourceOverrides};

use crate::{
    gateway::fixture::{QUERY, json, start, subgraph},
    support::app::send,
};

const LEAKY: &str = r#"{"data":{"area":null},"errors":[{"message":"SELECT secret FROM db.internal:5432","path":["area"],"extensions":{"code":"UNAUTHENTICATED","exception":{"stacktrace":["at /srv/app.js:1"]},"retryable":true,"source":"gateway","hint":7}}]}"#;
const FIXED: &str = "The source `areas` reported an error.";

/// What an anonymous caller and one with a token are told.
async fn told(body: &str, change: impl FnOnce(&mut Config)) -> [Value; 2] {
    let areas = subgraph(json(body)).await;
    let app = start(&areas, change).await;
    let anonymous = send(app.query(QUERY)).await.json();
    let token = app.token("OHCHR", &[]);
    let known = send(app.query(QUERY).bearer_auth(token)).await.json();
    [anonymous, known].map(|answer| {
        assert_eq!(answer["data"], json!({"area": null}), "{answer:#}");
        assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer:#}");
        assert_eq!(answer["errors"][0]["path"], json!(["area"]));
        answer["errors"][0].clone()
    })
}

#[tokio::test]
async fn by_default_a_message_is_for_those_who_sign_in() {
    let [anonymous, known] = told(LEAKY, |_| {}).await;
    assert_eq!(anonymous["message"], FIXED);
    assert_eq!(known["message"], "SELECT secret FROM db.internal:5432");
    for error in [anonymous, known] {
        assert_eq!(
            error["extensions"],
            json!({"code": "SOURCE_ERROR", "source": {"name": "areas", "code": "UNAUTHENTICATED"}})
        );
    }
}

#[tokio::test]
async fn settings_say_who_is_told_what() {
    let own = SourceOverrides {
        expose_errors: Some(ExposeErrors::All),
        error_extensions: Some(vec!["hint".to_owned(), "retryable".to_owned()]),
        ..SourceOverrides::default()
    };
    let set = |config: &mut Config| {
        config.source_defaults.expose_errors = ExposeErrors::None;
        config.sources.insert("areas".to_owned(), own);
    };
    for error in told(LEAKY, set).await {
        assert_eq!(error["message"], "SELECT secret FROM db.internal:5432");
        assert_eq!(
            error["extensions"],
            json!({"code": "SOURCE_ERROR", "source": {"name": "areas", "hint": 7, "retryable": true}})
        );
    }
    let nothing = |config: &mut Config| {
        config.source_defaults.expose_errors = ExposeErrors::None;
        config.source_defaults.error_extensions.clear();
    };
    for error in told(LEAKY, nothing).await {
        assert_eq!(error["message"], FIXED);
        assert_eq!(
            error["extensions"],
            json!({"code": "SOURCE_ERROR", "source": {"name": "areas"}})
        );
    }
}

#[tokio::test]
async fn a_code_is_no_place_for_a_text() {
    for code in [
        json!("duplicate key (id)=(7) in table \"cases\""),
        json!({"sql": "SELECT 1"}),
        json!(["a"]),
        json!(""),
        json!("x".repeat(65)),
    ] {
        let body = json!({
            "data": {"area": null},
            "errors": [{"message": "no", "path": ["area"], "extensions": {"code": code}}],
        });
        for error in told(&body.to_string(), |_| {}).await {
            assert_eq!(
                error["extensions"]["source"],
                json!({"name": "areas"}),
                "{code}"
            );
        }
    }
}

/// Past its bound the engine counts what it leaves out; that is not the source's text.
#[tokio::test]
async fn a_count_of_others_is_told_to_everybody() {
    let errors: Vec<_> = (0..2_000)
        .map(|number| json!({"message": format!("no {number}"), "path": ["area"]}))
        .collect();
    let body = json!({"data": {"area": null}, "errors": errors}).to_string();
    let areas = subgraph(json(&body)).await;
    let app = start(&areas, |_| {}).await;
    let answer = send(app.query(QUERY)).await.json();
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors[0]["message"], FIXED);
    let last = errors.last().unwrap()["message"].as_str().unwrap();
    assert!(last.contains("more errors"), "{last}");
}

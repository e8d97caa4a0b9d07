//! What the caller may not see: listed once, or as errors where the client wants that.

use serde_json::{Value, json};

use crate::{server::fixture, support::app::send};

const QUERY: &str = "{ areas(first: 50) { id concern informant } }";

fn listed() -> Value {
    json!([
        {"path": ["areas", "concern"], "scopes": [["clearance:confidential"]]},
        {"path": ["areas", "informant"], "scopes": [["clearance:strictly-confidential"]]},
    ])
}

#[tokio::test]
async fn is_listed_once_however_many_objects_it_is_on() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let answer = send(fixture.app.query(QUERY)).await.json();
    assert_eq!(answer["extensions"]["upfront"]["withheld"], listed());
    assert!(answer.get("errors").is_none(), "{answer}");
    assert_eq!(answer["data"]["areas"][49]["concern"], Value::Null);
    let token = fixture
        .app
        .token("OHCHR", &["clearance:strictly-confidential"]);
    let answer = send(fixture.app.query(QUERY).bearer_auth(token))
        .await
        .json();
    let label = json!({ "upfront": { "classification": "STRICTLY_CONFIDENTIAL" } });
    assert_eq!(answer["extensions"], label);
}

#[tokio::test]
async fn becomes_errors_by_header_or_by_extension() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let by_header = fixture
        .app
        .query(QUERY)
        .header("upfront-errors", "withheld");
    let extensions = json!({"upfront": {"errors": "withheld"}});
    let by_extension = fixture
        .app
        .post(&json!({"query": QUERY, "extensions": extensions}));
    for request in [by_header, by_extension] {
        let answer = send(request).await.json();
        let errors = answer["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 100, "one for each place");
        assert_eq!(errors[0]["path"], json!(["areas", 0, "concern"]));
        assert_eq!(errors[99]["path"], json!(["areas", 49, "informant"]));
        assert_eq!(
            errors[0]["extensions"],
            json!({"code": "WITHHELD", "scopes": [["clearance:confidential"]]})
        );
        assert_eq!(answer["extensions"]["upfront"]["withheld"], listed());
    }
    let misspelt = fixture.app.query(QUERY).header("upfront-errors", "all");
    assert_eq!(send(misspelt).await.status, 400);
}

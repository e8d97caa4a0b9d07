//! Reviewers see all four mandates; anonymous callers nothing classified.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    joint::example::{MANDATES, example, on_example, review, serve},
    support::app::send,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reviewer_sees_all_four_mandates() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let answer = review(&app, &example("situation-profile")).await;
        assert!(answer.get("errors").is_none(), "{:#}", answer["errors"]);
        assert!(answer["extensions"]["upfront"].get("withheld").is_none());
        let situation = &answer["data"]["situation"];
        for (_, block) in MANDATES {
            assert!(
                situation[block]["headline"].is_string(),
                "{:#}",
                situation[block]
            );
        }
        let lists = [
            "ohchr/casualties",
            "osapg/riskAssessment/findings",
            "caac/violations",
            "svc/crsv",
        ];
        for path in lists {
            let list = situation
                .pointer(&format!("/{path}"))
                .unwrap()
                .as_array()
                .unwrap();
            assert!(!list.is_empty(), "{path}");
        }
        let answer = review(&app, &example("monthly-review")).await;
        assert!(answer.get("errors").is_none(), "{:#}", answer["errors"]);
        let items = &answer["data"]["currentReviewCycle"]["items"];
        let nodes = items["nodes"].as_array().unwrap();
        assert!(nodes.len() > 50, "{}", nodes.len());
        assert_eq!(items["totalCount"], nodes.len(), "the whole agenda");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anonymous_callers_see_nothing_classified() {
    let levels = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/levels.json");
    let levels: Value = serde_json::from_str(&fs::read_to_string(levels).unwrap()).unwrap();
    on_example(move |database| {
        let levels = levels.clone();
        async move {
            let app = serve(&database, &[]).await;
            for name in ["situation-profile", "monthly-review"] {
                let mut body = example(name);
                // Every object says its type, so that each field can be held against its level.
                let query = body["query"]
                    .as_str()
                    .unwrap()
                    .replace('{', "{ __typename ");
                body["query"] = query.into();
                let answer = send(app.post(&body)).await.json();
                assert!(answer.get("errors").is_none(), "{:#}", answer["errors"]);
                let withheld = answer["extensions"]["upfront"]["withheld"]
                    .as_array()
                    .unwrap();
                assert!(!withheld.is_empty(), "{name}");
                let seen = check(&answer["data"], &levels);
                assert!(
                    name != "situation-profile" || seen > 10,
                    "{seen} fields seen"
                );
            }
        }
    })
    .await;
}

/// Asserts that every field that has a value is unclassified, and counts them.
fn check(value: &Value, levels: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(|item| check(item, levels)).sum(),
        Value::Object(fields) => {
            let type_name = fields["__typename"].as_str().unwrap();
            let mut seen = 0;
            for (name, field) in fields {
                if !field.is_null() && name != "__typename" {
                    let coordinate = format!("{type_name}.{name}");
                    assert_eq!(levels[&coordinate], "UNCLASSIFIED", "{coordinate}");
                    seen += 1 + check(field, levels);
                }
            }
            seen
        }
        _ => 0,
    }
}

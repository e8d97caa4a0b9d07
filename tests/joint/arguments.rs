//! An argument that cannot be taken fails its field, and nothing beside or above it.

use serde_json::{Value, json};

use crate::joint::example::{example, on_example, review, serve};

const MIXED: &str = "from: \"2026-09\", to: \"2026-Q3\"";

/// A field that stands alone in its block, and where it stands.
fn alone() -> [(String, &'static str, &'static str); 5] {
    [
        (
            format!("ohchr {{ casualties(periods: {{ {MIXED} }}) {{ killed {{ value }} }} }}"),
            "ohchr",
            "casualties",
        ),
        (
            "ohchr { signals(first: 500) { totalCount } }".to_owned(),
            "ohchr",
            "signals",
        ),
        (
            format!("osapg {{ riskAssessments(periods: {{ {MIXED} }}) {{ id }} }}"),
            "osapg",
            "riskAssessments",
        ),
        (
            "caac { violations(periods: { from: \"2026\", to: \"2026\" }, by: [PARTY]) { violation } }"
                .to_owned(),
            "caac",
            "violations",
        ),
        (
            format!("svc {{ crsv(periods: {{ {MIXED} }}) {{ period {{ code }} }} }}"),
            "svc",
            "crsv",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_stays_though_all_that_is_asked_of_it_fails() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let id = &example("situation-profile")["variables"]["id"];
        for (selection, block, field) in alone() {
            let query =
                format!("query ($id: ID!) {{ situation(id: $id) {{ title {selection} }} }}");
            let body = json!({ "query": query, "variables": { "id": id } });
            let answer = review(&app, &body).await;
            let situation = &answer["data"]["situation"];
            assert_eq!(situation[block], json!({ field: null }), "{answer:#}");
            assert!(situation["title"].is_string());
            let errors = answer["errors"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{errors:#?}");
            assert_eq!(errors[0]["path"], json!(["situation", block, field]));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_situation_stays_though_all_that_is_asked_of_it_fails() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let id = &example("situation-profile")["variables"]["id"];
        let query = "query ($id: ID!) { situation(id: $id) { changes(since: \"cyc_0123\") { at } }
            other: situation(id: $id) { title } }";
        let body = json!({ "query": query, "variables": { "id": id } });
        let answer = review(&app, &body).await;
        assert_eq!(
            answer["data"]["situation"],
            json!({ "changes": null }),
            "{answer:#}"
        );
        assert!(answer["data"]["other"]["title"].is_string());
        let errors = answer["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{errors:#?}");
        assert_eq!(errors[0]["path"], json!(["situation", "changes"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_situation_of_a_list_keeps_its_block() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let query = format!(
            "{{ situations(first: 3) {{ nodes {{ ohchr {{
                casualties(periods: {{ {MIXED} }}) {{ killed {{ value }} }} }} }} }} }}"
        );
        let answer = review(&app, &json!({ "query": query })).await;
        let nodes = answer["data"]["situations"]["nodes"].as_array().unwrap();
        let whole: &Value = &json!({ "ohchr": { "casualties": null } });
        assert!(
            nodes.len() == 3 && nodes.iter().all(|node| node == whole),
            "{answer:#}"
        );
        for error in answer["errors"].as_array().unwrap() {
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("mixes granularities"), "{error:#}");
            let path = error["path"].as_array().unwrap();
            assert_eq!(path.last(), Some(&json!("casualties")), "{error:#}");
        }
    })
    .await;
}

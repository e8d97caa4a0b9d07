//! The landing page of a service over records that are not the example's.

use serde_json::{Value, json};
use upfront::{app::Records, config::Config, embedded, gateway::joint_graph};

use crate::{
    joint::example::on_example,
    support::app::{TestApp, send},
};

/// What stands on the page under a label.
fn shown<'p>(page: &'p str, label: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("aria-label=\"{label}")).unwrap();
    let (_, code) = rest.split_once("<code>").unwrap();
    code.split_once("</code>").unwrap().0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_queries_name_no_id_of_the_example() {
    on_example(|database| async move {
        let config = Config::default();
        let graph = joint_graph(embedded::sources(), &database, &config, &[]).unwrap();
        let records = Records {
            database: database.clone(),
            is_example: false,
        };
        let app = TestApp::start(config, graph, Some(records)).await;
        let page = send(app.get("/")).await.text;
        for id in ["sit_", "cyc_"] {
            assert!(!page.contains(id), "{id}");
        }
        let variables: Value =
            serde_json::from_str(shown(&page, "Variables: The situations")).unwrap();
        let query = shown(&page, "Query: The situations");
        let body = json!({ "query": query, "variables": variables });
        let answer = send(app.post(&body)).await.json();
        assert!(answer.get("errors").is_none(), "{answer:#}");
        let first = &answer["data"]["situations"]["nodes"][0];
        assert!(
            first["id"].as_str().unwrap().starts_with("sit_"),
            "{answer:#}"
        );
    })
    .await;
}

//! What the lists that hang on sources cost: as many statements for several sources as for one.

use std::sync::Arc;

use async_graphql::Request;
use serde_json::{Value, json};
use upfront::{
    auth::{Clock, SystemClock},
    database::Database,
    registry::{RegistryCell, source},
    sources::{Asked, Source},
};

use crate::{
    registry::support::{adding, principal, registry},
    support::database::on_each_database,
};

const OF_A_SOURCE: &str = "name current { number } versions(first: 2) { number } \
    events(first: 3) { kind detail } checks(first: 2) { id outcome } consents { coordinate }";

/// Asks as PARTNER: the answer's data, and how many statements it took.
async fn ask(source: &Arc<dyn Source>, database: &Database, query: &str) -> (Value, u64) {
    let before = database.statements_run();
    let principal = principal("PARTNER");
    let asked = Asked {
        database,
        principal: &principal,
        now: SystemClock.instant(),
        known_at: None,
    };
    let response = source.execute(Request::new(query), asked).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    let statements = database.statements_run() - before;
    (response.data.into_json().unwrap(), statements)
}

#[tokio::test]
async fn several_sources_cost_as_many_statements_as_one() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let cell = RegistryCell::default();
        cell.connect(Arc::clone(&registry));
        let source = source(cell);
        let publish = async |name: &str, field: &str| {
            let fields = format!("{field}: Int @tag(name: \"unclassified\")");
            let request = adding(name, &fields);
            let published = registry.publish(&principal("PARTNER"), &request).await;
            assert!(published.unwrap().published.is_some(), "{name}");
        };
        let query = format!(
            "{{ sources {{ {OF_A_SOURCE} }} supergraphs {{ number members {{ source version }} }} }}"
        );

        publish("s0", "f0").await;
        let (one, few) = ask(&source, &database, &query).await;
        assert_eq!(one["sources"].as_array().unwrap().len(), 1);

        for number in 1..6 {
            publish(&format!("s{number}"), &format!("f{number}")).await;
        }
        publish("s3", "f3: Int @tag(name: \"unclassified\") g3").await;
        let (all, many) = ask(&source, &database, &query).await;
        assert_eq!(few, many);
        assert!(many <= 10, "{many} statements");

        // Each list is the one that its source has by itself.
        let sources = all["sources"].as_array().unwrap();
        assert_eq!(sources.len(), 6);
        for told in sources {
            let alone = format!("{{ source(name: {}) {{ {OF_A_SOURCE} }} }}", told["name"]);
            let (alone, _) = ask(&source, &database, &alone).await;
            assert_eq!(alone["source"], *told);
            assert!(!told["events"].as_array().unwrap().is_empty(), "{told}");
            assert!(!told["checks"].as_array().unwrap().is_empty(), "{told}");
        }
        let versions = |at: usize| &sources[at]["versions"];
        assert_eq!(versions(3), &json!([{ "number": 2 }, { "number": 1 }]));
        assert_eq!(versions(4), &json!([{ "number": 1 }]));
        let newest = all["supergraphs"][0]["members"].as_array().unwrap();
        assert_eq!(newest.len(), 6);
        assert_eq!(newest[3], json!({ "source": "s3", "version": 2 }));
    })
    .await;
}

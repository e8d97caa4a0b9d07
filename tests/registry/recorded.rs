//! A breaking change names whom it breaks.

use chrono::NaiveDate;
use indexmap::IndexMap;
use upfront::registry::{
    recording::{Client, Recorder},
    service::Registry,
    store::Seen,
};

use crate::{
    database::on_each_database,
    support::{BEDS, COTS, adding, principal, registry},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn count(registry: &Registry, recorder: &Recorder, document: &str, client: &str, times: u32) {
    let served = registry.served().await.unwrap();
    let supergraph = federation::supergraph::Supergraph::parse(&served.supergraph_sdl).unwrap();
    for _ in 0..times {
        let client = Client {
            name: client.to_owned(),
            version: "1.2".to_owned(),
        };
        recorder.count((2, &supergraph.api_schema), document, None, client);
    }
}

#[tokio::test]
async fn a_breaking_change_names_operations_and_clients() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let partner = principal("PARTNER");
        let both = format!("{BEDS} {COTS}");
        registry
            .publish(&partner, &adding("tents", &both))
            .await
            .unwrap();

        let recorder = Recorder::default();
        let uses = "query Beds($id: ID!) { situation(id: $id) { beds } }";
        let same = "query Beds($id: ID!) { mine: situation(id: $id) { x: beds } }";
        let other = "{ situation(id: \"s1\") { title } }";
        count(&registry, &recorder, uses, "board", 3).await;
        count(&registry, &recorder, same, "phone", 2).await;
        count(&registry, &recorder, other, "board", 5).await;
        count(&registry, &recorder, "{ nonsense }", "board", 5).await;
        count(&registry, &recorder, "{ __typename }", "board", 5).await;
        let seen = recorder.take();
        assert_eq!(seen.len(), 2, "{seen:?}");
        registry
            .store()
            .record(&seen, day("2026-10-30"))
            .await
            .unwrap();
        registry
            .store()
            .record(&seen, day("2026-10-31"))
            .await
            .unwrap();

        let request = adding("tents", COTS);
        let checked = registry.check(&partner, &request).await.unwrap();
        let change = &checked.report.changes[0];
        assert_eq!(change.coordinate, "Situation.beds");
        assert_eq!(change.operations.len(), 1);
        let operation = &change.operations[0];
        assert_eq!(operation.name.as_deref(), Some("Beds"));
        assert_eq!(operation.requests, 10);
        assert_eq!(operation.last_seen_on, "2026-10-31");
        let clients: Vec<_> = operation
            .clients
            .iter()
            .map(|client| (client.name.as_str(), client.requests))
            .collect();
        assert_eq!(clients, [("board", 6), ("phone", 4)]);
        assert_eq!(checked.report.refusals[0].code, "BREAKING_WITHOUT_REASON");
    })
    .await;
}

#[tokio::test]
async fn what_is_recorded_is_bounded_and_ages() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let store = registry.store();
        let clients: IndexMap<_, _> = (0..150)
            .map(|turn| ((format!("client{turn}"), String::new()), 1))
            .collect();
        let seen = Seen {
            key: "k".to_owned(),
            name: None,
            signature: "query{a}".to_owned(),
            coordinates: vec!["Query.a".to_owned()],
            clients,
        };
        store
            .record(std::slice::from_ref(&seen), day("2026-01-01"))
            .await
            .unwrap();
        let coordinates = ["Query.a".to_owned()];
        let usages = store
            .usages(&coordinates, day("2026-01-01"), 10)
            .await
            .unwrap();
        assert_eq!(usages[0].requests, 150);
        assert_eq!(usages[0].clients.len(), 101);
        assert_eq!(
            usages[0].clients[0],
            ("(others)".to_owned(), String::new(), 50)
        );

        let usages = store
            .usages(&coordinates, day("2026-01-02"), 10)
            .await
            .unwrap();
        assert!(usages.is_empty(), "not used since");
        store.record(&[], day("2026-06-01")).await.unwrap();
        let usages = store
            .usages(&coordinates, day("2026-01-01"), 10)
            .await
            .unwrap();
        assert!(usages.is_empty(), "forgotten");
    })
    .await;
}

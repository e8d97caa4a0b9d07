//! A breaking change names whom it breaks.

use chrono::NaiveDate;
use federation::{compose::compose, subgraph::SubgraphInput};
use indexmap::IndexMap;
use upfront::{
    auth::Principal,
    config::Limits,
    gateway::{Graph, Request},
    registry::{
        recording::Recorder,
        service::Registry,
        store::{Client, Seen},
    },
};

use crate::{
    registry::support::{BEDS, COTS, adding, principal, registry},
    support::database::on_each_database,
};

fn client(entity: &str, turn: usize) -> Client {
    Client {
        entity: entity.to_owned(),
        name: format!("client{turn}"),
        version: String::new(),
    }
}

fn operation(key: String, clients: IndexMap<Client, i64>) -> Seen {
    Seen {
        coordinates: vec![format!("Query.{key}")],
        signature: format!("query{{{key}}}"),
        name: None,
        key,
        clients,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn asking(document: &str) -> Request {
    Request {
        query: document.to_owned(),
        ..Request::default()
    }
}

async fn count(registry: &Registry, recorder: &Recorder, document: &str, client: &str, times: u32) {
    let served = registry.served().await.unwrap();
    let graph = Graph::without_sources(&served.supergraph_sdl, &Limits::default()).unwrap();
    // What is not valid is never answered.
    let Some(operation) = graph.parse(&asking(document)).await else {
        return;
    };
    for _ in 0..times {
        let client = Client {
            entity: "PARTNER".to_owned(),
            name: client.to_owned(),
            version: "1.2".to_owned(),
        };
        recorder.count(2, &operation, client);
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
        let clients: IndexMap<_, _> = (0..150).map(|turn| (client("E0", turn), 1)).collect();
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
        assert_eq!(usages[0].clients.len(), 51);
        assert_eq!(
            usages[0].clients[0],
            ("(others)".to_owned(), String::new(), 100)
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

#[tokio::test]
async fn made_up_operations_of_strangers_push_nobody_out() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let store = registry.store();
        let known = operation("known".to_owned(), [(client("PARTNER", 1), 3)].into());
        store.record(&[known], day("2026-10-01")).await.unwrap();
        let stranger = Client::anonymous();
        for turn in 0..4 {
            let made_up = (0..1_500).map(|number| {
                operation(format!("k{turn}x{number}"), [(stranger.clone(), 1)].into())
            });
            let made_up: Vec<_> = made_up.collect();
            store.record(&made_up, day("2026-10-02")).await.unwrap();
        }
        let used = store
            .usages(&["Query.known".to_owned()], day("2026-10-01"), 10)
            .await;
        assert_eq!(used.unwrap()[0].requests, 3);
        // The strangers' own are bounded: the first are gone, the last are there.
        for (key, kept) in [("k0x0", 0), ("k3x1499", 1)] {
            let used = store
                .usages(&[format!("Query.{key}")], day("2026-10-01"), 10)
                .await;
            assert_eq!(used.unwrap().len(), kept, "{key}");
        }
    })
    .await;
}

#[tokio::test]
async fn strangers_take_no_room_that_others_have() {
    let input = SubgraphInput {
        name: "a".to_owned(),
        url: String::new(),
        sdl: "type Query { a: Int }".to_owned(),
    };
    let supergraph = compose(&[input]).0.unwrap().supergraph_sdl;
    let graph = Graph::without_sources(&supergraph, &Limits::default()).unwrap();
    let recorder = Recorder::default();
    for turn in 0..3_000 {
        let document = format!("query Made{turn} {{ a }}");
        let operation = graph.parse(&asking(&document)).await.unwrap();
        recorder.count(1, &operation, Client::anonymous());
    }
    let known = graph.parse(&asking("query Known { a }")).await.unwrap();
    recorder.count(1, &known, client("PARTNER", 1));
    let seen = recorder.take();
    assert_eq!(seen.len(), 1_001);
    assert!(
        seen.iter()
            .any(|operation| operation.name.as_deref() == Some("Known"))
    );
    let all = seen.iter().flat_map(|operation| operation.clients.keys());
    let anonymous = all.filter(|client| client.entity.is_empty());
    assert!(
        anonymous
            .into_iter()
            .all(|client| client.name == "(anonymous)")
    );
}

#[test]
fn only_a_token_makes_a_name_count() {
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("graphql-client-name", "board".parse().unwrap());
    assert_eq!(
        Client::of(&Principal::default(), &headers),
        Client::anonymous()
    );
    let known = Client::of(&principal("PARTNER"), &headers);
    assert_eq!(
        (known.entity.as_str(), known.name.as_str()),
        ("PARTNER", "board")
    );
}

#[tokio::test]
async fn many_operations_of_many_clients_are_written_in_few_statements() {
    on_each_database(|database| async move {
        let registry = registry(&database);
        let seen: Vec<_> = (0..2_000)
            .map(|number| {
                let clients = (0..50).map(|turn| (client("PARTNER", turn), 2));
                operation(format!("k{number}"), clients.collect())
            })
            .collect();
        for turn in 1..=2 {
            let before = database.statements_run();
            registry
                .store()
                .record(&seen, day("2026-10-01"))
                .await
                .unwrap();
            let statements = database.statements_run() - before;
            // 100,000 counts, 500 a statement.
            assert!(statements < 300, "{statements} statements");
            let coordinates = ["Query.k7".to_owned()];
            let used = registry
                .store()
                .usages(&coordinates, day("2026-10-01"), 10)
                .await
                .unwrap();
            assert_eq!((used[0].requests, used[0].clients.len()), (100 * turn, 50));
        }
    })
    .await;
}

//! Changes whose client does not wait for them, and versions that the running service does not fit.

use std::time::Duration;

use sea_orm::DbBackend;
use serde_json::{Value, json};

use crate::{
    registration::fixture::{PUBLISH, Service, ask, config, publish, registry, serve, tents_sdl},
    support::{
        app::{TestApp, send},
        database::on_one_database,
    },
};

const OUTLOOK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", \
    import: [\"@key\", \"@external\", \"@requires\", \"@requiresScopes\"]) \
    enum SituationStatus { EMERGING ONGOING EASING CLOSED } \
    type Situation @key(fields: \"id\") { id: ID! status: SituationStatus @external \
    outlook: Int @requires(fields: \"status\") \
    @requiresScopes(scopes: [[\"clearance:confidential\"]]) }";

async fn as_reviews(app: &TestApp, query: &str) -> Value {
    let answer = ask(app, "REVIEWS", &[PUBLISH], &json!({ "query": query })).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}

/// Leaves sooner and sooner after the request was sent, until one of the requests got through.
async fn a_client_that_leaves(backend: DbBackend) {
    on_one_database(backend, |database| async move {
        let app = serve(&database, config()).await;
        let grant = "mutation { grantFieldUse(coordinate: \"Situation.status\", \
                     source: \"outlook\", to: \"PARTNER\", reason: \"planning\") }";
        as_reviews(&app, grant).await;
        let input = json!({
            "name": "outlook", "url": "http://127.0.0.1:9/graphql", "sdl": OUTLOOK,
        });
        let published = publish(&app, input).await;
        assert_eq!(published["published"], true, "{published:#}");

        let withdraw = "mutation { withdrawFieldUse(coordinate: \"Situation.status\", \
                        source: \"outlook\") { done } }";
        let mut patience = Duration::from_millis(2);
        loop {
            let body = json!({ "query": withdraw });
            let request = app
                .post(&body)
                .bearer_auth(app.token("REVIEWS", &[PUBLISH]));
            let _ = tokio::time::timeout(patience, send(request)).await;
            // Other requests are answered meanwhile; this one may still be composing.
            tokio::time::sleep(Duration::from_millis(500)).await;
            let query = "{ source(name: \"outlook\") { isRetired consents { coordinate } \
                         events(first: 2) { kind } } }";
            let source = registry(&app, query).await["source"].clone();
            if source["consents"] == json!([]) {
                // Asked once more: the answer before may have been read while the change was stored.
                let source = registry(&app, query).await["source"].clone();
                assert_eq!(source["isRetired"], true, "half a change: {source:#}");
                let kinds = json!([{ "kind": "EXPELLED" }, { "kind": "CONSENT_WITHDRAWN" }]);
                assert_eq!(source["events"], kinds);
                break;
            }
            patience *= 2;
            assert!(patience < Duration::from_mins(1), "it is never withdrawn");
        }
        let gone = async {
            while send(app.get("/schema.graphql"))
                .await
                .text
                .contains("outlook: Int")
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), gone)
            .await
            .expect("it is served on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_leaves_stops_no_withdrawal() {
    a_client_that_leaves(DbBackend::Sqlite).await;
    a_client_that_leaves(DbBackend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publication_warns_of_a_service_that_answers_otherwise() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let app = serve(&database, config()).await;
        let service = Service::tents().await;
        let query = "mutation($input: SourceInput!) { publishSource(input: $input) { published \
                     unchanged warnings } }";
        let publish = async |url: &str, sdl: Option<String>| {
            let input = json!({
                "name": "tents", "url": url, "sdl": sdl, "allowBreaking": "a test",
            });
            let body = json!({ "query": query, "variables": { "input": input } });
            let mut answer = ask(&app, "PARTNER", &[PUBLISH], &body).await;
            assert!(answer.get("errors").is_none(), "{answer:#}");
            answer["data"]["publishSource"].take()
        };
        let made = |warnings: &Value| {
            json!({ "published": true, "unchanged": false, "warnings": warnings })
        };
        let none = json!([]);
        let more = tents_sdl().replace("beds: Int!", "beds: Int!\n\tcots: Int");
        let answer = publish(&service.url, Some(more.clone())).await;
        let warning = answer["warnings"][0].as_str().unwrap_or_default();
        for part in ["`tents`", "version 1", "It lacks `Tent.cots`."] {
            assert!(warning.contains(part), "{answer:#}");
        }
        assert_eq!(answer, made(&answer["warnings"]));
        let again = publish(&service.url, Some(more)).await;
        assert_eq!(again["unchanged"], true, "{again:#}");
        assert_eq!(again["warnings"], answer["warnings"]);
        assert_eq!(publish(&service.url, None).await, made(&none));
        // Written otherwise, it says the same.
        let commented = format!("# Tents\n{}", tents_sdl());
        assert_eq!(publish(&service.url, Some(commented)).await, made(&none));
        let nowhere = publish("http://127.0.0.1:1/graphql", Some(tents_sdl())).await;
        let warning = nowhere["warnings"][0].as_str().unwrap_or_default();
        assert!(warning.contains("could not be found out"), "{nowhere:#}");
        assert_eq!(nowhere, made(&nowhere["warnings"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rollback_warns_of_a_service_that_no_longer_fits() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let app = serve(&database, config()).await;
        let service = Service::tents().await;
        let first = tents_sdl().replace("beds: Int!", "beds: Int!\n\tcots: Int");
        for sdl in [first, tents_sdl()] {
            let input = json!({
                "name": "tents", "url": service.url, "sdl": sdl, "allowBreaking": "no cots",
            });
            assert_eq!(publish(&app, input).await["published"], true);
        }
        let back = |number: i32| {
            format!("mutation {{ rollbackSupergraph(to: {number}) {{ done warnings }} }}")
        };
        let answer = registry(&app, &back(2)).await["rollbackSupergraph"].clone();
        assert_eq!(answer["done"], true, "{answer:#}");
        let warning = answer["warnings"][0].as_str().unwrap_or_default();
        for part in ["`tents`", "version 1", "Tent.cots"] {
            assert!(warning.contains(part), "{answer:#}");
        }
        let answer = registry(&app, &back(3)).await["rollbackSupergraph"].clone();
        assert_eq!(answer, json!({ "done": true, "warnings": [] }));
    })
    .await;
}

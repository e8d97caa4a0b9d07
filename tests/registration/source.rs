//! The life of a source.

use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::{Value, json};
use upfront::{
    database::Database,
    import::{self, Files, Mode},
};

use crate::{
    registration::fixture::{Service, ask, config, publish, registry, serve},
    support::{
        app::TestApp,
        database::{on_each_database, on_one_database},
    },
};

async fn profile(app: &TestApp, id: &str) -> Value {
    let query =
        "query($id: ID!) { situation(id: $id) { title ohchr { coverage } tents { beds } } }";
    let body = json!({ "query": query, "variables": { "id": id } });
    ask(app, "OHCHR", &["clearance:confidential"], &body).await
}

async fn any_situation(app: &TestApp) -> String {
    let body = json!({ "query": "{ situations(first: 1) { nodes { id } } }" });
    let answer = ask(app, "OHCHR", &[], &body).await;
    let id = answer["data"]["situations"]["nodes"][0]["id"].as_str();
    id.unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_joins_fails_leaves_and_returns() {
    on_one_database(DbBackend::Sqlite, |database: Database| async move {
        import::use_example_ids(&database).await.unwrap();
        import::run(&database, &Files::example(), Mode::Store)
            .await
            .unwrap();
        let app = serve(&database, config()).await;
        let id = any_situation(&app).await;
        let service = Service::tents().await;
        let input = json!({ "name": "tents", "url": service.url });

        let before = profile(&app, &id).await;
        assert_eq!(
            before["errors"][0]["extensions"]["code"],
            "GRAPHQL_VALIDATION_FAILED"
        );
        let publication = publish(&app, input).await;
        assert_eq!(publication["published"], true, "{publication:#}");
        let joined = publication["supergraph"]["number"].clone();

        // The very next query has its fields, beside the mandates'.
        let answer = profile(&app, &id).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        assert_eq!(answer["data"]["situation"]["tents"]["beds"], 4);
        assert!(answer["data"]["situation"]["ohchr"]["coverage"].is_string());
        let sources = answer["extensions"]["upfront"]["sources"]
            .as_array()
            .unwrap();
        let tents = sources
            .iter()
            .find(|source| source["name"] == "tents")
            .unwrap();
        assert_eq!(tents["status"], "OK");

        drop(service);
        let answer = profile(&app, &id).await;
        assert!(answer["data"]["situation"]["tents"].is_null());
        assert!(answer["data"]["situation"]["ohchr"]["coverage"].is_string());
        let errors = answer["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{answer:#}");
        assert_eq!(errors[0]["extensions"]["source"]["name"], "tents");
        assert_eq!(errors[0]["path"], json!(["situation", "tents"]));

        let retire =
            "mutation { retireSource(name: \"tents\", allowBreaking: \"moved\") { done } }";
        assert_eq!(registry(&app, retire).await["retireSource"]["done"], true);
        let answer = profile(&app, &id).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"],
            "GRAPHQL_VALIDATION_FAILED"
        );

        let back = format!("mutation {{ rollbackSupergraph(to: {joined}) {{ done }} }}");
        assert_eq!(
            registry(&app, &back).await["rollbackSupergraph"]["done"],
            true
        );
        let answer = profile(&app, &id).await;
        assert!(
            answer["data"]["situation"]["title"].is_string(),
            "{answer:#}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_needs_no_source() {
    on_each_database(|database| async move {
        let service = Service::tents().await;
        let first = serve(&database, config()).await;
        let input = json!({ "name": "tents", "url": service.url });
        assert_eq!(publish(&first, input).await["published"], true);
        drop((first, service));
        let again = serve(&database, config()).await;
        let answer = ask(
            &again,
            "OHCHR",
            &[],
            &json!({ "query": "{ tents { beds } }" }),
        )
        .await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "SOURCE_UNAVAILABLE",
            "{answer:#}"
        );
        assert!(answer["data"]["tents"].is_null());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registry_is_for_those_with_the_scope() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let app = serve(&database, config()).await;
        let list = json!({ "query": "{ sources { name } supergraphs { number } }" });
        let answer = ask(&app, "PARTNER", &[], &list).await;
        assert_eq!(
            answer["data"],
            json!({ "sources": null, "supergraphs": null })
        );
        let retire = json!({ "query": "mutation { retireSource(name: \"tents\") { done } }" });
        let answer = ask(&app, "PARTNER", &["registry:read"], &retire).await;
        assert_eq!(answer["data"], json!({ "retireSource": null }));
        assert_eq!(
            answer["extensions"]["upfront"]["withheld"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        let answer = ask(&app, "PARTNER", &["registry:read"], &list).await;
        assert_eq!(answer["data"]["supergraphs"], json!([{ "number": 1 }]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_source_is_only_its_entity_sees() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let app = serve(&database, config()).await;
        let service = Service::tents().await;
        let input = json!({ "name": "tents", "url": service.url });
        assert_eq!(publish(&app, input).await["published"], true);
        let body =
            json!({ "query": "{ source(name: \"tents\") { current { url } checks { id } } }" });
        let own = ask(&app, "PARTNER", &["registry:publish"], &body).await;
        assert_eq!(
            own["data"]["source"]["current"]["url"], service.url,
            "{own:#}"
        );
        assert_eq!(own["data"]["source"]["checks"].as_array().unwrap().len(), 1);
        let other = ask(&app, "OTHER", &["registry:publish"], &body).await;
        let hidden = json!({ "source": { "current": { "url": null }, "checks": null } });
        assert_eq!(other["data"], hidden);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drift_is_seen() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let mut settings = config();
        settings.registry.drift_seconds = 1;
        let app = serve(&database, settings).await;
        let service = Service::tents().await;
        let sdl = crate::registration::fixture::tents_sdl()
            .replace("beds: Int!", "beds: Int!\n\tcots: Int");
        let input = json!({ "name": "tents", "url": service.url, "sdl": sdl });
        assert_eq!(publish(&app, input).await["published"], true);
        let drift = "{ source(name: \"tents\") { drift { state detail } } }";
        let drifted = wait_for(&app, drift, "DRIFTED").await;
        let detail = drifted["detail"].as_str().unwrap();
        assert!(detail.contains("It lacks `Tent.cots`."), "{detail}");
        let input = json!({ "name": "tents", "url": service.url, "allowBreaking": "as it is" });
        assert_eq!(publish(&app, input).await["published"], true);
        wait_for(&app, drift, "IN_STEP").await;
        drop(service);
        let gone = wait_for(&app, drift, "UNREACHABLE").await;
        assert!(gone["detail"].as_str().unwrap().contains("127.0.0.1"));
        // Where it is, others are not told.
        let other = ask(
            &app,
            "OTHER",
            &["registry:read"],
            &json!({ "query": drift }),
        )
        .await;
        let told = json!({ "state": "UNREACHABLE", "detail": null });
        assert_eq!(other["data"]["source"]["drift"], told);
    })
    .await;
}

/// One source whose drift cannot be recorded keeps no other from being looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drift_of_one_is_not_in_the_way_of_others() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let mut settings = config();
        settings.registry.drift_seconds = 1;
        let app = serve(&database, settings).await;
        let service = Service::tents().await;
        let input = json!({ "name": "tents", "url": service.url });
        assert_eq!(publish(&app, input).await["published"], true);
        let refuse = "CREATE TRIGGER refuse BEFORE UPDATE ON registry_sources \
                      WHEN OLD.record_key = 'tents' BEGIN SELECT RAISE(ABORT, 'no'); END";
        database.write.execute_unprepared(refuse).await.unwrap();
        let sdl = "type Query { cots: Int @tag(name: \"unclassified\") } \
                   extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", \
                   import: [\"@tag\"])";
        let input = json!({ "name": "cots", "url": "http://127.0.0.1:1/graphql", "sdl": sdl });
        let publication = publish(&app, input).await;
        assert_eq!(publication["published"], true, "{publication:#}");
        let drift = "{ source(name: \"cots\") { drift { state detail } } }";
        wait_for(&app, drift, "UNREACHABLE").await;
    })
    .await;
}

/// Drift is looked for in the background: its state is what is waited for, never a time.
async fn wait_for(app: &TestApp, query: &str, state: &str) -> Value {
    for _ in 0..600 {
        let drift = registry(app, query).await["source"]["drift"].clone();
        if drift["state"] == state {
            return drift;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    unreachable!("never {state}");
}

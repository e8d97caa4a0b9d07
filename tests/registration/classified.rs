//! What registered sources are told of records above UNCLASSIFIED: nothing without their owner's consent.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, routing::post};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use upfront::database::Database;

use crate::{
    joint::example::on_example,
    registration::fixture::{
        CONFIDENTIAL, PUBLISH, Service, ask, config, publish, serve, tents_sdl,
    },
    support::app::{TestApp, send},
};

async fn situation(database: &Database, is_public: bool) -> String {
    let not = if is_public { "" } else { "NOT " };
    let sql = format!("SELECT public_id FROM situations WHERE {not}is_public ORDER BY id LIMIT 1");
    let backend: DbBackend = database.read.get_database_backend();
    let row = database
        .read
        .query_one_raw(Statement::from_string(backend, sql));
    row.await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// The tents of some situations, as a cleared officer is told of them.
async fn tents(app: &TestApp, ids: &[&str]) -> Value {
    let fields: Vec<_> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| {
            format!("s{index}: situation(id: \"{id}\") {{ title tents {{ beds }} }}")
        })
        .collect();
    let body = json!({ "query": format!("{{ {} }}", fields.join(" ")) });
    let token = app.token("OHCHR", &[CONFIDENTIAL]);
    let request = app.post(&body).bearer_auth(token);
    send(request.header("upfront-include", "sources"))
        .await
        .json()
}

async fn consent(app: &TestApp, by: &str, act: &str) -> Value {
    let body = json!({ "query": format!("mutation {{ {act} }}") });
    ask(app, by, &[PUBLISH], &body).await
}

const GRANT: &str = "grantFieldUse(coordinate: \"Situation.id\", source: \"tents\", to: \"PARTNER\", \
                     reason: \"a test\")";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_is_asked_about_hidden_records_by_consent_alone() {
    on_example(|database| async move {
        let (open, hidden) = (
            situation(&database, true).await,
            situation(&database, false).await,
        );
        let app = serve(&database, config()).await;
        let service = Service::tents().await;
        let input = json!({ "name": "tents", "url": service.url, "sdl": tents_sdl() });
        assert_eq!(publish(&app, input).await["published"], true);

        let refused = |answer: &Value| {
            assert_eq!(
                answer["data"]["s0"]["tents"],
                json!({ "beds": 4 }),
                "{answer:#}"
            );
            let kept = &answer["data"]["s1"];
            assert!(
                kept["title"].is_string() && kept["tents"].is_null(),
                "{answer:#}"
            );
            let errors = answer["errors"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{answer:#}");
            assert_eq!(errors[0]["path"], json!(["s1", "tents"]));
            assert_eq!(errors[0]["extensions"]["code"], "NOT_SHARED");
            assert_eq!(errors[0]["extensions"]["source"]["name"], "tents");
        };
        let told = |answer: &Value| {
            assert!(answer.get("errors").is_none(), "{answer:#}");
            for name in ["s0", "s1"] {
                assert_eq!(
                    answer["data"][name]["tents"],
                    json!({ "beds": 4 }),
                    "{answer:#}"
                );
            }
        };
        let both = [open.as_str(), hidden.as_str()];
        let answer = tents(&app, &both).await;
        refused(&answer);
        assert_eq!(
            answer["extensions"]["upfront"]["classification"],
            "CONFIDENTIAL"
        );
        // Nothing is asked where nothing may be.
        let answer = tents(&app, &[&hidden]).await;
        let sources = answer["extensions"]["upfront"]["sources"]
            .as_array()
            .unwrap();
        assert!(
            sources.iter().all(|source| source["name"] != "tents"),
            "{answer:#}"
        );

        // A mandate that only refers to situations cannot consent for the review.
        let given = consent(&app, "OHCHR", GRANT).await;
        assert!(given.get("errors").is_none(), "{given:#}");
        refused(&tents(&app, &both).await);
        let given = consent(&app, "REVIEWS", GRANT).await;
        assert_eq!(given["data"]["grantFieldUse"], true, "{given:#}");
        told(&tents(&app, &both).await);
        let withdraw = "withdrawFieldUse(coordinate: \"Situation.id\", source: \"tents\") { done \
                        expelled { source } }";
        let withdrawn = consent(&app, "REVIEWS", withdraw).await;
        let done = json!({ "withdrawFieldUse": { "done": true, "expelled": [] } });
        assert_eq!(withdrawn["data"], done, "{withdrawn:#}");
        refused(&tents(&app, &both).await);
    })
    .await;
}

/// The bodies that a service was sent.
type Received = Arc<Mutex<Vec<Value>>>;

/// A service that answers each request with what is made of its body.
async fn service(
    answer: impl Fn(&Value) -> Value + Clone + Send + Sync + 'static,
) -> (Service, Received) {
    let received = Received::default();
    let kept = Arc::clone(&received);
    let answering = move |Json(body): Json<Value>| {
        let data = answer(&body);
        kept.lock().unwrap().push(body);
        async move { Json(json!({ "data": data })) }
    };
    let router = Router::new().route("/graphql", post(answering));
    (Service::start(router).await, received)
}

/// What is made of each representation.
fn entities(body: &Value, entity: &Value) -> Value {
    // A health probe asks for none.
    let representations = body["variables"]["representations"].as_array();
    json!({ "_entities": vec![entity; representations.map_or(0, Vec::len)] })
}

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.8\", \
                    import: [\"@key\", \"@tag\", \"@context\", \"@fromContext\"]) ";

/// What one source adds to situations, and another to that, by a context.
const PLACES: &str = "type Query { placed: Int @tag(name: \"unclassified\") }
type Situation @key(fields: \"id\") { id: ID! place: Place @tag(name: \"unclassified\") }
type Place @key(fields: \"code\") { code: ID! @tag(name: \"unclassified\") }";
const COUNTS: &str = "type Query { counted: Int @tag(name: \"unclassified\") }
type Situation @key(fields: \"id\") @context(name: \"s\") { id: ID! noted: Int @tag(name: \"unclassified\") }
type Place @key(fields: \"code\") {
  code: ID!
  count(of: ID @fromContext(field: \"$s { id }\")): Int @tag(name: \"unclassified\")
}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_context_names_a_hidden_record() {
    on_example(|database| async move {
        let (open, hidden) = (
            situation(&database, true).await,
            situation(&database, false).await,
        );
        let app = serve(&database, config()).await;
        let place = json!({ "place": { "__typename": "Place", "code": "p" } });
        let (places, _) = service(move |body| entities(body, &place)).await;
        let (counts, received) = service(|body| entities(body, &json!({ "count": 7 }))).await;
        for (name, service, sdl) in [("places", &places, PLACES), ("counts", &counts, COUNTS)] {
            let input = json!({ "name": name, "url": service.url, "sdl": format!("{LINK}{sdl}") });
            let published = publish(&app, input).await;
            assert_eq!(published["published"], true, "{published:#}");
        }
        let given = consent(&app, "REVIEWS", &GRANT.replace("tents", "places")).await;
        assert_eq!(given["data"]["grantFieldUse"], true, "{given:#}");
        let query = format!(
            "{{ s0: situation(id: \"{open}\") {{ place {{ count }} }} \
             s1: situation(id: \"{hidden}\") {{ place {{ count }} }} }}"
        );
        let body = json!({ "query": query });
        let answer = ask(&app, "OHCHR", &[CONFIDENTIAL], &body).await;
        let counted = |count: Value| json!({ "count": count });
        assert_eq!(
            answer["data"]["s0"]["place"],
            counted(json!(7)),
            "{answer:#}"
        );
        assert_eq!(
            answer["data"]["s1"]["place"],
            counted(Value::Null),
            "{answer:#}"
        );
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code, "NOT_SHARED", "{answer:#}");
        let received = Value::from(received.lock().unwrap().clone()).to_string();
        assert!(
            received.contains(&open) && !received.contains(&hidden),
            "{received}"
        );
    })
    .await;
}

/// A source that answers situations of its own accord, by their ids.
async fn lists(ids: &[&str]) -> Service {
    let nodes: Vec<_> = ids
        .iter()
        .map(|id| json!({ "__typename": "Situation", "id": id }))
        .collect();
    let (service, _) = service(move |_| json!({ "watched": nodes })).await;
    service
}

const WATCHED: &str = "type Query { watched: [Situation!] @tag(name: \"unclassified\") }
type Situation @key(fields: \"id\", resolvable: false) { id: ID! }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_source_names_another_is_told_as_far_as_the_caller_knows_of_it() {
    on_example(|database| async move {
        let (open, hidden) = (
            situation(&database, true).await,
            situation(&database, false).await,
        );
        let app = serve(&database, config()).await;
        let (tents, lists) = (Service::tents().await, lists(&[&open, &hidden]).await);
        let input = json!({ "name": "tents", "url": tents.url, "sdl": tents_sdl() });
        assert_eq!(publish(&app, input).await["published"], true);
        let input = json!({ "name": "lists", "url": lists.url, "sdl": format!("{LINK}{WATCHED}") });
        let published = publish(&app, input).await;
        assert_eq!(published["published"], true, "{published:#}");
        for query in [
            "{ watched { tents { beds } } }",
            "{ watched { isExample tents { beds } } }",
        ] {
            for scopes in [&[][..], &[CONFIDENTIAL]] {
                let body = json!({ "query": query });
                let answer = ask(&app, "OHCHR", scopes, &body).await;
                let watched = &answer["data"]["watched"];
                if !watched[0].is_null() {
                    assert_eq!(watched[0]["tents"], json!({ "beds": 4 }), "{answer:#}");
                }
                assert!(watched[1]["tents"].is_null(), "{answer:#}");
                let errors = answer["errors"].to_string();
                assert!(errors.contains("NOT_SHARED"), "{answer:#}");
                let label = &answer["extensions"]["upfront"]["classification"];
                let expected = if scopes.is_empty() {
                    Value::Null
                } else {
                    json!("CONFIDENTIAL")
                };
                assert_eq!(*label, expected, "{answer:#}");
            }
        }
    })
    .await;
}

//! A GraphQL server that knows nothing of federation.

use async_graphql::{
    EmptySubscription, Enum, ID, InputObject, Object, Schema, SimpleObject, Union,
};
use async_graphql_axum::GraphQL;
use axum::{Router, routing::post_service};
use sea_orm::DbBackend;
use serde_json::json;

use crate::{
    registration::fixture::{CONFIDENTIAL, Service, ask, config, publish, registry, serve},
    support::database::on_one_database,
};

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rice,
    Beans,
}

#[derive(InputObject)]
struct Filter {
    kind: Kind,
}

#[derive(SimpleObject)]
struct Price {
    id: ID,
    amount: f64,
}

#[derive(SimpleObject)]
struct Offer {
    id: ID,
    until: String,
}

#[derive(Union)]
enum Thing {
    Price(Price),
    Offer(Offer),
}

struct Query;

#[Object]
impl Query {
    async fn things(&self, filter: Filter) -> Vec<Thing> {
        let amount = if filter.kind == Kind::Rice { 1.5 } else { 2.0 };
        vec![
            Thing::Price(Price {
                id: "1".into(),
                amount,
            }),
            Thing::Offer(Offer {
                id: "2".into(),
                until: "Price".to_owned(),
            }),
        ]
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn reset(&self) -> bool {
        true
    }

    async fn purge(&self) -> bool {
        true
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_server_joins_under_a_prefix() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let app = serve(&database, config()).await;
        let schema = Schema::new(Query, Mutation, EmptySubscription);
        let router = Router::new().route("/graphql", post_service(GraphQL::new(schema)));
        let service = Service::start(router).await;
        let mut input = json!({
            "name": "prices", "url": service.url, "kind": "PLAIN", "prefix": "food",
        });
        let refused = publish(&app, input.clone()).await;
        assert_eq!(refused["published"], false);
        assert_eq!(refused["check"]["refusals"][0]["code"], "LEVEL_MISSING", "{refused:#}");
        input["defaultLevel"] = json!("UNCLASSIFIED");
        input["mutations"] = json!([{ "name": "reset" }]);
        let refused = publish(&app, input.clone()).await;
        assert_eq!(refused["check"]["refusals"][0]["code"], "MUTATION_WITHOUT_SCOPE", "{refused:#}");
        input["mutations"] = json!([{ "name": "reset", "scope": "prices:write" }]);
        let publication = publish(&app, input).await;
        assert_eq!(publication["published"], true, "{publication:#}");
        let writes = "{ source(name: \"prices\") { checks(first: 1) { writes { coordinate needs } } } }";
        let writes = registry(&app, writes).await["source"]["checks"][0]["writes"].clone();
        let opened = json!([{ "coordinate": "Mutation.food_reset", "needs": "`prices:write`" }]);
        assert_eq!(writes, opened);

        let query = "query($kind: Food_Kind!) { food_things(filter: { kind: $kind }) { t: __typename \
                     ... on Food_Price { id amount } ... on Food_Offer { id until } } }";
        let body = json!({ "query": query, "variables": { "kind": "RICE" } });
        let answer = ask(&app, "OHCHR", &[], &body).await;
        assert_eq!(
            answer["data"],
            json!({ "food_things": [
                { "t": "Food_Price", "id": "1", "amount": 1.5 },
                { "t": "Food_Offer", "id": "2", "until": "Price" },
            ] }),
            "{answer:#}"
        );
        let reset = json!({ "query": "mutation { food_reset }" });
        for (scopes, data) in [
            (&[][..], json!({ "food_reset": null })),
            (&[CONFIDENTIAL], json!({ "food_reset": null })),
            (&["prices:write"], json!({ "food_reset": true })),
        ] {
            let answer = ask(&app, "OHCHR", scopes, &reset).await;
            assert_eq!(answer["data"], data, "{scopes:?}: {answer:#}");
        }
        let purge = json!({ "query": "mutation { food_purge }" });
        let answer = ask(&app, "OHCHR", &["prices:write"], &purge).await;
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("food_purge"));
        assert!(answer["data"].is_null(), "{answer:#}");
        let sdl = "{ source(name: \"prices\") { current { kind prefix sdl } } }";
        let current = registry(&app, sdl).await["source"]["current"].clone();
        assert_eq!(current["prefix"], "food");
        insta::assert_snapshot!(current["sdl"].as_str().unwrap());
    })
    .await;
}

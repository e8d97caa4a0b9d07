//! A gateway with a registry, and small services to register.

use std::sync::Arc;

use async_graphql::{
    EmptyMutation, EmptySubscription, ID, Object, SDLExportOptions, Schema, SimpleObject,
};
use async_graphql_axum::GraphQL;
use axum::{Router, routing::post_service};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use upfront::{
    app::Records,
    auth::{Clock, SigningKey, SystemClock},
    config::Config,
    database::Database,
    registry::Joint,
};

use crate::support::{
    app::{TestApp, send},
    scratch::Scratch,
};

pub(crate) const PUBLISH: &str = "registry:publish";
pub(crate) const CONFIDENTIAL: &str = "clearance:confidential";

/// Settings that let sources be on this machine and look for news often.
pub(crate) fn config() -> Config {
    let mut config = Config::default();
    config.registry.source_hosts = vec!["127.0.0.1".to_owned()];
    config.registry.entities = ["PARTNER", "OTHER"].map(str::to_owned).into();
    config.registry.poll_ms = 200;
    config.registry.drift_seconds = 0;
    config.source_defaults.retries = 0;
    // Composition takes its time in a debug build on a busy machine.
    config.limits.request_ms = 120_000;
    let own = config.sources.entry("registry".to_owned()).or_default();
    own.timeout_ms = Some(110_000);
    config
}

/// A gateway over a database.
pub(crate) async fn serve(database: &Database, config: Config) -> TestApp {
    // The key of the gateway is the one that tokens for its callers are made with.
    let scratch = Scratch::new();
    let key = SigningKey::open_or_create(scratch.path()).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let joint = Joint::start(&config, database, &key.clone().into(), &clock, &[])
        .await
        .unwrap();
    let records = Records {
        database: database.clone(),
        is_example: true,
    };
    let live = Arc::clone(joint.live());
    let app = TestApp::start_with(config, live, Some(records), clock).await;
    app.app.attach(joint.run());
    app
}

/// A service on a port of its own; dropping it stops it.
pub(crate) struct Service {
    pub(crate) url: String,
    task: JoinHandle<()>,
}

impl Service {
    pub(crate) async fn start(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self { url, task }
    }

    /// A subgraph that adds a block to situations and lists tents.
    pub(crate) async fn tents() -> Self {
        let schema = Schema::build(Tents, EmptyMutation, EmptySubscription)
            .enable_federation()
            .finish();
        Self::start(Router::new().route("/graphql", post_service(GraphQL::new(schema)))).await
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Tents;

#[Object(name = "Query")]
impl Tents {
    #[graphql(tag = "unclassified")]
    async fn tents(&self) -> Option<Vec<Tent>> {
        Some(vec![Tent { beds: 7 }])
    }

    #[graphql(entity)]
    async fn find_situation(&self, id: ID) -> Option<Situation> {
        Some(Situation {
            id,
            tents: Tent { beds: 4 },
        })
    }
}

#[derive(SimpleObject)]
#[graphql(tag = "unclassified")]
struct Tent {
    beds: i32,
}

struct Situation {
    id: ID,
    tents: Tent,
}

#[Object]
impl Situation {
    async fn id(&self) -> &ID {
        &self.id
    }

    #[graphql(tag = "unclassified")]
    async fn tents(&self) -> Option<&Tent> {
        Some(&self.tents)
    }
}

/// The SDL the service of [`Service::tents`] would tell.
pub(crate) fn tents_sdl() -> String {
    let schema = Schema::build(Tents, EmptyMutation, EmptySubscription)
        .enable_federation()
        .finish();
    schema.sdl_with_options(SDLExportOptions::new().federation())
}

/// Asks the gateway in the name of an entity.
pub(crate) async fn ask(app: &TestApp, entity: &str, scopes: &[&str], body: &Value) -> Value {
    let request = app.post(body).bearer_auth(app.token(entity, scopes));
    send(request.header("upfront-include", "sources"))
        .await
        .json()
}

/// Publishes a source for PARTNER; the `publishSource` of the answer.
pub(crate) async fn publish(app: &TestApp, input: Value) -> Value {
    let query = "mutation($input: SourceInput!) { publishSource(input: $input) { published \
                 version supergraph { number } check { refusals { code message } \
                 diagnostics { message } } } }";
    let body = json!({ "query": query, "variables": { "input": input } });
    let mut answer = ask(app, "PARTNER", &[PUBLISH], &body).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["publishSource"].take()
}

/// Any field of the registry, as PARTNER.
pub(crate) async fn registry(app: &TestApp, query: &str) -> Value {
    let answer = ask(app, "PARTNER", &[PUBLISH], &json!({ "query": query })).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}

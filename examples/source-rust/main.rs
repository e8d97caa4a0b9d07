//! A service that adds a block to situations, in Rust. The figures are invented.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "it stands alone, without settings and a log"
)]

use std::{env, error::Error, sync::Arc};

use async_graphql::{EmptyMutation, EmptySubscription, ID, Object, Schema, SimpleObject};
use async_graphql_axum::GraphQL;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::post_service,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::Deserialize;
use tokio::net::TcpListener;

struct Query;

#[Object]
impl Query {
    /// Nothing for a situation nothing is known of.
    #[graphql(entity)]
    async fn find_situation(&self, id: ID) -> Option<Situation> {
        (id.as_str() == "sit_1bj1qrgc14q1yn6v").then_some(Situation { id })
    }
}

struct Situation {
    id: ID,
}

#[Object]
impl Situation {
    async fn id(&self) -> &ID {
        &self.id
    }

    #[graphql(tag = "unclassified")]
    async fn shelter(&self) -> Option<ShelterBlock> {
        Some(ShelterBlock {
            sites: Some(12),
            beds: Some(3_400),
            occupied: Some(3_391),
        })
    }
}

#[derive(SimpleObject)]
struct ShelterBlock {
    #[graphql(tag = "unclassified")]
    sites: Option<i32>,
    #[graphql(tag = "unclassified")]
    beds: Option<i32>,
    #[graphql(requires_scopes = "clearance:confidential")]
    occupied: Option<i32>,
}

/// What the gateway's token says of the caller.
#[derive(Deserialize)]
struct Claims {
    /// The caller's entity.
    #[expect(dead_code, reason = "a service of yours may care")]
    sub: String,
    /// What it may see, separated by spaces.
    #[expect(dead_code, reason = "a service of yours may care")]
    scope: String,
}

/// The gateway's keys, and the address they sign for.
struct Gateway {
    keys: JwkSet,
    audience: String,
}

impl Gateway {
    fn vouches(&self, headers: &HeaderMap) -> Option<Claims> {
        let token = headers.get("authorization")?.to_str().ok()?;
        let token = token.strip_prefix("Bearer ")?;
        let key = self.keys.find(&decode_header(token).ok()?.kid?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&["upfront:gateway"]);
        validation.set_audience(&[&self.audience]);
        let key = DecodingKey::from_jwk(key).ok()?;
        Some(decode(token, &key, &validation).ok()?.claims)
    }
}

async fn only_the_gateway(
    State(gateway): State<Arc<Gateway>>,
    request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    match gateway.vouches(request.headers()) {
        Some(_claims) => Ok(next.run(request).await),
        None => Err(StatusCode::UNAUTHORIZED),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = env::var("PORT").unwrap_or_else(|_| "4001".to_owned());
    // Where it is registered: the gateway's token is made for this address and no other.
    let here = env::var("URL_HERE").unwrap_or_else(|_| format!("http://127.0.0.1:{port}/graphql"));
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
        .enable_federation()
        .finish();
    let mut router = Router::new().route("/graphql", post_service(GraphQL::new(schema)));
    // Without GATEWAY callers are not checked: for trials on this machine.
    if let Ok(gateway) = env::var("GATEWAY") {
        let keys = reqwest::get(format!("{gateway}/.well-known/jwks.json")).await?;
        let gateway = Gateway {
            keys: keys.json().await?,
            audience: here.clone(),
        };
        router = router.layer(from_fn_with_state(Arc::new(gateway), only_the_gateway));
    }
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listens on {here}");
    axum::serve(listener, router).await?;
    Ok(())
}

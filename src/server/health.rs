//! Is it alive, is it ready.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;

/// A database that takes longer than this does not count as there.
const PATIENCE: Duration = Duration::from_secs(1);
const NO_DATABASE: &str = "The database cannot be reached: what the embedded sources hold is missing \
                           from answers.";

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// How `/health/ready` is asked.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Anything short of whole counts as not ready.
    #[serde(default)]
    strict: bool,
}

/// Requests can be sent here.
///
/// A replica whose database is gone still answers from the last good supergraph, with an error for
/// each source it cannot ask. It shares the database with its likes, so taking it out of service
/// would leave nobody: it says that it is degraded instead, and is not ready to those alone who ask
/// for `?strict=true`.
pub(super) async fn ready(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    if app.is_draining() {
        let body = Json(json!({ "status": "stopping" }));
        return (StatusCode::SERVICE_UNAVAILABLE, body).into_response();
    }
    let mut trouble = Vec::new();
    if let Some(records) = &app.records {
        let ping = tokio::time::timeout(PATIENCE, records.database.read.ping());
        if records.database.is_lost() || !matches!(ping.await, Ok(Ok(()))) {
            records.database.suspect();
            trouble.push(NO_DATABASE.to_owned());
        }
    }
    let mut body = json!({});
    body["supergraph"] = match app.registry() {
        Some(registry) => json!(*registry.number.borrow()),
        None => json!(app.gateway.current().id()),
    };
    trouble.extend(app.gateway.trouble().map(|trouble| trouble.to_string()));
    body["status"] = json!(if trouble.is_empty() {
        "ready"
    } else {
        "degraded"
    });
    let mut status = StatusCode::OK;
    if !trouble.is_empty() {
        body["trouble"] = json!(trouble);
        if asked.strict {
            status = StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    (status, Json(body)).into_response()
}

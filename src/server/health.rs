//! Is it alive, is it ready.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::app::App;

/// A database that takes longer than this does not count as there.
const PATIENCE: Duration = Duration::from_secs(1);

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// Requests can be sent here.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    if app.is_draining() {
        return not_ready("stopping");
    }
    if let Some(records) = &app.records {
        let ping = records.database.read.ping();
        if !matches!(tokio::time::timeout(PATIENCE, ping).await, Ok(Ok(()))) {
            return not_ready("database unreachable");
        }
    }
    let mut body = json!({ "status": "ready" });
    if let Some(registry) = app.registry() {
        let health = registry.health.borrow();
        body["supergraph"] = json!(health.number);
        if let Some(trouble) = &health.trouble {
            // Ready all the same: the last good supergraph serves.
            body["trouble"] = json!(trouble);
        }
    }
    Json(body).into_response()
}

fn not_ready(status: &str) -> Response {
    let body = Json(json!({ "status": status }));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}

//! `/health/live` and `/health/ready`: whether the process runs, and whether it can answer.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::query_string;
use crate::{app::App, audit_trail::AuditTrail, error::ApiError};

/// A database that takes longer than this counts as gone.
const PATIENCE: Duration = Duration::from_secs(1);
const NO_DATABASE: &str = "The database cannot be reached: what the embedded sources hold is missing \
                           from answers.";
const NO_TRAIL: &str = "The audit trail cannot be written; what is classified is not served.";

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// Requests can be sent here.
///
/// A replica whose database is gone still answers from the last good supergraph, with an error for
/// each source it cannot ask. All replicas share the database, so if each were taken out of
/// service, none would be left: it reports itself as degraded instead, and as not ready only with
/// `?strict=true`.
pub(super) async fn ready(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, ApiError> {
    let is_strict = is_strict(&uri)?;
    if app.is_draining() {
        let body = Json(json!({ "status": "stopping" }));
        return Ok((StatusCode::SERVICE_UNAVAILABLE, body).into_response());
    }
    let mut trouble = Vec::new();
    if let Some(records) = &app.records {
        let ping = tokio::time::timeout(PATIENCE, records.database.read.ping());
        if records.database.is_lost() || !matches!(ping.await, Ok(Ok(()))) {
            records.database.suspect();
            trouble.push(NO_DATABASE.to_owned());
        }
    }
    if app.trail().is_some_and(AuditTrail::is_failing) {
        trouble.push(NO_TRAIL.to_owned());
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
        if is_strict {
            status = StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    Ok((status, Json(body)).into_response())
}

/// Whether degraded counts as not ready: `?strict=true`.
fn is_strict(uri: &Uri) -> Result<bool, ApiError> {
    let pairs = query_string::pairs(uri)?;
    let mut values = pairs.into_iter().filter(|(name, _)| name == "strict");
    match (values.next(), values.next()) {
        (None, _) => Ok(false),
        (Some((_, value)), None) if value == "true" => Ok(true),
        (Some((_, value)), None) if value == "false" => Ok(false),
        _ => Err(ApiError::BadRequest(
            "`strict` takes `true` or `false`, once.".to_owned(),
        )),
    }
}

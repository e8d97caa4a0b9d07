//! `/metrics`: the counters and histograms, and the gauges of the present state.

mod state;

use std::{net::IpAddr, sync::Arc};

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use self::state::StateNow;
use super::forwarded::ClientAddress;
use crate::{
    app::App,
    config::Networks,
    error::ApiError,
    telemetry::{Format, Metrics},
};

/// `/metrics`: in the format of `OpenMetrics` for those who ask for it, as Prometheus does.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    client: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
) -> Response {
    if !is_shown(
        &app,
        client.map(|Extension(ClientAddress(address))| address),
    ) {
        return ApiError::MetricsHidden.into_response();
    }
    let format = if wants_open_metrics(&headers) {
        Format::OpenMetrics
    } else {
        Format::Prometheus
    };
    let mut state = Metrics::empty();
    state.register_collector(Box::new(StateNow(Arc::clone(&app))));
    match app.metrics.write(format, &state) {
        Ok(text) => ([(header::CONTENT_TYPE, format.content_type())], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be written");
            ApiError::Internal.into_response()
        }
    }
}

/// Metrics name sources and show how much is asked: elsewhere than on this machine they are for those who
/// scrape them.
fn is_shown(app: &App, client: Option<IpAddr>) -> bool {
    let networks = Networks::parse(&app.config.metrics_networks).unwrap_or_default();
    app.is_local()
        || client
            .is_none_or(|client| client.to_canonical().is_loopback() || networks.contain(client))
}

fn wants_open_metrics(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let mut accepted = accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    accepted.any(|range| {
        let media_type = range.split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("application/openmetrics-text")
    })
}

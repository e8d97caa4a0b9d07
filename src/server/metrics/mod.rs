//! `/metrics`: the counters and histograms, and the gauges of the present state.

mod state;

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use self::state::StateNow;
use crate::{
    app::App,
    error::ApiError,
    telemetry::{Format, Metrics},
};

/// `/metrics`: in the format of `OpenMetrics` for those who ask for it, as Prometheus does.
pub(super) async fn page(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
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

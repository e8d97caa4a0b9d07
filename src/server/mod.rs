//! The HTTP server: connections, routes, decoding of requests, encoding of answers.

mod audit;
mod caller;
mod connections;
mod cross_origin;
mod decode;
mod encode;
mod extensions;
mod forwarded;
mod graphql;
mod health;
mod host;
mod keys;
mod label;
mod landing;
mod media_type;
mod metrics;
mod middleware;
mod network;
mod options;
mod query_string;
mod rates;
mod router;
mod schema_hidden;
mod usage;
mod withheld;

pub use connections::{Listener, Tls};
pub use rates::Rates;
pub use usage::Usage;

use std::{future::Future, sync::Arc};

use crate::app::App;
use futures::future::BoxFuture;

/// Serves until `stop` resolves, then lets requests in flight end within the configured time.
pub fn run(
    listener: impl Into<Listener>,
    app: Arc<App>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> BoxFuture<'static, ()> {
    run_until(listener.into(), app, Box::pin(stop))
}

fn run_until(
    listener: Listener,
    app: Arc<App>,
    stop: BoxFuture<'static, ()>,
) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let seconds = app.config.limits.shutdown_seconds;
        if !connections::serve(listener, app, stop).await {
            tracing::warn!(seconds, "stopped with requests still in flight");
        }
    })
}

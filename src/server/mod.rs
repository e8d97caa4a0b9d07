//! The HTTP server: connections, routes, decoding of requests, encoding of answers.

mod connections;
mod cross_origin;
mod decode;
mod encode;
mod extensions;
mod graphql;
mod health;
mod host;
mod keys;
mod landing;
mod media_type;
mod metrics;
mod middleware;
mod options;
mod query_string;
mod router;
mod usage;
mod withheld;

pub use usage::Usage;

use std::{future::Future, sync::Arc};

use futures::future::BoxFuture;
use tokio::net::TcpListener;

use crate::app::App;

/// Serves until `stop` resolves, then lets requests in flight end within the configured time.
pub fn run(
    listener: TcpListener,
    app: Arc<App>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> BoxFuture<'static, ()> {
    run_until(listener, app, Box::pin(stop))
}

fn run_until(
    listener: TcpListener,
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

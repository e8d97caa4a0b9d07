//! HTTP.

mod cross_origin;
mod decode;
mod encode;
mod extensions;
mod graphql;
mod health;
mod keys;
mod landing;
mod media_type;
mod metrics;
mod middleware;
mod options;
mod router;

pub use metrics::Metrics;

use std::{future::Future, sync::Arc, time::Duration};

use axum::serve::ListenerExt;
use tokio::{net::TcpListener, sync::oneshot};

use crate::app::App;

/// Serves until `stop` resolves, then lets requests in flight end within the configured time.
pub async fn run(
    listener: TcpListener,
    app: Arc<App>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let patience = Duration::from_secs(app.config.limits.shutdown_seconds);
    let (stopped, is_stopped) = oneshot::channel();
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY is not to be had");
        }
    });
    let router = router::router(&app);
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop.await;
        app.drain();
        let _ = stopped.send(());
    });
    let overdue = async {
        // A dropped sender means that serving ended by itself: the other branch tells.
        if is_stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        outcome = serving.into_future() => outcome,
        () = overdue => {
            tracing::warn!(seconds = patience.as_secs(), "stopped with requests still in flight");
            Ok(())
        }
    }
}

//! Connections over HTTP/1.1: accepted up to a number, each bounded in time.
//!
//! hyper closes a connection whose request head does not arrive; [`Patient`] ends one whose client
//! does not read; [`OpenConnections`] counts them and closes the one that waits the longest for its client
//! where another needs the place.

mod descriptors;
mod open;
mod patient;
mod tls;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, http::Request};
use futures::future::BoxFuture;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::either::Either;
use tower::ServiceExt;

use self::{
    open::{ConnectionGuard, OpenConnections},
    patient::Patient,
};
use super::{forwarded::Peer, router};
use crate::{app::App, error::ApiError};

pub(super) use open::ConnectionState;
pub use tls::Tls;

/// Bytes that a connection may hold of a request before they are read: a head is not longer.
const BUFFER: usize = 64 << 10;
/// How many rejected clients get an answer that says why, at the same time; further connections are
/// closed.
const TURNED_AWAY_AT_ONCE: usize = 64;
/// How long they may take to read it.
const FAREWELL: Duration = Duration::from_secs(1);
/// The pause after the system has refused to accept a connection.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Where connections come in.
#[derive(Debug)]
pub struct Listener {
    /// The port.
    pub socket: TcpListener,
    /// What connections begin with, unless they are plain.
    pub tls: Option<Arc<Tls>>,
}

impl From<TcpListener> for Listener {
    fn from(socket: TcpListener) -> Self {
        Self { socket, tls: None }
    }
}

/// What every connection is served with.
#[derive(Clone)]
struct Server {
    app: Arc<App>,
    router: Router,
    http: http1::Builder,
    open: Arc<OpenConnections>,
    farewells: Arc<Semaphore>,
    tls: Option<Arc<Tls>>,
}

/// Serves until `stop` resolves. Then connections without a request are closed, and the others get
/// the configured time for the requests in flight; whether that was enough.
pub(super) async fn serve(listener: Listener, app: Arc<App>, stop: BoxFuture<'_, ()>) -> bool {
    let patience = Duration::from_secs(app.config.limits.shutdown_seconds);
    let server = Server::new(app, listener.tls);
    let graceful = GracefulShutdown::new();
    server.accept(listener.socket, &graceful, stop).await;
    server.app.drain();
    server.open.close_unused();
    let is_done = tokio::time::timeout(patience, graceful.shutdown()).await;
    server.open.close_all();
    is_done.is_ok()
}

impl Server {
    fn new(app: Arc<App>, tls: Option<Arc<Tls>>) -> Self {
        let limits = &app.config.limits;
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(Duration::from_millis(limits.header_ms))
            .max_buf_size(BUFFER);
        let most = descriptors::most_connections(limits.connections);
        Self {
            router: router::router(&app),
            http,
            open: Arc::new(OpenConnections::new(most, limits.connections_per_address)),
            farewells: Arc::new(Semaphore::new(TURNED_AWAY_AT_ONCE)),
            tls,
            app,
        }
    }

    /// Takes connections until `stop` resolves; then the port is free.
    async fn accept(
        &self,
        listener: TcpListener,
        graceful: &GracefulShutdown,
        mut stop: BoxFuture<'_, ()>,
    ) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stop => return,
            };
            match accepted {
                Ok((stream, peer)) => self.take(stream, peer, graceful.watcher()),
                // The client has gone already.
                Err(error) if is_of_the_client(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection can be accepted");
                    self.open.make_room();
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    fn take(&self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY is not to be had");
        }
        let is_proxy = self.app.proxies.contain(peer.ip());
        match self.open.take(peer.ip(), is_proxy) {
            Some(place) => {
                tokio::spawn(self.clone().converse(stream, place, watcher));
            }
            None => self.turn_away(stream, peer),
        }
    }

    /// Answers the requests of a connection until it ends or its place is wanted.
    async fn converse(self, stream: TcpStream, place: ConnectionGuard, watcher: Watcher) {
        self.app.metrics.connection_opened();
        tokio::select! {
            () = self.serve_connection(stream, &place, watcher) => {}
            () = place.is_wanted() => tracing::debug!("a connection was closed for another"),
        }
        self.app.metrics.connection_closed();
    }

    async fn serve_connection(&self, stream: TcpStream, place: &ConnectionGuard, watcher: Watcher) {
        let limits = &self.app.config.limits;
        let stream = match &self.tls {
            None => Either::Left(stream),
            Some(tls) => {
                let time = Duration::from_millis(limits.header_ms);
                match tokio::time::timeout(time, tls.accept(stream)).await {
                    Ok(Ok(stream)) => Either::Right(stream),
                    Ok(Err(error)) => {
                        tracing::debug!(%error, "TLS could not begin with a client");
                        return;
                    }
                    Err(_) => return,
                }
            }
        };
        let (state, peer) = (place.state(), Peer(place.peer()));
        let router = self.router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            state.has_asked();
            request.extensions_mut().insert(Arc::clone(&state));
            request.extensions_mut().insert(peer);
            router.clone().oneshot(request)
        });
        let write_time = Duration::from_millis(limits.write_ms);
        let io = TokioIo::new(Patient::new(stream, write_time));
        let connection = watcher.watch(self.http.serve_connection(io, service));
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke off");
        }
    }

    /// Says that the service is busy and closes.
    fn turn_away(&self, mut stream: TcpStream, peer: SocketAddr) {
        self.app.metrics.connection_refused();
        tracing::debug!(%peer, "a connection was turned away: all others are in use");
        // A client that expects TLS could not read it.
        if self.tls.is_some() {
            return;
        }
        let Ok(permit) = Arc::clone(&self.farewells).try_acquire_owned() else {
            return;
        };
        tokio::spawn(async move {
            let farewell = async {
                stream.write_all(busy().as_bytes()).await?;
                stream.shutdown().await?;
                // If it were closed with unread bytes, the answer could be lost.
                let mut rest = [0; 1024];
                while stream.read(&mut rest).await? > 0 {}
                Ok::<_, std::io::Error>(())
            };
            // The client may have gone.
            let _ = tokio::time::timeout(FAREWELL, farewell).await;
            drop(permit);
        });
    }
}

fn is_of_the_client(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

fn busy() -> String {
    let body = ApiError::Busy.to_json();
    format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json; charset=utf-8\r\n\
         content-length: {}\r\nretry-after: 1\r\ncache-control: no-store\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
}

//! A way to a server that can be cut, as if the server were down.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::Mutex,
    task::{JoinHandle, JoinSet},
};

/// Hands on connections to a server until it is cut.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    server: String,
    running: Mutex<Option<JoinHandle<()>>>,
}

impl Proxy {
    pub(crate) async fn start(server: String) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let running = tokio::spawn(hand_on(listener, server.clone()));
        Arc::new(Self {
            address,
            server,
            running: Mutex::new(Some(running)),
        })
    }

    /// Breaks off all connections and refuses new ones.
    pub(crate) async fn cut(&self) {
        if let Some(running) = self.running.lock().await.take() {
            running.abort();
            let _ = running.await;
        }
    }

    /// Hands on again, at the same place.
    pub(crate) async fn restore(&self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let running = tokio::spawn(hand_on(listener, self.server.clone()));
        *self.running.lock().await = Some(running);
    }
}

/// Dropped with all connections it has.
async fn hand_on(listener: TcpListener, server: String) {
    let mut connections = JoinSet::new();
    while let Ok((mut client, _)) = listener.accept().await {
        let server = server.clone();
        connections.spawn(async move {
            if let Ok(mut server) = TcpStream::connect(server).await {
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

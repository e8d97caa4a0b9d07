//! `upfront serve`.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use super::{CliError, Common, logging, say};
use crate::{app::App, config::Flags, server};

/// Serve the joint schema over HTTP
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront serve --example\n  \
                        upfront serve --listen 127.0.0.1:4000 --data-dir /var/lib/upfront")]
pub(super) struct Arguments {
    /// Where to listen; a loopback address as long as no issuer of tokens is configured
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Directory of the signing key and the embedded database
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Database instead of the embedded one: `postgres://…` or `sqlite:FILE`
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        let config = common.load(&Flags {
            listen: self.listen,
            data_dir: self.data_dir,
            database_url: self.database_url,
        })?;
        logging::start(&config.log)?;
        let listener = bind(config.listen).await?;
        let address = listener
            .local_addr()
            .map_err(|error| CliError::new(format!("the address is not known: {error}")))?;
        let app = App::new(config);
        say(&format!("Upfront listens on http://{address}/"))?;
        server::run(listener, app, stop_signal()?)
            .await
            .map_err(|error| CliError::new(format!("serving ended: {error}")))
    }
}

/// Only loopback: without an issuer of tokens nothing tells a stranger's request from a colleague's.
async fn bind(address: SocketAddr) -> Result<TcpListener, CliError> {
    if !address.ip().is_loopback() {
        return Err(CliError::new(format!(
            "will not listen on {address}: tokens are signed with a local key, so only this \
             machine may be served; use a loopback address such as 127.0.0.1:{}",
            address.port()
        )));
    }
    TcpListener::bind(address).await.map_err(|error| {
        CliError::new(format!(
            "cannot listen on {address}: {error}; choose another with --listen"
        ))
    })
}

fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, CliError> {
    let no_signals = |error| CliError::new(format!("signals cannot be awaited: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

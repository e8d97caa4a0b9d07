//! `upfront serve`.

use std::{
    future::pending,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use tokio::{
    net::{TcpListener, TcpSocket},
    signal::unix::{Signal, SignalKind, signal},
    time::timeout,
};

use super::{CliError, Common, joint, logging, say, signing};
use crate::{
    app::App,
    auth::{Authenticator, Clock, KeyRing, SigningKey, SystemClock, TokenVerifier},
    config::{Config, Flags, SourceOverrides, check_origin, read_address},
    egress::HostPattern,
    gateway::{
        GraphError, Origin, Reload, ReloadError, SourceFault, SupergraphError, probe_sources,
    },
    server::{self, Listener, Tls},
    telemetry::Traces,
};

/// Connections that the system keeps until they are accepted; the system bounds it further. With few,
/// a burst of connections makes others wait for a second.
const BACKLOG: u32 = 4096;

/// Serve the joint schema over HTTP
///
/// With --supergraph or --config it is a plain federation gateway instead, over subgraphs
/// elsewhere; a change of the file takes effect at once, and while it is invalid the previous
/// supergraph still serves. SIGHUP makes a plain gateway read its files and ask its subgraphs again;
/// SIGTERM, SIGINT and, without these flags, SIGHUP end the service once its requests are answered.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront serve --example\n  \
                        upfront serve --listen 127.0.0.1:4000 --data-dir /var/lib/upfront\n  \
                        upfront serve --config supergraph.yaml")]
pub(super) struct Arguments {
    /// Serve invented records, from an embedded database of their own
    #[arg(long, conflicts_with_all = ["database_url", "supergraph", "config"])]
    example: bool,
    /// Simulate a failing source: `srsg_svc=down`, `=slow` or `=invalid`; repeat for more
    #[arg(long, value_name = "SOURCE=FAULT", requires = "example")]
    example_fault: Vec<SourceFault>,
    /// Serve this supergraph (join-specification SDL) and nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    supergraph: Option<PathBuf>,
    /// Compose and serve this list of subgraphs (rover's format) and nothing else
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Host that registered sources may be at: `graph.example.org`, `*.example.org:8443`,
    /// `http://10.20.0.7:4001`, `localhost`; repeat for more
    #[arg(long, value_name = "HOST", conflicts_with_all = ["supergraph", "config"])]
    allow_source_host: Vec<HostPattern>,
    /// Entity that may register sources though the directory of organisations does not list it;
    /// repeat for more
    #[arg(long, value_name = "CODE", conflicts_with_all = ["supergraph", "config"])]
    allow_entity: Vec<String>,
    /// Origin of web pages that may ask and read answers, such as `http://localhost:5173`; repeat for
    /// more
    #[arg(long, value_name = "ORIGIN", value_parser = read_origin)]
    allow_origin: Vec<String>,
    /// Where to listen: an address and a port; another than a loopback address needs an issuer, and TLS or
    /// a trusted proxy
    #[arg(long, value_name = "ADDRESS", value_parser = read_address)]
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
        let mut config = common.load(&Flags {
            listen: self.listen,
            data_dir: self.data_dir,
            database_url: self.database_url,
            ..Flags::default()
        })?;
        let hosts = self.allow_source_host.iter().map(ToString::to_string);
        config.registry.source_hosts.extend(hosts);
        config.registry.entities.extend(self.allow_entity);
        config.cors.origins.extend(self.allow_origin);
        let traces = Traces::start(&config.telemetry)?;
        logging::start(&config.log, traces.as_ref())?;
        let plain = self
            .supergraph
            .map(Origin::Supergraph)
            .or(self.config.map(Origin::List));
        let hangup = || await_signal(SignalKind::hangup()).map(Some);
        let (reloads, ends) = if plain.is_some() {
            (hangup()?, None)
        } else if ignores_hangup() {
            (None, None)
        } else {
            (None, hangup()?)
        };
        // Before the address is printed: a client that has read it may send a signal at once.
        let mut stop = Box::pin(stop_signal(ends)?);
        let (listener, address) = bind(&config).await?;
        let tls =
            Tls::open(&config.tls).map_err(|error| CliError::new(format!("settings: {error}")))?;
        let start = async {
            match plain {
                Some(origin) => {
                    let path = origin.path().to_owned();
                    let app = plain_app(config, address, origin, reloads);
                    app.await.map_err(|error| explain(error, &path))
                }
                None => joint::app(config, address, self.example, &self.example_fault).await,
            }
        };
        let app = tokio::select! {
            app = start => app?,
            () = &mut stop => {
                tracing::info!("stopped before it served");
                return Ok(());
            }
        };
        tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listens");
        warn_of_policies(&app);
        warn_of_proxies(&app);
        warm_up(&app);
        if let Some(tls) = &tls {
            tokio::spawn(Arc::clone(tls).follow());
        }
        let socket = listener;
        server::run(Listener { socket, tls }, Arc::clone(&app), stop).await;
        if let Some(running) = app.registry() {
            // A change whose client has left is no request in flight any more.
            let patience = Duration::from_secs(app.config.limits.shutdown_seconds);
            if timeout(patience, running.registry.finish()).await.is_err() {
                tracing::warn!("stopped while the registry was still being changed");
            }
        }
        if let Some(trail) = app.trail() {
            trail.finish().await;
        }
        if let Some(traces) = traces {
            traces.finish().await;
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// A file that is no supergraph is most often a subgraph.
fn explain(error: CliError, path: &Path) -> CliError {
    match error {
        CliError::Reload(ReloadError::Graph(GraphError::Supergraph(
            SupergraphError::Subgraph | SupergraphError::NoSubgraphs(_),
        ))) => CliError::new(format!(
            "`{}` is a subgraph, not a supergraph: list it in a `supergraph.yaml` and use --config \
             with that; --supergraph takes what `upfront compose` prints",
            path.display()
        )),
        other => other,
    }
}

fn read_origin(text: &str) -> Result<String, String> {
    check_origin(text).map(|()| text.to_owned())
}

/// A gateway without the mandates' records. It makes no key: tokens count where there is one.
async fn plain_app(
    config: Config,
    address: SocketAddr,
    origin: Origin,
    hangup: Option<Signal>,
) -> Result<Arc<App>, CliError> {
    let reload = Reload::start(origin, config.clone()).await?;
    let live = Arc::clone(reload.live());
    let key = match signing::given(&config)? {
        Some(key) => Some(key),
        None => SigningKey::open(&config.data_dir)?,
    };
    let is_anybody_known = key.is_some() || config.auth.has_issuers();
    if !is_anybody_known && live.current().restricts_access() {
        tracing::warn!(
            "the supergraph restricts fields (`@authenticated`, `@requiresScopes` or `@policy`), but \
             there is no key to check tokens with: every caller is anonymous and gets none of them; \
             name an issuer in `auth.issuers`, or a key with `auth.key_file`"
        );
    }
    let is_accepted = config.is_local(address.ip()) || config.auth.names_local_issuer();
    let keys = key
        .filter(|_| is_accepted)
        .map(|key| KeyRing::new(key, &config.auth));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let verifier = keys
        .transpose()?
        .map(|keys| TokenVerifier::new(keys.signing, Arc::clone(&clock)).accepting(keys.others));
    tokio::spawn(probe_sources(Arc::clone(&live)));
    let again = reload.again();
    tokio::spawn(reload.follow());
    if let Some(mut hangup) = hangup {
        tokio::spawn(async move {
            while hangup.recv().await.is_some() {
                again.notify_one();
            }
        });
    }
    let is_handed_on = |own: &SourceOverrides| {
        let mut names = own.forward_headers.iter();
        names.any(|name| name.eq_ignore_ascii_case("authorization"))
    };
    let authenticator = Authenticator::new(verifier).with_issuers(&config.auth, clock);
    let mut authenticator =
        authenticator.map_err(|error| CliError::new(format!("settings: {error}")))?;
    if config.sources.values().any(is_handed_on) {
        authenticator = authenticator.letting_others_pass();
    }
    let app = App::new(config, address, live, None, authenticator);
    say(&format!("Upfront listens on {}/", app.url()))?;
    Ok(app)
}

fn warn_of_policies(app: &App) {
    if app.gateway.current().has_policies() && app.config.auth.policies.url.is_none() {
        tracing::warn!(
            "the supergraph has fields with `@policy`, but nobody says which policies hold: these fields \
             are withheld from every caller; name a hook in `auth.policies.url`"
        );
    }
}

/// Behind a proxy that is not named, everybody counts as this machine.
fn warn_of_proxies(app: &App) {
    let config = &app.config;
    let is_exposed = config.auth.has_issuers() || !config.allowed_hosts.is_empty();
    if app.is_local() && is_exposed {
        tracing::warn!(
            "the service is for this machine alone: it shows its schema and metrics to anybody, limits no \
             rate and accepts tokens of the local key; if a proxy on this machine passes requests on, \
             name it in `trusted_proxies`"
        );
    }
}

/// Has the keys of issuers fetched, so that the first caller does not wait for them.
fn warm_up(app: &Arc<App>) {
    let app = Arc::clone(app);
    tokio::spawn(async move { app.authenticator.warm_up().await });
}

/// Other machines are served where callers can be told apart by an issuer's tokens, and where nobody on
/// the way can read these.
fn check_address(config: &Config) -> Result<(), CliError> {
    let address = config.listen;
    if address.ip().is_loopback() {
        return Ok(());
    }
    let port = address.port();
    if !config.auth.has_issuers() {
        return Err(CliError::new(format!(
            "will not listen on {address}: no issuer of tokens is configured, and tokens of the local key \
             are for this machine; name one in `[[auth.issuers]]`, or use a loopback address such as \
             127.0.0.1:{port}"
        )));
    }
    if !config.tls.is_on() && config.trusted_proxies.is_empty() {
        return Err(CliError::new(format!(
            "will not listen on {address} without TLS: tokens could be read on their way; set \
             `tls.cert_file` and `tls.key_file`, or name the proxy that has TLS in `trusted_proxies`"
        )));
    }
    Ok(())
}

async fn bind(config: &Config) -> Result<(TcpListener, SocketAddr), CliError> {
    check_address(config)?;
    let address = config.listen;
    let refuse = |error| {
        CliError::new(format!(
            "cannot listen on {address}: {error}; choose another with --listen"
        ))
    };
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    };
    let socket = socket.map_err(refuse)?;
    socket.set_reuseaddr(true).map_err(refuse)?;
    socket.bind(address).map_err(refuse)?;
    let listener = socket.listen(BACKLOG).map_err(refuse)?;
    let bound = listener.local_addr().map_err(refuse)?;
    Ok((listener, bound))
}

/// A signal that no longer ends the process.
fn await_signal(kind: SignalKind) -> Result<Signal, CliError> {
    signal(kind).map_err(|error| CliError::new(format!("signals cannot be awaited: {error}")))
}

/// Whether the process was started with SIGHUP ignored, as `nohup` does; Linux alone says so.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 1)
}

/// Resolves once the service is to stop. With `hangup`, SIGHUP stops it as well.
fn stop_signal(
    mut hangup: Option<Signal>,
) -> Result<impl Future<Output = ()> + Send + 'static, CliError> {
    let mut terminate = await_signal(SignalKind::terminate())?;
    let mut interrupt = await_signal(SignalKind::interrupt())?;
    Ok(async move {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => pending().await,
            }
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hung_up => {}
        }
    })
}

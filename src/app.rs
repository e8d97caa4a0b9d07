//! The running service as one value, which all requests share: settings, the supergraph that serves,
//! the database, the check of tokens, the registry, metrics, and bounds on what is worked on at once.

use std::{
    net::SocketAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Semaphore;

use crate::{
    audit_trail::AuditTrail,
    auth::{Authenticator, Principal},
    config::{Config, Networks},
    database::Database,
    gateway::Live,
    registry::RunningRegistry,
    server::{Rates, Usage},
    telemetry::Metrics,
};

/// Bytes that large bodies may take together while they arrive.
const LARGE_BODIES: usize = 128 << 20;

/// The running service.
#[derive(Debug)]
pub struct App {
    /// Its settings.
    pub config: Config,
    /// Where it listens.
    pub address: SocketAddr,
    /// Proxies that are trusted.
    pub proxies: Networks,
    /// How often callers may ask.
    pub rates: Rates,
    /// The supergraph.
    pub gateway: Arc<Live>,
    /// The mandates' records; `None` for a plain federation gateway.
    pub records: Option<Records>,
    /// Authenticates callers.
    pub authenticator: Authenticator,
    /// One for each request that may be worked on at once.
    pub request_permits: Semaphore,
    /// One for each byte that large bodies may take together while they arrive.
    pub large_bodies: Semaphore,
    /// The metrics.
    pub metrics: Metrics,
    trail: OnceLock<Arc<AuditTrail>>,
    registry: OnceLock<RunningRegistry>,
    usage: OnceLock<Usage>,
    is_draining: AtomicBool,
}

/// The mandates' records.
#[derive(Clone, Debug)]
pub struct Records {
    /// Where they are.
    pub database: Database,
    /// Whether they are invented.
    pub is_example: bool,
}

impl App {
    /// A service that takes requests at an address.
    pub fn new(
        config: Config,
        address: SocketAddr,
        gateway: Arc<Live>,
        records: Option<Records>,
        authenticator: Authenticator,
    ) -> Arc<Self> {
        let metrics = Metrics::new(gateway.current().preparation());
        Arc::new(Self {
            request_permits: Semaphore::new(config.limits.concurrent_requests),
            large_bodies: Semaphore::new(large_bodies(&config)),
            rates: Rates::new(&config, config.is_local(address.ip())),
            proxies: config.proxies().unwrap_or_default(),
            config,
            address,
            gateway,
            records,
            authenticator,
            metrics,
            trail: OnceLock::new(),
            registry: OnceLock::new(),
            usage: OnceLock::new(),
            is_draining: AtomicBool::new(false),
        })
    }

    /// Adds the registry, and has usage noted for it; the first stays.
    pub fn attach(&self, registry: RunningRegistry) {
        self.usage
            .get_or_init(|| Usage::start(registry.recorder.clone(), Arc::clone(&registry.warm_up)));
        let _ = self.registry.set(registry);
    }

    /// Has access recorded; the first trail stays.
    pub fn record_in(&self, trail: Arc<AuditTrail>) {
        let _ = self.trail.set(trail);
    }

    /// The audit trail, where there is one.
    pub fn trail(&self) -> Option<&AuditTrail> {
        self.trail.get().map(Arc::as_ref)
    }

    /// The registry, where there is one.
    pub fn registry(&self) -> Option<&RunningRegistry> {
        self.registry.get()
    }

    /// What notes the requests that are answered, where there is a registry.
    pub fn usage(&self) -> Option<&Usage> {
        self.usage.get()
    }

    /// Bytes that large bodies take at the moment.
    pub fn large_body_bytes(&self) -> usize {
        large_bodies(&self.config).saturating_sub(self.large_bodies.available_permits())
    }

    /// Whether only a trusted proxy may ask: it listens for other machines, without TLS.
    pub fn needs_proxy(&self) -> bool {
        !self.config.tls.is_on() && !self.address.ip().is_loopback()
    }

    /// Whether it is for this machine alone: it listens on a loopback address, and no proxy passes on what
    /// comes from elsewhere.
    pub fn is_local(&self) -> bool {
        self.config.is_local(self.address.ip())
    }

    /// Whether a caller may read the schema: anybody on this machine, elsewhere who has a token,
    /// unless the settings say otherwise.
    pub fn shows_schema_to(&self, principal: &Principal) -> bool {
        let to_anybody = self.config.introspection.anonymous;
        principal.is_authenticated() || to_anybody.unwrap_or_else(|| self.is_local())
    }

    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        let scheme = if self.config.tls.is_on() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.address)
    }

    /// Marks the service as stopping: from now on it reports itself as not ready.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
    }

    /// Whether the service is stopping.
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }
}

fn large_bodies(config: &Config) -> usize {
    LARGE_BODIES.max(config.limits.body_bytes)
}

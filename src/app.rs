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
    auth::Authenticator, config::Config, database::Database, gateway::Live,
    registry::RunningRegistry, server::Usage, telemetry::Metrics,
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
    /// The supergraph.
    pub gateway: Arc<Live>,
    /// The mandates' records; `None` for a plain federation gateway.
    pub records: Option<Records>,
    /// Authenticates callers.
    pub authenticator: Authenticator,
    /// One for each request that may be worked on at once.
    pub slots: Semaphore,
    /// One for each byte that large bodies may take together while they arrive.
    pub large_bodies: Semaphore,
    /// The metrics.
    pub metrics: Metrics,
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
            slots: Semaphore::new(config.limits.concurrent_requests),
            large_bodies: Semaphore::new(large_bodies(&config)),
            config,
            address,
            gateway,
            records,
            authenticator,
            metrics,
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

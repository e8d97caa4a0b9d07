//! What each request shares.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::config::Config;

/// The running service.
#[derive(Debug)]
pub struct App {
    /// Its settings.
    pub config: Config,
    is_draining: AtomicBool,
}

impl App {
    /// A service that takes requests.
    pub fn new(config: Config) -> Arc<Self> {
        Arc::new(Self {
            config,
            is_draining: AtomicBool::new(false),
        })
    }

    /// From now on the service reports itself as not ready.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
    }

    /// Whether the service is stopping.
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }
}

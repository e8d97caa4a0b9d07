//! Whom requests are counted for, and how many may come.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use crate::config::RateSettings;

/// Whom a request is counted for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum RateKey {
    /// An issuer and a subject.
    Principal(Arc<str>, String),
    Address(IpAddr),
}

/// So many a minute, so many of them at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    pub(super) per_minute: NonZeroU32,
    pub(super) burst: NonZeroU32,
}

impl Rate {
    pub(super) fn new(per_minute: u32, settings: &RateSettings) -> Option<Self> {
        Some(Self {
            per_minute: NonZeroU32::new(per_minute)?,
            burst: NonZeroU32::new(settings.burst.min(per_minute))?,
        })
    }
}

/// Whole seconds, at least one.
pub(super) fn seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(1)
}

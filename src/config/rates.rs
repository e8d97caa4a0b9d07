//! Settings of how often callers may ask.

use serde::{Deserialize, Serialize};

use super::Secret;

/// Requests a minute, elsewhere than on a loopback address, unless the settings say otherwise.
const ELSEWHERE: u32 = 600;

/// How often callers may ask. Zero is no limit; what is not set is a limit only where it listens on an
/// address that is not a loopback address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RateSettings {
    /// GraphQL requests a minute of one principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal_per_minute: Option<u32>,
    /// GraphQL requests a minute without a token, or with one that is refused, from one address, or one
    /// network of IPv6.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_per_minute: Option<u32>,
    /// Requests that may come at once, of those of a minute.
    pub burst: u32,
    /// Where replicas count together; each counts by itself unless it is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redis_url: Option<Secret>,
}

impl Default for RateSettings {
    fn default() -> Self {
        Self {
            principal_per_minute: None,
            address_per_minute: None,
            burst: 100,
            redis_url: None,
        }
    }
}

impl RateSettings {
    /// Requests a minute of one principal; `None` is no limit.
    pub fn of_principal(&self, is_loopback: bool) -> Option<u32> {
        limit(self.principal_per_minute, is_loopback)
    }

    /// Requests a minute from one address; `None` is no limit.
    pub fn of_address(&self, is_loopback: bool) -> Option<u32> {
        limit(self.address_per_minute, is_loopback)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.burst == 0 {
            return Err("`limits.rates.burst` must be at least 1".to_owned());
        }
        // What the library says would repeat the address, password and all.
        let is_redis = |url: &Secret| redis::Client::open(url.expose()).is_ok();
        if !self.redis_url.as_ref().is_none_or(is_redis) {
            return Err(
                "`limits.rates.redis_url` is no address of Redis; write such as \
                 redis://user:password@host:6379/0"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

fn limit(set: Option<u32>, is_loopback: bool) -> Option<u32> {
    match set {
        Some(0) => None,
        Some(most) => Some(most),
        None => (!is_loopback).then_some(ELSEWHERE),
    }
}

//! How often a caller may ask. In: who asks, and from where. Out: leave to go on, or the seconds after which
//! there will be. Invariant: a caller is counted once a request, by principal where a token was accepted, else
//! by address; what is kept of callers is bounded.

mod local;
mod rate;
mod shared;

use std::{net::IpAddr, sync::Arc};

use self::{
    local::LocalRates,
    rate::{Rate, RateKey},
    shared::SharedRates,
};
use super::network::network;
use crate::{auth::Principal, config::Config, error::ApiError};

/// The rates of callers.
#[derive(Debug)]
pub struct Rates {
    by_principal: Option<(Rate, LocalRates)>,
    by_address: Option<(Rate, LocalRates)>,
    shared: Option<SharedRates>,
}

impl Rates {
    /// Rates as set.
    pub fn new(config: &Config, is_loopback: bool) -> Self {
        let settings = &config.limits.rates;
        let rate = |per_minute: Option<u32>| {
            let rate = Rate::new(per_minute?, settings)?;
            Some((rate, LocalRates::new(rate)))
        };
        let shared = settings.redis_url.as_ref();
        Self {
            by_principal: rate(settings.of_principal(is_loopback)),
            by_address: rate(settings.of_address(is_loopback)),
            shared: shared.and_then(|url| SharedRates::new(url.expose())),
        }
    }

    /// Counts a request of a principal, or from an address where there is none.
    pub(super) async fn count(
        &self,
        principal: Option<&Principal>,
        address: Option<IpAddr>,
    ) -> Result<(), ApiError> {
        let identity = principal.and_then(|principal| principal.identity.as_deref());
        let (limits, key) = match (identity, address) {
            (Some(identity), _) => {
                let subject = identity.subject.clone();
                let key = RateKey::Principal(Arc::clone(&identity.issuer), subject);
                (&self.by_principal, key)
            }
            (None, Some(address)) => (&self.by_address, RateKey::Address(network(address))),
            (None, None) => return Ok(()),
        };
        let Some((rate, local)) = limits else {
            return Ok(());
        };
        let shared = match &self.shared {
            Some(shared) => shared.count(&key, *rate).await,
            None => None,
        };
        // Where Redis does not answer, each replica counts by itself.
        match shared.unwrap_or_else(|| local.count(&key)) {
            Ok(()) => Ok(()),
            Err(seconds) => Err(ApiError::RateLimited(seconds)),
        }
    }
}

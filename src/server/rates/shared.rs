//! Rates that replicas count together, in Redis: the generic cell rate algorithm, in one script, so that
//! requests that come at once at several replicas are counted one after the other.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use redis::{Client, Script, aio::ConnectionManager, aio::ConnectionManagerConfig};
use tokio::{
    sync::{Mutex, OnceCell},
    time::Instant,
};

use super::rate::{Rate, RateKey, seconds};

/// What a request may wait for Redis.
const PATIENCE: Duration = Duration::from_millis(100);
/// For how long it is not asked after it did not answer.
const PAUSE: Duration = Duration::from_secs(1);
const CONNECTING: Duration = Duration::from_secs(1);

/// The key holds the time at which all that was counted would be used up (theoretical arrival time), in
/// microseconds. Returns 0, or the microseconds after which a request may come.
const SCRIPT: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local tolerance = tonumber(ARGV[2])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if arrival - now > tolerance then
  return math.ceil(arrival - now - tolerance)
end
redis.call('SET', KEYS[1], string.format('%.0f', arrival + interval), 'PX', math.ceil((arrival + interval - now) / 1000) + 1000)
return 0
";

/// Rates that replicas count together.
pub(super) struct SharedRates {
    client: Client,
    connection: OnceCell<ConnectionManager>,
    script: Script,
    is_lost: AtomicBool,
    /// Until then it is not asked, since it did not answer.
    lost_until: Mutex<Option<Instant>>,
}

impl std::fmt::Debug for SharedRates {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SharedRates")
    }
}

impl SharedRates {
    /// `None` where the address cannot be read, which the settings have been checked for.
    pub(super) fn new(url: &str) -> Option<Self> {
        Some(Self {
            client: Client::open(url).ok()?,
            connection: OnceCell::new(),
            script: Script::new(SCRIPT),
            is_lost: AtomicBool::new(false),
            lost_until: Mutex::new(None),
        })
    }

    /// Counts a request, with the seconds after which the next may come where it is one too many; `None`
    /// where Redis does not answer.
    pub(super) async fn count(&self, key: &RateKey, rate: Rate) -> Option<Result<(), u64>> {
        if self
            .lost_until
            .lock()
            .await
            .is_some_and(|until| Instant::now() < until)
        {
            return None;
        }
        let counting = tokio::time::timeout(PATIENCE, self.ask(key, rate));
        match counting.await {
            Ok(Ok(micros)) => {
                if self.is_lost.swap(false, Ordering::Relaxed) {
                    tracing::info!("Redis counts requests again");
                }
                Some(match micros {
                    0 => Ok(()),
                    wait => Err(seconds(Duration::from_micros(wait))),
                })
            }
            outcome => {
                *self.lost_until.lock().await = Some(Instant::now() + PAUSE);
                if !self.is_lost.swap(true, Ordering::Relaxed) {
                    // Of an error only its kind: its text may hold the address.
                    let kind = outcome.ok().and_then(Result::err).map(|error| error.kind());
                    tracing::warn!(
                        kind = kind.map(tracing::field::debug),
                        "Redis does not answer; this replica counts requests by itself"
                    );
                }
                None
            }
        }
    }

    async fn ask(&self, key: &RateKey, rate: Rate) -> redis::RedisResult<u64> {
        let connect = || async {
            let config = ConnectionManagerConfig::new()
                .set_number_of_retries(1)
                .set_connection_timeout(Some(CONNECTING))
                .set_response_timeout(Some(PATIENCE));
            ConnectionManager::new_with_config(self.client.clone(), config).await
        };
        let mut connection = self.connection.get_or_try_init(connect).await?.clone();
        let interval = 60_000_000 / u64::from(rate.per_minute.get());
        let tolerance = interval.saturating_mul(u64::from(rate.burst.get()) - 1);
        self.script
            .key(name_of(key))
            .arg(interval)
            .arg(tolerance)
            .invoke_async(&mut connection)
            .await
    }
}

/// Principals and addresses are not readable in Redis.
fn name_of(key: &RateKey) -> String {
    let text = match key {
        RateKey::Principal(issuer, subject) => format!("p{}:{issuer}{subject}", issuer.len()),
        RateKey::Address(address) => format!("a{address}"),
    };
    let hash = digest(&SHA256, text.as_bytes());
    format!("upfront:rate:{}", HEXLOWER.encode(hash.as_ref()))
}

//! Health probes: each source over HTTP is sent an empty query at intervals, so that operators see
//! one that is down before a client's request fails.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::join_all;

use super::Live;

/// How often the sources whose probe is due are looked for.
const TICK: Duration = Duration::from_millis(250);

/// Probes the sources of the current supergraph, for ever.
pub async fn probe_sources(live: Arc<Live>) {
    loop {
        tokio::time::sleep(TICK).await;
        let graph = live.current();
        let now = Instant::now();
        let due = graph
            .http_sources()
            .filter(|source| source.health().takes_turn(now));
        // One that hangs keeps the others waiting for no longer than its time-out.
        join_all(due.map(|source| source.probe())).await;
    }
}

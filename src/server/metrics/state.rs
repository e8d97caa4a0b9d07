//! The gauges that are read when `/metrics` is asked for, rather than kept: requests and tasks in
//! progress, sizes of caches, the supergraph, the state of sources.

use std::sync::Arc;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Unit,
};

use crate::{
    app::App,
    gateway::{self, BreakerState, Graph},
    telemetry::Cache,
};

/// The service as it stands.
#[derive(Debug)]
pub(super) struct StateNow(pub(super) Arc<App>);

/// The name, the meaning and the unit of a gauge.
struct Family<'a>(&'a str, &'a str, Option<&'a Unit>);

impl Collector for StateNow {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        let graph = self.0.gateway.current();
        self.write_places(&mut encoder)?;
        self.write_supergraph(&mut encoder)?;
        self.write_database(&mut encoder)?;
        self.write_trail(&mut encoder)?;
        self.write_authentication(&mut encoder)?;
        write_caches(&mut encoder, &graph)?;
        write_sources(&mut encoder, &graph)
    }
}

impl StateNow {
    fn write_places(&self, encoder: &mut DescriptorEncoder<'_>) -> std::fmt::Result {
        let app = &self.0;
        let busy = app.config.limits.concurrent_requests;
        let busy = busy.saturating_sub(app.request_permits.available_permits());
        let family = Family("requests_in_flight", "Requests being worked on", None);
        family.write_one(encoder, number(busy))?;
        let help = "Bytes of large bodies that are being received";
        let family = Family("large_body", help, Some(&Unit::Bytes));
        family.write_one(encoder, number(app.large_body_bytes()))?;
        let work = gateway::preparing();
        let help = "Parsing, planning and introspection tasks that are running";
        Family("preparations_in_flight", help, None).write_one(encoder, number(work.in_flight))?;
        let help = "Parsing, planning and introspection tasks that wait for a thread";
        Family("preparations_waiting", help, None).write_one(encoder, number(work.waiting))
    }

    fn write_database(&self, encoder: &mut DescriptorEncoder<'_>) -> std::fmt::Result {
        let Some(records) = &self.0.records else {
            return Ok(());
        };
        let help = "Whether the database cannot be reached: 1 or 0";
        let is_lost = i64::from(records.database.is_lost());
        Family("database_lost", help, None).write_one(encoder, is_lost)
    }

    fn write_trail(&self, encoder: &mut DescriptorEncoder<'_>) -> std::fmt::Result {
        let Some(trail) = self.0.trail() else {
            return Ok(());
        };
        let help = "Whether the audit trail cannot be written, so that what is classified is refused: 1 or 0";
        Family("audit_trail_failing", help, None).write_one(encoder, i64::from(trail.is_failing()))
    }

    fn write_authentication(&self, encoder: &mut DescriptorEncoder<'_>) -> std::fmt::Result {
        let authenticator = &self.0.authenticator;
        let issuers = authenticator.issuers_failing();
        let issuers = issuers.map(|(issuer, fails)| ([("issuer", issuer)], i64::from(fails)));
        let help = "Whether the keys of an issuer could not be fetched the last time: 1 or 0";
        Family("issuer_keys_failing", help, None).write(encoder, issuers)?;
        let Some(fails) = authenticator.policies_failing() else {
            return Ok(());
        };
        let help = "Whether the hook for policies did not answer the last time, so that what needs one is \
             withheld: 1 or 0";
        Family("policy_hook_failing", help, None).write_one(encoder, i64::from(fails))
    }

    fn write_supergraph(&self, encoder: &mut DescriptorEncoder<'_>) -> std::fmt::Result {
        let app = &self.0;
        let help = "How often the supergraph was replaced since the start.";
        let swaps = ConstCounter::new(app.gateway.swaps());
        swaps.encode(encoder.encode_descriptor(
            "supergraph_swaps",
            help,
            None,
            MetricType::Counter,
        )?)?;
        let is_degraded = i64::from(app.gateway.trouble().is_some());
        let help = "Whether the newest supergraph cannot be read or served, or is served with a fault: 1 or 0";
        Family("supergraph_degraded", help, None).write_one(encoder, is_degraded)?;
        let Some(registry) = app.registry() else {
            return Ok(());
        };
        let number = i64::from(*registry.number.borrow());
        let help = "Number of the registry's supergraph that serves: each publication, retirement \
                    and rollback that changes it makes the next";
        Family("registry_supergraph", help, None).write_one(encoder, number)
    }
}

fn write_caches(encoder: &mut DescriptorEncoder<'_>, graph: &Graph) -> std::fmt::Result {
    let sizes = Cache::ALL.map(|cache| ([("cache", cache.name())], graph.kept(cache)));
    let help = "Documents and plans that are kept";
    let entries = sizes.iter().map(|(of, size)| (*of, gauge(size.entries)));
    Family("cache_entries", help, None).write(encoder, entries)?;
    let help = "About how many bytes the documents and plans that are kept take";
    let bytes = sizes.iter().map(|(of, size)| (*of, gauge(size.bytes)));
    Family("cache", help, Some(&Unit::Bytes)).write(encoder, bytes)
}

fn write_sources(encoder: &mut DescriptorEncoder<'_>, graph: &Graph) -> std::fmt::Result {
    let sources: Vec<_> = graph.source_states().collect();
    let named = |name| [("source", name)];
    let up = sources.iter().filter_map(|source| {
        let is_up = source.is_up?;
        Some((named(source.name), i64::from(is_up)))
    });
    let help = "Whether a source answered its last health probe";
    Family("source_up", help, None).write(encoder, up)?;
    let breakers = sources.iter().flat_map(|source| {
        BreakerState::ALL.map(|state| {
            let labels = [("source", source.name), ("state", state.name())];
            (labels, i64::from(source.breaker == state))
        })
    });
    let help = "The state of a source's circuit breaker: 1 for the one it is in";
    Family("source_breaker", help, None).write(encoder, breakers)?;
    let in_flight = sources
        .iter()
        .map(|source| (named(source.name), number(source.in_flight)));
    let help = "Fetches to a source that are in progress";
    Family("source_fetches_in_flight", help, None).write(encoder, in_flight)?;
    let waiting = sources
        .iter()
        .map(|source| (named(source.name), number(source.waiting)));
    let help = "Fetches that wait because a source has as many in progress as it may";
    Family("source_fetches_waiting", help, None).write(encoder, waiting)
}

impl Family<'_> {
    fn write_one(self, encoder: &mut DescriptorEncoder<'_>, value: i64) -> std::fmt::Result {
        let Self(name, help, unit) = self;
        let help = format!("{help}.");
        let metric = encoder.encode_descriptor(name, &help, unit, MetricType::Gauge)?;
        ConstGauge::new(value).encode(metric)
    }

    /// Writes nothing, not even the name, where there is nothing of it.
    fn write<L: EncodeLabelSet>(
        self,
        encoder: &mut DescriptorEncoder<'_>,
        values: impl Iterator<Item = (L, i64)>,
    ) -> std::fmt::Result {
        let Self(name, help, unit) = self;
        let help = format!("{help}.");
        let mut values = values.peekable();
        if values.peek().is_none() {
            return Ok(());
        }
        let mut metric = encoder.encode_descriptor(name, &help, unit, MetricType::Gauge)?;
        for (labels, value) in values {
            ConstGauge::new(value).encode(metric.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

fn gauge(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn number(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

//! The `upfront` entry of an answer's `extensions`.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::{label, options::Options};
use crate::gateway::{Caller, FetchStatus, Response};

/// Code of an error for a field the caller may not see.
pub(super) const WITHHELD: &str = "WITHHELD";

/// The entry of an answer; empty where there is nothing to report.
pub(super) fn own(response: &Response, caller: &Caller, options: Options) -> Map<String, Value> {
    let mut own = Map::new();
    if let Some(level) = label::told(response, caller) {
        own.insert("classification".to_owned(), level.name().into());
    }
    if !response.withheld.is_empty() {
        own.insert("withheld".to_owned(), json!(response.withheld));
    }
    if options.include_sources {
        own.insert("sources".to_owned(), sources(caller));
    }
    if let Some(cost) = response.cost.as_ref().filter(|_| options.include_cost) {
        own.insert("cost".to_owned(), json!({ "estimated": cost.cost }));
    }
    own
}

/// What one source did for a request.
struct Summary {
    status: FetchStatus,
    fetches: u32,
    as_of: Option<SystemTime>,
    longest: Duration,
}

/// Each source once: its worst outcome, the time of its oldest answer, how often it was asked, and
/// the longest duration.
fn sources(caller: &Caller) -> Value {
    let mut by_name: IndexMap<_, Summary> = IndexMap::new();
    for fetch in caller.fetches() {
        let summary = by_name.entry(fetch.source).or_insert(Summary {
            status: FetchStatus::Ok,
            fetches: 0,
            as_of: None,
            longest: Duration::ZERO,
        });
        summary.as_of = match (summary.as_of, fetch.as_of) {
            (Some(oldest), Some(as_of)) => Some(oldest.min(as_of)),
            (oldest, as_of) => oldest.or(as_of),
        };
        summary.status = summary.status.max(fetch.status);
        summary.fetches += 1;
        summary.longest = summary.longest.max(fetch.duration);
    }
    by_name.sort_keys();
    by_name
        .iter()
        .map(|(name, summary)| {
            let as_of = summary.as_of.map(|time| {
                DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Millis, true)
            });
            let millis = u64::try_from(summary.longest.as_millis()).unwrap_or(u64::MAX);
            json!({
                "name": **name,
                "status": summary.status,
                "asOf": as_of,
                "fetches": summary.fetches,
                "millis": millis,
            })
        })
        .collect()
}

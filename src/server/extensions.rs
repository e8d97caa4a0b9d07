//! The `upfront` entry of an answer's `extensions`.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::options::Options;
use crate::gateway::{Caller, Response, TouchStatus};

/// Code of an error that stands for a field the caller may not see.
pub(super) const WITHHELD: &str = "WITHHELD";

/// What the answer says of itself; empty where there is nothing to say.
pub(super) fn own(response: &Response, caller: &Caller, options: Options) -> Map<String, Value> {
    let mut own = Map::new();
    if !response.withheld.is_empty() {
        own.insert("withheld".to_owned(), json!(response.withheld));
    }
    if options.include_sources {
        own.insert("sources".to_owned(), sources(caller));
    }
    own
}

/// What one source did for a request.
struct Deed {
    status: TouchStatus,
    fetches: u32,
    as_of: Option<SystemTime>,
    longest: Duration,
}

/// Each source once: how it did at worst, as of when its answers are at the oldest, how often it was
/// asked and for how long at most.
fn sources(caller: &Caller) -> Value {
    let mut by_name: IndexMap<_, Deed> = IndexMap::new();
    for touch in caller.touches() {
        let deed = by_name.entry(touch.source).or_insert(Deed {
            status: TouchStatus::Ok,
            fetches: 0,
            as_of: None,
            longest: Duration::ZERO,
        });
        deed.as_of = match (deed.as_of, touch.as_of) {
            (Some(oldest), Some(as_of)) => Some(oldest.min(as_of)),
            (oldest, as_of) => oldest.or(as_of),
        };
        deed.status = deed.status.max(touch.status);
        deed.fetches += 1;
        deed.longest = deed.longest.max(touch.duration);
    }
    by_name.sort_keys();
    by_name
        .iter()
        .map(|(name, deed)| {
            let as_of = deed.as_of.map(|time| {
                DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Millis, true)
            });
            let millis = u64::try_from(deed.longest.as_millis()).unwrap_or(u64::MAX);
            json!({
                "name": **name,
                "status": deed.status,
                "asOf": as_of,
                "fetches": deed.fetches,
                "millis": millis,
            })
        })
        .collect()
}

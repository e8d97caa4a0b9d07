//! The `upfront` entry of an answer's `extensions`.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::options::Options;
use crate::gateway::{Caller, Response, TouchStatus, Withheld};

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

/// One error for a field the caller may not see, however many objects it is on.
pub(super) fn withheld_error(withheld: &Withheld) -> Value {
    let needed = if withheld.scopes.is_empty() {
        "a bearer token".to_owned()
    } else {
        let sets: Vec<_> = withheld
            .scopes
            .iter()
            .map(|set| set.join(" and "))
            .collect();
        sets.join(", or ")
    };
    json!({
        "message": format!("This field is withheld: seeing it takes {needed}."),
        "path": withheld.path,
        "extensions": { "code": WITHHELD, "scopes": withheld.scopes },
    })
}

/// Each source once: how it did at worst, how often it was asked and for how long at most.
fn sources(caller: &Caller) -> Value {
    let mut by_name: IndexMap<_, (TouchStatus, u32, u128)> = IndexMap::new();
    for touch in caller.touches() {
        let entry = by_name
            .entry(touch.source)
            .or_insert((TouchStatus::Ok, 0, 0));
        entry.0 = entry.0.max(touch.status);
        entry.1 += 1;
        entry.2 = entry.2.max(touch.duration.as_micros());
    }
    by_name.sort_keys();
    by_name
        .iter()
        .map(|(name, (status, fetches, micros))| {
            let millis = u64::try_from(micros / 1000).unwrap_or(u64::MAX);
            json!({ "name": **name, "status": status, "fetches": fetches, "millis": millis })
        })
        .collect()
}

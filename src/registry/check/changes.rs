//! What clients would notice between two supergraphs, levels included.

use federation::{difference, supergraph::Supergraph};

use super::{change::Change, levels};

/// All changes, breaking ones first.
pub fn changes_between(old: &Supergraph, new: &Supergraph) -> Vec<Change> {
    let mut changes: Vec<Change> = difference::difference(&old.api_schema, &new.api_schema)
        .into_iter()
        .map(|change| Change {
            class: change.class,
            kind: change.kind.as_str(),
            coordinate: change.coordinate,
            message: change.message,
            affects: change.affects,
        })
        .collect();
    changes.extend(levels::compare(old, new));
    // A removed subscription breaks no client, since the gateway runs none.
    changes.retain(|change| !is_of_subscriptions(&change.coordinate));
    changes.sort_by(|a, b| (a.class, &a.coordinate, a.kind).cmp(&(b.class, &b.coordinate, b.kind)));
    changes
}

fn is_of_subscriptions(coordinate: &str) -> bool {
    coordinate.split('.').next() == Some("Subscription")
}

/// All changes between two supergraphs in SDL; none where one of them cannot be read.
pub fn changes_of_sdl(old: Option<&str>, new: &str) -> Vec<Change> {
    let old = old.and_then(|sdl| Supergraph::parse(sdl).ok());
    let both = old.zip(Supergraph::parse(new).ok());
    both.map_or_else(Vec::new, |(old, new)| changes_between(&old, &new))
}

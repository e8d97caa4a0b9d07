//! The histories of sources: since when each has declared and owned an element, which decides who
//! owns it.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Since which supergraph a source has named an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Since {
    named: i32,
    /// Since when the source has owned it, rather than naming another's.
    owned: Option<i32>,
}

/// What a source declares, by coordinate, and whether it owns each rather than names another's.
pub type Elements = IndexMap<String, bool>;

/// What a source has declared without a break, by coordinate, and since which supergraph.
///
/// A source that is expelled keeps it until it is published again; one that its entity retires does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    version: i32,
    elements: IndexMap<String, Since>,
}

impl History {
    /// The history of a source once a version with some declarations is served. An element that its
    /// entity has had in this or another of its sources keeps that time; the others have a given
    /// supergraph, and the version another.
    pub fn next(
        known: &[&Self],
        declared: Elements,
        (since_new, since_version): (i32, i32),
    ) -> Self {
        let since = |(coordinate, is_owned): (String, bool)| {
            let known = known
                .iter()
                .filter_map(|history| history.elements.get(&coordinate));
            let owned = known.clone().filter_map(|since| since.owned).min();
            let named = known.map(|since| since.named).min();
            let since = Since {
                named: named.unwrap_or(since_new),
                owned: is_owned.then_some(owned.unwrap_or(since_new)),
            };
            (coordinate, since)
        };
        Self {
            version: since_version,
            elements: declared.into_iter().map(since).collect(),
        }
    }

    /// What an entity has had, in any of its sources.
    pub fn united(known: &[&Self]) -> Self {
        let mut united = Self::default();
        for (coordinate, since) in known.iter().flat_map(|history| &history.elements) {
            let all = united.elements.entry(coordinate.clone());
            let all = all.or_insert(*since);
            all.named = all.named.min(since.named);
            all.owned = all.owned.into_iter().chain(since.owned).min();
        }
        united
    }

    /// The history of a source once it is handed over: elements that the giver's other sources have
    /// too stay the giver's, and the receiver has them only since a given supergraph.
    #[must_use]
    pub fn handed_over(&self, kept: &[&Self], since: i32) -> Self {
        let mut history = self.clone();
        for (coordinate, own) in &mut history.elements {
            let is_kept = |kept: &&Self| kept.since_owned(coordinate) <= own.owned;
            let mut others = kept
                .iter()
                .filter(|kept| kept.since_owned(coordinate).is_some());
            if own.owned.is_some() && others.any(is_kept) {
                own.owned = Some(since);
                own.named = since;
            }
        }
        history
    }

    /// The supergraph since which the version is served that is served now.
    pub fn since_version(&self) -> i32 {
        self.version
    }

    /// The supergraph since which the source has owned an element.
    pub fn since_owned(&self, coordinate: &str) -> Option<i32> {
        self.elements.get(coordinate)?.owned
    }

    /// Whether the source has owned an element for longer than another one; of what both have had since
    /// the same supergraph, whether it registered earlier.
    pub fn owned_before(&self, other: &Self, coordinate: &str, is_earlier: bool) -> bool {
        self.since_owned(coordinate).is_some_and(|since| {
            let other = other.since_owned(coordinate);
            other.is_none_or(|other| since < other || since == other && is_earlier)
        })
    }

    /// All elements that it owns, with the supergraph since which it does.
    pub fn owned(&self) -> impl Iterator<Item = (&str, i32)> {
        let elements = self.elements.iter();
        elements.filter_map(|(coordinate, since)| Some((coordinate.as_str(), since.owned?)))
    }

    /// All elements that it names, with the supergraph since which it does.
    pub fn named(&self) -> impl Iterator<Item = (&str, i32)> {
        let elements = self.elements.iter();
        elements.map(|(coordinate, since)| (coordinate.as_str(), since.named))
    }
}

//! The annual figures that documents print, as sums over the working figures of a year.
//!
//! Whoever compares the two may take them for the same. A sum that holds is therefore known; one that exceeds the
//! working figures bounds them; one that falls short of them says nothing. What no document prints yet is expected
//! to be printed as documents print other years, once all periods of the year have figures.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    SuppressedFigures, Version,
    draft::{Draft, Stood},
};

/// By what the tables of each document are broken down.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables(HashMap<String, Vec<BTreeSet<String>>>);

impl Tables {
    /// Of documents with what one of their tables is broken down by.
    pub(super) fn of(tables: impl Iterator<Item = (String, Vec<String>)>) -> Self {
        let mut all: HashMap<String, Vec<BTreeSet<String>>> = HashMap::new();
        for (document, printed_by) in tables {
            let printed_by = printed_by.into_iter().collect();
            all.entry(document).or_default().push(printed_by);
        }
        Self(all)
    }

    /// Whether a table of a document, or of any, tells what is broken down by these: exactly, or as a sum.
    fn tell(&self, document: Option<&str>, by: &[&str]) -> bool {
        let tables = self.0.iter();
        tables
            .filter(|(symbol, _)| document.is_none_or(|document| document == *symbol))
            .flat_map(|(_, tables)| tables)
            .any(|table| by.iter().all(|dimension| table.contains(*dimension)))
    }
}

/// An annual figure that a document prints: the cell of which it is, and how many.
type Printed = (String, u64);

/// Of rows, those that stand: the last revision of each record.
pub(super) fn standing<'v>(versions: impl Iterator<Item = &'v Version>) -> Vec<&'v Version> {
    let mut standing: BTreeMap<&str, &Version> = BTreeMap::new();
    for version in versions {
        standing
            .entry(&version.record)
            .and_modify(|known| {
                if known.revision < version.revision {
                    *known = version;
                }
            })
            .or_insert(version);
    }
    standing.into_values().collect()
}

/// What documents print of the year, each as of every time at which it was changed.
pub(super) fn printed(
    versions: &[Version],
    tables: &Tables,
    figures: &SuppressedFigures,
) -> BTreeSet<Printed> {
    let mut by_document: BTreeMap<&str, Vec<&Version>> = BTreeMap::new();
    for version in versions {
        let published = version.published.as_ref();
        if let Some(document) = published.and_then(|published| published.document.as_deref()) {
            by_document.entry(document).or_default().push(version);
        }
    }
    let mut all = BTreeSet::new();
    for (document, versions) in by_document {
        let times: BTreeSet<_> = versions.iter().map(|version| version.known_from).collect();
        for time in times {
            let known = versions.iter().filter(|version| version.known_from <= time);
            let stood = [Stood {
                period: 0,
                rows: standing(known.copied()),
                standing: Vec::new(),
            }];
            let mut draft = Draft::default();
            for (cell, members) in draft.members(&stood) {
                if tables.tell(Some(document), &(figures.printed_by)(cell)) {
                    all.insert((cell.to_owned(), draft.sum(&members)));
                }
            }
        }
    }
    all
}

/// Adds the printed figures that the working figures of a year can be compared with as they stood at some time.
pub(super) fn add(draft: &mut Draft, stood: &[Stood<'_>], printed: &BTreeSet<Printed>) {
    let members = draft.members(stood);
    for (cell, value) in printed {
        let Some(members) = members.get(cell.as_str()) else {
            continue;
        };
        let Some(rest) = value.checked_sub(draft.sum(members)) else {
            continue;
        };
        if let Ok(rest) = u32::try_from(rest) {
            tell(draft, members.clone(), rest);
        }
    }
}

/// Adds the figures that documents may print of a year later on.
pub(super) fn expect(
    draft: &mut Draft,
    stood: &[Stood<'_>],
    printed: &BTreeSet<Printed>,
    (tables, figures): (&Tables, &SuppressedFigures),
) {
    let known: HashSet<&str> = printed.iter().map(|(cell, _)| cell.as_str()).collect();
    for (cell, members) in draft.members(stood) {
        if !known.contains(cell) && tables.tell(None, &(figures.printed_by)(cell)) {
            tell(draft, members, 0);
        }
    }
}

/// Adds one sum with what it exceeds the counts by. One over counts of a single period stays apart from the cell
/// over the same counts: that the other periods have none is not printed.
fn tell(draft: &mut Draft, mut members: Vec<usize>, rest: u32) {
    if rest > 0 || draft.is_of_one_period(&members) {
        members.push(draft.loose(rest));
    }
    draft.tell(members);
}

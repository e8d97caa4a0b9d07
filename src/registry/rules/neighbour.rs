//! The neighbours of a source that is checked, and which of them owns an element.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::registry::{declarations::Declarations, history::History, written::SCHEMA};

/// A source that is there already.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Code of the entity that answers for it.
    pub entity: String,
    /// The histories of both sources, which tell which of them has had an element for longer.
    pub histories: Option<Histories>,
    /// What it declares.
    pub declarations: Arc<Declarations>,
}

/// The histories of a source that is checked and of one that it is checked beside.
#[derive(Clone, Debug)]
pub struct Histories {
    /// Of the source that is checked.
    pub own: Arc<History>,
    /// Of the other one.
    pub other: Arc<History>,
    /// Whether the source that is checked registered earlier.
    pub is_earlier: bool,
}

impl Histories {
    /// Those of two sources. An embedded source has no history and has always had its elements; a
    /// new one has had none.
    pub fn of(
        own: Option<&Arc<History>>,
        other: Option<&Arc<History>>,
        is_earlier: bool,
    ) -> Option<Self> {
        let (own, other) = own.cloned().zip(other.cloned())?;
        Some(Self {
            own,
            other,
            is_earlier,
        })
    }

    fn is_own_first(&self, coordinate: &str) -> bool {
        self.own
            .owned_before(&self.other, coordinate, self.is_earlier)
    }
}

impl Neighbour {
    /// Whether an element was here before the source that is checked has it.
    pub(super) fn came_first(&self, coordinate: &str) -> bool {
        let histories = self.histories.as_ref();
        !histories.is_some_and(|histories| histories.is_own_first(coordinate))
    }
}

/// Other entities' sources that had an element before the one that is checked. A source that only
/// refers to a keyed type, which another resolves, is not its owner.
pub fn foreign_owners<'a>(
    coordinate: &str,
    entity: &str,
    neighbours: &'a [Neighbour],
) -> impl Iterator<Item = &'a Neighbour> {
    neighbours.iter().filter(move |neighbour| {
        neighbour.entity != entity
            && neighbour.came_first(coordinate)
            && (coordinate == SCHEMA || neighbour.declarations.owns(coordinate))
    })
}

/// Which entities besides one hold an element, by coordinate; fields merely named do not count.
pub fn holders_of<'a>(
    coordinate: &str,
    entity: &str,
    neighbours: &'a [Neighbour],
) -> IndexMap<&'a str, &'a str> {
    neighbours
        .iter()
        .filter(|neighbour| {
            neighbour.entity != entity && neighbour.declarations.declares(coordinate)
        })
        .map(|neighbour| (neighbour.name.as_str(), neighbour.entity.as_str()))
        .collect()
}

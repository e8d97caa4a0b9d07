//! The other sources that a source is checked beside, and which of them an element belongs to.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::registry::{declarations::Declarations, written::SCHEMA};

/// A source that is there already.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Code of the entity that answers for it.
    pub entity: String,
    /// Elements that the source that is checked has had for longer than this one, by coordinate.
    pub came_later: Arc<IndexSet<String>>,
    /// What it declares.
    pub declarations: Arc<Declarations>,
}

impl Neighbour {
    /// Whether an element was here before the source that is checked has it.
    pub(super) fn came_first(&self, coordinate: &str) -> bool {
        !self.came_later.contains(coordinate)
    }
}

/// Other entities' sources that had an element before the one that is checked. A mere reference to
/// an entity, which another resolves, makes nobody its owner.
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

//! A source as the rules see it: what it declares, beside which others, and what it may read of them.

use federation::{budget::Budget, subgraph::Subgraph};

use super::neighbour::{Neighbour, foreign_owners};
use crate::registry::{declarations::Declarations, level::Level};

/// Consent to read one classified field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Consent {
    /// `Type.field`.
    pub coordinate: String,
    /// Code of the entity that gave it.
    pub granted_by: String,
}

/// A source that is checked.
#[derive(Clone, Debug)]
pub struct Proposal<'a> {
    /// It, as composition understands it.
    pub subgraph: &'a Subgraph,
    /// What it declares.
    pub declarations: &'a Declarations,
    /// Code of the entity that answers for it.
    pub entity: &'a str,
    /// What it declares as it is served, if it is.
    pub former: Option<&'a Declarations>,
    /// All other sources.
    pub neighbours: &'a [Neighbour],
    /// What it may read of others.
    pub consents: &'a [Consent],
    /// Whether a reason for non-null fields was given.
    pub allow_non_null: bool,
    /// The steps that the rules may still take. Rules that compare pairs of elements count them.
    pub budget: &'a Budget,
}

impl Proposal<'_> {
    /// The sources of other entities.
    pub fn foreign(&self) -> impl Iterator<Item = &Neighbour> {
        self.neighbours
            .iter()
            .filter(|neighbour| neighbour.entity != self.entity)
    }

    pub(super) fn find_foreign_owner_of_type(&self, type_name: &str) -> Option<&Neighbour> {
        let owners = self.foreign_owners(type_name);
        let owners = owners.map(|each| (each.declarations.contributions_to(type_name), each));
        // Of several the one that brings most; of equal ones the first.
        owners
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, neighbour)| neighbour)
    }

    /// Other entities' sources that had an element before this one, and so own it.
    pub(super) fn foreign_owners(&self, coordinate: &str) -> impl Iterator<Item = &Neighbour> {
        foreign_owners(coordinate, self.entity, self.neighbours)
    }

    /// The highest level that is marked on a field by sources that had it before or are of the same
    /// entity: a copy does not set the level of the owner's field.
    pub(super) fn level_elsewhere(&self, coordinate: &str) -> Option<Level> {
        let counts = |neighbour: &&Neighbour| {
            neighbour.entity == self.entity || neighbour.came_first(coordinate)
        };
        let fields = self
            .neighbours
            .iter()
            .filter(counts)
            .filter_map(|neighbour| neighbour.declarations.fields.get(coordinate));
        fields.filter_map(|field| field.level).max()
    }
}

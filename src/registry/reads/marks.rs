//! Who may see what a source reads of others: by the field, by the records it is of, and by the ways
//! that lead to values without an identity.

use indexmap::{IndexMap, IndexSet};

use super::kinship::Kinship;
use crate::registry::{
    declarations::{Marks, TypeFacts},
    rules::Neighbour,
};

/// The interface of records that have an id. Rows of such a type have levels: not every caller may
/// know of each, unless its id is tagged as public.
const RECORD: &str = "Node";

/// What all other sources together mark.
pub(super) struct MarksOfOthers<'a> {
    others: &'a [&'a Neighbour],
    kinship: &'a Kinship,
    /// Fields by the types that their objects can be of: coordinate and parent.
    leading_to: IndexMap<&'a str, IndexSet<(&'a str, &'a str)>>,
    /// The types that the fields of a type yield.
    below: IndexMap<&'a str, IndexSet<&'a str>>,
    /// Marks of the types that were yielded so far: many fields may yield a large one.
    values: IndexMap<String, Marks>,
    /// Marks of the ways to the types that field sets started from so far.
    ways: IndexMap<String, Marks>,
    /// Whether the types met so far have an identity.
    identities: IndexMap<String, bool>,
    /// Whether the types met so far are values that lead to hidden records.
    lists: IndexMap<String, bool>,
}

impl<'a> MarksOfOthers<'a> {
    pub(super) fn new(others: &'a [&'a Neighbour], kinship: &'a Kinship) -> Self {
        let mut leading_to: IndexMap<_, IndexSet<_>> = IndexMap::new();
        let mut below: IndexMap<&str, IndexSet<&str>> = IndexMap::new();
        let fields = others.iter().flat_map(|other| &other.declarations.fields);
        for (coordinate, field) in fields {
            let yielded = field.ty.inner_named_type().as_str();
            let own = below.entry(field.parent.as_str()).or_default();
            own.insert(yielded);
            for object in kinship.objects_of(yielded) {
                let ways = leading_to.entry(object).or_default();
                ways.insert((coordinate.as_str(), field.parent.as_str()));
            }
        }
        Self {
            others,
            kinship,
            leading_to,
            below,
            values: IndexMap::new(),
            ways: IndexMap::new(),
            identities: IndexMap::new(),
            lists: IndexMap::new(),
        }
    }

    /// Who may see a field: what one source marks of a type holds for the fields that another adds
    /// to it or yields it by, as one of the types that its objects can be of: the type's name is
    /// handed over along with them. What is not part of a key tells of the record that it is of.
    pub(super) fn of_field(&mut self, coordinate: &str) -> Marks {
        let mut marks = Marks::default();
        let mut is_key = false;
        for other in self.others {
            marks = marks.and(&other.declarations.marks_of(coordinate));
            let Some(field) = other.declarations.fields.get(coordinate) else {
                continue;
            };
            // A key of fields that it merely names is nobody else's.
            is_key |= field.is_key && !field.is_external;
            let yielded = field.ty.inner_named_type().as_str();
            if !self.values.contains_key(yielded) {
                let found = self.of_values(yielded);
                self.values.insert(yielded.to_owned(), found);
            }
            marks = marks.and(&self.values[yielded]);
            marks.is_guarded |= self.lists_hidden_rows(yielded);
        }
        let parent = coordinate.split('.').next().unwrap_or_default();
        marks.is_guarded |= !is_key && self.is_of_hidden_record(coordinate, parent);
        marks
    }

    /// Who may see that objects of a type are there. An object with a key of its owner's is asked
    /// about by that key; a value without one is told by the fields that lead to it, so it is as
    /// sensitive as the most sensitive of them.
    pub(super) fn of_ways_to(&mut self, name: &str) -> Marks {
        if let Some(known) = self.ways.get(name) {
            return known.clone();
        }
        let found = self.find_ways_to(name);
        self.ways.insert(name.to_owned(), found.clone());
        found
    }

    fn find_ways_to(&mut self, name: &str) -> Marks {
        let mut marks = Marks::default();
        let mut seen: IndexSet<String> = IndexSet::new();
        let mut open: Vec<String> = self.kinship.objects_of(name).map(str::to_owned).collect();
        while let Some(name) = open.pop() {
            if self.has_identity(&name) || !seen.insert(name.clone()) {
                continue;
            }
            let ways = self.leading_to.get(name.as_str()).cloned();
            for (coordinate, parent) in ways.into_iter().flatten() {
                marks = marks.and(&self.of_field(coordinate));
                open.push(parent.to_owned());
            }
        }
        marks
    }

    /// Who may see values of a type, of whichever of the types that its objects can be.
    fn of_values(&self, yielded: &str) -> Marks {
        let objects = self.kinship.objects_of(yielded);
        let each = objects.flat_map(|name| self.others.iter().map(move |other| (name, other)));
        each.fold(Marks::default(), |marks, (name, other)| {
            marks.and(&other.declarations.marks_of_type(name))
        })
    }

    /// Whether objects of a type have a key in each source that brings fields to it. A key that only
    /// some of them declare makes no entity of the values that the others have.
    fn has_identity(&mut self, name: &str) -> bool {
        if let Some(known) = self.identities.get(name) {
            return *known;
        }
        let found = self.find_identity(name);
        self.identities.insert(name.to_owned(), found);
        found
    }

    fn find_identity(&self, name: &str) -> bool {
        let mut has_key = false;
        for other in self.others {
            let Some(facts) = other.declarations.types.get(name) else {
                continue;
            };
            if !facts.has_key && other.declarations.declares_fields_of(name) {
                return false;
            }
            has_key |= facts.has_key;
        }
        has_key
    }

    /// Whether a type is one of values that lead to records which not every caller may know of, such
    /// as a page of them with their number.
    fn lists_hidden_rows(&mut self, yielded: &str) -> bool {
        if let Some(known) = self.lists.get(yielded) {
            return *known;
        }
        let mut open = vec![yielded.to_owned()];
        let mut seen: IndexSet<String> = IndexSet::new();
        let mut found = false;
        while let Some(name) = open.pop() {
            if self.has_identity(&name) {
                // A field that yields a record itself tells nothing but that it is there.
                found |= name != yielded && self.has_hidden_rows(&name, |_| true);
            } else if seen.insert(name.clone()) {
                let below = self.below.get(name.as_str()).into_iter().flatten();
                open.extend(below.map(|name| (*name).to_owned()));
                open.extend(self.kinship.objects_of(&name).map(str::to_owned));
            }
        }
        self.lists.insert(yielded.to_owned(), found);
        found
    }

    /// Whether a field is of a record that not every caller may know of. Each entity that has the field
    /// says for itself, by its own mark on the type, that all may.
    fn is_of_hidden_record(&self, coordinate: &str, parent: &str) -> bool {
        let declaring = self.others.iter();
        let mut declaring = declaring
            .filter(|other| other.declarations.declares(coordinate))
            .peekable();
        if declaring.peek().is_none() {
            return self.has_hidden_rows(parent, |_| true);
        }
        declaring.any(|one| self.has_hidden_rows(parent, |other| other.entity == one.entity))
    }

    /// Whether not every caller may know of each record of a type: none of certain sources says so.
    fn has_hidden_rows(&self, name: &str, may_say: impl Fn(&Neighbour) -> bool) -> bool {
        let is_record = self
            .types(name)
            .any(|facts| facts.interfaces.contains(RECORD));
        let mut others = self.others.iter().filter(|other| may_say(other));
        is_record && !others.any(|other| other.declarations.public_records.contains(name))
    }

    fn types<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'a TypeFacts> + 'n {
        let others = self.others.iter();
        others.filter_map(move |other| other.declarations.types.get(name))
    }
}

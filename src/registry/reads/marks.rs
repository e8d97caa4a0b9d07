//! Which callers may see what a source reads of others: by the field, by the record it is of, and
//! by the fields that lead to values without a key.

use std::collections::{HashMap, HashSet};

use super::{kinship::Kinship, read::Cause};
use crate::registry::{
    declarations::{FieldFacts, Marks, TypeFacts},
    rules::Neighbour,
};

/// The interface of records that have an id. Rows of such a type have levels: not every caller may
/// know of each, unless its id is tagged as public.
const RECORD: &str = "Node";

/// What all other sources together mark.
pub(super) struct MarksOfOthers<'a> {
    others: &'a [&'a Neighbour],
    kinship: &'a Kinship,
    /// Marks of the types that were yielded so far: many fields may yield a large one.
    values: HashMap<&'a str, Marks>,
    /// Whether the types met so far have an identity.
    identities: HashMap<&'a str, bool>,
    /// The types that lead to hidden records, once it was asked.
    lists: Option<Lists<'a>>,
    /// Marks of the ways to values, by their type, once it was asked.
    ways: Option<HashMap<&'a str, Marks>>,
}

/// The types through which a source learns which records are there.
struct Lists<'a> {
    /// Those of records that not every caller may know of, and their interfaces and unions.
    records: HashSet<&'a str>,
    /// Those of values that lead to such records.
    values: HashSet<&'a str>,
}

impl<'a> MarksOfOthers<'a> {
    pub(super) fn new(others: &'a [&'a Neighbour], kinship: &'a Kinship) -> Self {
        Self {
            others,
            kinship,
            values: HashMap::new(),
            identities: HashMap::new(),
            lists: None,
            ways: None,
        }
    }

    /// Who may see a field: what one source marks of a type holds for the fields that another adds
    /// to it or yields it by, as one of the types that its objects can be of: the type's name is
    /// handed over along with them. A field that is not in a key reveals that its record exists.
    pub(super) fn of_field(&mut self, coordinate: &str) -> Marks {
        self.of_field_because(coordinate).0
    }

    /// The same, and what beside its level keeps it from callers.
    pub(super) fn of_field_because(&mut self, coordinate: &str) -> (Marks, Option<Cause>) {
        let mut marks = Marks::default();
        let (mut is_key, mut is_list) = (false, false);
        for other in self.others {
            marks = marks.and(&other.declarations.marks_of(coordinate));
            let Some(field) = other.declarations.fields.get(coordinate) else {
                continue;
            };
            // A key of fields that the source only names is not another source's.
            is_key |= field.is_key && !field.is_external;
            marks = marks.and(&self.of_values(yielded_by(field)));
            is_list |= self.lists_hidden_rows(field);
        }
        let parent = coordinate.split('.').next().unwrap_or_default();
        let cause = if marks.is_guarded {
            Some(Cause::Scopes)
        } else if !is_key && self.is_of_hidden_record(coordinate, parent) {
            Some(Cause::HiddenRecord)
        } else {
            is_list.then_some(Cause::HiddenList)
        };
        marks.is_guarded |= cause.is_some();
        (marks, cause)
    }

    /// Who may see that objects of a type are there. An object with a key of its owner's is asked
    /// about by that key; a value without one is revealed by the fields that lead to it, so it is
    /// as sensitive as the most sensitive of them.
    pub(super) fn of_ways_to(&mut self, name: &str) -> Marks {
        let kinship = self.kinship;
        let mut values = kinship.objects_of(name).peekable();
        if values.all(|name| self.has_identity(name)) {
            return Marks::default();
        }
        let ways = self.ways.take().unwrap_or_else(|| self.find_ways());
        let each = kinship.objects_of(name).filter_map(|name| ways.get(name));
        let marks = each.fold(Marks::default(), |marks, way| marks.and(way));
        self.ways = Some(ways);
        marks
    }

    /// For every type of values the marks of all fields on all paths to it, each path from the
    /// nearest object with a key. A type's marks rise only a few times, so the steps are linear in
    /// the number of fields and of pairs of a type and its objects.
    fn find_ways(&mut self) -> HashMap<&'a str, Marks> {
        let others = self.others;
        let fields = others.iter().flat_map(|other| &other.declarations.fields);
        let mut yielded: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut open = Vec::new();
        for (coordinate, field) in fields {
            let names = yielded.entry(field.parent.as_str()).or_default();
            names.push(yielded_by(field));
            open.push((yielded_by(field), self.of_field(coordinate)));
        }
        let mut of_kinds: HashMap<&str, Marks> = HashMap::new();
        let mut ways: HashMap<&str, Marks> = HashMap::new();
        while let Some((kind, marks)) = open.pop() {
            if !raise(of_kinds.entry(kind).or_default(), &marks) {
                continue;
            }
            for name in self.kinship.objects_of(kind) {
                if self.has_identity(name) || !raise(ways.entry(name).or_default(), &marks) {
                    continue;
                }
                let below = yielded.get(name).into_iter().flatten();
                open.extend(below.map(|below| (*below, ways[name].clone())));
            }
        }
        ways
    }

    /// Who may see values of a type, of whichever of the types that its objects can be.
    fn of_values(&mut self, yielded: &'a str) -> Marks {
        if let Some(known) = self.values.get(yielded) {
            return known.clone();
        }
        let objects = self.kinship.objects_of(yielded);
        let each = objects.flat_map(|name| self.others.iter().map(move |other| (name, other)));
        let found = each.fold(Marks::default(), |marks, (name, other)| {
            marks.and(&other.declarations.marks_of_type(name))
        });
        self.values.insert(yielded, found.clone());
        found
    }

    /// Whether objects of a type have a key in each source that brings fields to it. A key that only
    /// some of them declare makes no entity of the values that the others have.
    fn has_identity(&mut self, name: &str) -> bool {
        if let Some(known) = self.identities.get(name) {
            return *known;
        }
        let mut has_key = false;
        let mut has_values = false;
        let mut known_as = None;
        for other in self.others {
            if let Some((name, facts)) = other.declarations.types.get_key_value(name) {
                known_as = Some(name.as_str());
                has_key |= facts.has_key;
                // An interface has no values beside its objects.
                has_values |= !facts.has_key
                    && !facts.is_interface
                    && other.declarations.declares_fields_of(name);
            }
        }
        let found = has_key && !has_values;
        self.identities.extend(known_as.map(|name| (name, found)));
        found
    }

    /// Whether a field reveals which hidden records there are: it yields a list of them, or values
    /// that lead to them, such as a page of them with their number. A field that yields one record
    /// reveals only that this one exists.
    fn lists_hidden_rows(&mut self, field: &'a FieldFacts) -> bool {
        let lists = match self.lists.take() {
            Some(lists) => lists,
            None => self.find_lists(),
        };
        let yielded = yielded_by(field);
        let is_list = field.ty.is_list() && lists.records.contains(yielded);
        let found = is_list || lists.values.contains(yielded);
        self.lists = Some(lists);
        found
    }

    fn find_lists(&mut self) -> Lists<'a> {
        let others = self.others;
        let mut parents: HashMap<&str, Vec<&'a str>> = HashMap::new();
        let fields = others.iter().map(|other| &other.declarations.fields);
        for field in fields.flat_map(indexmap::IndexMap::values) {
            let of_type = parents.entry(yielded_by(field)).or_default();
            of_type.push(field.parent.as_str());
        }
        let types = others.iter().map(|other| &other.declarations.types);
        let names = types.flat_map(indexmap::IndexMap::keys);
        let mut open: Vec<&'a str> = names.map(String::as_str).collect();
        open.retain(|name| self.has_identity(name) && self.has_hidden_rows(name, |_| true));
        let kinds = open.iter().flat_map(|name| self.kinship.kinds_of(name));
        let mut lists = Lists {
            records: kinds.collect(),
            values: HashSet::new(),
        };
        while let Some(name) = open.pop() {
            let leading = parents.get(name).into_iter().flatten().copied();
            for above in leading.chain(self.kinship.kinds_of(name)) {
                if !self.has_identity(above) && lists.values.insert(above) {
                    open.push(above);
                }
            }
        }
        lists
    }

    /// Whether a field is of a record that not every caller may know of. An entity that has the
    /// field declares by its mark on the type that every caller may.
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

fn yielded_by(field: &FieldFacts) -> &str {
    field.ty.inner_named_type().as_str()
}

/// Adds marks to others; whether that changed them.
fn raise(marks: &mut Marks, by: &Marks) -> bool {
    let raised = marks.and(by);
    let is_changed = raised != *marks;
    *marks = raised;
    is_changed
}

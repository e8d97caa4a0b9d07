//! Computes which fields of others a source receives: those that the gateway sends it for its keys,
//! its `@requires` and its contexts.
//!
//! The gateway sends a source nothing but representations and context values. A representation
//! holds the fields of a key that the source resolves entities by, and what the field asked for
//! requires. Whether the source declares these fields `@external` or resolves them as well makes
//! no difference: the gateway takes them from any source that has them.

use std::{collections::HashMap, rc::Rc};

use apollo_compiler::{Name, ast::Selection};
use federation::subgraph::{
    directives::{keys, requires},
    field_set,
};
use indexmap::{IndexMap, IndexSet};

mod context_arguments;
mod contexts;
mod kinship;
mod marks;
mod paths;
mod read;

use self::{
    context_arguments::context_arguments, kinship::Kinship, marks::MarksOfOthers, read::is_holder,
};
use super::{
    level::Level,
    rules::{Neighbour, Proposal},
};

pub use context_arguments::{MOST_CONTEXT_READS, count_context_reads};
pub use contexts::{PathRead, path_reads};
pub use read::{Cause, Holder, Read, Way};

/// Steps that one read of the result counts for: it takes memory.
const STEPS_OF_A_READ: usize = 100;

/// What a source reads that not every caller may see, in the order of its SDL. The neighbours are the
/// other sources of the joint schema; one of the source's own name among them is passed over. It
/// stops where the proposal's budget is used up.
pub fn reads(proposal: &Proposal<'_>) -> Vec<Read> {
    let own = proposal.subgraph;
    let others = proposal.neighbours.iter();
    let others: Vec<_> = others.filter(|each| each.name != own.name).collect();
    let kinship = Kinship::new(&others, proposal.declarations);
    let mut reading = Reading {
        proposal,
        marks: MarksOfOthers::new(&others, &kinship),
        others: &others,
        kinship: &kinship,
        parsed: HashMap::new(),
        found: IndexSet::new(),
    };
    for ty in own.schema.types.values() {
        let type_name = own.merged_type_name(ty.name());
        for key in keys(ty.directives()).filter(|key| key.resolvable) {
            let way = Way::Key {
                type_name: type_name.to_owned(),
                fields: key.fields.to_owned(),
            };
            reading.add(&way, ty.name(), key.fields);
        }
        for field in own.fields(ty) {
            if let Some(needed) = requires(&field.directives) {
                let way = Way::Field(format!("{type_name}.{}", field.name));
                reading.add(&way, ty.name(), needed.fields);
            }
        }
    }
    for argument in context_arguments(own) {
        let way = Way::Field(format!("{}.{}", argument.type_name, argument.field));
        for setter in &*argument.setters {
            reading.add(&way, setter, argument.selection);
        }
    }
    reading.found.into_iter().collect()
}

struct Reading<'a> {
    proposal: &'a Proposal<'a>,
    others: &'a [&'a Neighbour],
    kinship: &'a Kinship,
    marks: MarksOfOthers<'a>,
    /// Field sets by their text: one text may be read on many types.
    parsed: HashMap<String, Rc<[Selection]>>,
    found: IndexSet<Read>,
}

impl Reading<'_> {
    /// Adds what a field set names, starting from a type; nothing where it cannot be read.
    fn add(&mut self, way: &Way, type_name: &Name, text: &str) {
        let Some(selections) = self.parse(text) else {
            return;
        };
        let own = self.proposal.subgraph;
        let mut named = IndexSet::new();
        field_set::visit_fields(&own.schema, type_name, &selections, &mut |(
            parent,
            field,
        )| {
            let parent = own.merged_type_name(parent).to_owned();
            named.insert((parent, field.name.clone()));
        });
        self.add_named(way, own.merged_type_name(type_name), named);
    }

    fn parse(&mut self, text: &str) -> Option<Rc<[Selection]>> {
        if let Some(known) = self.parsed.get(text) {
            return Some(Rc::clone(known));
        }
        if !self.proposal.budget.step(text.len()) {
            return None;
        }
        let selections: Rc<[Selection]> = field_set::parse(text).ok()?.into();
        self.parsed.insert(text.to_owned(), Rc::clone(&selections));
        Some(selections)
    }

    fn add_named(&mut self, way: &Way, start: &str, named: IndexSet<(String, Name)>) {
        let of_ways_to = self.marks.of_ways_to(start);
        let objects = self.kinship.objects_of(start).count();
        if !self.proposal.budget.step(objects * self.others.len()) {
            return;
        }
        let entity = self.proposal.entity;
        let foreign = self.others.iter().copied();
        let foreign = foreign.filter(|other| other.entity != entity);
        // The sources with the values from which the field set starts: a value has no key.
        let owners: Vec<_> = foreign
            .filter(|other| has_values(self.kinship, other, start))
            .collect();
        let mut all = IndexMap::new();
        for (type_name, field) in named {
            let named = self.named(&type_name, &field);
            let added = self.kinship.expand(&type_name, &field, &mut all, &named);
            if !self.proposal.budget.step(added * (1 + self.others.len())) {
                return;
            }
        }
        if all.is_empty() {
            all.insert(format!("{start}.__typename"), Rc::from([start.to_owned()]));
        }
        for (coordinate, named) in all {
            let (of_field, cause) = self.marks.of_field_because(&coordinate);
            let marks = of_field.and(&of_ways_to);
            if !marks.is_classified() && owners.is_empty() {
                continue;
            }
            let Some(holders) = self.holders_of(&coordinate, &owners) else {
                continue;
            };
            self.found.insert(Read {
                way: way.clone(),
                level: marks.level.unwrap_or(Level::Unclassified),
                // Where nothing is marked on the field itself, the reason is the object it is read
                // from.
                cause: cause.or(Some(Cause::Value)),
                holders,
                coordinate,
                named: named.to_vec(),
            });
            if !self.proposal.budget.step(STEPS_OF_A_READ) {
                return;
            }
        }
    }

    /// A field that is named, its type, and the type that it yields.
    fn named(&self, type_name: &str, field: &str) -> Rc<[String]> {
        let coordinate = format!("{type_name}.{field}");
        let declared = self.others.iter();
        let mut declared = declared.filter_map(|other| other.declarations.fields.get(&coordinate));
        let yielded = declared
            .next()
            .map(|field| field.ty.inner_named_type().to_string());
        let named = [type_name.to_owned(), coordinate];
        named.into_iter().chain(yielded).collect()
    }

    /// The sources whose entities must consent that a field is read; none where only the source
    /// itself has it.
    fn holders_of(&self, coordinate: &str, owners: &[&Neighbour]) -> Option<Vec<Holder>> {
        let foreign = self.others.iter().copied();
        let foreign = foreign.filter(|other| other.entity != self.proposal.entity);
        let mut holders: Vec<_> = foreign
            .filter(|other| {
                if owners.is_empty() {
                    is_holder(&other.declarations, coordinate)
                } else {
                    other.declarations.declares(coordinate)
                }
            })
            .collect();
        if holders.is_empty() {
            if self.proposal.declarations.declares(coordinate) {
                return None;
            }
            holders.extend(owners);
        }
        Some(holders.into_iter().map(Holder::of).collect())
    }
}

/// Whether a source has values of a type: it declares fields of it, and no key.
fn has_values(kinship: &Kinship, other: &Neighbour, type_name: &str) -> bool {
    kinship.objects_of(type_name).any(|name| {
        let facts = other.declarations.types.get(name);
        let is_value = facts.is_some_and(|facts| !facts.has_key && !facts.is_interface);
        is_value && other.declarations.declares_fields_of(name)
    })
}

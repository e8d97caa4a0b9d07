//! What contexts reveal to a source beside their values: which object is below which.

use std::rc::Rc;

use apollo_compiler::Name;
use indexmap::IndexMap;

use super::{
    context_arguments::context_arguments,
    kinship::Kinship,
    marks::MarksOfOthers,
    paths::Paths,
    read::{Holder, Read, Way, is_holder},
};
use crate::registry::{
    level::Level,
    rules::{Consent, Neighbour, Proposal},
};

/// How many fields on the path of a context are reported one by one.
const MOST_REPORTED: usize = 20;

/// What one context reveals to the fields of one type about the path to them, as far as not every
/// caller may see it.
#[derive(Clone, Debug, Default)]
pub struct PathRead {
    /// The fields with such arguments, as coordinates.
    pub fields: Vec<String>,
    /// The most sensitive field on the path.
    pub most_sensitive: Option<(String, Level)>,
    /// The first fields on the path that lack a consent, each with the entities that have to give
    /// it.
    pub lacking: Vec<Read>,
    /// How many more there are.
    pub more: usize,
    /// The types at both ends of the path.
    pub ends: Vec<String>,
}

/// What a source learns about the paths from contexts to the fields that read them. A context
/// reveals from which object a field's object was reached, so every field on any path between them
/// counts as read.
pub fn path_reads(proposal: &Proposal<'_>) -> Vec<PathRead> {
    let own = proposal.subgraph;
    let mut readers: IndexMap<_, (Rc<[&Name]>, Vec<String>)> = IndexMap::new();
    for argument in context_arguments(own) {
        let reader = (argument.context, argument.type_name);
        let (_, fields) = readers
            .entry(reader)
            .or_insert_with(|| (argument.setters, Vec::new()));
        fields.push(format!("{}.{}", argument.type_name, argument.field));
    }
    if readers.is_empty() {
        return Vec::new();
    }
    let others = proposal.neighbours.iter();
    let others: Vec<_> = others.filter(|each| each.name != own.name).collect();
    let kinship = Kinship::new(&others, proposal.declarations);
    let mut marks = MarksOfOthers::new(&others, &kinship);
    let paths = Paths::new(&others, proposal.declarations, &kinship);
    let mut found = Vec::new();
    for ((_, type_name), (setters, fields)) in readers {
        let setters = setters.iter().map(|setter| own.merged_type_name(setter));
        let ends = setters.clone().chain([type_name]).map(str::to_owned);
        if !proposal.budget.step(paths.size()) {
            return found;
        }
        let mut read = PathRead {
            fields,
            ends: ends.collect(),
            ..PathRead::default()
        };
        for coordinate in paths.between(setters, type_name) {
            if !proposal.budget.step(proposal.neighbours.len()) {
                return found;
            }
            read.pass(coordinate, proposal, &mut marks);
        }
        found.push(read);
    }
    found
}

impl PathRead {
    /// Takes a field on the path into account.
    fn pass(&mut self, coordinate: &str, proposal: &Proposal<'_>, marks: &mut MarksOfOthers<'_>) {
        let (marks, cause) = marks.of_field_because(coordinate);
        if !marks.is_classified() {
            return;
        }
        let level = marks.level.unwrap_or(Level::Unclassified);
        if self
            .most_sensitive
            .as_ref()
            .is_none_or(|most| most.1 < level)
        {
            self.most_sensitive = Some((coordinate.to_owned(), level));
        }
        let is_lacking = |other: &&Neighbour| {
            let needed = Consent {
                coordinate: coordinate.to_owned(),
                granted_by: other.entity.clone(),
            };
            is_holder(&other.declarations, coordinate) && !proposal.consents.contains(&needed)
        };
        let holders = proposal.foreign().filter(is_lacking);
        let holders: Vec<_> = holders.map(Holder::of).collect();
        if holders.is_empty() {
            return;
        }
        if self.lacking.len() == MOST_REPORTED {
            self.more += 1;
            return;
        }
        self.lacking.push(Read {
            way: Way::Path(self.fields.first().cloned().unwrap_or_default()),
            coordinate: coordinate.to_owned(),
            level,
            cause,
            named: self.ends.clone(),
            holders,
        });
    }
}

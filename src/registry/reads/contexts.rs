//! What a source learns by contexts beside their values: which object is below which.

use std::{collections::HashMap, rc::Rc};

use apollo_compiler::Name;
use federation::subgraph::{
    Subgraph,
    directives::{contexts, from_context},
    field_set,
};
use indexmap::IndexMap;

use super::{Holder, Read, Way, is_holder, kinship::Kinship, marks::MarksOfOthers, paths::Paths};
use crate::registry::{
    level::Level,
    rules::{Consent, Neighbour, Proposal},
};

/// Fields on the way of a context that are reported one by one.
const MOST_REPORTED: usize = 20;

/// Arguments that read contexts, each counted once for every type that sets its context.
pub const MOST_CONTEXT_READS: usize = 2_000;

/// An argument of a source's field that reads a context.
pub(super) struct ContextArgument<'s> {
    /// The type of the field, by its name in the joint schema.
    pub(super) type_name: &'s str,
    /// The field.
    pub(super) field: &'s Name,
    /// The context.
    pub(super) context: &'s str,
    /// What is selected of the object that sets it.
    pub(super) selection: &'s str,
    /// The types that set it in this source.
    pub(super) setters: Rc<[&'s Name]>,
}

/// The arguments of a source that read contexts, in the order of its SDL.
pub(super) fn context_arguments(own: &Subgraph) -> Vec<ContextArgument<'_>> {
    let mut setters: HashMap<&str, Vec<&Name>> = HashMap::new();
    for ty in own.schema.types.values() {
        for context in contexts(ty.directives()) {
            setters.entry(context).or_default().push(ty.name());
        }
    }
    let setters: HashMap<&str, Rc<[&Name]>> = setters
        .into_iter()
        .map(|(context, types)| (context, types.into()))
        .collect();
    let mut found = Vec::new();
    for ty in own.schema.types.values() {
        for field in own.fields(ty) {
            for argument in &field.arguments {
                let text = from_context(&argument.directives);
                let Some((context, selection)) = text.and_then(field_set::split_context) else {
                    continue;
                };
                found.push(ContextArgument {
                    type_name: own.merged_type_name(ty.name()),
                    field: &field.name,
                    context,
                    selection,
                    setters: setters.get(context).cloned().unwrap_or_default(),
                });
            }
        }
    }
    found
}

/// How many arguments of a source read contexts, each counted once for every type that sets its
/// context.
pub fn count_context_reads(own: &Subgraph) -> usize {
    let arguments = context_arguments(own).into_iter();
    arguments.map(|argument| argument.setters.len()).sum()
}

/// What the fields of one type learn of the way from one context, as far as not every caller may know
/// it.
#[derive(Clone, Debug, Default)]
pub struct PathRead {
    /// The fields with such arguments, as coordinates.
    pub fields: Vec<String>,
    /// The most sensitive field on the way.
    pub most_sensitive: Option<(String, Level)>,
    /// The first fields on the way that lack a consent, each with those who have to give it.
    pub lacking: Vec<Read>,
    /// How many more there are.
    pub more: usize,
}

/// What a source learns of the ways from contexts to the fields that read them. A context tells which
/// object a field's object was reached from, so every field on any path between them counts as read.
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
        let mut read = PathRead {
            fields,
            ..PathRead::default()
        };
        for coordinate in paths.between(setters, type_name) {
            read.pass(coordinate, proposal, &mut marks);
        }
        found.push(read);
    }
    found
}

impl PathRead {
    /// Takes a field on the way into account.
    fn pass(&mut self, coordinate: &str, proposal: &Proposal<'_>, marks: &mut MarksOfOthers<'_>) {
        let marks = marks.of_field(coordinate);
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
            holders,
        });
    }
}

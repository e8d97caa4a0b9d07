//! What a source learns by contexts beside their values: which object is below which.

use std::collections::HashMap;

use federation::subgraph::{
    Subgraph,
    directives::{contexts, from_context},
    field_set,
};

use super::{
    Holder, Read, Way, is_holder, kinship::Kinship, marks::MarksOfOthers, paths::Paths, setters,
};
use crate::registry::{
    declarations::Declarations,
    level::Level,
    rules::{Consent, Neighbour},
};

/// Fields on the way of a context that are reported one by one.
const MOST_REPORTED: usize = 20;

/// Arguments that read contexts, each counted once for every type that sets its context.
pub const MOST_CONTEXT_READS: usize = 2_000;

/// How many arguments of a source read contexts, each counted once for every type that sets its context.
pub fn count_context_reads(own: &Subgraph) -> usize {
    let mut set: HashMap<&str, usize> = HashMap::new();
    for ty in own.schema.types.values() {
        for context in contexts(ty.directives()) {
            *set.entry(context).or_default() += 1;
        }
    }
    let fields = own.schema.types.values().flat_map(|ty| own.fields(ty));
    let arguments = fields.flat_map(|field| &field.arguments);
    let read = arguments.filter_map(|argument| {
        let (context, _) = field_set::split_context(from_context(&argument.directives)?)?;
        set.get(context)
    });
    read.sum()
}

/// A source that reads contexts.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// It, as composition understands it.
    pub subgraph: &'a Subgraph,
    /// What it declares.
    pub declarations: &'a Declarations,
    /// Code of the entity that answers for it.
    pub entity: &'a str,
    /// What it may read of others.
    pub consents: &'a [Consent],
}

/// What fields of one type learn of the way from one context, as far as not every caller may know it.
#[derive(Clone, Debug, Default)]
pub struct PathRead {
    /// The fields with such arguments, as coordinates.
    pub fields: Vec<String>,
    /// The most sensitive field on the way.
    pub most_sensitive: Option<(String, Level)>,
    /// Fields on the way that lack a consent, each with those who have to give it; the first of them.
    pub lacking: Vec<Read>,
    /// How many more there are.
    pub more: usize,
}

/// What a source learns of the ways from contexts to the fields that read them. A context tells which
/// object a field's object was reached from, so every field on any path between them counts as read.
pub fn path_reads(reader: Reader<'_>, others: &[Neighbour]) -> Vec<PathRead> {
    let own = reader.subgraph;
    let mut fields: HashMap<(&str, &str), Vec<String>> = HashMap::new();
    let mut order = Vec::new();
    for ty in own.schema.types.values() {
        let type_name = own.merged_type_name(ty.name());
        for field in own.fields(ty) {
            for argument in &field.arguments {
                let text = from_context(&argument.directives);
                let Some((context, _)) = text.and_then(field_set::split_context) else {
                    continue;
                };
                let known = fields.entry((context, type_name)).or_default();
                if known.is_empty() {
                    order.push((context, type_name));
                }
                known.push(format!("{type_name}.{}", field.name));
            }
        }
    }
    if order.is_empty() {
        return Vec::new();
    }
    let others: Vec<_> = others.iter().filter(|each| each.name != own.name).collect();
    let kinship = Kinship::new(&others, reader.declarations);
    let mut marks = MarksOfOthers::new(&others, &kinship);
    let paths = Paths::new(&others, reader.declarations, &kinship);
    let mut found = Vec::new();
    for key in order {
        let (context, type_name) = key;
        let setters = setters(own, context).map(|setter| own.merged_type_name(setter));
        let mut read = PathRead {
            fields: fields.remove(&key).unwrap_or_default(),
            ..PathRead::default()
        };
        for coordinate in paths.between(setters, type_name) {
            read.pass(coordinate, reader, &others, &mut marks);
        }
        found.push(read);
    }
    found
}

impl PathRead {
    /// Takes a field on the way into account.
    fn pass(
        &mut self,
        coordinate: &str,
        reader: Reader<'_>,
        others: &[&Neighbour],
        marks: &mut MarksOfOthers<'_>,
    ) {
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
        let is_lacking = |other: &&&Neighbour| {
            let needed = Consent {
                coordinate: coordinate.to_owned(),
                granted_by: other.entity.clone(),
            };
            other.entity != reader.entity
                && is_holder(&other.declarations, coordinate)
                && !reader.consents.contains(&needed)
        };
        let holders: Vec<_> = others
            .iter()
            .filter(is_lacking)
            .map(|other| Holder::of(other))
            .collect();
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

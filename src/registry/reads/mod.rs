//! What a source receives of the fields of others: those that its keys, its `@requires` and its
//! contexts make the gateway hand to it.
//!
//! The gateway sends a source nothing but representations and context values. A representation
//! holds the fields of a key that the source resolves entities by, and what the field asked for
//! requires. Whether the source declares these fields `@external` or resolves them as well makes
//! no difference: the gateway takes them from whoever has them.

use apollo_compiler::Name;
use federation::subgraph::{
    Subgraph,
    directives::{keys, requires},
    field_set,
};
use indexmap::IndexSet;

mod context_arguments;
mod contexts;
mod kinship;
mod marks;
mod paths;
mod read;

use self::{
    context_arguments::context_arguments, kinship::Kinship, marks::MarksOfOthers, read::is_holder,
};
use super::{declarations::Declarations, level::Level, rules::Neighbour};

pub use context_arguments::{MOST_CONTEXT_READS, count_context_reads};
pub use contexts::{PathRead, path_reads};
pub use read::{Holder, Read, Way};

/// What a source reads that not every caller may see, in the order of its SDL. `others` are the
/// other sources of the joint schema; one of the source's own name among them is passed over.
pub fn reads(
    own: &Subgraph,
    declarations: &Declarations,
    entity: &str,
    others: &[Neighbour],
) -> Vec<Read> {
    let others: Vec<_> = others.iter().filter(|each| each.name != own.name).collect();
    let kinship = Kinship::new(&others, declarations);
    let mut marks_of_others = MarksOfOthers::new(&others, &kinship);
    let mut found = IndexSet::new();
    for (way, named) in ways(own) {
        let mut all = IndexSet::new();
        for (type_name, field) in named.fields {
            kinship.expand(&type_name, &field, &mut all);
        }
        let of_ways_to = marks_of_others.of_ways_to(&named.start);
        let foreign = others.iter().filter(|other| other.entity != entity);
        // Those whose values the field set starts from: a value has no key of theirs.
        let owners: Vec<_> = foreign
            .clone()
            .filter(|other| has_values(&kinship, other, &named.start))
            .collect();
        if all.is_empty() {
            all.insert(format!("{}.__typename", named.start));
        }
        for coordinate in all {
            let marks = marks_of_others.of_field(&coordinate).and(&of_ways_to);
            if !marks.is_classified() && owners.is_empty() {
                continue;
            }
            let declaring = foreign.clone();
            let mut holders: Vec<_> = declaring
                .filter(|other| {
                    if owners.is_empty() {
                        is_holder(&other.declarations, &coordinate)
                    } else {
                        other.declarations.declares(&coordinate)
                    }
                })
                .collect();
            if holders.is_empty() {
                if declarations.declares(&coordinate) {
                    // Nobody else has it.
                    continue;
                }
                holders.clone_from(&owners);
            }
            let read = Read {
                way: way.clone(),
                level: marks.level.unwrap_or(Level::Unclassified),
                holders: holders.iter().map(|other| Holder::of(other)).collect(),
                coordinate,
            };
            found.insert(read);
        }
    }
    found.into_iter().collect()
}

/// Whether a source has values of a type: it declares fields of it, and no key.
fn has_values(kinship: &Kinship, other: &Neighbour, type_name: &str) -> bool {
    kinship.objects_of(type_name).any(|name| {
        let facts = other.declarations.types.get(name);
        let is_value = facts.is_some_and(|facts| !facts.has_key && !facts.is_interface);
        is_value && other.declarations.declares_fields_of(name)
    })
}

/// What a field set of the source names, types by their names in the joint schema.
struct Named {
    /// The type that it starts from.
    start: String,
    /// Each field with its type.
    fields: IndexSet<(String, Name)>,
}

/// Each way the source reads by, with the fields that one field set names.
fn ways(own: &Subgraph) -> Vec<(Way, Named)> {
    let mut ways = Vec::new();
    for ty in own.schema.types.values() {
        let type_name = own.merged_type_name(ty.name());
        for key in keys(ty.directives()).filter(|key| key.resolvable) {
            let way = Way::Key {
                type_name: type_name.to_owned(),
                fields: key.fields.to_owned(),
            };
            ways.extend(collect(own, ty.name(), key.fields).map(|named| (way, named)));
        }
        for field in own.fields(ty) {
            if let Some(needed) = requires(&field.directives) {
                let way = Way::Field(format!("{type_name}.{}", field.name));
                ways.extend(collect(own, ty.name(), needed.fields).map(|named| (way, named)));
            }
        }
    }
    for argument in context_arguments(own) {
        let way = Way::Field(format!("{}.{}", argument.type_name, argument.field));
        for setter in &*argument.setters {
            let named = collect(own, setter, argument.selection);
            ways.extend(named.map(|named| (way.clone(), named)));
        }
    }
    ways
}

/// What a field set names, starting from a type; nothing where it cannot be read.
fn collect(own: &Subgraph, type_name: &Name, text: &str) -> Option<Named> {
    let selections = field_set::parse(text).ok()?;
    let mut named = Named {
        start: own.merged_type_name(type_name).to_owned(),
        fields: IndexSet::new(),
    };
    field_set::visit_fields(&own.schema, type_name, &selections, &mut |(
        parent,
        field,
    )| {
        let parent = own.merged_type_name(parent).to_owned();
        named.fields.insert((parent, field.name.clone()));
    });
    Some(named)
}

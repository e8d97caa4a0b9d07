//! A classified field of another entity is read with its consent alone, and what is made of it is
//! no less sensitive.

use apollo_compiler::Name;
use federation::subgraph::{
    directives::{contexts, from_context, requires},
    field_set,
};
use indexmap::IndexSet;

use super::{Consent, Neighbour, Proposal, Refusal, RefusalCode};
use crate::registry::level::Level;

pub(super) fn requires_without_consent(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let subgraph = proposal.subgraph;
    for ty in subgraph.schema.types.values() {
        for field in subgraph.fields(ty) {
            let coordinate = format!("{}.{}", subgraph.merged_type_name(ty.name()), field.name);
            let mut read = IndexSet::new();
            if let Some(needed) = requires(&field.directives) {
                collect(proposal, ty.name(), needed.fields, &mut read);
            }
            for argument in &field.arguments {
                let text = from_context(&argument.directives);
                if let Some((context, selection)) = text.and_then(field_set::split_context) {
                    collect_in_context(proposal, context, selection, &mut read);
                }
            }
            judge(proposal, &coordinate, &read, refusals);
        }
    }
}

fn judge(
    proposal: &Proposal<'_>,
    reader: &str,
    read: &IndexSet<String>,
    refusals: &mut Vec<Refusal>,
) {
    let own = proposal.holdings.fields.get(reader);
    let reader_level = own.and_then(|field| field.level);
    for coordinate in read {
        let level = proposal.level_elsewhere(coordinate);
        let Some(level) = level.filter(|level| *level > Level::Unclassified) else {
            continue;
        };
        if reader_level < Some(level) {
            refusals.push(
                Refusal::new(
                    RefusalCode::RequiresAboveLevel,
                    format!(
                        "`{reader}` is made of `{coordinate}`, which is {level}, but is not as \
                         sensitive itself."
                    ),
                    format!(
                        "Mark it with `@requiresScopes(scopes: [[\"{}\"]])`.",
                        level.scope().unwrap_or_default()
                    ),
                )
                .at(reader),
            );
        }
        for holder in holders(proposal, coordinate) {
            let needed = Consent {
                coordinate: coordinate.clone(),
                granted_by: holder.entity.clone(),
            };
            if !proposal.consents.contains(&needed) {
                refusals.push(without_consent(proposal, reader, coordinate, holder, level));
            }
        }
    }
}

fn holders<'a>(
    proposal: &'a Proposal<'_>,
    coordinate: &'a str,
) -> impl Iterator<Item = &'a Neighbour> {
    proposal.foreign().filter(move |neighbour| {
        let field = neighbour.holdings.fields.get(coordinate);
        let is_classified = field.is_some_and(|field| field.level > Some(Level::Unclassified));
        is_classified && neighbour.holdings.holds(coordinate)
    })
}

fn without_consent(
    proposal: &Proposal<'_>,
    reader: &str,
    coordinate: &str,
    holder: &Neighbour,
    level: Level,
) -> Refusal {
    let name = &proposal.subgraph.name;
    let entity = &holder.entity;
    Refusal::new(
        RefusalCode::RequiresWithoutConsent,
        format!(
            "`{reader}` needs `{coordinate}`, which is {level}: each request would hand it from \
             {entity} to `{name}`."
        ),
        format!(
            "Ask {entity} to record its consent (`grantFieldUse(coordinate: \"{coordinate}\", \
             source: \"{name}\", reason: \"…\")`), or do without the field."
        ),
    )
    .at(reader)
}

fn collect(proposal: &Proposal<'_>, type_name: &Name, text: &str, into: &mut IndexSet<String>) {
    let subgraph = proposal.subgraph;
    let Ok(selections) = field_set::parse(text) else {
        return;
    };
    field_set::visit_fields(&subgraph.schema, type_name, &selections, &mut |(
        parent,
        field,
    )| {
        let parent_here = parent.as_str();
        let parent = subgraph.merged_type_name(parent_here);
        into.insert(format!("{parent}.{}", field.name));
        // A field of an interface is one of all its implementations.
        for object in subgraph.possible_types(parent_here) {
            into.insert(format!("{object}.{}", field.name));
        }
    });
}

fn collect_in_context(
    proposal: &Proposal<'_>,
    context: &str,
    selection: &str,
    into: &mut IndexSet<String>,
) {
    let types = proposal.subgraph.schema.types.values();
    for ty in types.filter(|ty| contexts(ty.directives()).any(|name| name == context)) {
        collect(proposal, ty.name(), selection, into);
    }
}

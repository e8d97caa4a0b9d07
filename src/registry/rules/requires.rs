//! A classified field of another entity is read with its consent alone, and what is made of it is
//! no less sensitive.

use super::{Consent, Proposal, Refusal, RefusalCode};
use crate::registry::{
    level::Level,
    reads::{Holder, Read, Way, reads},
};

pub(super) fn requires_without_consent(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let Proposal {
        subgraph,
        declarations,
        entity,
        neighbours,
        ..
    } = proposal;
    for read in reads(subgraph, declarations, entity, neighbours) {
        for reader in readers(proposal, &read.way) {
            if read.level > Level::Unclassified && reader_level(proposal, reader) < Some(read.level)
            {
                refusals.push(above_level(reader, &read));
            }
        }
        for holder in &read.holders {
            let needed = Consent {
                coordinate: read.coordinate.clone(),
                granted_by: holder.entity.clone(),
            };
            if !proposal.consents.contains(&needed) {
                refusals.push(without_consent(proposal, &read, holder));
            }
        }
    }
}

/// The fields that can be made of what comes in through a way.
fn readers<'a>(proposal: &'a Proposal<'_>, way: &'a Way) -> Vec<&'a str> {
    match way {
        Way::Field(coordinate) | Way::Path(coordinate) => vec![coordinate],
        Way::Key { type_name, .. } => {
            let fields = proposal.declarations.fields.iter();
            // A field of a key of its own can be made of it as well; one that others have cannot.
            let is_made_here = |coordinate: &str| {
                let mut others = proposal.foreign();
                others.all(|other| !other.declarations.declares(coordinate))
            };
            fields
                .filter(|(coordinate, field)| {
                    let is_own_key = field.is_key && !field.is_external && is_made_here(coordinate);
                    field.parent == *type_name && (field.is_contribution() || is_own_key)
                })
                .map(|(coordinate, _)| coordinate.as_str())
                .collect()
        }
    }
}

/// The level of a field of the source: its own, and that of its type, whichever source marks it.
pub(super) fn reader_level(proposal: &Proposal<'_>, reader: &str) -> Option<Level> {
    let own = proposal.declarations.fields.get(reader)?;
    let types = proposal.neighbours.iter();
    let types = types.filter_map(|each| each.declarations.types.get(&own.parent)?.level);
    own.level.max(types.max())
}

pub(super) fn above_level(reader: &str, read: &Read) -> Refusal {
    let Read {
        coordinate, level, ..
    } = read;
    let scope = level.scope().unwrap_or_default();
    let (message, help) = match &read.way {
        Way::Field(_) => (
            format!(
                "`{reader}` is made of `{coordinate}`, which is {level}, but is not as sensitive \
                 itself."
            ),
            format!("Mark it with `@requiresScopes(scopes: [[\"{scope}\"]])`."),
        ),
        Way::Path(_) => (
            format!(
                "`{reader}` learns by its context what is reached through `{coordinate}`, which is \
                 {level}, but is not as sensitive itself."
            ),
            format!(
                "Mark it with `@requiresScopes(scopes: [[\"{scope}\"]])`, or set the context on a \
                 type that is nearer."
            ),
        ),
        Way::Key { fields, .. } => (
            format!(
                "`{reader}` can be made of `{coordinate}`, which is {level} and comes with the \
                 key `{fields}`, but is not as sensitive itself."
            ),
            format!(
                "Mark it with `@requiresScopes(scopes: [[\"{scope}\"]])`, or take the field out \
                 of the key."
            ),
        ),
    };
    Refusal::new(RefusalCode::RequiresAboveLevel, message, help).at(reader)
}

pub(super) fn without_consent(proposal: &Proposal<'_>, read: &Read, holder: &Holder) -> Refusal {
    let name = &proposal.subgraph.name;
    let (entity, reader_entity) = (&holder.entity, proposal.entity);
    let Read {
        way,
        coordinate,
        level,
        ..
    } = read;
    let what = if *level > Level::Unclassified {
        format!("is {level}")
    } else {
        "takes consent though it is not classified (other scopes restrict it, not every caller may \
         know of its record, or its type has no key)"
            .to_owned()
    };
    Refusal::new(
        RefusalCode::RequiresWithoutConsent,
        format!(
            "{way} needs `{coordinate}`, which {what}: each request would hand it from {entity} \
             to `{name}`."
        ),
        format!(
            "Ask {entity} to record its consent (`upfront source grant --field {coordinate} --to \
             {name} --entity {reader_entity} --reason TEXT`, or the mutation `grantFieldUse`), or \
             do without the field."
        ),
    )
    .at(way.coordinate())
}

//! A classified field of another entity may be read only with its consent, and a field that is made
//! of it must be at least as sensitive.

use std::collections::{HashMap, HashSet};

use federation::subgraph::field_set;

use super::{Consent, FieldRead, Proposal, Refusal, RefusalCode};
use crate::registry::{
    declarations::FieldFacts,
    level::Level,
    reads::{Holder, Read, Way, reads},
};

/// How many faults of a source are reported one by one.
const MOST_REFUSALS: usize = 1_000;

pub(super) fn requires_without_consent(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let made_of_keys = MadeOfKeys::new(proposal);
    let consents: HashSet<_> = proposal.consents.iter().collect();
    let most = refusals.len() + MOST_REFUSALS;
    let reads = reads(proposal);
    for of_way in reads.chunk_by(|a, b| a.way == b.way) {
        // Of the most sensitive the first.
        let most_sensitive = of_way.iter().rev().max_by_key(|read| read.level);
        let Some(read) = most_sensitive.filter(|read| read.level > Level::Unclassified) else {
            continue;
        };
        for reader in made_of_keys.readers(&read.way) {
            if !proposal.budget.step(1 + proposal.neighbours.len()) {
                return;
            }
            if reader_level(proposal, reader) < Some(read.level) {
                refusals.push(above_level(reader, read));
            }
            if refusals.len() > most {
                return refusals.push(and_more(proposal));
            }
        }
    }
    for read in &reads {
        for holder in &read.holders {
            let needed = Consent {
                coordinate: read.coordinate.clone(),
                granted_by: holder.entity.clone(),
            };
            if !consents.contains(&needed) {
                refusals.push(without_consent(proposal, read, holder));
            }
        }
        if refusals.len() > most {
            return refusals.push(and_more(proposal));
        }
    }
}

fn and_more(proposal: &Proposal<'_>) -> Refusal {
    Refusal::new(
        RefusalCode::RequiresWithoutConsent,
        format!(
            "`{}` reads more that it may not; the first {MOST_REFUSALS} faults are told.",
            proposal.subgraph.name
        ),
        "Correct these, and check again.",
    )
}

/// The fields that can be computed from what the source receives with keys, by type.
struct MadeOfKeys<'a> {
    fields: HashMap<&'a str, Vec<(&'a str, &'a FieldFacts)>>,
}

impl<'a> MadeOfKeys<'a> {
    fn new(proposal: &'a Proposal<'_>) -> Self {
        let mut fields: HashMap<_, Vec<_>> = HashMap::new();
        // A field in a key that only this source has can be made of it too; one in a key that
        // others have cannot.
        let is_made_here = |coordinate: &str| {
            let mut others = proposal.foreign();
            others.all(|other| !other.declarations.declares(coordinate))
        };
        for (coordinate, field) in &proposal.declarations.fields {
            let is_own_key = field.is_key && !field.is_external && is_made_here(coordinate);
            if field.is_contribution() || is_own_key {
                let of_type = fields.entry(field.parent.as_str()).or_default();
                of_type.push((coordinate.as_str(), field));
            }
        }
        Self { fields }
    }

    /// The fields that can be computed from what the source receives by one read. Fields of the key
    /// itself are given, not computed.
    fn readers<'w>(&'w self, way: &'w Way) -> Vec<&'w str> {
        match way {
            Way::Field(coordinate) | Way::Path(coordinate) => vec![coordinate],
            Way::Key { type_name, fields } => {
                let given = names_of(fields);
                let all = self.fields.get(type_name.as_str()).into_iter().flatten();
                let made = all.filter(|(coordinate, field)| {
                    let name = coordinate.split('.').nth(1).unwrap_or_default();
                    !field.is_key || !given.contains(name)
                });
                made.map(|(coordinate, _)| *coordinate).collect()
            }
        }
    }
}

/// The fields that a key names of its type.
pub(super) fn names_of(key: &str) -> HashSet<String> {
    let selections = field_set::parse(key).unwrap_or_default();
    let names = selections
        .iter()
        .filter_map(|selection| Some(selection.as_field()?.name.to_string()));
    names.collect()
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
    Refusal::new(RefusalCode::RequiresAboveLevel, message, help)
        .at(reader)
        .reading(field_read(read))
}

fn field_read(read: &Read) -> FieldRead {
    FieldRead {
        coordinate: read.coordinate.clone(),
        is_on_a_path: matches!(read.way, Way::Path(_)),
        named: read.named.clone(),
    }
}

pub(super) fn without_consent(proposal: &Proposal<'_>, read: &Read, holder: &Holder) -> Refusal {
    let name = &proposal.subgraph.name;
    let (entity, reader_entity) = (&holder.entity, proposal.entity);
    let Read {
        way,
        coordinate,
        level,
        cause,
        ..
    } = read;
    let what = match cause {
        Some(cause) if *level == Level::Unclassified => {
            format!("takes consent though it is not classified, since {cause}")
        }
        _ => format!("is {level}"),
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
    .reading(field_read(read))
}

//! A type of another entity must not be changed: its parts, the types of its fields, the defaults
//! of its arguments and input fields, and the directives that it composes. Only fields may be
//! added, and only to object types.

use apollo_compiler::ast::Type;
use indexmap::IndexSet;

use super::{Proposal, Refusal, RefusalCode};
use crate::registry::declarations::Declarations;

pub(super) fn changes_foreign(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    check_field_types(proposal, refusals);
    for (coordinate, element) in &proposal.declarations.written {
        let owners: Vec<_> = proposal.foreign_owners(coordinate).collect();
        let Some(owner) = owners.first() else {
            continue;
        };
        let theirs = owners
            .iter()
            .filter_map(|owner| owner.declarations.written.get(coordinate));
        let parts: IndexSet<_> = theirs.clone().flat_map(|theirs| &theirs.parts).collect();
        for part in element.parts.iter().filter(|part| !parts.contains(part)) {
            let (kind, name) = (part.0.as_str(), &part.1);
            refusals.push(
                Refusal::new(
                    RefusalCode::ChangesForeign,
                    format!(
                        "`{coordinate}` is {}'s, and has no {kind} `{name}` there: it would change \
                         for everybody.",
                        owner.entity
                    ),
                    format!(
                        "Remove `{name}` there, or use a type of your own; {} can add it.",
                        owner.entity
                    ),
                )
                .at(coordinate),
            );
        }
        let mut definitions = theirs
            .clone()
            .filter_map(|theirs| theirs.definition.as_ref());
        if let Some(theirs) = definitions.find(|theirs| element.definition.as_ref() != Some(theirs))
        {
            refusals.push(
                Refusal::new(
                    RefusalCode::ChangesForeign,
                    format!(
                        "`{coordinate}` is {}'s, which defines it otherwise: composition keeps one \
                         definition for everybody.",
                        owner.entity
                    ),
                    format!("Define it as {} does: `{theirs}`.", owner.entity),
                )
                .at(coordinate),
            );
        }
        let mut defaults = theirs.map(|theirs| theirs.default.as_deref());
        let own = element.default.as_deref();
        if let Some(theirs) = defaults.find(|theirs| *theirs != own) {
            let written = |default: Option<&str>| {
                default.map_or("no default".to_owned(), |value| {
                    format!("the default `{value}`")
                })
            };
            refusals.push(
                Refusal::new(
                    RefusalCode::ChangesForeign,
                    format!(
                        "`{coordinate}` has {} here and {} at {}: composition keeps none that is \
                         not everybody's.",
                        written(own),
                        written(theirs),
                        owner.entity
                    ),
                    format!("Give it {} here, too.", written(theirs)),
                )
                .at(coordinate),
            );
        }
    }
}

/// Fields that others have with a type that composition cannot merge with the source's.
fn check_field_types(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (coordinate, field) in &proposal.declarations.fields {
        if field.is_external {
            continue;
        }
        if !proposal.budget.step(1 + proposal.neighbours.len()) {
            return;
        }
        let owners = proposal.foreign_owners(coordinate);
        let mut others = owners.filter_map(|owner| {
            let theirs = owner.declarations.fields.get(coordinate)?;
            let parent = owner.declarations.types.get(&field.parent)?;
            // Another rule refuses that others answer it at all.
            if !theirs.is_shareable && !theirs.is_key && !parent.is_interface {
                return None;
            }
            let knows = |sub: &str, above: &str| {
                let own = proposal.declarations;
                is_below(own, sub, above) || is_below(&owner.declarations, sub, above)
            };
            let differs = !are_alike(&field.ty, &theirs.ty, &knows);
            differs.then_some((owner, &theirs.ty))
        });
        if let Some((owner, theirs)) = others.next() {
            let entity = &owner.entity;
            refusals.push(
                Refusal::new(
                    RefusalCode::ChangesForeign,
                    format!(
                        "`{coordinate}` is {entity}'s, and has the type `{theirs}` there, but \
                         `{}` here.",
                        field.ty
                    ),
                    format!(
                        "Give it the type `{theirs}`, or a name of its own; if you only need \
                         theirs, mark it `@external`."
                    ),
                )
                .at(coordinate),
            );
        }
    }
}

/// Whether two types differ only in which of their parts can be null, or one is a subtype of the
/// other.
fn are_alike(own: &Type, theirs: &Type, knows: &impl Fn(&str, &str) -> bool) -> bool {
    match (own, theirs) {
        (
            Type::List(own) | Type::NonNullList(own),
            Type::List(theirs) | Type::NonNullList(theirs),
        ) => are_alike(own, theirs, knows),
        (
            Type::Named(own) | Type::NonNullNamed(own),
            Type::Named(theirs) | Type::NonNullNamed(theirs),
        ) => own == theirs || knows(own, theirs) || knows(theirs, own),
        _ => false,
    }
}

fn is_below(declarations: &Declarations, sub: &str, above: &str) -> bool {
    let interfaces = declarations.types.get(sub).map(|facts| &facts.interfaces);
    let members = declarations.unions.get(above);
    interfaces.is_some_and(|interfaces| interfaces.contains(above))
        || members.is_some_and(|members| members.contains(sub))
}

//! A type of another entity is made of what that entity says, and so are the defaults of its
//! arguments and input fields, and the directives that it has composed. Fields alone can be added, to object types.

use indexmap::IndexSet;

use super::{Proposal, Refusal, RefusalCode};

pub(super) fn changes_foreign(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
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

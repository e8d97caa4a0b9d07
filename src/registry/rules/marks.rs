//! Levels, scopes and `@inaccessible` are for what one brings oneself: composition would put them
//! on everybody's.

use super::{Proposal, Refusal, RefusalCode};

pub(super) fn mark_on_foreign(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for (name, facts) in &proposal.holdings.types {
        let Some(owner) = proposal.find_foreign_owner_of_type(name) else {
            continue;
        };
        let mut marks = facts.guards.clone();
        if facts.level.is_some() && marks.is_empty() {
            marks.push("@tag(name: \"unclassified\")");
        }
        let owner_marks = owner.holdings.types.get(name);
        for mark in marks {
            let is_theirs_too = owner_marks
                .is_some_and(|theirs| theirs.guards == facts.guards && theirs.level == facts.level);
            if !is_theirs_too {
                refusals.push(refusal(name, mark, &owner.entity, "the fields you add"));
            }
        }
    }
    for (coordinate, field) in &proposal.holdings.fields {
        if field.is_external {
            continue;
        }
        let Some(owner) = proposal.find_foreign_holder(coordinate) else {
            continue;
        };
        let theirs = owner.holdings.fields.get(coordinate);
        for guard in &field.guards {
            let is_theirs_too = theirs
                .is_some_and(|theirs| theirs.guards == field.guards && theirs.level == field.level);
            // A scope on a key is refused anyway, with another sentence.
            if !is_theirs_too && (!field.is_key || *guard == "@inaccessible") {
                refusals.push(refusal(
                    coordinate,
                    guard,
                    &owner.entity,
                    "fields of your own",
                ));
            }
        }
    }
}

fn refusal(coordinate: &str, mark: &str, owner: &str, instead: &str) -> Refusal {
    Refusal::new(
        RefusalCode::MarkOnForeign,
        format!(
            "`{mark}` on `{coordinate}` would change who sees what {owner} holds: composition \
             puts it on the joint schema."
        ),
        format!("Remove it there and mark {instead}."),
    )
    .at(coordinate)
}

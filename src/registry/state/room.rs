//! Who leaves before a version comes in, because it may no longer read what the version classifies; and
//! who does not.

use indexmap::IndexMap;

use super::{
    Left, Source, State,
    decide::{CLASSIFIED, Deciding, Refused, Unsettled},
    settle::{expel, find_readers},
    versions::refused,
};
use crate::registry::rules::{Refusal, RefusalCode};

impl Deciding<'_> {
    /// The state before without those that may not stay beside changed versions, nor what depends on
    /// them: a reader must not stand in the way of an owner who makes a field classified.
    pub(super) fn make_room(
        &self,
        wanted: &State,
        changed: &[&str],
    ) -> Result<(State, Vec<Left>), Refused> {
        let mut rest = self.before.clone();
        let mut readers = find_readers(wanted, self.checks);
        readers.retain(|name, _| !changed.contains(&name.as_str()));
        if readers.is_empty() {
            return Ok((rest, Vec::new()));
        }
        self.refuse_to_expel(&readers)?;
        let left = expel(&mut rest, readers, CLASSIFIED);
        let settled = self.settled(Unsettled {
            after: rest,
            left,
            cause: CLASSIFIED,
            ..Unsettled::default()
        })?;
        let mut left = settled.left;
        left.retain(|left| !changed.contains(&left.source.as_str()));
        Ok((settled.after, left))
    }

    /// Nobody leaves for what is new: an owner may make a field classified that it has, whoever reads
    /// it, but may not add one that another entity's source comes to read by a context, nor so much
    /// that such a source can no longer be checked.
    fn refuse_to_expel(&self, readers: &IndexMap<String, Vec<Refusal>>) -> Result<(), Refused> {
        let members = self.before.members();
        let members: Vec<_> = members.iter().collect();
        for (name, refusals) in readers {
            let source = self.before.find(name);
            let Some(source) = source.filter(|source| source.entity != self.by) else {
                continue;
            };
            for refusal in refusals {
                if refusal.code == RefusalCode::SdlTooLarge {
                    return Err(refused(Refusal::new(
                        RefusalCode::SdlTooLarge,
                        format!(
                            "With it the check of `{name}` of {} takes more steps than allowed.",
                            source.entity
                        ),
                        "Bring fewer types that implement interfaces of others, or that their \
                         unions have.",
                    )));
                }
                let read = refusal.reads.as_deref();
                let is_new = |read: &&str| !self.checks.declares(&members, read);
                if let Some(new) = read.filter(is_new) {
                    return Err(refused(put_out(new, source, refusal)));
                }
            }
        }
        Ok(())
    }
}

/// That a new field would put another entity's source out.
fn put_out(field: &str, source: &Source, refusal: &Refusal) -> Refusal {
    let (name, entity) = (&source.name, &source.entity);
    let reader = refusal.coordinate.as_deref().unwrap_or_default();
    Refusal::new(
        RefusalCode::BreaksForeign,
        format!(
            "`{field}` is new, not for all callers, and on the way of a context that `{reader}` of \
             `{name}` reads: {entity} could no longer have `{name}` served."
        ),
        format!(
            "Let the field lead to a type of your own; or agree with {entity}, publish it as \
             `@tag(name: \"unclassified\")`, record your consent, and classify it then."
        ),
    )
    .at(field)
}

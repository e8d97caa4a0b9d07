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
        self.refuse_to_expel(wanted, changed, &readers)?;
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

    /// Another entity's source leaves only where an owner makes more sensitive what it has and the
    /// source reads: not for new elements, which it may come to read by a context or through a type
    /// that it reads values of, nor for so much that it can no longer be checked.
    fn refuse_to_expel(
        &self,
        wanted: &State,
        changed: &[&str],
        readers: &IndexMap<String, Vec<Refusal>>,
    ) -> Result<(), Refused> {
        let later: Vec<_> = wanted.members();
        for (name, refusals) in readers {
            let source = self.before.find(name);
            let Some(source) = source.filter(|source| source.entity != self.by) else {
                continue;
            };
            let by_marks = self.checks.check_with_marks(self.before, &later, name);
            let mut by_marks = by_marks.iter();
            if !by_marks.any(|each| self.may_raise(changed, name, each)) {
                return Err(refused(put_out(source, refusals)));
            }
        }
        Ok(())
    }

    /// Whether a source may be put out by marks on what it reads. A field that it names it read as it
    /// was; one that it does not name, on the way of a context, must have been there first.
    fn may_raise(&self, changed: &[&str], reader: &str, refusal: &Refusal) -> bool {
        let Some(read) = refusal.reads.as_ref().filter(|read| read.is_on_a_path) else {
            return refusal.reads.is_some() || refusal.code == RefusalCode::SdlTooLarge;
        };
        let by = refusal.coordinate.as_deref().unwrap_or_default();
        let past = &self.before.past;
        let mut changed = changed.iter();
        changed.any(|name| {
            let field = (*name, read.coordinate.as_str());
            self.checks.had_before(field, (reader, by), past)
        })
    }
}

/// That another entity's source would be put out.
fn put_out(source: &Source, refusals: &[Refusal]) -> Refusal {
    let (name, entity) = (&source.name, &source.entity);
    let first = refusals.iter().find_map(|refusal| refusal.reads.as_ref());
    let what = match first {
        Some(read) => format!(
            "`{name}` of {entity} would come to read by it, without leave, `{}`",
            read.coordinate
        ),
        None => format!("the check of `{name}` of {entity} would take more steps than allowed"),
    };
    let refusal = Refusal::new(
        RefusalCode::BreaksForeign,
        format!("{what}: {entity} could no longer have `{name}` served."),
        format!(
            "Leave out what is new and leads to types of others, or use types of your own; or agree \
             with {entity}."
        ),
    );
    let refusal = match first {
        Some(read) => refusal.at(&read.coordinate),
        None => refusal,
    };
    refusal.because_of([name.clone()])
}

//! Which sources are expelled before a version comes in, because they may no longer read what it
//! classifies, and which are not.

use indexmap::{IndexMap, IndexSet};

use super::{
    Expelled, Source, State,
    decide::{CLASSIFIED, Deciding, Decision, Refused, Unsettled},
    settle::{expel, find_readers},
    versions::refused,
};
use crate::registry::{
    history::Elements,
    rules::{Refusal, RefusalCode},
};

impl Deciding<'_> {
    /// The state before without those that may not stay beside changed versions, nor what depends on
    /// them: a reader must not stand in the way of an owner who makes a field classified.
    pub(super) fn make_room(
        &self,
        wanted: &State,
        changed: &[&str],
    ) -> Result<(State, Vec<Expelled>), Refused> {
        let mut rest = self.before.clone();
        let mut readers = find_readers(wanted, self.checks);
        readers.retain(|name, _| !changed.contains(&name.as_str()));
        if readers.is_empty() {
            return Ok((rest, Vec::new()));
        }
        self.refuse_to_expel(wanted, &readers)?;
        let expelled = expel(&mut rest, readers, CLASSIFIED);
        let settled = self.settled(Unsettled {
            after: rest,
            expelled,
            cause: CLASSIFIED,
            ..Unsettled::default()
        })?;
        let mut expelled = settled.expelled;
        expelled.retain(|expelled| !changed.contains(&expelled.source.as_str()));
        Ok((settled.after, expelled))
    }

    /// No source is expelled since a version drops a copy that gave a field of it its level: the field's
    /// owner has to mark it first.
    pub(super) fn refuse_to_loosen(&self, decision: &Decision, name: &str) -> Result<(), Refused> {
        // Read once: there may be as many elements as the schema has.
        let [before, after] = [self.before, &decision.after].map(|state| {
            let mut elements = self.checks.elements_of(&[name], &state.members());
            elements.swap_remove(name).unwrap_or_default()
        });
        let has = |elements: &Elements, element: &str| elements.get(element) == Some(&true);
        let drops = |element: &str| has(&before, element) && !has(&after, element);
        let lacking = decision.expelled.iter().flat_map(|expelled| {
            let refusals = expelled.refusals.iter();
            let lacking = refusals.filter(|each| each.code == RefusalCode::LevelMissing);
            lacking.map(|refusal| (&expelled.source, refusal))
        });
        let elements = lacking
            .clone()
            .filter_map(|(_, each)| each.coordinate.as_deref());
        let owners = self.checks.first_owners(self.before, &elements.collect());
        for (name, lacking) in lacking {
            let owner = lacking.coordinate.as_ref().and_then(|at| owners.get(at));
            let source = self.before.find(name);
            if let (Some(source), Some(element)) = (source, &lacking.coordinate)
                && owner.is_some_and(|owner| owner != self.by)
                && drops(element)
            {
                let entity = &source.entity;
                let message = format!(
                    "{} {entity} could no longer have `{name}` served.",
                    lacking.message
                );
                let help = format!("Keep it until {entity} marks the field itself.");
                let refusal = Refusal::new(RefusalCode::BreaksForeign, message, help);
                return Err(refused(refusal.because_of([name.clone()])));
            }
        }
        Ok(())
    }

    /// Another entity's source is not expelled for what is new on elements that are not the publisher's.
    fn refuse_to_expel(
        &self,
        wanted: &State,
        readers: &IndexMap<String, Vec<Refusal>>,
    ) -> Result<(), Refused> {
        let is_foreign = |name: &String| {
            let source = self.before.find(name);
            source.is_some_and(|source| source.entity != self.by)
        };
        let foreign = readers.iter().filter(|(name, _)| is_foreign(name));
        let foreign: Vec<_> = foreign.collect();
        let reads = foreign.iter().flat_map(|(_, refusals)| *refusals);
        let named: IndexSet<&str> = reads.flat_map(grounds).collect();
        let owners = self.checks.first_owners(self.before, &named);
        let is_own = |refusal: &Refusal| self.is_on_own_ground(refusal, &owners);
        let mut others = foreign;
        others.retain(|(_, refusals)| !refusals.iter().any(is_own));
        if others.is_empty() {
            return Ok(());
        }
        // An owner may classify an element that it had before the other source read it.
        let of_others: Vec<&str> = others.iter().map(|(name, _)| name.as_str()).collect();
        let later = wanted.members();
        let by_marks = self
            .checks
            .check_with_marks(self.before, &later, &of_others);
        for (name, refusals) in others {
            if let Some(source) = self.before.find(name)
                && !by_marks.contains(name)
            {
                return Err(refused(would_expel(source, refusals)));
            }
        }
        Ok(())
    }

    /// Whether a source reads an element of the acting entity: the entity had first the field that
    /// the source names, or its type, or the type that it yields; for the path of a context, a type
    /// at one of its ends. A source that has become too large to check is in no publication's way.
    fn is_on_own_ground(&self, refusal: &Refusal, owners: &IndexMap<String, String>) -> bool {
        let mut owners = grounds(refusal).filter_map(|name| owners.get(name));
        refusal.code == RefusalCode::SdlTooLarge || owners.any(|owner| owner == self.by)
    }
}

/// The elements by which that is decided.
fn grounds(refusal: &Refusal) -> impl Iterator<Item = &str> {
    let read = refusal.reads.iter().flat_map(|read| &read.named);
    read.map(String::as_str)
}

/// The refusal because another entity's source would be expelled.
fn would_expel(source: &Source, refusals: &[Refusal]) -> Refusal {
    let (name, entity) = (&source.name, &source.entity);
    let first = refusals.iter().find_map(|refusal| refusal.reads.as_ref());
    let what = match first {
        Some(read) => format!(
            "`{name}` of {entity} would come to read by it, without consent, `{}`",
            read.coordinate
        ),
        None => format!("`{name}` of {entity} would come to read by it what it may not"),
    };
    let refusal = Refusal::new(
        RefusalCode::BreaksForeign,
        format!("{what}: {entity} could no longer have `{name}` served."),
        format!(
            "Omit what is new and leads to types of others (the interfaces that a type of yours \
             implements as well), or use types of your own; or agree with {entity}."
        ),
    );
    let refusal = match first {
        Some(read) => refusal.at(&read.coordinate),
        None => refusal,
    };
    refusal.because_of([name.clone()])
}

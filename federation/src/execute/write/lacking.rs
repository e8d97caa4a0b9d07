//! Finds why a non-null field is null without an error: an input of it has no value, so no subgraph
//! was asked for it. In: the place that is written. Out: the error's message and its origin.
//! Invariant: the steps of all look-ups are bounded; past the bound a general message is used.

use std::cell::Cell;

use smallvec::SmallVec;

use crate::{
    error::Origin,
    execute::{
        request::{context::Contexts, left_out::Reason, representations::represent},
        slots::ObjectId,
        write::{frame::Inside, writer::Writer},
    },
    query_plan::{
        EntityTarget, FetchId, FetchInput, IngestId, IngestInto, Plan, SlotId, ValueSource,
    },
};

/// For how many such nulls of an answer the reason is looked up.
const MOST_LOOKUPS: u64 = 1000;

/// The steps after which no further look-up begins.
const MOST_STEPS: u64 = 1 << 20;

impl Writer<'_> {
    /// The message and the origin of the error.
    pub(crate) fn unanswered(&mut self) -> (String, Origin) {
        match self.lacking_input() {
            Some((message, subgraph)) => (message, Origin::Completion { subgraph }),
            // No subgraph was asked for it, or only one that has no such entity.
            None => {
                let message = "Null was answered for a field that cannot be null.".to_owned();
                (message, Origin::Completion { subgraph: None })
            }
        }
    }

    /// If an input of the field that is written now has no value: the message, and the subgraph
    /// that alone provides the input.
    fn lacking_input(&mut self) -> Option<(String, Option<String>)> {
        if self.faults >= MOST_LOOKUPS || self.looked_up >= MOST_STEPS {
            return None;
        }
        let mut above: SmallVec<[ObjectId; 8]> = SmallVec::new();
        let mut path: SmallVec<[SlotId; 8]> = SmallVec::new();
        for frame in &self.frames {
            if let Inside::Object(object, variant) = &frame.inside {
                let field = variant.fields.get(frame.begun.checked_sub(1)?)?;
                let ValueSource::Slot(slot) = field.source else {
                    return None;
                };
                above.push(*object);
                path.push(slot);
            }
        }
        let own = path.pop()?;
        let execution = self.execution;
        let (plan, slots) = (&*execution.plan, &execution.slots);
        let writers = self.writers.get_or_insert_with(|| plan.writers());
        let shape = slots.shape(*above.last()?);
        let asked = writers.get(&(shape, own)).copied().flatten()?;
        let is_way = |target: &&EntityTarget| fills(plan, target, &path, own);
        let taken = Cell::new(0);
        // The fetches that replace it are sent fewer inputs, and stand behind it.
        let fetches = (0..).map(FetchId).zip(&plan.fetches);
        let fetches = fetches.filter(|(id, fetch)| fetch.instead_of.unwrap_or(*id) == asked);
        let told = fetches.filter_map(|(_, fetch)| {
            let FetchInput::Entities(lists) = &fetch.input else {
                return None;
            };
            let targets = lists.iter().flat_map(|list| &list.targets).filter(is_way);
            let made = |target: &EntityTarget| {
                let (mut text, mut contexts) = (Vec::new(), Contexts::default());
                let above = above.get(..=target.path.len())?;
                let made = represent((plan, slots), target, above, &mut text, &mut contexts);
                taken.set(taken.get() + text.len() as u64 + contexts.steps());
                made.err()
            };
            let reasons = targets.map(made);
            let mut reasons = reasons.filter(|reason| *reason != Some(Reason::OtherType));
            reasons.next().map(|reason| (fetch, reason))
        });
        let told = told.last();
        self.looked_up += taken.get();
        let (fetch, reason) = told?;
        let Some(Reason::MissingInput(input)) = reason else {
            return None;
        };
        let source = input.and_then(|input| writers.get(&input).copied().flatten());
        let source = source.and_then(|id| plan.fetches.get(id.0 as usize));
        let source = source.map(|fetch| fetch.subgraph_name.to_string());
        let whose = match &source {
            Some(name) => format!("subgraph `{name}` answered no"),
            None => "no subgraph answered a".to_owned(),
        };
        let message = format!(
            "Subgraph `{}` was not asked for this field, which cannot be null: {whose} value that it \
             is computed from.",
            fetch.subgraph_name
        );
        Some((message, source))
    }
}

/// Whether a fetch fills a slot of the objects at a path: of a target, or below it.
fn fills(plan: &Plan, target: &EntityTarget, path: &[SlotId], own: SlotId) -> bool {
    let Some((to_target, below)) = path.split_at_checked(target.path.len()) else {
        return false;
    };
    let into = |ingest: IngestId, slot: SlotId| {
        let ingest = plan.ingests.get(ingest.0 as usize);
        let mut entries = ingest.into_iter().flat_map(|ingest| &ingest.entries);
        entries.find_map(|entry| match entry.into {
            IngestInto::Leaf(other) if other == slot => Some(None),
            IngestInto::Object {
                slot: other,
                ingest,
                ..
            } if other == slot => Some(Some(ingest)),
            _ => None,
        })
    };
    let is_there = (target.path.iter().map(|step| step.slot)).eq(to_target.iter().copied());
    let at = is_there.then(|| {
        let mut below = below.iter();
        below.try_fold(target.ingest, |at, slot| into(at, *slot).flatten())
    });
    at.flatten().is_some_and(|at| into(at, own).is_some())
}

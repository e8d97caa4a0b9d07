//! Writes representations: an object's key and required fields as JSON text. In: a list of a fetch.
//! Out: its representations by context values, with the objects of each, and the objects that are
//! left out. Invariant: equal representations are sent once, and a value that could not be fetched
//! is never sent as null.

use indexmap::{IndexMap, IndexSet};
use smallvec::SmallVec;

use crate::{
    budget::{Budget, Exceeded, Resource},
    execute::{
        ingest::{leaf, tree::write_string},
        pace::Pace,
        request::{
            context::{ContextKey, Contexts},
            left_out::{Fault, LeftOut, Reason, untyped},
            targets::{Passage, Walker},
        },
        slots::{ObjectId, Slots, Value, ValuePlace},
        transport::Sent,
    },
    query_plan::{
        EntityList, EntityTarget, LeafKind, Plan, RepresentationField, RepresentationTypename,
        RepresentationValue, RepresentationVariant,
    },
};

/// How many sets of context values the objects of a list may have: each is a request.
pub(crate) const MOST_GROUPS: usize = 1000;

/// About how many bytes a representation takes beside its text.
const HOLDER_BYTES: u64 = 96;

/// The objects that one representation stands for, each with its target's number.
pub(crate) type Holders = SmallVec<[(usize, ObjectId); 1]>;

/// The values of context variables, as JSON text; empty where there are none.
pub(crate) type ContextValues = Vec<u8>;

/// Representations of one list, in order of discovery, by the values of context variables.
pub(crate) type Groups = IndexMap<ContextValues, Group>;

/// Representations that are sent with the same context values.
type Group = IndexMap<Box<[u8]>, Holders>;

/// Why no representations are made.
#[derive(Debug)]
pub(crate) enum Refused {
    /// More would be held than may be.
    Exceeded,
    /// The objects have more than [`MOST_GROUPS`] sets of context values.
    Groups,
}

impl From<Exceeded> for Refused {
    fn from(_: Exceeded) -> Self {
        Self::Exceeded
    }
}

/// The representations of a list.
#[derive(Debug, Default)]
pub(crate) struct Representations {
    /// Those to be sent.
    pub(crate) groups: Groups,
    /// Objects that are left out.
    pub(crate) left_out: Vec<LeftOut>,
}

/// From what representations are made, and which may be sent.
pub(crate) struct Collecting<'e> {
    pub(crate) plan: &'e Plan,
    pub(crate) slots: &'e Slots,
    pub(crate) budget: &'e Budget,
    pub(crate) may_send: MaySend<'e>,
}

/// Whether the host lets the subgraph have a part of what is sent.
pub(crate) type MaySend<'e> = &'e (dyn Fn(Sent<'_>) -> bool + Sync);

impl Collecting<'_> {
    /// Makes the representations of a list, in turns; of some objects only, if they are named.
    pub(crate) async fn collect(
        &self,
        wanted: (&EntityList, Option<&IndexSet<ObjectId>>),
    ) -> Result<Representations, Refused> {
        let mut contexts = Contexts::default();
        let mut counted = 0;
        let collected = self.make(wanted, (&mut contexts, &mut counted)).await;
        // The text that is sent is counted separately.
        self.budget.give_back(Resource::Bytes, counted);
        collected
    }

    async fn make(
        &self,
        (list, only): (&EntityList, Option<&IndexSet<ObjectId>>),
        (contexts, counted): (&mut Contexts, &mut u64),
    ) -> Result<Representations, Refused> {
        let mut groups: IndexMap<ContextKey, Group> = IndexMap::new();
        let mut left_out = Vec::new();
        let mut sendable = IndexMap::new();
        let mut scratch = Vec::new();
        let mut pace = Pace::default();
        for (target_index, target) in list.targets.iter().enumerate() {
            contexts.begin();
            let mut walker = Walker::new(&target.path);
            while let Some(object) = walker.next(self.slots) {
                if only.is_some_and(|only| !only.contains(&object)) {
                    if pace.step(walker.passed() + 1) {
                        pace.rest(self.budget).await?;
                    }
                    continue;
                }
                scratch.clear();
                let trail = walker.trail().iter();
                let above = trail.filter_map(|passage| match passage {
                    Passage::Slot(object, _) => Some(*object),
                    Passage::Index(_) => None,
                });
                let above: SmallVec<[ObjectId; 8]> = above.chain([object]).collect();
                let from = (self.plan, self.slots);
                let made = represent(from, target, &above, &mut scratch, contexts);
                let more = contexts.held() - *counted;
                *counted += more;
                self.budget.spend(Resource::Bytes, more)?;
                let made = made.and_then(|key| {
                    let may_send = (self.may_send)(Sent::Representation(&scratch))
                        && self.may_send_contexts(&mut sendable, contexts, &key);
                    may_send.then_some(key).ok_or(Reason::Key(Fault::Refused))
                });
                match made {
                    Ok(key) => {
                        let group = self.group(&mut groups, contexts, key)?;
                        self.add(group, &scratch, (target_index, object))?;
                    }
                    Err(reason) => left_out.push(LeftOut {
                        target: target_index,
                        object,
                        reason,
                    }),
                }
                let steps = contexts.steps() + scratch.len() as u64 / 16;
                if pace.step(walker.passed() + 1 + steps) {
                    pace.rest(self.budget).await?;
                }
            }
        }
        pace.count(self.budget)?;
        let groups = groups.into_iter();
        let groups = groups.map(|(key, group)| (contexts.text(&key), group));
        Ok(Representations {
            groups: groups.collect(),
            left_out,
        })
    }

    /// Whether some context values may be sent, which is asked once.
    fn may_send_contexts(
        &self,
        sendable: &mut IndexMap<ContextKey, bool>,
        contexts: &Contexts,
        key: &ContextKey,
    ) -> bool {
        if key.is_empty() {
            return true;
        }
        if let Some(known) = sendable.get(key) {
            return *known;
        }
        let may_send = (self.may_send)(Sent::Contexts(&contexts.text(key)));
        sendable.insert(key.clone(), may_send);
        may_send
    }

    /// The representations that are sent with some context values.
    fn group<'g>(
        &self,
        groups: &'g mut IndexMap<ContextKey, Group>,
        contexts: &Contexts,
        key: ContextKey,
    ) -> Result<&'g mut Group, Refused> {
        if !groups.contains_key(&key) {
            if groups.len() >= MOST_GROUPS {
                return Err(Refused::Groups);
            }
            let text = contexts.text(&key).len() as u64;
            self.budget.spend(Resource::Bytes, 3 * text)?;
        }
        Ok(groups.entry(key).or_default())
    }

    fn add(
        &self,
        group: &mut Group,
        text: &[u8],
        holder: (usize, ObjectId),
    ) -> Result<(), Refused> {
        if let Some(holders) = group.get_mut(text) {
            holders.push(holder);
            return Ok(());
        }
        // In the list, and in what is sent.
        let bytes = HOLDER_BYTES + 2 * text.len() as u64;
        self.budget.spend(Resource::Bytes, bytes)?;
        group.insert(text.into(), SmallVec::from_elem(holder, 1));
        Ok(())
    }
}

/// Writes the representation of the last of the given objects, of which each holds the next;
/// returns the context values that are sent with it.
pub(crate) fn represent(
    (plan, slots): (&Plan, &Slots),
    target: &EntityTarget,
    above: &[ObjectId],
    out: &mut Vec<u8>,
    contexts: &mut Contexts,
) -> Result<ContextKey, Reason> {
    let writer = Writer {
        plan,
        slots,
        out,
        has_key: false,
        is_key_set: false,
    };
    let object = *above.last().ok_or(Reason::OtherType)?;
    // Without a key no entity can be asked for, whatever the context.
    writer.target(target, object)?;
    contexts.find(slots, target, above)
}

struct Writer<'e> {
    plan: &'e Plan,
    slots: &'e Slots,
    out: &'e mut Vec<u8>,
    /// Whether there is a part of a key.
    has_key: bool,
    /// Whether one of them is not null.
    is_key_set: bool,
}

impl Writer<'_> {
    fn target(mut self, target: &EntityTarget, object: ObjectId) -> Result<(), Reason> {
        self.object(&target.representation, object)?;
        if self.has_key && !self.is_key_set {
            return Err(Reason::NullKey);
        }
        Ok(())
    }

    fn object(
        &mut self,
        variants: &[RepresentationVariant],
        object: ObjectId,
    ) -> Result<(), Reason> {
        let runtime_type = self.slots.runtime_type(object);
        let variant = variants
            .iter()
            .find(|variant| match (&variant.types, runtime_type) {
                (None, _) => true,
                (Some(types), Some(runtime_type)) => types.contains(runtime_type),
                (Some(_), None) => variant.typename == RepresentationTypename::IfKnown,
            })
            .ok_or(Reason::OtherType)?;
        self.out.push(b'{');
        let typename = match (&variant.typename, runtime_type) {
            (RepresentationTypename::Runtime | RepresentationTypename::IfKnown, Some(id)) => {
                Some(self.plan.types.name(id))
            }
            (RepresentationTypename::Runtime, None) => return Err(Reason::OtherType),
            (RepresentationTypename::Name(name), _) => Some(&**name),
            (RepresentationTypename::IfKnown, None) | (RepresentationTypename::Absent, _) => None,
        };
        if let Some(name) = typename {
            self.key("__typename");
            write_string(self.out, name);
        }
        for field in &variant.fields {
            self.key(&field.name);
            let value = self.slots.get(ValuePlace::Slot(object, field.slot));
            self.has_key |= field.is_key;
            self.value(field, value, 0)
                .map_err(|reason| reason.at(self.slots.shape(object), field.slot))?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn key(&mut self, name: &str) {
        if self.out.last() != Some(&b'{') {
            self.out.push(b',');
        }
        write_string(self.out, name);
        self.out.push(b':');
    }

    /// Writes what a slot holds, or an item of it so many lists deep.
    fn value(
        &mut self,
        field: &RepresentationField,
        value: Value,
        depth: u32,
    ) -> Result<(), Reason> {
        let may_be_null = field.nullable.checked_shr(depth).unwrap_or(0) & 1 != 0;
        match (&field.value, value) {
            // INVARIANT: a value that could not be fetched is not sent as null: a subgraph that
            // computed with the null would answer wrongly.
            (_, Value::Failed) => return Err(Reason::of(field, Fault::Failed)),
            (_, Value::Missing) if field.is_key => return Err(Reason::NullKey),
            (_, Value::Missing) => return Err(Reason::MissingInput(None)),
            (_, Value::Null) if field.is_key && !may_be_null => return Err(Reason::NullKey),
            (_, Value::Null) => self.out.extend_from_slice(b"null"),
            (RepresentationValue::Leaf(kind), Value::Leaf(text)) => {
                let bytes = self.slots.text(text);
                if !is_fit(*kind, bytes) {
                    let fault = Fault::Misfit(self.slots.fetch(text));
                    return Err(Reason::of(field, fault));
                }
                self.out.extend_from_slice(bytes);
                self.is_key_set |= field.is_key;
            }
            (RepresentationValue::Object(variants), Value::Object(object)) => {
                let before = self.out.len();
                let is_typed = self.slots.runtime_type(object).is_some();
                match self.object(variants, object) {
                    // INVARIANT: an object of unknown type is not sent as null either.
                    Err(Reason::OtherType) if !is_typed => {
                        return Err(Reason::of(field, untyped(self.slots, object)));
                    }
                    // A required object may be of a type of which no field is required.
                    Err(Reason::OtherType) if !field.is_key => {
                        self.out.truncate(before);
                        self.out.extend_from_slice(b"null");
                    }
                    outcome => outcome?,
                }
                // Such a key says only that the object exists.
                let is_plain = variants.iter().all(|variant| variant.fields.is_empty());
                self.is_key_set |= field.is_key && is_plain;
            }
            (RepresentationValue::Object(_), Value::List(list)) => {
                self.out.push(b'[');
                for (at, &item) in self.slots.items(list).iter().enumerate() {
                    if at > 0 {
                        self.out.push(b',');
                    }
                    self.value(field, item, depth + 1)?;
                }
                self.out.push(b']');
            }
            (_, Value::Leaf(text)) => {
                let fault = Fault::Misfit(self.slots.fetch(text));
                return Err(Reason::of(field, fault));
            }
            _ => return Err(Reason::of(field, Fault::Misfit(None))),
        }
        Ok(())
    }
}

fn is_fit(kind: LeafKind, bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| leaf::all_fit(kind, text))
}

//! Reads the values of contexts for a request. In: the objects from the root to one that a fetch
//! completes, and the paths of its context variables. Out: the values as JSON text, or why one
//! cannot be sent. Invariant: a value that could not be fetched is never sent as null.

use indexmap::{IndexMap, IndexSet};
use smallvec::SmallVec;

use crate::{
    execute::{
        ingest::{leaf, tree::write_string},
        request::left_out::{Fault, Reason, untyped},
        slots::{ObjectId, Slots, Value, ValuePlace},
    },
    query_plan::{ContextPath, ContextVariable, EntityTarget, InputType, ShapeId, SlotId, Step},
};

/// The steps that are left of the paths to a value.
type Ways<'e> = SmallVec<[&'e [Step]; 4]>;

/// Which members `"name":value` an object is asked for with: places in [`Contexts`].
pub(crate) type ContextKey = SmallVec<[usize; 2]>;

/// About how many bytes a value takes beside its text.
const MEMBER_BYTES: u64 = 64;

/// Values of the variables of targets, each distinct one once. An ancestor's value is read once,
/// however many objects below it are sent with it, since these are walked one after another.
#[derive(Debug, Default)]
pub(crate) struct Contexts {
    members: IndexSet<Box<[u8]>>,
    /// By variable of the present target and depth, the last object and what it has for the variable.
    known: IndexMap<(usize, usize), (ObjectId, Known)>,
    steps: u64,
    held: u64,
}

#[derive(Clone, Copy, Debug)]
enum Known {
    /// No path starts from the object's type.
    None,
    Member(usize),
    /// It cannot be sent.
    Not(Reason),
}

impl Contexts {
    /// Goes on to another target.
    pub(crate) fn begin(&mut self) {
        self.known.clear();
    }

    /// The steps since this was last asked.
    pub(crate) fn steps(&mut self) -> u64 {
        std::mem::take(&mut self.steps)
    }

    /// The bytes that are held.
    pub(crate) fn held(&self) -> u64 {
        self.held
    }

    /// The values for the last of the given objects; each object of the list holds the next.
    pub(crate) fn find(
        &mut self,
        slots: &Slots,
        target: &EntityTarget,
        above: &[ObjectId],
    ) -> Result<ContextKey, Reason> {
        let variables = target.context.iter().enumerate();
        variables
            .map(|variable| self.member(slots, variable, above))
            .collect()
    }

    /// The members of a key as text.
    pub(crate) fn text(&self, key: &ContextKey) -> Vec<u8> {
        let members = key.iter().filter_map(|at| self.members.get_index(*at));
        let members: SmallVec<[&[u8]; 2]> = members.map(|member| &**member).collect();
        members.join(&b',')
    }

    fn member(
        &mut self,
        slots: &Slots,
        (at, variable): (usize, &ContextVariable),
        above: &[ObjectId],
    ) -> Result<usize, Reason> {
        // The nearest ancestor from which a path leads to the value.
        for ways in variable.paths.chunk_by(|one, next| one.depth == next.depth) {
            let depth = ways.first().map_or(0, |path| path.depth);
            let Some(&holder) = above.get(depth) else {
                continue;
            };
            let last = self.known.get(&(at, depth));
            let known = match last.filter(|(last, _)| *last == holder) {
                Some((_, known)) => *known,
                None => {
                    let known = self.look(slots, variable, (holder, ways));
                    self.known.insert((at, depth), (holder, known));
                    known
                }
            };
            match known {
                Known::None => {}
                Known::Member(member) => return Ok(member),
                Known::Not(reason) => return Err(reason),
            }
        }
        if !variable.input.may_be_null(0) {
            return Err(Reason::MissingInput(None));
        }
        let mut out = begin_member(variable);
        out.extend_from_slice(b"null");
        Ok(self.keep(out))
    }

    fn look(
        &mut self,
        slots: &Slots,
        variable: &ContextVariable,
        (holder, ways): (ObjectId, &[ContextPath]),
    ) -> Known {
        let mut out = begin_member(variable);
        let ways: Ways<'_> = ways.iter().map(|path| path.steps.as_slice()).collect();
        let mut writer = Writer {
            slots,
            input: &variable.input,
            out: &mut out,
        };
        let found = writer.object(&ways, holder, 0);
        self.steps += 1 + ways.len() as u64 + out.len() as u64 / 4;
        match found {
            Ok(true) => Known::Member(self.keep(out)),
            Ok(false) => Known::None,
            Err(reason) => Known::Not(reason),
        }
    }

    fn keep(&mut self, member: Vec<u8>) -> usize {
        if let Some(at) = self.members.get_index_of(member.as_slice()) {
            return at;
        }
        self.held += MEMBER_BYTES + member.len() as u64;
        self.members.insert_full(member.into()).0
    }
}

fn begin_member(variable: &ContextVariable) -> Vec<u8> {
    let mut out = Vec::new();
    write_string(&mut out, &variable.variable);
    out.push(b':');
    out
}

/// Writes a value of some type.
struct Writer<'e> {
    slots: &'e Slots,
    input: &'e InputType,
    out: &'e mut Vec<u8>,
}

impl Writer<'_> {
    /// Writes the value at the end of the paths from an object, so many lists deep. Returns whether
    /// one of them leads to a value.
    fn object(&mut self, ways: &[&[Step]], object: ObjectId, depth: u32) -> Result<bool, Reason> {
        let runtime_type = self.slots.runtime_type(object);
        let mut gone: SmallVec<[SlotId; 4]> = SmallVec::new();
        for (at, way) in ways.iter().enumerate() {
            let Some(step) = way.first() else {
                return Err(Reason::Input(Fault::Misfit(None)));
            };
            match (&step.only, runtime_type) {
                (Some(types), Some(runtime_type)) if !types.contains(runtime_type) => continue,
                // Whether this path fits depends on a type that is not known.
                (Some(_), None) => return Err(Reason::Input(untyped(self.slots, object))),
                _ if gone.contains(&step.slot) => continue,
                _ => gone.push(step.slot),
            }
            // Items of a list may need different paths.
            let same = ways[at..].iter().filter_map(|way| {
                let (other, rest) = way.split_first()?;
                let is_open = other.only.as_ref().is_none_or(|types| {
                    runtime_type.is_some_and(|runtime_type| types.contains(runtime_type))
                });
                (other.slot == step.slot && is_open).then_some(rest)
            });
            let same: Ways<'_> = same.collect();
            let value = self.slots.get(ValuePlace::Slot(object, step.slot));
            let slot = (self.slots.shape(object), step.slot);
            if self.value(&same, value, (slot, depth))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes the value of a slot, or an item of it, so many lists deep. Returns whether there is
    /// one.
    fn value(
        &mut self,
        ways: &[&[Step]],
        value: Value,
        (slot, depth): ((ShapeId, SlotId), u32),
    ) -> Result<bool, Reason> {
        match value {
            // INVARIANT: a value that could not be fetched is not sent as null.
            Value::Failed => return Err(Reason::Input(Fault::Failed)),
            Value::Missing => return Err(Reason::MissingInput(Some(slot))),
            Value::Null => self.null(depth, Reason::Input(Fault::Null(Some(slot))))?,
            Value::Leaf(text) => {
                let bytes = self.slots.text(text);
                let is_fit = std::str::from_utf8(bytes)
                    .is_ok_and(|text| leaf::fits_input(self.input, depth, text));
                if !is_fit {
                    return Err(Reason::Input(Fault::Misfit(self.slots.fetch(text))));
                }
                self.out.extend_from_slice(bytes);
            }
            Value::Object(object) => return self.object(ways, object, depth),
            Value::List(_) if depth >= self.input.lists => {
                return Err(Reason::Input(Fault::Misfit(None)));
            }
            Value::List(list) => {
                self.out.push(b'[');
                for (at, &item) in self.slots.items(list).iter().enumerate() {
                    if at > 0 {
                        self.out.push(b',');
                    }
                    if !self.value(ways, item, (slot, depth + 1))? {
                        self.null(depth + 1, Reason::MissingInput(None))?;
                    }
                }
                self.out.push(b']');
            }
        }
        Ok(true)
    }

    /// Writes null where the type allows it.
    fn null(&mut self, depth: u32, otherwise: Reason) -> Result<(), Reason> {
        if !self.input.may_be_null(depth) {
            return Err(otherwise);
        }
        self.out.extend_from_slice(b"null");
        Ok(())
    }
}

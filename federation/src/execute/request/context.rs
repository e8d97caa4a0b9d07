//! Values of contexts: what objects above those that a fetch completes hold, as JSON text.

use smallvec::SmallVec;

use crate::{
    execute::{
        ingest::{leaf, tree::write_string},
        request::left_out::{Fault, Reason, untyped},
        slots::{ObjectId, Slots, Value, ValuePlace},
    },
    query_plan::{ContextPath, EntityTarget, InputType, ShapeId, SlotId, Step},
};

/// What is left of the ways to a value.
type Ways<'e> = SmallVec<[&'e [Step]; 4]>;

/// Writes the members `"name":value` of the variables of a target, whose values are of objects above
/// it: of these each holds the next.
pub(crate) fn write_context(
    slots: &Slots,
    target: &EntityTarget,
    above: &[ObjectId],
    out: &mut Vec<u8>,
) -> Result<(), Reason> {
    for variable in &target.context {
        if !out.is_empty() {
            out.push(b',');
        }
        write_string(out, &variable.variable);
        out.push(b':');
        let input = variable.input;
        let mut writer = Writer { slots, input, out };
        if !writer.first(&variable.paths, above)? {
            // The types on all ways are others: there is no value.
            writer.null(0, Reason::MissingInput(None))?;
        }
    }
    Ok(())
}

/// Writes a value of some type.
struct Writer<'e> {
    slots: &'e Slots,
    input: InputType,
    out: &'e mut Vec<u8>,
}

impl Writer<'_> {
    /// Writes what the first way leads to that can be gone. Whether there is one.
    fn first(&mut self, paths: &[ContextPath], above: &[ObjectId]) -> Result<bool, Reason> {
        for from_one in paths.chunk_by(|one, next| one.depth == next.depth) {
            let holder = from_one.first().and_then(|path| above.get(path.depth));
            let Some(&holder) = holder else { continue };
            let ways: Ways<'_> = from_one.iter().map(|path| path.steps.as_slice()).collect();
            if self.object(&ways, holder, 0)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes what stands at the end of ways from an object, so many lists deep. Whether one of them
    /// can be gone: the others are for objects of other types.
    fn object(&mut self, ways: &[&[Step]], object: ObjectId, depth: u32) -> Result<bool, Reason> {
        let runtime_type = self.slots.runtime_type(object);
        let mut gone: SmallVec<[SlotId; 4]> = SmallVec::new();
        for (at, way) in ways.iter().enumerate() {
            let Some(step) = way.first() else {
                return Err(Reason::Input(Fault::Misfit(None)));
            };
            match (&step.only, runtime_type) {
                (Some(types), Some(runtime_type)) if !types.contains(runtime_type) => continue,
                // Whether this is the way depends on a type that is not known.
                (Some(_), None) => return Err(Reason::Input(untyped(self.slots, object))),
                _ if gone.contains(&step.slot) => continue,
                _ => gone.push(step.slot),
            }
            // Which way is the right one may differ by the items of a list.
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

    /// Writes a value of a slot, or an item of it, so many lists deep. Whether there is one.
    fn value(
        &mut self,
        ways: &[&[Step]],
        value: Value,
        (slot, depth): ((ShapeId, SlotId), u32),
    ) -> Result<bool, Reason> {
        match value {
            // INVARIANT: what could not be had is not null.
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

    /// Writes null, where it may stand.
    fn null(&mut self, depth: u32, otherwise: Reason) -> Result<(), Reason> {
        if !self.input.may_be_null(depth) {
            return Err(otherwise);
        }
        self.out.extend_from_slice(b"null");
        Ok(())
    }
}

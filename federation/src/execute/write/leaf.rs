//! Writes leaves. In: a span of an answer, and the output type. Out: its text, copied, with a bare
//! `ID` in quotation marks. Invariant: a value that does not fit its kind, or its enum, is not
//! written but an error.

use crate::{
    execute::{
        ingest::leaf,
        slots::{Text, Value},
        write::{
            frame::{Inside, Nulled, indices_of_leaf, is_non_null},
            lists::ListKey,
            writer::Writer,
        },
    },
    json::{Reader, decode_name},
    query_plan::{LeafKind, OutputType},
};

impl<'e> Writer<'e> {
    pub(crate) fn leaf(
        &mut self,
        text: Text,
        json: &'e [u8],
        output: &'e OutputType,
    ) -> Result<(), Nulled> {
        match output {
            OutputType::Leaf { kind, values, .. } => {
                if !leaf::fits(*kind, json) {
                    return self.misfit(text);
                }
                if let Some(values) = values
                    && !decode_name(json).is_some_and(|value| values.contains(&*value))
                {
                    let message = "A value was answered that this enum does not have.";
                    let origin = self.origin(text);
                    self.error(message, origin);
                    return Err(Nulled);
                }
                let is_bare_id = *kind == LeafKind::Id && json.first() != Some(&b'"');
                if is_bare_id {
                    self.out.push(b'"');
                }
                self.out.extend_from_slice(json);
                if is_bare_id {
                    self.out.push(b'"');
                }
                Ok(())
            }
            OutputType::List { item, .. } if json.first() == Some(&b'[') => {
                // Leaves are spans of text that was checked to be UTF-8.
                let leaves = std::str::from_utf8(json).unwrap_or("[]");
                let mut reader = Reader::new(leaves);
                let has_more = reader.open(b'[', b']').unwrap_or(false);
                let above = self.frames.last().map(|frame| &frame.inside);
                let is_whole = !matches!(above, Some(Inside::Leaves { .. }));
                let key = ListKey::new(text, output);
                let inside = Inside::Leaves {
                    of: text,
                    whole: is_whole.then_some((key, self.faults)),
                    text: leaves,
                    reader,
                    has_more,
                    item,
                };
                self.begin(b'[', !is_non_null(output), inside);
                Ok(())
            }
            _ => self.misfit(text),
        }
    }

    pub(crate) fn leaf_item(
        &mut self,
        text: Text,
        json: &'e str,
        item: &'e OutputType,
    ) -> Result<(), Nulled> {
        if json == "null" {
            let is_explained = is_non_null(item) && self.is_item_explained(text);
            let value = if is_explained {
                Value::Failed
            } else {
                Value::Null
            };
            return self.null(value, item);
        }
        let start = self.out.len();
        let outcome = self.leaf(text, json.as_bytes(), item);
        self.or_null(outcome, start, item)
    }

    /// Whether an error of the subgraph is about the present item of a list of leaves.
    fn is_item_explained(&self, text: Text) -> bool {
        let indices = indices_of_leaf(&self.frames);
        self.execution.slots.is_item_explained(text, &indices)
    }
}

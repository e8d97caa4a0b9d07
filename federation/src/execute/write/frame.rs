//! The objects and lists around the value of an answer that is being written, outermost first:
//! where each begins in the text, and how much of it is written. They give the value's path.

use smallvec::SmallVec;

use crate::{
    error::PathElement,
    execute::{
        slots::{List, ObjectId, Text},
        write::lists::ListKey,
    },
    json::Reader,
    query_plan::{OutputType, ProjectionVariant},
};

/// A null in a non-null place.
pub(crate) struct Nulled;

/// What is being written.
pub(crate) struct Frame<'e> {
    /// Where its text begins.
    pub(crate) start: usize,
    /// Whether null may stand in its place.
    pub(crate) may_be_null: bool,
    /// How many of its fields or items are begun.
    pub(crate) begun: usize,
    pub(crate) inside: Inside<'e>,
}

/// What it is, as far as it is still to be written.
pub(crate) enum Inside<'e> {
    Object(ObjectId, &'e ProjectionVariant),
    List(List, &'e OutputType),
    /// A list of leaves, which is text.
    Leaves {
        of: Text,
        /// How many faults were found before it, where it is not an item of such a list.
        whole: Option<(ListKey, u64)>,
        text: &'e str,
        reader: Reader<'e>,
        has_more: bool,
        item: &'e OutputType,
    },
}

/// The client's path to the value that is being written.
pub(crate) fn path_of(frames: &[Frame<'_>]) -> Vec<PathElement> {
    let element = |frame: &Frame<'_>| match &frame.inside {
        Inside::Object(_, variant) => {
            PathElement::Key(variant.fields[frame.begun - 1].response_name.to_string())
        }
        Inside::List(..) | Inside::Leaves { .. } => PathElement::Index(frame.begun - 1),
    };
    frames.iter().map(element).collect()
}

/// Where the value stands in the innermost list of leaves, which may hold lists of leaves itself.
pub(crate) fn indices_of_leaf(frames: &[Frame<'_>]) -> SmallVec<[u32; 2]> {
    let inside = frames.iter().rev();
    let mut indices: SmallVec<[u32; 2]> = inside
        .take_while(|frame| matches!(frame.inside, Inside::Leaves { .. }))
        .map(|frame| u32::try_from(frame.begun - 1).unwrap_or(u32::MAX))
        .collect();
    indices.reverse();
    indices
}

/// Whether a type is non-null.
pub(crate) fn is_non_null(output: &OutputType) -> bool {
    match output {
        OutputType::List { non_null, .. }
        | OutputType::Leaf { non_null, .. }
        | OutputType::Object { non_null, .. } => *non_null,
    }
}

//! Chooses response names in a subgraph's document. In: slots with the shapes of their values. Out:
//! a name for each. Invariant: each name is for one slot and one response shape.
//!
//! <https://spec.graphql.org/September2025/#SameResponseShape()>

use apollo_compiler::ast::Type;
use apollo_compiler::collections::IndexMap;

use crate::{
    plan::fetch_graph::shape::Shapes,
    query_plan::{ShapeId, SlotId},
};

/// A field's type as far as the shape of a response depends on it.
pub(crate) fn signature(ty: &Type, is_composite: bool) -> String {
    let text = ty.to_string();
    if is_composite {
        text.replace(ty.inner_named_type().as_str(), "*")
    } else {
        text
    }
}

/// How many lists are around the values of a type.
pub(crate) fn lists(ty: &Type) -> u8 {
    match ty {
        Type::Named(_) | Type::NonNullNamed(_) => 0,
        Type::List(item) | Type::NonNullList(item) => lists(item).saturating_add(1),
    }
}

/// The names given so far in one object of an answer.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    taken: IndexMap<String, ()>,
    given: IndexMap<(SlotId, String), String>,
    /// The last number given to a name.
    last: IndexMap<String, u32>,
}

impl Keys {
    pub(crate) fn new() -> Self {
        let mut keys = Self::default();
        keys.taken.insert("__typename".to_owned(), ());
        keys
    }

    /// Gives a slot its name for values of one shape.
    pub(crate) fn give(&mut self, shapes: &Shapes, shape: ShapeId, slot: SlotId, signature: &str) {
        let wanted = (slot, signature.to_owned());
        if self.given.contains_key(&wanted) {
            return;
        }
        let preferred = shapes.preferred_key(shape, slot);
        let mut key = preferred.to_string();
        let numbered = preferred.trim_start_matches('_');
        while self.taken.contains_key(&key) {
            let number = self.last.entry(numbered.to_owned()).or_default();
            *number += 1;
            key = format!("{numbered}_{number}");
        }
        self.taken.insert(key.clone(), ());
        self.given.insert(wanted, key);
    }

    pub(crate) fn find(&self, slot: SlotId, signature: &str) -> Option<&str> {
        self.given
            .get(&(slot, signature.to_owned()))
            .map(String::as_str)
    }
}

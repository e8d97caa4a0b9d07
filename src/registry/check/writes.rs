//! Finds the mutations that a version of a source adds, and what a caller needs for them.

use apollo_compiler::ast::OperationType;
use federation::supergraph::Supergraph;

use crate::registry::access::Access;

/// A root mutation that was not there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedWrite {
    /// It: `Mutation.field`.
    pub coordinate: String,
    /// What a caller needs for it, in words.
    pub needs: String,
}

/// The root mutations that one supergraph has and the other has not.
pub(super) fn opened(old: Option<&Supergraph>, new: &Supergraph) -> Vec<OpenedWrite> {
    let root = |supergraph: &Supergraph| {
        let schema = &supergraph.schema;
        let name = schema.root_operation(OperationType::Mutation)?;
        schema.get_object(name).cloned()
    };
    let before = old.and_then(root);
    let Some(after) = root(new) else {
        return Vec::new();
    };
    let fields = after.fields.values().filter(|field| {
        let before = before.as_ref();
        before.is_none_or(|before| !before.fields.contains_key(&field.name))
    });
    fields
        .map(|field| OpenedWrite {
            coordinate: format!("Mutation.{}", field.name),
            needs: Access::marked(&field.directives).to_string(),
        })
        .collect()
}

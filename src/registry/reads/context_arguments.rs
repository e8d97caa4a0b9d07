//! The arguments of a source's fields that read contexts.

use std::{collections::HashMap, rc::Rc};

use apollo_compiler::Name;
use federation::subgraph::{
    Subgraph,
    directives::{contexts, from_context},
    field_set,
};

/// Arguments that read contexts, each counted once for every type that sets its context.
pub const MOST_CONTEXT_READS: usize = 2_000;

/// An argument of a source's field that reads a context.
pub(super) struct ContextArgument<'s> {
    /// The type of the field, by its name in the joint schema.
    pub(super) type_name: &'s str,
    /// The field.
    pub(super) field: &'s Name,
    /// The context.
    pub(super) context: &'s str,
    /// What is selected of the object that sets it.
    pub(super) selection: &'s str,
    /// The types that set it in this source.
    pub(super) setters: Rc<[&'s Name]>,
}

/// The arguments of a source that read contexts, in the order of its SDL.
pub(super) fn context_arguments(own: &Subgraph) -> Vec<ContextArgument<'_>> {
    let mut setters: HashMap<&str, Vec<&Name>> = HashMap::new();
    for ty in own.schema.types.values() {
        for context in contexts(ty.directives()) {
            setters.entry(context).or_default().push(ty.name());
        }
    }
    let setters: HashMap<&str, Rc<[&Name]>> = setters
        .into_iter()
        .map(|(context, types)| (context, types.into()))
        .collect();
    let mut found = Vec::new();
    for ty in own.schema.types.values() {
        for field in own.fields(ty) {
            for argument in &field.arguments {
                let text = from_context(&argument.directives);
                let Some((context, selection)) = text.and_then(field_set::split_context) else {
                    continue;
                };
                found.push(ContextArgument {
                    type_name: own.merged_type_name(ty.name()),
                    field: &field.name,
                    context,
                    selection,
                    setters: setters.get(context).cloned().unwrap_or_default(),
                });
            }
        }
    }
    found
}

/// How many arguments of a source read contexts, each counted once for every type that sets its
/// context.
pub fn count_context_reads(own: &Subgraph) -> usize {
    let arguments = context_arguments(own).into_iter();
    arguments.map(|argument| argument.setters.len()).sum()
}

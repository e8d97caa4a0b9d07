//! The `@join__field` directives of a field: none where every subgraph with the type resolves it in the
//! same way.

use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::FieldDefinition;

use super::fields::FieldSources;
use super::joins::{ContextArgument, Graph, JoinField};
use super::merger::Merger;
use super::override_::Overrides;
use crate::subgraph::directives::{from_context, override_, provides, requires};
use crate::subgraph::field_set::split_context;

impl<'a> Merger<'a> {
    /// Records how each subgraph has a field.
    pub(super) fn merge_join_field(
        &mut self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
        are_types_equal: bool,
        overrides: &Overrides,
    ) {
        if are_types_equal && !self.needs_join_field(type_, field, sources, overrides) {
            return;
        }
        let mut joins = Vec::new();
        for (graph, one) in sources.defined() {
            let label = overrides.label(graph);
            if overrides.is_unused(graph) && label.is_none() {
                continue;
            }
            joins.push(JoinField {
                graph: Some(graph),
                requires: requires(&one.directives).map(|found| found.fields.to_owned()),
                provides: provides(&one.directives).map(|found| found.fields.to_owned()),
                type_: (!are_types_equal).then(|| one.ty.to_string()),
                external: self.sources[graph].is_external(type_, field),
                override_: override_(&one.directives).map(|found| found.from.to_owned()),
                used_overridden: overrides.is_used(graph),
                override_label: label.cloned(),
                context_arguments: self.context_arguments(graph, one),
            });
        }
        self.joins
            .fields
            .insert((type_.clone(), field.clone()), joins);
    }

    fn needs_join_field(
        &self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
        overrides: &Overrides,
    ) -> bool {
        overrides.leaves_a_trace()
            || sources.0.iter().any(|(graph, one)| {
                let source = &self.sources[*graph];
                let Some(one) = one.filter(|_| !overrides.is_unused(*graph)) else {
                    return source.has_type(type_);
                };
                source.is_external(type_, field)
                    || requires(&one.directives).is_some()
                    || provides(&one.directives).is_some()
                    || one
                        .arguments
                        .iter()
                        .any(|argument| from_context(&argument.directives).is_some())
            })
    }

    fn context_arguments(
        &self,
        graph: Graph,
        field: &Node<FieldDefinition>,
    ) -> Vec<ContextArgument> {
        let arguments = field.arguments.iter().filter_map(|argument| {
            let (context, selection) = split_context(from_context(&argument.directives)?)?;
            Some(ContextArgument {
                name: argument.name.to_string(),
                type_: argument.ty.to_string(),
                context: format!("{}__{context}", self.sources[graph].name()),
                selection: selection.trim().to_owned(),
            })
        });
        arguments.collect()
    }
}

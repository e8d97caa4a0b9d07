//! Checks `@external` fields: some subgraph must resolve each, and their types and arguments must
//! agree with those of the subgraphs that do.

use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};

use super::default_value::{printed, same_value};
use super::fields::FieldSources;
use super::joins::Graph;
use super::merger::Merger;
use super::mismatch::{Distribution, subgraphs_in_words};
use super::restrictive_type::is_subtype;
use crate::diagnostic::{Code, Diagnostic};

impl<'a> Merger<'a> {
    /// Whether no subgraph resolves the field, not even through an `@interfaceObject`.
    pub(super) fn is_external_everywhere(
        &self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
    ) -> bool {
        sources.0.iter().all(|(graph, one)| {
            let source = &self.sources[*graph];
            match one {
                Some(_) => source.is_external(type_, field),
                None => self
                    .abstracted_fields(type_, field, *graph)
                    .iter()
                    .all(|(interface, _)| source.is_external(interface, field)),
            }
        })
    }

    pub(super) fn external_missing_on_base(
        &mut self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
    ) {
        let graphs: Vec<Graph> = sources.defined().map(|(graph, _)| graph).collect();
        let message = format!(
            "`{type_}.{field}` is `@external` wherever it is defined, in {}, so no subgraph resolves it.",
            subgraphs_in_words(&graphs, self.sources)
        );
        let mut diagnostic = Diagnostic::new(Code::ExternalMissingOnBase, message);
        for (graph, one) in sources.defined() {
            let label = self.sources[graph].label(one.location(), "external here");
            diagnostic = diagnostic.with_label(label);
        }
        self.report(diagnostic.with_help(format!(
            "Take `@external` away from `{type_}.{field}` in the subgraph that resolves it, or add the field to one that does."
        )));
    }

    /// An external field is not merged, so directives on it would be lost.
    pub(super) fn merged_directive_application_on_external(
        &mut self,
        type_: &Name,
        graph: Graph,
        field: &Node<FieldDefinition>,
    ) {
        let source = &self.sources[graph];
        for directive in &field.directives {
            if !self.composed.is_composed(graph, &directive.name) {
                continue;
            }
            let message = format!(
                "`@{}` on `{type_}.{}` in subgraph `{}` would be lost, since the field is `@external` there.",
                directive.name,
                field.name,
                source.name()
            );
            let diagnostic = Diagnostic::new(Code::MergedDirectiveApplicationOnExternal, message)
                .with_label(source.label(directive.location(), "on an external field"))
                .with_help(format!(
                    "Take `@{}` off `{type_}.{}` here; it counts where a subgraph that resolves the \
                     field has it.",
                    directive.name, field.name
                ));
            self.diagnostics.push(diagnostic);
        }
    }

    /// Compares what is external with the merged field.
    pub(super) fn check_external(
        &mut self,
        type_: &Name,
        merged: &FieldDefinition,
        sources: &FieldSources<'a>,
        are_types_equal: bool,
    ) {
        let stubs: Vec<(Graph, &Node<FieldDefinition>)> = sources
            .defined()
            .filter(|(graph, _)| self.sources[*graph].is_external(type_, &merged.name))
            .collect();
        let fits = |stub: &FieldDefinition| {
            stub.ty == merged.ty
                || (!are_types_equal && is_subtype(&stub.ty, &merged.ty, &self.schema))
        };
        if !stubs.iter().all(|(_, stub)| fits(stub)) {
            self.external_type_mismatch(type_, merged, sources);
        }
        for argument in &merged.arguments {
            self.check_external_argument(type_, &merged.name, argument, &stubs, sources);
        }
    }

    fn check_external_argument(
        &mut self,
        type_: &Name,
        field: &Name,
        merged: &InputValueDefinition,
        stubs: &[(Graph, &Node<FieldDefinition>)],
        sources: &FieldSources<'a>,
    ) {
        let coordinate = format!("{type_}.{field}({}:)", merged.name);
        let lacking: Vec<Graph> = stubs
            .iter()
            .filter(|(_, stub)| stub.argument_by_name(&merged.name).is_none())
            .map(|(graph, _)| *graph)
            .collect();
        if !lacking.is_empty() {
            let lacking = subgraphs_in_words(&lacking, self.sources);
            let message = format!(
                "`{type_}.{field}` is `@external` in {lacking} but lacks argument `{coordinate}`."
            );
            let diagnostic = Diagnostic::new(Code::ExternalArgumentMissing, message);
            let diagnostic = self.with_arguments(diagnostic, &merged.name, sources);
            self.report(diagnostic.with_help(format!(
                "Add argument `{}` to the external field in {lacking}.",
                merged.name
            )));
        }
        let arguments = stubs
            .iter()
            .filter_map(|(_, stub)| stub.argument_by_name(&merged.name));
        let arguments: Vec<&Node<InputValueDefinition>> = arguments.collect();
        if !arguments
            .iter()
            .all(|one| is_subtype(&merged.ty, &one.ty, &self.schema))
        {
            let everywhere = sources.map(|one| one.argument_by_name(&merged.name));
            let said = everywhere
                .defined()
                .map(|(graph, one)| (graph, format!("`{}`", one.ty)));
            let distribution = Distribution::of(said);
            let message = format!(
                "Argument `{coordinate}` has types that do not fit where the field is `@external`: {}.",
                distribution.in_words(self.sources, "")
            );
            let diagnostic = Diagnostic::new(Code::ExternalArgumentTypeMismatch, message);
            let diagnostic = self.with_arguments(diagnostic, &merged.name, sources);
            self.report(diagnostic.with_help(format!(
                "Give it the type `{}` where the field is external.",
                merged.ty
            )));
        }
        let default = merged.default_value.as_ref();
        let same = |one: &&Node<InputValueDefinition>| match (default, &one.default_value) {
            (Some(left), Some(right)) => same_value(left, right),
            (None, None) => true,
            _ => false,
        };
        if !arguments.iter().all(same) {
            let message = format!(
                "Argument `{coordinate}` has other defaults where the field is `@external` than {} of the field itself.",
                printed(default)
            );
            let diagnostic = Diagnostic::new(Code::ExternalArgumentDefaultMismatch, message);
            let diagnostic = self.with_arguments(diagnostic, &merged.name, sources);
            self.report(diagnostic.with_help(format!(
                "Give it {} where the field is external.",
                printed(default)
            )));
        }
    }

    fn with_arguments(
        &self,
        mut diagnostic: Diagnostic,
        argument: &Name,
        sources: &FieldSources<'a>,
    ) -> Diagnostic {
        for (graph, field) in sources.defined() {
            let source = &self.sources[graph];
            let label = match field.argument_by_name(argument) {
                Some(one) => source.label(
                    one.location(),
                    format!(
                        "`{}` with {} here",
                        one.ty,
                        printed(one.default_value.as_ref())
                    ),
                ),
                None => source.label(field.location(), format!("no `{argument}` here")),
            };
            diagnostic = diagnostic.with_label(label);
        }
        diagnostic
    }

    fn external_type_mismatch(
        &mut self,
        type_: &Name,
        merged: &FieldDefinition,
        sources: &FieldSources<'a>,
    ) {
        let said = sources
            .defined()
            .map(|(graph, one)| (graph, format!("`{}`", one.ty)));
        let distribution = Distribution::of(said);
        let message = format!(
            "`{type_}.{}` has a type where it is `@external` that does not fit: {}.",
            merged.name,
            distribution.in_words(self.sources, "")
        );
        let mut diagnostic = Diagnostic::new(Code::ExternalTypeMismatch, message);
        for (graph, one) in sources.defined() {
            let text = format!("`{}` here", one.ty);
            diagnostic = diagnostic.with_label(self.sources[graph].label(one.location(), text));
        }
        self.report(diagnostic.with_help(format!(
            "Give it the type `{}` where it is external.",
            merged.ty
        )));
    }
}

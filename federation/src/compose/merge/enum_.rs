//! Merges enums: which values they have depends on where they are used.
//!
//! Used for input only, the values that every subgraph has; used for output only, all values of any
//! subgraph; used for both, the subgraphs must have the same values.

use apollo_compiler::ast::EnumValueDefinition;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Node};

use super::directives::Site;
use super::fields::PerGraph;
use super::merger::Merger;
use super::mismatch::{Distribution, subgraphs_in_words};
use super::type_sources::{TypeSources, location_of};
use super::usage::EnumUsage;
use crate::diagnostic::{Code, Diagnostic};

type ValueSources<'a> = PerGraph<'a, EnumValueDefinition>;

impl<'a> Merger<'a> {
    pub(super) fn merge_enum(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let mut element = self.merge_type_element(name, sources);
        let usage = self.usages.find(name).cloned();
        if usage.is_none() {
            self.unused_enum_type(name, sources);
        }
        let usage = usage.unwrap_or_default();
        let mut merged = IndexMap::default();
        for (value, value_sources) in value_sources(sources) {
            if !self.keeps_value(name, &value, &value_sources, &usage) {
                continue;
            }
            let site = Site::EnumValue(name.clone(), value.clone());
            let element = self.merge_element(&site, &value_sources.occurrences());
            let graphs = value_sources.defined().map(|(graph, _)| graph).collect();
            self.joins
                .enum_values
                .insert((name.clone(), value.clone()), graphs);
            let definition = EnumValueDefinition {
                description: element.description.clone(),
                value: value.clone(),
                directives: element.into_directives(),
            };
            merged.insert(value, Component::new(definition));
        }
        if merged.is_empty() {
            self.empty_merged_enum_type(name, sources);
        }
        if let Some(ExtendedType::Enum(enum_)) = self.schema.types.get_mut(name) {
            let enum_ = enum_.make_mut();
            enum_.description = element.description.take();
            enum_.directives = element.into_schema_directives();
            enum_.values = merged;
        }
    }

    /// Whether a value reaches the supergraph.
    fn keeps_value(
        &mut self,
        name: &Name,
        value: &Name,
        sources: &ValueSources<'a>,
        usage: &EnumUsage,
    ) -> bool {
        if sources.lacking().next().is_none() {
            return true;
        }
        let is_inaccessible = sources
            .defined()
            .any(|(graph, one)| self.is_hidden_in(graph, &one.directives));
        match (&usage.input, &usage.output) {
            (None, _) => {
                self.inconsistent_enum_value_for_output_enum(name, value, sources);
                true
            }
            _ if is_inaccessible => true,
            (Some(_), None) => {
                self.inconsistent_enum_value_for_input_enum(name, value, sources);
                false
            }
            (Some(input), Some(output)) => {
                self.enum_value_mismatch(name, value, sources, input, output);
                true
            }
        }
    }

    fn value_distribution(&self, sources: &ValueSources<'a>) -> String {
        let distribution = Distribution::of(sources.0.iter().map(|(graph, one)| {
            let says = if one.is_some() {
                "it is defined"
            } else {
                "it is not"
            };
            (*graph, says)
        }));
        distribution.in_words(self.sources, "")
    }

    fn with_values(
        &self,
        mut diagnostic: Diagnostic,
        name: &Name,
        value: &Name,
        sources: &ValueSources<'a>,
    ) -> Diagnostic {
        for (graph, one) in &sources.0 {
            let source = &self.sources[*graph];
            let label = if let Some(one) = one {
                source.label(one.location(), "defined here")
            } else {
                let type_ = source.schema.types.get(name);
                source.label(type_.and_then(location_of), format!("no `{value}` here"))
            };
            diagnostic = diagnostic.with_label(label);
        }
        diagnostic
    }

    fn enum_value_mismatch(
        &mut self,
        name: &Name,
        value: &Name,
        sources: &ValueSources<'a>,
        input: &Site,
        output: &Site,
    ) {
        let message = format!(
            "Enum `{name}` is used as both input type (for example, as type of `{input}`) and output type (for example, as type of `{output}`), but value `{value}` is not defined in all the subgraphs defining `{name}`: {}.",
            self.value_distribution(sources)
        );
        let diagnostic = Diagnostic::new(Code::EnumValueMismatch, message);
        let lacking: Vec<usize> = sources.lacking().collect();
        let lacking = subgraphs_in_words(&lacking, self.sources);
        let diagnostic = self.with_values(diagnostic, name, value, sources).with_help(format!(
            "Add `{value}` to `{name}` in {lacking}, or mark it `@inaccessible` where it is defined."
        ));
        self.report(diagnostic);
    }

    fn inconsistent_enum_value_for_input_enum(
        &mut self,
        name: &Name,
        value: &Name,
        sources: &ValueSources<'a>,
    ) {
        let message = format!(
            "`{name}.{value}` is left out, since not every subgraph with the enum understands it: {}.",
            self.value_distribution(sources)
        );
        let diagnostic = Diagnostic::new(Code::InconsistentEnumValueForInputEnum, message);
        let lacking: Vec<usize> = sources.lacking().collect();
        let lacking = subgraphs_in_words(&lacking, self.sources);
        let diagnostic = self
            .with_values(diagnostic, name, value, sources)
            .with_help(format!("Add `{value}` to `{name}` in {lacking}."));
        self.report(diagnostic);
    }

    fn inconsistent_enum_value_for_output_enum(
        &mut self,
        name: &Name,
        value: &Name,
        sources: &ValueSources<'a>,
    ) {
        let message = format!(
            "`{name}.{value}` is defined in some subgraphs only: {}.",
            self.value_distribution(sources)
        );
        let diagnostic = Diagnostic::new(Code::InconsistentEnumValueForOutputEnum, message);
        let diagnostic = self.with_values(diagnostic, name, value, sources);
        self.report(diagnostic.with_help(format!(
            "Add `{value}` to `{name}` there if the subgraph can answer it."
        )));
    }

    fn empty_merged_enum_type(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let mut diagnostic = Diagnostic::new(
            Code::EmptyMergedEnumType,
            format!(
                "No value of enum `{name}` is in every subgraph that defines it, so none would be left."
            ),
        );
        for (graph, definition) in &sources.definitions {
            let label = self.sources[*graph].label(location_of(definition), "defined here");
            diagnostic = diagnostic.with_label(label);
        }
        self.report(diagnostic.with_help(format!("Give `{name}` a value that all of them share.")));
    }

    fn unused_enum_type(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let mut diagnostic = Diagnostic::new(
            Code::UnusedEnumType,
            format!("Nothing uses enum `{name}`. It holds all values of all subgraphs."),
        );
        for (graph, definition) in &sources.definitions {
            let label = self.sources[*graph].label(location_of(definition), "unused");
            diagnostic = diagnostic.with_label(label);
        }
        self.report(diagnostic.with_help(format!(
            "Use `{name}` in a field or an argument, or remove it."
        )));
    }
}

/// The values of an enum in order of first appearance, by subgraph.
fn value_sources<'a>(sources: &TypeSources<'a>) -> IndexMap<Name, ValueSources<'a>> {
    let mut values: IndexMap<Name, ValueSources<'a>> = IndexMap::default();
    for (graph, definition) in &sources.definitions {
        let ExtendedType::Enum(enum_) = definition else {
            continue;
        };
        for (value, found) in &enum_.values {
            let entry = values.entry(value.clone()).or_insert_with(|| {
                let graphs = sources.definitions.iter();
                PerGraph(graphs.map(|(graph, _)| (*graph, None)).collect())
            });
            let place = entry.0.iter_mut().find(|(other, _)| other == graph);
            if let Some((_, place)) = place {
                let node: &'a Node<EnumValueDefinition> = &found.node;
                *place = Some(node);
            }
        }
    }
    values
}

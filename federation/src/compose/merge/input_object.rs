//! Merges input objects: the fields that every subgraph with the type has.

use apollo_compiler::Name;
use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType};

use super::directives::Site;
use super::fields::InputSources;
use super::joins::{Graph, JoinField};
use super::merger::Merger;
use super::mismatch::{Distribution, subgraphs_in_words};
use super::type_sources::{TypeSources, location_of};
use crate::diagnostic::{Code, Diagnostic};

impl<'a> Merger<'a> {
    pub(super) fn merge_input_object(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let mut element = self.merge_type_element(name, sources);
        let fields = Self::input_field_sources(name, sources, self.sources);
        let mut merged = IndexMap::default();
        for (field, field_sources) in &fields {
            let definition = self.merge_input_field(name, field, field_sources);
            let is_inaccessible = field_sources
                .defined()
                .any(|(graph, one)| self.is_hidden_in(graph, &one.directives));
            if is_inaccessible || field_sources.lacking().next().is_none() {
                merged.insert(field.clone(), Component::new(definition));
                continue;
            }
            self.joins
                .fields
                .shift_remove(&(name.clone(), field.clone()));
            if field_sources.defined().any(|(_, one)| one.is_required()) {
                self.required_input_field_missing(name, field, field_sources);
            } else {
                self.inconsistent_input_object_field(name, field, field_sources);
            }
        }
        if merged.is_empty() {
            self.empty_merged_input_type(name, sources);
        }
        if element.directives.iter().any(|one| one.name == "oneOf") {
            self.one_of_with_required_field(name, &merged, &fields);
        }
        if let Some(ExtendedType::InputObject(input)) = self.schema.types.get_mut(name) {
            let input = input.make_mut();
            input.description = element.description.take();
            input.directives = element.into_schema_directives();
            input.fields = merged;
        }
    }

    /// In a `@oneOf` input object each field may be left out, also where another subgraph has the
    /// type without `@oneOf`.
    fn one_of_with_required_field(
        &mut self,
        name: &Name,
        merged: &IndexMap<Name, Component<InputValueDefinition>>,
        sources: &IndexMap<Name, InputSources<'a>>,
    ) {
        for (field, definition) in merged {
            if !definition.ty.is_non_null() && definition.default_value.is_none() {
                continue;
            }
            let message = format!(
                "`{name}` is `@oneOf` in some subgraph, so its field `{field}` must be nullable and without a default in all of them."
            );
            let mut diagnostic = Diagnostic::new(Code::InvalidGraphql, message);
            let defined = sources
                .get(field)
                .into_iter()
                .flat_map(InputSources::defined);
            for (graph, one) in defined {
                let text = format!("`{}` here", one.ty);
                diagnostic = diagnostic.with_label(self.sources[graph].label(one.location(), text));
            }
            self.report(diagnostic.with_help(format!(
                "Make `{name}.{field}` nullable without a default everywhere, or take `@oneOf` away."
            )));
        }
    }

    fn merge_input_field(
        &mut self,
        name: &Name,
        field: &Name,
        sources: &InputSources<'a>,
    ) -> InputValueDefinition {
        let site = Site::Field(name.clone(), field.clone());
        let element = self.merge_element(&site, &sources.occurrences());
        let (type_, are_types_equal) = self.merge_input_type(&site, sources);
        let default_value = self.merge_default_value(&site, sources);
        if !are_types_equal || sources.lacking().next().is_some() {
            let joins = sources.defined().map(|(graph, one)| JoinField {
                graph: Some(graph),
                type_: (!are_types_equal).then(|| one.ty.to_string()),
                ..JoinField::default()
            });
            let joins = joins.collect();
            self.joins
                .fields
                .insert((name.clone(), field.clone()), joins);
        }
        InputValueDefinition {
            description: element.description.clone(),
            name: field.clone(),
            ty: apollo_compiler::Node::new(type_),
            default_value,
            directives: element.into_directives(),
        }
    }

    fn required_input_field_missing(
        &mut self,
        name: &Name,
        field: &Name,
        sources: &InputSources<'a>,
    ) {
        let required: Vec<Graph> = sources
            .defined()
            .filter(|(_, one)| one.is_required())
            .map(|(graph, _)| graph)
            .collect();
        let lacking: Vec<Graph> = sources.lacking().collect();
        let lacking = subgraphs_in_words(&lacking, self.sources);
        let message = format!(
            "Input field `{name}.{field}` is required in {} but does not exist in {lacking}.",
            subgraphs_in_words(&required, self.sources)
        );
        let diagnostic = Diagnostic::new(Code::RequiredInputFieldMissingInSomeSubgraph, message);
        let site = Site::Field(name.clone(), field.clone());
        let diagnostic = self
            .with_input_places(diagnostic, &site, sources)
            .with_help(format!(
                "Add `{field}` to `{name}` in {lacking}, or make it optional where it is required."
            ));
        self.report(diagnostic);
    }

    fn inconsistent_input_object_field(
        &mut self,
        name: &Name,
        field: &Name,
        sources: &InputSources<'a>,
    ) {
        let distribution = Distribution::of(sources.0.iter().map(|(graph, one)| {
            (
                *graph,
                if one.is_some() {
                    "it is defined"
                } else {
                    "it is not"
                },
            )
        }));
        let lacking: Vec<Graph> = sources.lacking().collect();
        let message = format!(
            "Input field `{name}.{field}` is left out, since not every subgraph with `{name}` understands it: {}.",
            distribution.in_words(self.sources, "")
        );
        let diagnostic = Diagnostic::new(Code::InconsistentInputObjectField, message);
        let help = format!(
            "Add `{field}` to `{name}` in {}.",
            subgraphs_in_words(&lacking, self.sources)
        );
        let site = Site::Field(name.clone(), field.clone());
        let diagnostic = self
            .with_input_places(diagnostic, &site, sources)
            .with_help(help);
        self.report(diagnostic);
    }

    /// Labels where an input field or argument is defined, and the types or fields that lack it.
    pub(super) fn with_input_places(
        &self,
        mut diagnostic: Diagnostic,
        site: &Site,
        sources: &InputSources<'a>,
    ) -> Diagnostic {
        for (graph, one) in sources.defined() {
            let text = if one.is_required() {
                "required here"
            } else {
                "defined here"
            };
            diagnostic = diagnostic.with_label(self.sources[graph].label(one.location(), text));
        }
        for graph in sources.lacking() {
            let source = &self.sources[graph];
            let (place, name) = match site {
                Site::Argument(type_, field, name) => {
                    let field = source.find_field(type_, field);
                    (field.and_then(|field| field.name.location()), name)
                }
                Site::Field(type_, name) => {
                    let type_ = source.schema.types.get(type_);
                    (type_.and_then(|type_| type_.name().location()), name)
                }
                _ => continue,
            };
            diagnostic = diagnostic.with_label(source.label(place, format!("no `{name}` here")));
        }
        diagnostic
    }

    fn empty_merged_input_type(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let mut diagnostic = Diagnostic::new(
            Code::EmptyMergedInputType,
            format!(
                "No field of input object `{name}` is in every subgraph that defines it, so none would be left."
            ),
        );
        for (graph, definition) in &sources.definitions {
            let label = self.sources[*graph].label(location_of(definition), "defined here");
            diagnostic = diagnostic.with_label(label);
        }
        self.report(diagnostic.with_help(format!("Give `{name}` a field that all of them share.")));
    }
}

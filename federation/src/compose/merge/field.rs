//! Merges one field of an object or interface.

use apollo_compiler::Name;
use apollo_compiler::ast::{FieldDefinition, Type};
use apollo_compiler::schema::Component;

use super::directives::Site;
use super::fields::{FieldSources, PerGraph};
use super::joins::Graph;
use super::merger::Merger;
use super::mismatch::Distribution;
use super::override_::Overrides;
use super::restrictive_type::least_restrictive_type;
use crate::diagnostic::{Code, Diagnostic};

impl<'a> Merger<'a> {
    /// Merges a field; `None` where no subgraph resolves it.
    pub(super) fn merge_field(
        &mut self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
        overrides: &Overrides,
    ) -> Option<Component<FieldDefinition>> {
        if self.is_external_everywhere(type_, field, sources) {
            self.external_missing_on_base(type_, field, sources);
            return None;
        }
        let resolving = self.without_external(type_, field, sources);
        let site = Site::Field(type_.clone(), field.clone());
        let element = self.merge_element(&site, &resolving.occurrences());
        let lists = resolving
            .defined()
            .map(|(graph, one)| (graph, one.arguments.as_slice()));
        let argument_site =
            |argument: &Name| Site::Argument(type_.clone(), field.clone(), argument.clone());
        let arguments = self.merge_arguments(&argument_site, &lists.collect());
        // Where the field comes from an `@interfaceObject` alone, there are only external
        // definitions.
        let telling = if resolving.defined().next().is_some() {
            &resolving
        } else {
            sources
        };
        let (ty, are_types_equal) = self.merge_output_type(&site, telling);
        let definition = FieldDefinition {
            description: element.description.clone(),
            name: field.clone(),
            arguments,
            ty,
            directives: element.into_directives(),
        };
        self.check_external(type_, &definition, sources, are_types_equal);
        self.merge_join_field(type_, field, sources, are_types_equal, overrides);
        Some(Component::new(definition))
    }

    /// Leaves out external definitions, which must not have directives that compose.
    fn without_external(
        &mut self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
    ) -> FieldSources<'a> {
        let mut kept = Vec::with_capacity(sources.0.len());
        for (graph, one) in &sources.0 {
            let is_external = self.sources[*graph].is_external(type_, field);
            match one {
                Some(one) if is_external => {
                    self.merged_directive_application_on_external(type_, *graph, one);
                    kept.push((*graph, None));
                }
                _ => kept.push((*graph, *one)),
            }
        }
        PerGraph(kept)
    }

    /// The widest type, and whether all are equal.
    fn merge_output_type(&mut self, site: &Site, sources: &FieldSources<'a>) -> (Type, bool) {
        let types: Vec<&Type> = sources.defined().map(|(_, one)| &one.ty).collect();
        let are_equal = types.windows(2).all(|pair| pair[0] == pair[1]);
        let widest = least_restrictive_type(&types, &self.schema);
        let chosen = widest.or(types.first().copied()).cloned();
        let chosen = chosen.unwrap_or_else(|| Type::Named(apollo_compiler::name!("String")));
        if self.is_enum(chosen.inner_named_type()) {
            self.usages.note_output(chosen.inner_named_type(), site);
        }
        if widest.is_none() {
            self.field_type_mismatch(site, sources);
        } else if !are_equal {
            self.inconsistent_but_compatible_field_type(site, &chosen, sources);
        }
        (chosen, are_equal && widest.is_some())
    }

    fn output_types(sources: &FieldSources<'a>) -> Distribution {
        let types = sources
            .defined()
            .map(|(graph, one)| (graph, format!("`{}`", one.ty)));
        Distribution::of(types)
    }

    fn with_output_types(
        &self,
        mut diagnostic: Diagnostic,
        sources: &FieldSources<'a>,
    ) -> Diagnostic {
        for (graph, one) in sources.defined() {
            let text = format!("`{}` here", one.ty);
            diagnostic = diagnostic.with_label(self.sources[graph].label(one.location(), text));
        }
        diagnostic
    }

    fn field_type_mismatch(&mut self, site: &Site, sources: &FieldSources<'a>) {
        let distribution = Self::output_types(sources);
        let message = format!(
            "Field `{site}` has types that do not fit together: {}.",
            distribution.in_words(self.sources, "")
        );
        let diagnostic = Diagnostic::new(Code::FieldTypeMismatch, message);
        let mut diagnostic = self.with_output_types(diagnostic, sources);
        if let Some((type_, _)) = distribution.majority() {
            let others = distribution.graphs_without_majority(self.sources);
            diagnostic = diagnostic.with_help(format!("Give it the type {type_} in {others} too."));
        }
        self.report(diagnostic);
    }

    fn inconsistent_but_compatible_field_type(
        &mut self,
        site: &Site,
        chosen: &Type,
        sources: &FieldSources<'a>,
    ) {
        let message = format!(
            "Field `{site}` has different types: {}. The supergraph takes the widest, `{chosen}`.",
            Self::output_types(sources).in_words(self.sources, "")
        );
        let diagnostic = Diagnostic::new(Code::InconsistentButCompatibleFieldType, message);
        let diagnostic = self.with_output_types(diagnostic, sources);
        self.report(diagnostic.with_help(format!("Give it the type `{chosen}` everywhere.")));
    }

    /// What a subgraph without a type declares about a field of it through `@interfaceObject`.
    pub(super) fn abstracted_fields(
        &self,
        type_: &Name,
        field: &Name,
        graph: Graph,
    ) -> Vec<(Name, &'a Component<FieldDefinition>)> {
        let source = &self.sources[graph];
        let is_object = matches!(
            self.schema.types.get(type_),
            Some(apollo_compiler::schema::ExtendedType::Object(_))
        );
        if !is_object || source.schema.types.contains_key(type_) {
            return Vec::new();
        }
        let interfaces = self.interfaces_of(type_).into_iter();
        let standing = interfaces.filter(|interface| source.is_interface_object(interface));
        standing
            .filter_map(|interface| {
                let found = source.find_field(&interface, field)?;
                Some((interface, found))
            })
            .collect()
    }
}

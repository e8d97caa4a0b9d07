//! Canonical subgraphs to one schema with the facts of who resolves what.
//!
//! One file a kind. Types and what they implement come first, since whether a type is a subtype
//! of another depends on all subgraphs; enums come last, since what they may hold depends on where
//! they are used.

mod argument;
mod default_value;
mod description;
pub(crate) mod directives;
mod dnf;
mod enum_;
mod external;
mod field;
mod fields;
mod hints;
mod input_object;
mod interface;
mod interface_object;
mod join_field;
pub(crate) mod joins;
mod mismatch;
mod object;
mod override_;
mod restrictive_type;
mod roots;
mod sharing;
mod source;
mod types;
mod union_;
mod usage;

use apollo_compiler::Schema;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::{Name, schema::ExtendedType};

use self::directives::ComposedDirectives;
pub(super) use self::directives::dnf_of;
pub(super) use self::dnf::Dnf;
use self::joins::{Joins, SpecLink};
pub(super) use self::mismatch::list_in_words;
use self::source::Source;
use self::types::{Kind, TypeSources};
use self::usage::EnumUsages;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::Subgraph;

/// What the subgraphs amount to together.
#[derive(Debug)]
pub(super) struct Merged {
    /// The types, with the directives that compose and their definitions; without join and link.
    pub(super) schema: Schema,
    /// Where each element comes from.
    pub(super) joins: Joins,
    /// The specs whose directives compose.
    pub(super) links: Vec<SpecLink>,
    /// Canonical names of directives that compose, and their names here.
    directive_names: IndexMap<Name, Name>,
}

impl Merged {
    /// What a directive of federation is called in the supergraph, if anything applies it.
    pub(super) fn directive_name(&self, canonical: &str) -> Option<&Name> {
        self.directive_names.get(canonical)
    }

    /// Whether a type is defined by a spec that the supergraph links.
    pub(super) fn is_of_spec(&self, type_: &str) -> bool {
        let Some((prefix, _)) = type_.split_once("__") else {
            return false;
        };
        let namespace = |link: &SpecLink| link.alias.as_deref().unwrap_or(&link.name) == prefix;
        self.links.iter().any(namespace)
    }

    /// The types that set each context, by the context's name in the supergraph.
    pub(super) fn contexts(&self) -> IndexMap<&str, Vec<&Name>> {
        let mut contexts: IndexMap<&str, Vec<&Name>> = IndexMap::default();
        let Some(directive) = self.directive_name("context") else {
            return contexts;
        };
        for (type_, definition) in &self.schema.types {
            for applied in definition.directives().get_all(directive) {
                let name = applied.specified_argument_by_name("name");
                if let Some(name) = name.and_then(|name| name.as_str()) {
                    contexts.entry(name).or_default().push(type_);
                }
            }
        }
        contexts
    }
}

/// What merging works on: the subgraphs on one side, what they amount to on the other.
struct Merger<'a> {
    sources: &'a [Source<'a>],
    types: IndexMap<Name, TypeSources<'a>>,
    schema: Schema,
    joins: Joins,
    composed: ComposedDirectives,
    usages: EnumUsages,
    diagnostics: &'a mut Diagnostics,
}

/// Merges subgraphs that are valid on their own, sorted by name. `None` where an error forbids it.
pub(super) fn merge_subgraphs(
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) -> Option<Merged> {
    let sources: Vec<Source<'_>> = subgraphs
        .iter()
        .enumerate()
        .map(|(graph, subgraph)| Source::new(graph, subgraph))
        .collect();
    let mut found = Diagnostics::default();
    let composed = directives::composed_directives(&sources, &mut found);
    diagnostics.extend(found);
    let composed = composed?;
    let mut merger = Merger {
        sources: &sources,
        types: types::collect(&sources),
        schema: Schema::new(),
        joins: Joins::default(),
        composed,
        usages: EnumUsages::default(),
        diagnostics,
    };
    merger.merge();
    let Merger {
        schema,
        joins,
        composed,
        diagnostics,
        ..
    } = merger;
    (!diagnostics.has_errors()).then(|| Merged {
        schema,
        joins,
        directive_names: composed.names(),
        links: composed.into_links(),
    })
}

impl<'a> Merger<'a> {
    fn merge(&mut self) {
        self.merge_kinds();
        self.merge_implements();
        self.merge_of(Kind::Union, Self::merge_union);
        self.composed
            .find_access_control(self.sources, &self.schema);
        self.merge_roots();
        self.merge_of(Kind::Scalar, Self::merge_scalar);
        self.merge_of(Kind::InputObject, Self::merge_input_object);
        self.merge_of(Kind::Interface, Self::merge_interface);
        self.merge_of(Kind::Object, Self::merge_object);
        self.merge_directive_definitions();
        self.merge_of(Kind::Enum, Self::merge_enum);
        self.add_interface_object_fields();
        if self.schema.schema_definition.query.is_none() {
            self.report(Diagnostic::new(
                Code::NoQueries,
                "No subgraph has a field on its query root type, so clients could ask for nothing.",
            )
            .with_help("Give one subgraph a `type Query` with a field."));
        }
    }

    /// Merges the types of one kind, in the order in which the subgraphs define them.
    fn merge_of(&mut self, kind: Kind, merge: fn(&mut Self, &Name, &TypeSources<'a>)) {
        let of_kind: Vec<(Name, TypeSources<'a>)> = self
            .types
            .iter()
            .filter(|(_, sources)| sources.kind == kind)
            .map(|(name, sources)| (name.clone(), sources.clone()))
            .collect();
        for (name, sources) in of_kind {
            self.merge_join_types(&name, &sources);
            merge(self, &name, &sources);
        }
    }

    fn merge_scalar(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let mut element = self.merge_type_element(name, sources);
        if let Some(ExtendedType::Scalar(scalar)) = self.schema.types.get_mut(name) {
            let scalar = scalar.make_mut();
            scalar.description = element.description.take();
            scalar.directives = element.into_schema_directives();
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

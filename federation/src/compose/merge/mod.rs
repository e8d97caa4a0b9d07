//! Merges canonical subgraphs into one schema, with the facts of which subgraph resolves what.
//!
//! In: subgraphs that passed the rules, in the order of their names. Out: a [`Merged`], or the
//! errors that forbid it. Invariant: the same subgraphs give the same schema, since merging follows
//! that order.
//!
//! There is one file for each kind of type. Types and what they implement come first, since whether
//! a type is a subtype of another depends on all subgraphs; enums come last, since their values
//! depend on where they are used.

mod argument;
mod default_value;
mod description;
pub(crate) mod directives;
mod dnf;
mod empty_type;
mod enum_;
mod external;
mod field;
mod fields;
mod hints;
mod input_object;
mod interface;
mod interface_object;
mod join_field;
mod joined_subgraph;
pub(crate) mod joins;
mod kinds;
mod merged;
mod merger;
mod mismatch;
mod object;
mod override_;
mod restrictive_type;
mod roots;
mod scalar;
mod sharing;
mod type_sources;
mod types;
mod union_;
mod usage;

use apollo_compiler::Name;
use apollo_compiler::Schema;

pub(super) use self::directives::dnf_of;
pub(super) use self::dnf::Dnf;
use self::joined_subgraph::JoinedSubgraph;
use self::joins::Joins;
pub(super) use self::merged::Merged;
use self::merger::Merger;
pub(super) use self::mismatch::list_in_words;
use self::type_sources::{Kind, TypeSources};
use self::usage::EnumUsages;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::Subgraph;

/// Merges subgraphs that are valid on their own, sorted by name. `None` where an error forbids it.
pub(super) fn merge_subgraphs(
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) -> Option<Merged> {
    let sources: Vec<JoinedSubgraph<'_>> = subgraphs
        .iter()
        .enumerate()
        .map(|(graph, subgraph)| JoinedSubgraph::new(graph, subgraph))
        .collect();
    let mut found = Diagnostics::default();
    let composed = directives::composed_directives(&sources, &mut found);
    diagnostics.extend(found);
    let composed = composed?;
    let mut merger = Merger {
        sources: &sources,
        types: type_sources::collect(&sources),
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
}

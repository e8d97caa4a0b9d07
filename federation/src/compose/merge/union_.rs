//! Merges unions: all members of all subgraphs.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::{ComponentName, ExtendedType};

use super::joins::Graph;
use super::merger::Merger;
use super::mismatch::Distribution;
use super::type_sources::{TypeSources, location_of};
use crate::diagnostic::{Code, Diagnostic};

impl<'a> Merger<'a> {
    pub(super) fn merge_union(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let mut members: Vec<(Graph, Name)> = Vec::new();
        for (graph, definition) in &sources.definitions {
            if let ExtendedType::Union(union_) = definition {
                let here = union_
                    .members
                    .iter()
                    .map(|member| (*graph, member.name.clone()));
                members.extend(here);
            }
        }
        let mut element = self.merge_type_element(name, sources);
        let all: IndexSet<Name> = members.iter().map(|(_, member)| member.clone()).collect();
        for member in &all {
            self.inconsistent_union_member(name, member, sources);
        }
        if let Some(ExtendedType::Union(union_)) = self.schema.types.get_mut(name) {
            let union_ = union_.make_mut();
            union_.description = element.description.take();
            union_.directives = element.into_schema_directives();
            union_.members = all.into_iter().map(ComponentName::from).collect();
        }
        self.joins.members.insert(name.clone(), members);
    }

    fn inconsistent_union_member(&mut self, name: &Name, member: &Name, sources: &TypeSources<'a>) {
        let has_member = |definition: &ExtendedType| match definition {
            ExtendedType::Union(union_) => union_.members.contains(member),
            _ => false,
        };
        let lacking: Vec<_> = sources
            .definitions
            .iter()
            .filter(|(_, definition)| !has_member(definition))
            .collect();
        if lacking.is_empty() {
            return;
        }
        let distribution =
            Distribution::of(sources.definitions.iter().map(|(graph, definition)| {
                let says = if has_member(definition) {
                    "it is a member"
                } else {
                    "it is not"
                };
                (*graph, says)
            }));
        let message = format!(
            "`{member}` is a member of union `{name}` in some subgraphs only: {}.",
            distribution.in_words(self.sources, "")
        );
        let mut diagnostic = Diagnostic::new(Code::InconsistentUnionMember, message);
        for (graph, definition) in lacking {
            let text = format!("without `{member}` here");
            diagnostic =
                diagnostic.with_label(self.sources[*graph].label(location_of(definition), text));
        }
        self.report(diagnostic.with_help(format!(
            "Add `{member}` to `{name}` there if the subgraph can answer it."
        )));
    }
}

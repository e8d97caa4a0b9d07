//! Checks fields that several subgraphs resolve to an interface or union: there must be a runtime
//! type that all of them can return. In: a field at a state. Out: diagnostics, and whether the walk
//! goes on below it.

use super::walk::Walk;
use crate::{
    diagnostic::{Code, Diagnostic},
    index::{FieldFacts, SubgraphId, TypeId, TypeSet, Vertex},
};

impl Walk<'_> {
    /// Compares the subgraphs that serve a field at a state; returns whether they have a runtime
    /// type in common.
    pub(super) fn check_runtime_types(
        &mut self,
        at: usize,
        field: &FieldFacts,
        servers: &[Vertex],
    ) -> bool {
        if servers.len() < 2
            || !is_shareable(field)
            || !self.index.type_(field.named_type).is_abstract()
        {
            return true;
        }
        let all = self.known_types(field, servers);
        let declared = &self.index.type_(field.named_type).possible;
        let shared = (all.iter()).fold(declared.clone(), |shared, (_, types)| {
            shared.intersection(types)
        });
        let visible = |(subgraph, types): &(SubgraphId, TypeSet)| {
            (*subgraph, types.intersection(self.index.visible()))
        };
        let known: Vec<_> = all.iter().map(visible).collect();
        if known.len() < 2 || known.iter().all(|(_, types)| types.is_empty()) {
            return true;
        }
        let common = known.iter().fold(
            self.visible_types(field.named_type),
            |common, (_, types)| common.intersection(types),
        );
        // A type that clients do not see counts too.
        if common.is_empty() && !shared.is_empty() {
            return true;
        }
        if common.is_empty() {
            self.shareable_has_mismatched_runtime_types(at, field, &known);
        } else if known.iter().any(|(_, types)| *types != known[0].1) {
            self.inconsistent_runtime_types(at, field, &known, &common);
        }
        !common.is_empty()
    }

    fn visible_types(&self, declared: TypeId) -> TypeSet {
        self.index
            .type_(declared)
            .possible
            .intersection(self.index.visible())
    }

    // The types that each subgraph can resolve it to. An interface object can be any of the others'
    // types.
    fn known_types(&self, field: &FieldFacts, servers: &[Vertex]) -> Vec<(SubgraphId, TypeSet)> {
        let mut known: Vec<(SubgraphId, TypeSet)> = Vec::new();
        for place in servers {
            let Some((_, here)) = self.facts.find_servable(*place, &field.name) else {
                continue;
            };
            let declared = self.index.type_(here.named_type);
            let is_known = known
                .iter()
                .any(|(subgraph, _)| *subgraph == place.subgraph);
            if is_known || declared.interface_object_in.contains(place.subgraph) {
                continue;
            }
            let Some(possible) = declared.possible_in.get(place.subgraph.0 as usize) else {
                continue;
            };
            known.push((place.subgraph, possible.clone()));
        }
        known
    }

    fn shareable_has_mismatched_runtime_types(
        &mut self,
        at: usize,
        field: &FieldFacts,
        known: &[(SubgraphId, TypeSet)],
    ) {
        let coordinate = self.coordinate(field);
        let lines = self.lines(known);
        let message = format!(
            "`{coordinate}` is shared, but what its subgraphs can resolve it to has no type in common:\n\n{lines}"
        );
        let help = format!(
            "A shared field gives the same everywhere: let the subgraphs have a type of `{}` in common, or one subgraph the field.",
            self.index.type_(field.named_type).name
        );
        let diagnostic =
            Diagnostic::new(Code::ShareableHasMismatchedRuntimeTypes, message).with_help(help);
        self.tell_once(at, field, diagnostic);
    }

    fn inconsistent_runtime_types(
        &mut self,
        at: usize,
        field: &FieldFacts,
        known: &[(SubgraphId, TypeSet)],
        common: &TypeSet,
    ) {
        let coordinate = self.coordinate(field);
        let lines = self.lines(known);
        let message = format!(
            "`{coordinate}` is shared, and its subgraphs can resolve it to different types:\n\n{lines}"
        );
        let help = format!(
            "Resolve it to {} only: a shared field gives the same everywhere.",
            self.names(common)
        );
        let diagnostic = Diagnostic::new(Code::InconsistentRuntimeTypesForShareableReturn, message)
            .with_help(help);
        self.tell_once(at, field, diagnostic);
    }

    fn tell_once(&mut self, at: usize, field: &FieldFacts, mut diagnostic: Diagnostic) {
        diagnostic.labels = self.field_labels(at, &field.name);
        if !self.diagnostics.iter().any(|told| *told == diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn coordinate(&self, field: &FieldFacts) -> String {
        format!("{}.{}", self.index.type_(field.parent).name, field.name)
    }

    fn lines(&self, known: &[(SubgraphId, TypeSet)]) -> String {
        let line = |(subgraph, types): &(SubgraphId, TypeSet)| {
            format!(
                "- in `{}`: {}",
                self.index.subgraph(*subgraph).name,
                self.names(types)
            )
        };
        known.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn names(&self, types: &TypeSet) -> String {
        if types.is_empty() {
            return "no type".to_owned();
        }
        let mut names: Vec<_> = types
            .iter()
            .map(|id| format!("`{}`", self.index.type_(id).name))
            .collect();
        names.sort();
        names.join(", ")
    }
}

fn is_shareable(field: &FieldFacts) -> bool {
    field
        .subgraphs
        .iter()
        .filter(|here| !here.is_external && !here.is_overridden)
        .count()
        > 1
}

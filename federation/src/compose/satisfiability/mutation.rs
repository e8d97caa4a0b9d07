//! Checks mutation fields that several subgraphs resolve. A mutation field runs in one subgraph, so
//! there must be one from which all that can be selected below the field can be resolved. In: such
//! a field with its subgraphs. Out: a diagnostic, if there is none.

use apollo_compiler::ast::OperationType;
use indexmap::IndexSet;

use super::walk::{State, Step, Walk};
use crate::{
    diagnostic::{Code, Diagnostic},
    index::Vertex,
};

impl Walk<'_> {
    /// Whether a state is the mutation type at the top and several subgraphs serve a field of it.
    pub(super) fn is_shared_mutation(&self, state: &State, servers: &[Vertex]) -> bool {
        let subgraphs: IndexSet<_> = servers.iter().map(|place| place.subgraph).collect();
        state.from.is_none()
            && self.index.root(OperationType::Mutation) == Some(state.object)
            && subgraphs.len() > 1
    }

    /// Looks for one subgraph from which all that can be selected below the field can be resolved.
    pub(super) fn check_shared_mutation(&mut self, step: &Step<'_>) {
        let mut stories = Vec::new();
        for place in step.servers {
            let alone = Step {
                servers: std::slice::from_ref(place),
                ..*step
            };
            let starts = self.children(&alone);
            let failures = self.search(starts, false);
            if failures.is_empty() {
                return;
            }
            let name = &self.index.subgraph(place.subgraph).name;
            let stories_here: Vec<_> = failures.iter().map(|failure| self.story(failure)).collect();
            stories.push(format!(
                "Starting in `{name}`:\n\n{}",
                stories_here.join("\n\n")
            ));
        }
        let coordinate = format!("Mutation.{}", step.field.name);
        let message = format!(
            "`{coordinate}` is shared, but a mutation field runs in one subgraph only, and from none of them can all that can be selected below it be resolved.\n\n{}",
            stories.join("\n\n")
        );
        let mut diagnostic = Diagnostic::new(Code::SatisfiabilityError, message).with_help(
            "Correct this for one of the subgraphs, or let only one of them have the field.",
        );
        diagnostic.labels = self.field_labels(step.from, &step.field.name);
        self.diagnostics.push(diagnostic);
    }
}

//! Chooses one description out of several.

use apollo_compiler::Node;
use apollo_compiler::collections::IndexMap;

use super::directives::Site;
use super::joined_subgraph::Occurrence;
use super::merger::Merger;
use super::mismatch::{Distribution, cut};
use crate::diagnostic::{Code, Diagnostic};

impl Merger<'_> {
    /// The most frequent description; of equally frequent ones the first.
    pub(super) fn merge_description(
        &mut self,
        site: &Site,
        occurrences: &[Occurrence<'_>],
    ) -> Option<Node<str>> {
        let mut counts: IndexMap<&str, usize> = IndexMap::default();
        for description in occurrences.iter().filter_map(|one| one.description) {
            *counts.entry(description).or_default() += 1;
        }
        let (chosen, _) = counts
            .iter()
            .rev()
            .max_by_key(|(text, count)| (!text.is_empty(), **count))?;
        if counts.keys().filter(|text| !text.is_empty()).count() > 1 {
            self.inconsistent_description(site, occurrences, chosen);
        }
        Some(Node::new_str(chosen))
    }

    fn inconsistent_description(
        &mut self,
        site: &Site,
        occurrences: &[Occurrence<'_>],
        chosen: &str,
    ) {
        let described = occurrences
            .iter()
            .filter_map(|one| Some((one.graph, one.description?)));
        let distribution =
            Distribution::of(described.map(|(graph, text)| (graph, format!("{:?}", cut(text)))));
        let message = format!(
            "`{site}` is described differently: {}. The supergraph says {:?}.",
            distribution.in_words(self.sources, ""),
            cut(chosen),
        );
        let mut diagnostic = Diagnostic::new(Code::InconsistentDescription, message);
        for one in occurrences.iter().filter(|one| one.description.is_some()) {
            let label = self.sources[one.graph].label(one.location, "described here");
            diagnostic = diagnostic.with_label(label);
        }
        self.report(diagnostic.with_help(format!(
            "Describe `{site}` in one subgraph only, or with the same words."
        )));
    }
}

//! Collects what is wrong with one subgraph.

use apollo_compiler::parser::{FileId, SourceSpan};

use crate::diagnostic::{Diagnostic, Diagnostics, Label, Severity};

/// Diagnostics of one subgraph whose SDL is being read.
pub(super) struct Reporter<'a> {
    /// Name of the subgraph.
    pub(super) subgraph: &'a str,
    /// The file its nodes stand in.
    pub(super) file: FileId,
    /// Where they are collected.
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Reporter<'_> {
    /// Adds a diagnostic that points at one place.
    pub(super) fn push(
        &mut self,
        diagnostic: Diagnostic,
        location: Option<SourceSpan>,
        text: impl Into<String>,
    ) {
        let label = self.label(location, text);
        self.diagnostics.push(diagnostic.with_label(label));
    }

    /// A label at a place of the subgraph's SDL.
    pub(super) fn label(&self, location: Option<SourceSpan>, text: impl Into<String>) -> Label {
        label(self.subgraph, self.file, location, text)
    }

    /// Whether anything found so far in this subgraph forbids a supergraph.
    pub(super) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| {
            diagnostic.code.severity() == Severity::Error
                && diagnostic
                    .labels
                    .iter()
                    .any(|label| label.subgraph == self.subgraph)
        })
    }
}

/// A label at a place of a subgraph's SDL.
pub(super) fn label(
    subgraph: &str,
    file: FileId,
    location: Option<SourceSpan>,
    text: impl Into<String>,
) -> Label {
    Label {
        subgraph: subgraph.to_owned(),
        span: location
            .filter(|span| span.file_id() == file)
            .map(|span| span.offset()..span.end_offset()),
        text: text.into(),
    }
}

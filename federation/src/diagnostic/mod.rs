//! What composition reports about subgraphs: codes, places in their SDL, and help.
//!
//! The steps of composition add diagnostics, the host renders them as text or JSON. They are
//! collected: a step goes on after its first error.

mod code;
mod render;
mod source;

use std::ops::Range;

pub use code::{Code, Severity};
pub use source::{Position, Sources};

/// A place in one subgraph's SDL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Name of the subgraph.
    pub subgraph: String,
    /// Byte range in the SDL as the caller gave it; `None` where the place is not in the text.
    pub span: Option<Range<usize>>,
    /// What the place shows.
    pub text: String,
}

/// One error or hint of composition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The published code.
    pub code: Code,
    /// What is wrong, with schema coordinates in backticks.
    pub message: String,
    /// Where, in each subgraph that takes part.
    pub labels: Vec<Label>,
    /// The smallest edit that corrects it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without labels or help.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn with_label(mut self, label: Label) -> Self {
        self.labels.push(label);
        self
    }

    /// Says how to correct it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The diagnostics of one run, in order of discovery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Keeps those for which a condition holds.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.0.retain(keep);
    }

    /// Adds all of another run.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Whether any of them forbids a supergraph.
    pub fn has_errors(&self) -> bool {
        self.0
            .iter()
            .any(|diagnostic| diagnostic.code.severity() == Severity::Error)
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

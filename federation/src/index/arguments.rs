//! The arguments of a selected field, with the directives on it.

use std::sync::Arc;

use apollo_compiler::{Name, Node, ast::Argument, collections::IndexSet};

use super::{Applied, literal::write_arguments};

/// Arguments in one order of names, so that equal ones are equal texts, and the directives that an
/// operation applies to the field.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    text: Arc<str>,
    names: Arc<[Name]>,
    variables: Arc<[Name]>,
    applied: Arc<[Applied]>,
    given: Arc<[Node<Argument>]>,
}

impl PartialEq for Arguments {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.applied == other.applied
    }
}

impl Eq for Arguments {}

impl std::hash::Hash for Arguments {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
        self.applied.hash(state);
    }
}

impl Arguments {
    /// Reads the arguments of a field.
    pub fn new(arguments: &[Node<Argument>]) -> Self {
        if arguments.is_empty() {
            return Self::default();
        }
        let (text, variables) = write_arguments(arguments);
        Self {
            text: text.into(),
            names: arguments
                .iter()
                .map(|argument| argument.name.clone())
                .collect(),
            variables: variables.into_iter().collect(),
            applied: Arc::default(),
            given: arguments.into(),
        }
    }

    /// The same of a field that an operation has several times under one response name, each time
    /// with other directives.
    #[must_use]
    pub(super) fn with_applied(self, applied: impl ExactSizeIterator<Item = Applied>) -> Self {
        if applied.len() == 0 {
            return self;
        }
        let applied: Arc<[Applied]> = applied.collect();
        let mut variables: IndexSet<Name> = self.variables.iter().cloned().collect();
        variables.extend(applied.iter().flat_map(|one| one.variables.iter().cloned()));
        Self {
            variables: variables.into_iter().collect(),
            applied,
            ..self
        }
    }

    /// The directives of each time that the operation has the field; empty where it never has any.
    pub fn applied(&self) -> &[Applied] {
        &self.applied
    }

    /// Their names.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The arguments as they were parsed, in the order in which they are written.
    pub fn given(&self) -> &[Node<Argument>] {
        &self.given
    }

    /// As a document has them, parentheses included; empty if there are none.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Variables they and the directives use.
    pub fn variables(&self) -> &[Name] {
        &self.variables
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

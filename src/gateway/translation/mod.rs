//! Translates requests to a plain GraphQL server, and its answers: it has prefixed names in the
//! joint schema.

mod answer;
mod document;
mod names;

use answer::Shape;
pub use names::Names;

/// A fetch's document in the server's names.
#[derive(Debug)]
pub(super) struct Translated {
    /// The document.
    pub(super) document: String,
    /// Where the answer names types.
    shape: Shape,
}

impl Translated {
    /// Translates a document; `None` if it asks for what the server does not have.
    pub(super) fn new(document: &str, names: &Names) -> Option<Self> {
        document::translate(document, names).map(|(document, shape)| Self { document, shape })
    }

    /// Puts the joint schema's type names into an answer.
    pub(super) fn answer(&self, answer: bytes::Bytes, names: &Names) -> bytes::Bytes {
        if self.shape.is_empty() {
            return answer;
        }
        match answer::translate(&answer, &self.shape, names) {
            Some(translated) => translated.into(),
            // The engine reports a text that is not an answer.
            None => answer,
        }
    }
}

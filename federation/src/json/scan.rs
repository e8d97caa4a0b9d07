//! The state of passing over a value piece by piece.

use super::span::Span;

/// How deep values may nest.
pub(super) const MAX_DEPTH: usize = 512;

/// How far an object or a list was passed over.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(super) span: Span,
    pub(super) nesting: Nesting,
}

impl Scan {
    /// Before a value that begins at a place.
    pub(super) fn new(start: usize) -> Self {
        Self {
            span: Span {
                start,
                end: start,
                is_unicode: true,
            },
            nesting: Nesting::default(),
        }
    }
}

/// What brackets are open: one bit each.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    words: [u64; MAX_DEPTH / 64],
    depth: usize,
}

impl Nesting {
    /// Opens an object or a list; nothing where too many are open.
    pub(super) fn push(&mut self, is_object: bool) -> Option<()> {
        let word = self.words.get_mut(self.depth / 64)?;
        let bit = 1 << (self.depth % 64);
        *word = if is_object { *word | bit } else { *word & !bit };
        self.depth += 1;
        Some(())
    }

    /// Whether the innermost is an object; nothing where none is open.
    pub(super) fn top(&self) -> Option<bool> {
        let last = self.depth.checked_sub(1)?;
        Some(self.words[last / 64] & (1 << (last % 64)) != 0)
    }

    /// Closes the innermost.
    pub(super) fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

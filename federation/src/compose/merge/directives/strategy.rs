//! How different applications of one directive are merged into one application in the supergraph.

/// How different applications are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy {
    /// The application of most subgraphs; of a repeatable directive, those of all.
    MostFrequent,
    /// All requirements together; the argument that holds them.
    Conjunction(&'static str),
    /// The highest weight.
    Highest,
    /// The longest list, all arguments and fields.
    ListSize,
}

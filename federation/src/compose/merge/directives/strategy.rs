//! How different applications of one directive are merged into one application in the supergraph.

/// The rule by which they become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy {
    /// What most subgraphs say; of a repeatable directive, whatever any says.
    MostFrequent,
    /// All requirements together; the argument that holds them.
    Conjunction(&'static str),
    /// The highest weight.
    Highest,
    /// The longest list, all arguments and fields.
    ListSize,
}

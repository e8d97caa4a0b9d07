//! Why a plain server's schema cannot join under a prefix.

/// Why a plain server's schema cannot join under a prefix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrefixError {
    /// It has no root mutation of a name that was given.
    #[error("it has no root mutation `{name}`")]
    NoMutation {
        /// The name, as it may be shown.
        name: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// The prefix is none.
    #[error("`{0}` is no prefix of names")]
    Prefix(String),
    /// The schema does not do.
    #[error("{0}")]
    Schema(String),
}

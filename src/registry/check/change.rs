//! A change that clients would notice.

use federation::difference::Class;

/// One change that clients would notice, or could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much it weighs.
    pub class: Class,
    /// What it is: `FIELD_REMOVED`, `LEVEL_RAISED`.
    pub kind: &'static str,
    /// Where.
    pub coordinate: String,
    /// What happened, in a sentence.
    pub message: String,
    /// Coordinates whose users feel it.
    pub affects: Vec<String>,
}

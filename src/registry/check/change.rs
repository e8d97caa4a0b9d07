//! A change that clients would notice.

use federation::difference::Class;

/// One change that clients would notice, or could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its class.
    pub class: Class,
    /// Its kind: `FIELD_REMOVED`, `LEVEL_RAISED`.
    pub kind: &'static str,
    /// Where.
    pub coordinate: String,
    /// What happened, in a sentence.
    pub message: String,
    /// Coordinates: operations that use one of them are affected.
    pub affects: Vec<String>,
}

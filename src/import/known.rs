//! Since when what is imported counts as known.

/// Since when what is imported counts as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Since it is imported: what was answered before stays what it was.
    SinceImport,
    /// Since its revisions were made: records that were in use before they came here.
    SinceRevision,
}

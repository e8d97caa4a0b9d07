//! The example data, kept in the binary so that it is there without any file beside it.

/// Files that hold no invented facts.
pub(super) const REFERENCE: [&str; 3] =
    ["organisations", "organisation-names", "osapg-risk-factors"];

pub(super) fn find(_name: &str) -> Option<&'static [u8]> {
    None
}

//! A version of a source that is checked.

use super::Member;
use crate::registry::{level::Level, rules::Consent};

/// A version of a source to be checked.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The source.
    pub member: Member,
    /// The level of fields that mark none.
    pub default_level: Option<Level>,
    /// Why it may add non-null fields to what others own.
    pub allow_non_null: Option<String>,
    /// Why it may break operations.
    pub allow_breaking: Option<String>,
    /// What it may read of others.
    pub consents: Vec<Consent>,
}

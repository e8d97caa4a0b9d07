//! Converts scopes and clearances into the engine's grants.

use federation::grants::Grants;
use indexmap::IndexSet;

use super::Principal;

/// A level of ST/SGB/2007/6 above UNCLASSIFIED, as a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Clearance {
    /// CONFIDENTIAL and below.
    Confidential,
    /// STRICTLY CONFIDENTIAL and below.
    StrictlyConfidential,
}

impl Clearance {
    /// The scope that stands on fields of this level.
    pub fn scope(self) -> &'static str {
        match self {
            Self::Confidential => "clearance:confidential",
            Self::StrictlyConfidential => "clearance:strictly-confidential",
        }
    }
}

/// The scopes that open the exact figures of a mandate, small counts included.
pub const EXACT: [&str; 3] = ["ohchr:exact", "caac:exact", "svc:exact"];

/// Scope of the review's secretariat.
pub const SECRETARIAT: &str = "review:steer";

/// Scope of an entity's clearing officers.
pub const CLEARING: &str = "review:clear";

/// Scope of an entity's focal points.
pub const CONTRIBUTING: &str = "review:contribute";

/// The scopes that a grant of need to know can be for: the roles of the review, and clearances, for all who
/// hold one.
pub const GRANT_ROLES: [&str; 6] = [
    "review:read",
    CONTRIBUTING,
    CLEARING,
    SECRETARIAT,
    "clearance:confidential",
    "clearance:strictly-confidential",
];

impl Clearance {
    const ALL: [Self; 2] = [Self::Confidential, Self::StrictlyConfidential];

    /// The clearance that a scope is nearly, but not quite: a token with it would open nothing.
    pub fn nearly(scope: &str) -> Option<Self> {
        let is_known = Self::ALL.iter().any(|each| each.scope() == scope);
        let mut all = Self::ALL.into_iter().filter(|_| !is_known);
        all.find(|each| is_nearly(scope, each.scope()))
    }
}

/// Bytes of a text that can be nearly another. How far two texts are apart takes time and memory by
/// the product of their lengths.
const MOST_BYTES: usize = 64;

/// Letters that may be wrong.
const MOST_WRONG: usize = 2;

/// Whether a text may be meant as another: a level, or the scope of one. Letters alone count.
pub fn is_nearly(text: &str, meant: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphabetic);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    text.len() <= MOST_BYTES
        && strsim::damerau_levenshtein(&letters(text), &letters(meant)) <= MOST_WRONG
}

/// The scopes with those they imply: a clearance includes the lower ones.
pub fn with_implied(scopes: impl IntoIterator<Item = String>) -> IndexSet<String> {
    let mut held: IndexSet<String> = scopes.into_iter().collect();
    if held.contains(Clearance::StrictlyConfidential.scope()) {
        held.insert(Clearance::Confidential.scope().to_owned());
    }
    held
}

impl From<&Principal> for Grants {
    fn from(principal: &Principal) -> Self {
        Self {
            authenticated: principal.is_authenticated(),
            scopes: principal.scopes.clone(),
            policies: IndexSet::new(),
            unrestricted: false,
        }
    }
}

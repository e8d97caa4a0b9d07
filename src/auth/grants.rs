//! Scopes and clearance to what the engine may let through.

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

/// Bytes of a scope that can be nearly a clearance. How far two texts are apart takes time and memory
/// by the product of their lengths.
const MOST_BYTES: usize = 64;

/// Letters of a scope that may be wrong for it to be nearly a clearance.
const MOST_WRONG: usize = 2;

impl Clearance {
    /// The clearance that a scope is nearly, but not quite: a token with it would open nothing.
    pub fn nearly(scope: &str) -> Option<Self> {
        let all = [Self::Confidential, Self::StrictlyConfidential];
        if scope.len() > MOST_BYTES || all.iter().any(|each| each.scope() == scope) {
            return None;
        }
        let scope = scope.to_ascii_lowercase().replace('_', "-");
        let wrong = |each: &Self| strsim::damerau_levenshtein(&scope, each.scope());
        all.into_iter().find(|each| wrong(each) <= MOST_WRONG)
    }
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
            authenticated: principal.entity.is_some(),
            scopes: principal.scopes.clone(),
            policies: IndexSet::new(),
            unrestricted: false,
        }
    }
}

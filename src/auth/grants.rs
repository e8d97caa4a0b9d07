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

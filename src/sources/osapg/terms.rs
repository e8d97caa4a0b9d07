//! OSAPG's terms as the graph spells them.

use async_graphql::Enum;
use entities::terms;

/// Which crimes a risk factor bears on.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::RiskScope")]
pub(crate) enum RiskScope {
    /// On all of them.
    Common,
    /// On genocide.
    Genocide,
    /// On crimes against humanity.
    CrimesAgainstHumanity,
    /// On war crimes.
    WarCrimes,
}

/// Whether an indicator was observed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::Presence")]
pub(crate) enum Presence {
    /// It was.
    Present,
    /// In part.
    Partial,
    /// It was looked for and not observed.
    NotObserved,
    /// Nothing is known: not the same as not observed.
    NoInformation,
}

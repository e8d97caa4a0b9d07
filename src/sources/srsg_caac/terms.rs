//! SRSG-CAAC's terms as the graph spells them.

use async_graphql::Enum;
use entities::terms;

use crate::vocabulary::CountUnit;

/// Six are monitored.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[graphql(remote = "terms::GraveViolation")]
pub(crate) enum GraveViolation {
    /// Counted by victims.
    KillingOrMaiming,
    /// Counted by victims.
    RecruitmentOrUse,
    /// Counted by incidents.
    AttackOnSchoolOrHospital,
    /// Rape or other grave sexual violence, counted by victims.
    SexualViolence,
    /// Counted by victims.
    Abduction,
    /// Counted by incidents; it does not trigger listing.
    DenialOfHumanitarianAccess,
}

/// Five can trigger listing.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::ListingTrigger")]
pub(crate) enum ListingTrigger {
    /// Killing or maiming.
    KillingOrMaiming,
    /// Recruitment or use.
    RecruitmentOrUse,
    /// Attacks on schools or hospitals.
    AttackOnSchoolOrHospital,
    /// Rape or other grave sexual violence.
    SexualViolence,
    /// Abduction.
    Abduction,
}

/// What violations can be broken down by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ViolationDimension {
    /// Violation: always, since victims and incidents do not add up.
    Violation,
    /// The party it is attributed to.
    Party,
}

/// Annex of the annual report.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::CaacAnnex", rename_items = "UPPERCASE")]
pub(crate) enum CaacAnnex {
    /// Situations on the agenda of the Security Council.
    I,
    /// Other situations.
    Ii,
}

/// Section of an annex.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::AnnexSection")]
pub(crate) enum AnnexSection {
    /// Parties that have not put in place measures to improve the protection of children.
    A,
    /// Parties that have.
    B,
}

/// How far a listed party's action plan is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::ActionPlanStatus")]
pub(crate) enum ActionPlanStatus {
    /// There is none.
    None,
    /// It is being negotiated.
    InNegotiation,
    /// It is signed.
    Signed,
    /// It is being carried out.
    InImplementation,
    /// It is carried out.
    Completed,
    /// It has lapsed.
    Lapsed,
}

/// What a violation is counted by.
pub(crate) const fn unit(violation: GraveViolation) -> CountUnit {
    match violation {
        GraveViolation::KillingOrMaiming
        | GraveViolation::RecruitmentOrUse
        | GraveViolation::SexualViolence
        | GraveViolation::Abduction => CountUnit::Victims,
        GraveViolation::AttackOnSchoolOrHospital | GraveViolation::DenialOfHumanitarianAccess => {
            CountUnit::Incidents
        }
    }
}

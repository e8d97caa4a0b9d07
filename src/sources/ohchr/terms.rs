//! OHCHR's terms as the graph spells them.

use async_graphql::Enum;
use entities::terms;

/// What a field presence is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::PresenceKind")]
pub(crate) enum PresenceKind {
    /// An office in a country.
    CountryOffice,
    /// An office for several countries.
    RegionalOffice,
    /// The human rights component of a peace mission.
    PeaceMissionComponent,
    /// An adviser to a United Nations country team.
    HumanRightsAdviser,
    /// A mission sent on short notice.
    RapidResponseMission,
}

/// To whom a field presence reports.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "terms::ReportingLine")]
pub(crate) enum ReportingLine {
    /// To OHCHR alone.
    StandAlone,
    /// To OHCHR and to the head of the mission or country team.
    Dual,
}

/// What a letter of the Special Procedures is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[graphql(remote = "terms::CommunicationKind")]
pub(crate) enum CommunicationKind {
    /// On violations that are ongoing or imminent.
    UrgentAppeal,
    /// On violations that have occurred.
    AllegationLetter,
    /// On laws and policies.
    OtherLetter,
}

/// Which human rights mechanism recommended something.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[graphql(remote = "terms::Mechanism")]
pub(crate) enum Mechanism {
    /// A committee of independent experts on a treaty.
    TreatyBody,
    /// A mandate holder of the Human Rights Council.
    SpecialProcedure,
    /// The Universal Periodic Review.
    Upr,
}

/// Sex of a person killed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[graphql(remote = "terms::Sex")]
pub(crate) enum Sex {
    /// Male.
    Man,
    /// Female.
    Woman,
    /// Not known.
    Unknown,
}

/// Age group of a person killed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[graphql(remote = "terms::AgeGroup")]
pub(crate) enum AgeGroup {
    /// 18 years or older.
    Adult,
    /// Under 18 years.
    Child,
    /// Not known.
    Unknown,
}

/// Status of a person killed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[graphql(remote = "terms::VictimStatus")]
pub(crate) enum VictimStatus {
    /// Civilian.
    Civilian,
    /// Protected otherwise, such as medical personnel.
    OtherProtectedPerson,
    /// Member of armed forces.
    MemberOfArmedForces,
    /// Directly participating in hostilities.
    DirectlyParticipating,
    /// Not known.
    Unknown,
}

/// Cause of a death, after the metadata of SDG indicator 16.1.2.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[graphql(remote = "terms::CasualtyCause")]
pub(crate) enum CasualtyCause {
    /// Heavy weapons and explosive munitions.
    HeavyWeaponsAndExplosiveMunitions,
    /// Planted explosives and unexploded ordnance.
    PlantedExplosivesAndUxo,
    /// Small arms and light weapons.
    SmallArmsAndLightWeapons,
    /// Incendiary weapons.
    Incendiary,
    /// Chemical, biological, radiological or nuclear weapons.
    Cbrn,
    /// Electromagnetic weapons.
    Electromagnetic,
    /// Less lethal weapons.
    LessLethal,
    /// Denial of access to, or destruction of, objects indispensable to survival.
    DenialOfObjectsIndispensableToSurvival,
    /// Accidents related to conflict.
    AccidentRelatedToConflict,
    /// Other objects and means.
    OtherObjectsAndMeans,
    /// Not known.
    Unknown,
}

/// What casualty figures can be broken down by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum CasualtyDimension {
    /// Sex.
    Sex,
    /// Age group.
    Age,
    /// Status.
    Status,
    /// Cause.
    Cause,
}

//! Terms of OHCHR's records.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// What a field presence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum PresenceKind {
    /// Country office.
    CountryOffice,
    /// Regional office.
    RegionalOffice,
    /// Peace mission component.
    PeaceMissionComponent,
    /// Human rights adviser.
    HumanRightsAdviser,
    /// Rapid response mission.
    RapidResponseMission,
}

/// To whom a field presence reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ReportingLine {
    /// Stand alone.
    StandAlone,
    /// Dual.
    Dual,
}

/// What a letter of the Special Procedures is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CommunicationKind {
    /// Urgent appeal.
    UrgentAppeal,
    /// Allegation letter.
    AllegationLetter,
    /// Other letter.
    OtherLetter,
}

/// Which human rights mechanism recommended something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Mechanism {
    /// Treaty body.
    TreatyBody,
    /// Special procedure.
    SpecialProcedure,
    /// Upr.
    Upr,
}

/// Sex of a person killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Sex {
    /// Man.
    Man,
    /// Woman.
    Woman,
    /// Unknown.
    Unknown,
}

/// Age group of a person killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum AgeGroup {
    /// Adult.
    Adult,
    /// Child.
    Child,
    /// Unknown.
    Unknown,
}

/// Status of a person killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum VictimStatus {
    /// Civilian.
    Civilian,
    /// Other protected person.
    OtherProtectedPerson,
    /// Member of armed forces.
    MemberOfArmedForces,
    /// Directly participating.
    DirectlyParticipating,
    /// Unknown.
    Unknown,
}

/// Cause of a death, after the casualty-recording metadata of SDG 16.1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CasualtyCause {
    /// Heavy weapons and explosive munitions.
    HeavyWeaponsAndExplosiveMunitions,
    /// Planted explosives and uxo.
    PlantedExplosivesAndUxo,
    /// Small arms and light weapons.
    SmallArmsAndLightWeapons,
    /// Incendiary.
    Incendiary,
    /// Cbrn.
    Cbrn,
    /// Electromagnetic.
    Electromagnetic,
    /// Less lethal.
    LessLethal,
    /// Denial of objects indispensable to survival.
    DenialOfObjectsIndispensableToSurvival,
    /// Accident related to conflict.
    AccidentRelatedToConflict,
    /// Other objects and means.
    OtherObjectsAndMeans,
    /// Unknown.
    Unknown,
}

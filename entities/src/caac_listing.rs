//! `caac_listings`: a party listed for grave violations against children.

use sea_orm::entity::prelude::*;

use crate::list::TextList;
use crate::terms::{ActionPlanStatus, AnnexSection, CaacAnnex, Classification};

/// A party listed for grave violations against children.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "caac_listings")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Identifier in the graph.
    #[sea_orm(column_type = "Text")]
    pub public_id: String,
    /// The situation it is about.
    pub situation_id: i64,
    /// The party.
    pub party_id: i64,
    /// Name in the annex.
    #[sea_orm(column_type = "Text")]
    pub listed_as: String,
    /// Annex.
    pub annex: CaacAnnex,
    /// Section.
    pub section: AnnexSection,
    /// Violations it is listed for, `ListingTrigger` values.
    pub triggers: TextList,
    /// When it was listed.
    pub listed_on: Date,
    /// When it was taken off.
    pub delisted_on: Option<Date>,
    /// The day until which this revision is held back.
    pub public_on: Option<Date>,
    /// How far its action plan is.
    pub action_plan_status: ActionPlanStatus,
    /// When that was signed.
    pub action_plan_signed_on: Option<Date>,
    /// Notes on it.
    #[sea_orm(column_type = "Text", nullable)]
    pub action_plan_notes: Option<String>,
    /// Code of the entity that holds the record.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// What time the record is true of.
    pub as_of: DateTimeUtc,
    /// 1 is the first; a correction adds one.
    pub revision: i32,
    /// When this revision was made.
    pub revised_at: DateTimeUtc,
    /// Whether no later revision is stored.
    pub is_current: bool,
    /// Since when this revision is known here.
    pub known_from: DateTimeUtc,
    /// When another took its place; null while none has.
    pub known_to: Option<DateTimeUtc>,
    /// How the record was made.
    #[sea_orm(column_type = "Text", nullable)]
    pub method: Option<String>,
    /// Symbol of the document it was published in.
    #[sea_orm(column_type = "Text", nullable)]
    pub document_symbol: Option<String>,
    /// Level of sensitivity.
    pub classification: Classification,
    /// When the record was sealed; null while it is not.
    pub sealed_at: Option<DateTimeUtc>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The situation it is about.
    #[sea_orm(
        belongs_to = "super::situation::Entity",
        from = "Column::SituationId",
        to = "super::situation::Column::Id"
    )]
    Situation,
    /// The party.
    #[sea_orm(
        belongs_to = "super::party::Entity",
        from = "Column::PartyId",
        to = "super::party::Column::Id"
    )]
    Party,
}

impl ActiveModelBehavior for ActiveModel {}

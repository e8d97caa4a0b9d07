//! Stores the reports of checks; the newest of each source are kept.

use chrono::{DateTime, Utc};
use entities::{registry_check, terms::CheckOutcome};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::Store;

/// Checks kept of one source.
const KEPT: u64 = 100;

/// A check to be stored.
#[derive(Clone, Debug)]
pub struct NewCheck {
    /// The source.
    pub source: String,
    /// Code of the entity that asked.
    pub entity: String,
    /// Its verdict.
    pub outcome: CheckOutcome,
    /// SHA-256 of the SDL as it was given.
    pub given_hash: String,
    /// What was found, as JSON.
    pub report: String,
    /// When.
    pub checked_at: DateTime<Utc>,
}

impl Store {
    /// Stores a check and deletes old ones of its source.
    pub async fn insert_check(&self, check: NewCheck) -> Result<registry_check::Model, DbErr> {
        let transaction = self.begin().await?;
        let of_source = registry_check::Column::SourceName.eq(&check.source);
        let newest = registry_check::Entity::find()
            .filter(of_source.clone())
            .order_by_desc(registry_check::Column::Id)
            .one(&transaction)
            .await?;
        let number: u64 = newest
            .and_then(|newest| newest.record_key.rsplit_once('#')?.1.parse().ok())
            .unwrap_or(0);
        let stored = registry_check::ActiveModel {
            record_key: Set(format!("{}#{}", check.source, number + 1)),
            source_name: Set(check.source),
            entity: Set(check.entity),
            outcome: Set(check.outcome),
            given_hash: Set(check.given_hash),
            report: Set(check.report),
            checked_at: Set(check.checked_at),
            ..Default::default()
        }
        .insert(&transaction)
        .await?;
        let oldest_kept: Option<i64> = registry_check::Entity::find()
            .filter(of_source.clone())
            .select_only()
            .column(registry_check::Column::Id)
            .order_by_desc(registry_check::Column::Id)
            .offset(KEPT - 1)
            .into_tuple()
            .one(&transaction)
            .await?;
        if let Some(oldest_kept) = oldest_kept {
            registry_check::Entity::delete_many()
                .filter(of_source)
                .filter(registry_check::Column::Id.lt(oldest_kept))
                .exec(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(stored)
    }
}

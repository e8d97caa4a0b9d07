//! Leave to read classified fields of others.

use chrono::{DateTime, Utc};
use entities::{registry_consent, terms::SourceEventKind};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder,
};

use super::{Store, write::insert_event};
use crate::registry::rules::Consent;

impl Store {
    /// Consents that hold now, to one source.
    pub async fn consents(&self, source: &str) -> Result<Vec<registry_consent::Model>, DbErr> {
        registry_consent::Entity::find()
            .filter(registry_consent::Column::SourceName.eq(source))
            .filter(registry_consent::Column::WithdrawnAt.is_null())
            .order_by_asc(registry_consent::Column::Id)
            .all(&self.database.read)
            .await
    }

    /// Records a consent; one that holds already stays as it is.
    pub async fn grant(
        &self,
        consent: &Consent,
        source: &str,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let transaction = self.begin().await?;
        let of_field = registry_consent::Entity::find()
            .filter(registry_consent::Column::SourceName.eq(source))
            .filter(registry_consent::Column::Coordinate.eq(&consent.coordinate))
            .filter(registry_consent::Column::GrantedBy.eq(&consent.granted_by));
        let holds = of_field
            .clone()
            .filter(registry_consent::Column::WithdrawnAt.is_null())
            .count(&transaction)
            .await?;
        if holds > 0 {
            return Ok(());
        }
        let turn = of_field.count(&transaction).await? + 1;
        let Consent {
            coordinate,
            granted_by,
        } = consent;
        registry_consent::ActiveModel {
            record_key: Set(format!("{granted_by}/{coordinate}/{source}#{turn}")),
            coordinate: Set(coordinate.clone()),
            granted_by: Set(granted_by.clone()),
            source_name: Set(source.to_owned()),
            reason: Set(reason.to_owned()),
            granted_at: Set(at),
            ..Default::default()
        }
        .insert(&transaction)
        .await?;
        let event = (SourceEventKind::ConsentGranted, Some(coordinate.clone()));
        insert_event(&transaction, source, event, (granted_by, at)).await?;
        transaction.commit().await
    }

    /// Ends a consent; whether there was one.
    pub async fn withdraw(
        &self,
        consent: &Consent,
        source: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, DbErr> {
        let transaction = self.begin().await?;
        let held = registry_consent::Entity::find()
            .filter(registry_consent::Column::SourceName.eq(source))
            .filter(registry_consent::Column::Coordinate.eq(&consent.coordinate))
            .filter(registry_consent::Column::GrantedBy.eq(&consent.granted_by))
            .filter(registry_consent::Column::WithdrawnAt.is_null())
            .one(&transaction)
            .await?;
        let Some(held) = held else {
            return Ok(false);
        };
        let mut held = held.into_active_model();
        held.withdrawn_at = Set(Some(at));
        held.update(&transaction).await?;
        let event = (
            SourceEventKind::ConsentWithdrawn,
            Some(consent.coordinate.clone()),
        );
        insert_event(&transaction, source, event, (&consent.granted_by, at)).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

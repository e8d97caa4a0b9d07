//! What is registered, and what is served.

use chrono::{DateTime, Utc};
use entities::{organisation, registry_source, registry_supergraph, terms::DriftState};
use sea_orm::{
    ActiveEnum, ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{MANDATE, OF_CONSENTS, Store};

impl Store {
    /// The number of the newest supergraph; zero before the first.
    pub async fn newest_number(&self) -> Result<i32, DbErr> {
        newest_number(&self.database.read).await
    }

    /// The last change of who consents to what; 0 where there was none.
    pub async fn newest_consents(&self) -> Result<i64, DbErr> {
        use entities::event::{Column, Entity};
        let newest: Option<Option<i64>> = Entity::find()
            .select_only()
            .column_as(Column::Id.max(), "newest")
            .filter(Column::Mandate.eq(MANDATE))
            .filter(Column::Kind.is_in(OF_CONSENTS.map(|kind| kind.to_value())))
            .into_tuple()
            .one(&self.database.read)
            .await?;
        Ok(newest.flatten().unwrap_or(0))
    }

    /// The newest supergraph; none before the first start.
    pub async fn newest_supergraph(&self) -> Result<Option<registry_supergraph::Model>, DbErr> {
        registry_supergraph::Entity::find()
            .order_by_desc(registry_supergraph::Column::Number)
            .one(&self.database.read)
            .await
    }

    /// A supergraph by its number.
    pub async fn find_supergraph(
        &self,
        number: i32,
    ) -> Result<Option<registry_supergraph::Model>, DbErr> {
        registry_supergraph::Entity::find()
            .filter(registry_supergraph::Column::Number.eq(number))
            .one(&self.database.read)
            .await
    }

    /// Supergraphs, newest first, below a number.
    pub async fn supergraphs(
        &self,
        before: Option<i32>,
        most: u64,
    ) -> Result<Vec<registry_supergraph::Model>, DbErr> {
        registry_supergraph::Entity::find()
            .filter(registry_supergraph::Column::Number.lt(before.unwrap_or(i32::MAX)))
            .order_by_desc(registry_supergraph::Column::Number)
            .limit(most)
            .all(&self.database.read)
            .await
    }

    /// Every source that ever registered, oldest first.
    pub async fn sources(&self) -> Result<Vec<registry_source::Model>, DbErr> {
        registry_source::Entity::find()
            .order_by_asc(registry_source::Column::Id)
            .all(&self.database.read)
            .await
    }

    /// A source by its name.
    pub async fn find_source(&self, name: &str) -> Result<Option<registry_source::Model>, DbErr> {
        find_source(&self.database.read, name).await
    }

    /// Whether the directory of organisations knows a code.
    pub async fn is_organisation(&self, code: &str) -> Result<bool, DbErr> {
        let known = organisation::Entity::find()
            .filter(organisation::Column::RecordKey.eq(code))
            .count(&self.database.read)
            .await?;
        Ok(known > 0)
    }

    /// Notes whether a source still answers with what was registered.
    pub async fn set_drift(
        &self,
        source_id: i64,
        state: DriftState,
        detail: Option<String>,
        at: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        registry_source::ActiveModel {
            id: Unchanged(source_id),
            drift: Set(Some(state)),
            drift_detail: Set(detail),
            drift_checked_at: Set(Some(at)),
            ..Default::default()
        }
        .update(&self.database.write)
        .await?;
        Ok(())
    }
}

pub(super) async fn newest_number(connection: &impl ConnectionTrait) -> Result<i32, DbErr> {
    let newest: Option<Option<i32>> = registry_supergraph::Entity::find()
        .select_only()
        .column_as(registry_supergraph::Column::Number.max(), "newest")
        .into_tuple()
        .one(connection)
        .await?;
    Ok(newest.flatten().unwrap_or(0))
}

pub(super) async fn find_source(
    connection: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<registry_source::Model>, DbErr> {
    registry_source::Entity::find()
        .filter(registry_source::Column::RecordKey.eq(name))
        .one(connection)
        .await
}

//! The log of the review.

use entities::{event, record_seal};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};

use super::super::acts::MANDATE;
use crate::{database::Database, vocabulary::Viewer};

/// What happened in reviews, as far as the viewer is told, in order. What an entity does before it clears an input is
/// told to its own officers and to the secretariat.
pub(crate) fn events(viewer: &Viewer) -> Select<event::Entity> {
    use event::Column;
    let of_cycle = Condition::all()
        .add(Column::SituationId.is_null())
        .add(viewer.needs_any());
    let of_situation = viewer.needs(Column::SituationId);
    let mut told = Condition::any().add(Column::IsInternal.eq(false));
    if let Some(own) = viewer.uncleared_of() {
        told = told.add_option(own.map(|entity| Column::Owner.eq(entity)));
    } else {
        told = told.add(Column::IsInternal.eq(true));
    }
    let sealed = record_seal::Entity::find()
        .select_only()
        .column(record_seal::Column::RecordId)
        .filter(record_seal::Column::LiftedAt.is_null())
        .filter(record_seal::Column::RecordId.is_not_null())
        .into_query();
    event::Entity::find()
        .filter(Column::Mandate.eq(MANDATE))
        .filter(Condition::any().add(of_cycle).add(of_situation))
        .filter(told)
        .filter(Column::Subject.not_in_subquery(sealed))
        .order_by_asc(Column::Id)
}

/// Those after a place in the log, so many at most.
pub(crate) async fn events_after(
    database: &Database,
    viewer: &Viewer,
    after: i64,
    most: u64,
) -> Result<Vec<event::Model>, DbErr> {
    events(viewer)
        .filter(event::Column::Id.gt(after))
        .limit(most)
        .all(&database.read)
        .await
}

//! Ids of the graph as natural keys. An id stands for the same key always, so it can be read before the act; whether
//! the record exists for the caller is decided with the act.

use entities::{action, entity_input, review_cycle, review_item, situation};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::super::state::{InputKey, ItemKey};
use crate::database::Database;

/// The code of a cycle.
pub(crate) async fn cycle_code(database: &Database, id: &str) -> Result<Option<String>, DbErr> {
    let cycle = review_cycle::Entity::find().filter(review_cycle::Column::PublicId.eq(id));
    Ok(cycle.one(&database.read).await?.map(|row| row.record_key))
}

/// The key of a situation.
pub(crate) async fn situation_key(database: &Database, id: &str) -> Result<Option<String>, DbErr> {
    let found = situation::Entity::find().filter(situation::Column::PublicId.eq(id));
    Ok(found.one(&database.read).await?.map(|row| row.record_key))
}

/// The cycle and the situation of an item.
pub(crate) async fn item_key(database: &Database, id: &str) -> Result<Option<ItemKey>, DbErr> {
    let item = review_item::Entity::find().filter(review_item::Column::PublicId.eq(id));
    let Some(item) = item.one(&database.read).await? else {
        return Ok(None);
    };
    on(database, item.cycle_id, item.situation_id).await
}

/// The cycle, the situation and the entity of an input.
pub(crate) async fn input_key(database: &Database, id: &str) -> Result<Option<InputKey>, DbErr> {
    let input = entity_input::Entity::find().filter(entity_input::Column::PublicId.eq(id));
    let Some(input) = input.one(&database.read).await? else {
        return Ok(None);
    };
    let key = on(database, input.cycle_id, input.situation_id).await?;
    Ok(key.map(|(cycle, situation)| (cycle, situation, input.entity)))
}

/// The code of an action.
pub(crate) async fn action_key(database: &Database, id: &str) -> Result<Option<String>, DbErr> {
    let found = action::Entity::find().filter(action::Column::PublicId.eq(id));
    Ok(found.one(&database.read).await?.map(|row| row.record_key))
}

async fn on(database: &Database, cycle: i64, situation: i64) -> Result<Option<ItemKey>, DbErr> {
    let cycle = review_cycle::Entity::find_by_id(cycle)
        .one(&database.read)
        .await?;
    let situation = situation::Entity::find_by_id(situation)
        .one(&database.read)
        .await?;
    Ok(cycle
        .zip(situation)
        .map(|(cycle, situation)| (cycle.record_key, situation.record_key)))
}

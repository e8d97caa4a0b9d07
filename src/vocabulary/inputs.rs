//! Inputs of entities to reviews, as far as they exist for a viewer.

use entities::{Revised, entity_input, terms::InputStatus};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, Select,
    sea_query::{Alias, Expr, ExprTrait, Query},
};

use super::viewer::Viewer;

/// The statuses that an entity's input has for everybody.
const TOLD: [InputStatus; 4] = [
    InputStatus::NotReceived,
    InputStatus::NilReturn,
    InputStatus::NoChange,
    InputStatus::Cleared,
];

/// The inputs as they stand for the viewer: for officers of the entity and for the secretariat the last revision, for
/// others the last one that was told to all. What was cleared stands until its correction is cleared, or it is
/// withdrawn; what was never cleared is not there.
pub fn inputs(viewer: &Viewer) -> Select<entity_input::Entity> {
    use entity_input::{Column, Entity};
    let known = viewer.known::<Entity>();
    let Some(own) = viewer.uncleared_of() else {
        return Entity::find().filter(known);
    };
    let [_, known_from, _] = Entity::REVISION;
    let instant = viewer.known_at();
    let later = Alias::new("later");
    let of_later = |column: &'static str| Expr::col((later.clone(), column));
    let mut replaced = Query::select();
    replaced
        .expr(Expr::val(1))
        .from_as("entity_inputs", later.clone())
        .and_where(of_later("record_key").equals((Entity, Column::RecordKey)))
        .and_where(of_later("revision").gt(Expr::col((Entity, Column::Revision))))
        .cond_where(is_told(&of_later("status"), &of_later("cleared_at")));
    let mut told = Condition::all()
        .add(Column::SealedAt.is_null())
        .add(is_told(
            &Column::Status.into_expr(),
            &Column::ClearedAt.into_expr(),
        ));
    if let Some(instant) = instant {
        replaced.and_where(of_later("known_from").lte(instant));
        told = told.add(known_from.lte(instant));
    }
    told = told.add(Expr::not_exists(replaced));
    let visible = match own {
        None => Condition::any().add(told),
        Some(entity) => Condition::any()
            .add(known.add(Column::Entity.eq(entity)))
            .add(told.add(Column::Entity.ne(entity))),
    };
    Entity::find().filter(visible)
}

/// Whether a revision is told to all: what was cleared, and that it was withdrawn.
fn is_told(status: &Expr, cleared_at: &Expr) -> Condition {
    let withdrawn = status
        .clone()
        .eq(InputStatus::Withdrawn)
        .and(cleared_at.clone().is_not_null());
    Condition::any()
        .add(status.clone().is_in(TOLD))
        .add(withdrawn)
}

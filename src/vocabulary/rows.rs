//! Rows as far as they exist for a viewer: what the row rules of all mandates have in common.

use entities::terms::Classification;
use sea_orm::{EntityTrait, QuerySelect, QueryTrait, Select, sea_query::SelectStatement};

use super::viewer::levels_up_to;

/// Levels of the rows that an unclassified field tells.
pub const OPEN: &[Classification] = levels_up_to(Classification::Unclassified);

/// Levels of the rows that a confidential field tells.
pub const CLEARED: &[Classification] = levels_up_to(Classification::Confidential);

/// Makes the rule of a table whose rows hang on a situation: as they stand, up to a level, and only
/// where the situation exists for the viewer. A method of the viewer may narrow it further.
macro_rules! situation_rows {
    ($(#[$description:meta])* $name:ident, $table:ident, $levels:expr $(, $rule:ident)?) => {
        $(#[$description])*
        pub(crate) fn $name(
            viewer: $crate::vocabulary::Viewer,
        ) -> sea_orm::Select<entities::$table::Entity> {
            use entities::$table::{Column, Entity};
            use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
            Entity::find()
                .filter(Column::IsCurrent.eq(true))
                .filter(Column::Classification.is_in($levels.iter().copied()))
                .filter(Column::SituationId.in_subquery(viewer.visible_situation_keys()))
                $(.filter(viewer.$rule()))?
        }
    };
}
pub(crate) use situation_rows;

/// One column of the rows of a rule.
pub fn column_of<E: EntityTrait>(rows: Select<E>, column: E::Column) -> SelectStatement {
    rows.select_only().column(column).into_query()
}

//! Rows as far as they exist for a viewer: what the row rules of all mandates have in common.

use std::collections::HashMap;

use entities::terms::Classification;
use sea_orm::{EntityTrait, QuerySelect, QueryTrait, Select, sea_query::SelectStatement};

use super::viewer::levels_up_to;

/// Levels of the rows that an unclassified field returns.
pub const OPEN: &[Classification] = levels_up_to(Classification::Unclassified);

/// Levels of the rows that a confidential field returns.
pub const CLEARED: &[Classification] = levels_up_to(Classification::Confidential);

/// Makes the rule of a table whose rows have levels and hang on a situation: as they stand, open ones where the
/// situation exists for the viewer, others up to the clearance of who needs to know of it. With `cleared`, only
/// for who needs to know.
macro_rules! situation_rows {
    ($(#[$description:meta])* $name:ident, $table:ident, cleared) => {
        $crate::vocabulary::situation_rows! { @ $(#[$description])* $name, $table, cleared_rows }
    };
    ($(#[$description:meta])* $name:ident, $table:ident) => {
        $crate::vocabulary::situation_rows! { @ $(#[$description])* $name, $table, leveled_rows }
    };
    (@ $(#[$description:meta])* $name:ident, $table:ident, $rule:ident) => {
        $(#[$description])*
        pub(crate) fn $name(
            viewer: &$crate::vocabulary::Viewer,
        ) -> sea_orm::Select<entities::$table::Entity> {
            use entities::$table::{Column, Entity};
            use sea_orm::{EntityTrait, QueryFilter};
            Entity::find()
                .filter(viewer.known::<Entity>())
                .filter(viewer.$rule(Column::Classification, Column::SituationId))
        }
    };
}
pub(crate) use situation_rows;

/// One column of the rows of a rule.
pub fn column_of<E: EntityTrait>(rows: Select<E>, column: E::Column) -> SelectStatement {
    rows.select_only().column(column).into_query()
}

/// Rows by the situation that each hangs on, in their order.
pub fn by_situation<R>(rows: Vec<R>, situation_of: impl Fn(&R) -> i64) -> HashMap<i64, Vec<R>> {
    let mut lists: HashMap<i64, Vec<_>> = HashMap::new();
    for row in rows {
        lists.entry(situation_of(&row)).or_default().push(row);
    }
    lists
}

/// Reads the rows of figures that hang on situations: released ones or working ones, of periods
/// within a span.
macro_rules! figure_rows {
    ($(#[$description:meta])* $name:ident, $table:ident, $arguments:ty) => {
        $(#[$description])*
        pub(crate) async fn $name(
            database: &$crate::database::Database,
            viewer: &$crate::vocabulary::Viewer,
            situations: &[i64],
            arguments: &$arguments,
        ) -> Result<std::collections::HashMap<i64, Vec<entities::$table::Model>>, sea_orm::DbErr> {
            use entities::$table::{Column, Entity};
            use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
            use $crate::vocabulary::{CLEARED, OPEN};
            let levels = if arguments.is_published { OPEN } else { CLEARED };
            let rule = if arguments.is_published {
                viewer.visible_rows(Column::SituationId)
            } else {
                viewer.needs(Column::SituationId)
            };
            let rows = $crate::vocabulary::all_of(situations, &database.read, |chunk| {
                Entity::find()
                    .filter(Column::SituationId.is_in(chunk.iter().copied()))
                    .filter(rule.clone())
                    .filter(Column::IsPublished.eq(arguments.is_published))
                    .filter(viewer.known::<Entity>())
                    .filter(Column::Classification.is_in(levels.iter().copied()))
                    .filter(Column::PeriodStart.gte(arguments.span.start))
                    .filter(Column::PeriodEnd.lte(arguments.span.end))
                    .order_by_asc(Column::Id)
            })
            .await?;
            Ok($crate::vocabulary::by_situation(rows, |row| row.situation_id))
        }
    };
}
pub(crate) use figure_rows;

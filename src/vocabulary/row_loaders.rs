//! The loader of a subgraph's rows, and what most tables ask of it: rows by a key of theirs, the rows
//! of a parent, a page of them, figures made of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    loading::RequestLoader, paging::Page, provenance::Classification, record_levels::RecordLevels,
    viewer::Viewer,
};
use crate::database::Database;

/// Reads a subgraph's rows for one request: one key type for each kind of question.
#[derive(Debug)]
pub struct RowLoader {
    /// Where they are.
    pub database: Database,
    /// For whom.
    pub viewer: Viewer,
    /// Where the levels of rows are noted.
    pub levels: RecordLevels,
}

impl RowLoader {
    /// Notes that figures of rows are told which are held back, by the instants from which they are known.
    pub fn note_held_back(&self, mut known_from: impl Iterator<Item = DateTime<Utc>>) {
        if known_from.any(|instant| self.viewer.is_held_back(instant)) {
            self.levels.note_values(Classification::Confidential);
        }
    }

    /// Notes the level of pages of lists of rows with levels, beyond that of the rows in them: what they say of the
    /// whole list is as classified as the rows that change it.
    pub fn note_lists<R>(
        &self,
        level: Classification,
        told: &HashMap<i64, Page<R>>,
        lower: &HashMap<i64, Page<R>>,
    ) {
        let none = Page::default();
        let is_more = told.iter().any(|(parent, page)| {
            let lower = lower.get(parent).unwrap_or(&none);
            page.total != lower.total || page.has_next != lower.has_next
        });
        if is_more {
            self.levels.note_values(level);
        }
    }
}

/// The loader as a request holds it.
pub type Rows = RequestLoader<RowLoader>;

/// Makes a key type and loads the row that has it. `$rows` selects what may be read.
macro_rules! row_loader {
    ($(#[$description:meta])* $key:ident($of:ty), $table:ident.$field:ident = $column:ident, $rows:path) => {
        $(#[$description])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub(crate) struct $key(pub(crate) $of);

        impl async_graphql::dataloader::Loader<$key> for $crate::vocabulary::RowLoader {
            type Value = $table::Model;
            type Error = $crate::vocabulary::StoreError;

            async fn load(
                &self,
                keys: &[$key],
            ) -> Result<std::collections::HashMap<$key, Self::Value>, Self::Error> {
                let rows = $crate::vocabulary::all_of(keys, &self.database.read, |chunk| {
                    let values = chunk.iter().map(|key| key.0.clone());
                    sea_orm::QueryFilter::filter(
                        $rows(&self.viewer),
                        sea_orm::ColumnTrait::is_in(&$table::Column::$column, values),
                    )
                })
                .await?;
                Ok(rows.into_iter().map(|row| ($key(row.$field.clone()), row)).collect())
            }
        }
    };
}
pub(crate) use row_loader;

/// Makes a key type and loads the rows that refer to it, in the order of `$rows`. They refer to it by
/// its surrogate key, unless another type is given.
macro_rules! list_loader {
    ($(#[$description:meta])* $key:ident, $($rest:tt)*) => {
        $crate::vocabulary::list_loader! { $(#[$description])* $key(i64), $($rest)* }
    };
    ($(#[$description:meta])* $key:ident($of:ty), $table:ident.$field:ident = $column:ident, $rows:path) => {
        $(#[$description])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub(crate) struct $key(pub(crate) $of);

        impl async_graphql::dataloader::Loader<$key> for $crate::vocabulary::RowLoader {
            type Value = Vec<$table::Model>;
            type Error = $crate::vocabulary::StoreError;

            async fn load(
                &self,
                keys: &[$key],
            ) -> Result<std::collections::HashMap<$key, Self::Value>, Self::Error> {
                let rows = $crate::vocabulary::all_of(keys, &self.database.read, |chunk| {
                    let parents = chunk.iter().map(|key| key.0.clone());
                    sea_orm::QueryFilter::filter(
                        $rows(&self.viewer),
                        sea_orm::ColumnTrait::is_in(&$table::Column::$column, parents),
                    )
                })
                .await?;
                let mut lists: std::collections::HashMap<_, _> =
                    keys.iter().map(|key| (key.clone(), Vec::new())).collect();
                for row in rows {
                    let parent: Option<$of> = row.$field.clone().into();
                    if let Some(list) = parent.and_then(|parent| lists.get_mut(&$key(parent))) {
                        list.push(row);
                    }
                }
                Ok(lists)
            }
        }
    };
}
pub(crate) use list_loader;

/// Loads a page of each parent's list, for all lists of equal arguments at once. With `leveled`, rows have levels of
/// their own, and what is told of the whole list is compared with what is told to who has a lower clearance.
macro_rules! page_loader {
    ($arguments:ident, $table:ident, $pages:path) => {
        $crate::vocabulary::page_loader!(@ $arguments, $table, $pages, []);
    };
    (leveled $arguments:ident, $table:ident, $pages:path) => {
        $crate::vocabulary::page_loader!(
            @ $arguments, $table, $pages,
            [$crate::vocabulary::Classification::Confidential,
             $crate::vocabulary::Classification::StrictlyConfidential]
        );
    };
    (@ $arguments:ident, $table:ident, $pages:path, [$($level:expr),*]) => {
        impl async_graphql::dataloader::Loader<$crate::vocabulary::ListOf<$arguments>>
            for $crate::vocabulary::RowLoader
        {
            type Value = $crate::vocabulary::Page<$table::Model>;
            type Error = $crate::vocabulary::StoreError;

            async fn load(
                &self,
                keys: &[$crate::vocabulary::ListOf<$arguments>],
            ) -> Result<
                std::collections::HashMap<$crate::vocabulary::ListOf<$arguments>, Self::Value>,
                Self::Error,
            > {
                let mut found = std::collections::HashMap::with_capacity(keys.len());
                for (arguments, parents) in $crate::vocabulary::by_arguments(keys) {
                    let pages = $pages(&self.database, &self.viewer, &parents, arguments).await?;
                    $(
                        if let Some(lower) = self.viewer.below($level).filter(|_| arguments.part.tells_of_list) {
                            let lower = $pages(&self.database, &lower, &parents, arguments).await?;
                            self.note_lists($level, &pages, &lower);
                        }
                    )*
                    found.extend($crate::vocabulary::keyed(arguments, pages));
                }
                Ok(found)
            }
        }
    };
}
pub(crate) use page_loader;

/// Loads the figures of each situation, for all that are asked for with equal arguments at once:
/// `$rows` reads the rows of several situations, `$figures` makes the figures of one.
macro_rules! figure_loader {
    ($arguments:ident, $figure:ident, $rows:path, $decisions:path, $printed:path, $figures:path) => {
        impl async_graphql::dataloader::Loader<$crate::vocabulary::ListOf<$arguments>>
            for $crate::vocabulary::RowLoader
        {
            type Value = Result<Vec<$figure>, $crate::vocabulary::Unreadable>;
            type Error = $crate::vocabulary::StoreError;

            async fn load(
                &self,
                keys: &[$crate::vocabulary::ListOf<$arguments>],
            ) -> Result<
                std::collections::HashMap<$crate::vocabulary::ListOf<$arguments>, Self::Value>,
                Self::Error,
            > {
                let mut found = std::collections::HashMap::with_capacity(keys.len());
                for (arguments, situations) in $crate::vocabulary::by_arguments(keys) {
                    let decisions =
                        $decisions(&self.database, &self.viewer, &situations, arguments).await?;
                    let mut rows =
                        $rows(&self.database, &self.viewer, &situations, arguments).await?;
                    self.note_held_back(rows.values().flatten().map(|row| row.known_from));
                    let printed = $printed(&self.database, &self.viewer, arguments).await?;
                    let figures = situations.into_iter().map(|situation| {
                        let rows = rows.remove(&situation).unwrap_or_default();
                        let of_rows = rows.iter().map(|row| (row.period.as_str(), row.id));
                        let told = decisions.on(situation, of_rows);
                        (situation, $figures(arguments, &rows, &printed, &told))
                    });
                    found.extend($crate::vocabulary::keyed(arguments, figures));
                }
                Ok(found)
            }
        }
    };
}
pub(crate) use figure_loader;

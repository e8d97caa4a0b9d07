//! The loader of a subgraph's rows, and what most tables ask of it: rows by a key of theirs, the rows
//! of a parent, a page of them, figures made of them.

use super::{loading::RequestLoader, record_levels::RecordLevels, viewer::Viewer};
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

/// Loads a page of each parent's list, for all lists of equal arguments at once.
macro_rules! page_loader {
    ($arguments:ident, $table:ident, $pages:path) => {
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
                    for row in rows.values().flatten() {
                        if self.viewer.is_held_back(row.known_from) {
                            let level = $crate::vocabulary::Classification::Confidential;
                            self.levels.note(&row.record_key, level);
                        }
                    }
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

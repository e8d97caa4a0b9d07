//! The two loaders that most tables need: rows by a key of theirs, and the rows of a parent.

/// Makes a key type and loads the row that has it. `$rows` selects what may be read.
macro_rules! row_loader {
    ($(#[$description:meta])* $key:ident($of:ty), $loader:ident, $table:ident.$field:ident = $column:ident, $rows:path) => {
        $(#[$description])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub(crate) struct $key(pub(crate) $of);

        impl async_graphql::dataloader::Loader<$key> for $loader {
            type Value = $table::Model;
            type Error = $crate::vocabulary::StoreError;

            async fn load(
                &self,
                keys: &[$key],
            ) -> Result<std::collections::HashMap<$key, Self::Value>, Self::Error> {
                let rows = $crate::vocabulary::all_of(keys, &self.database.read, |chunk| {
                    let values = chunk.iter().map(|key| key.0.clone());
                    sea_orm::QueryFilter::filter(
                        $rows(self.viewer),
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

/// Makes a key type and loads the rows that refer to it, in the order of `$rows`.
macro_rules! list_loader {
    ($(#[$description:meta])* $key:ident, $loader:ident, $table:ident.$field:ident = $column:ident, $rows:path) => {
        $(#[$description])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) struct $key(pub(crate) i64);

        impl async_graphql::dataloader::Loader<$key> for $loader {
            type Value = Vec<$table::Model>;
            type Error = $crate::vocabulary::StoreError;

            async fn load(
                &self,
                keys: &[$key],
            ) -> Result<std::collections::HashMap<$key, Self::Value>, Self::Error> {
                let rows = $crate::vocabulary::all_of(keys, &self.database.read, |chunk| {
                    let parents = chunk.iter().map(|key| key.0);
                    sea_orm::QueryFilter::filter(
                        $rows(self.viewer),
                        sea_orm::ColumnTrait::is_in(&$table::Column::$column, parents),
                    )
                })
                .await?;
                let mut lists: std::collections::HashMap<_, _> =
                    keys.iter().map(|key| (*key, Vec::new())).collect();
                for row in rows {
                    let parent: Option<i64> = row.$field.into();
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
    ($arguments:ident, $loader:ident, $table:ident, $pages:path) => {
        impl async_graphql::dataloader::Loader<$crate::vocabulary::ListOf<$arguments>> for $loader {
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
                    let pages = $pages(&self.database, self.viewer, &parents, arguments).await?;
                    found.extend($crate::vocabulary::keyed(arguments, pages));
                }
                Ok(found)
            }
        }
    };
}
pub(crate) use page_loader;

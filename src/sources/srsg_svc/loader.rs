//! Batches of SRSG-SVC's records: one key type for each kind of question.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entities::{commitment, crsv_admin1_count, crsv_listing, crsv_setting};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{
    service::{CrsvArguments, Figure, figures},
    store,
};
use crate::{
    database::Database,
    vocabulary::{
        ListOf, RequestLoader, Span, StoreError, Unreadable, Viewer, all_of, by_arguments, keyed,
        list_loader, row_loader,
    },
};

/// Reads SRSG-SVC's records for one request.
#[derive(Debug)]
pub(crate) struct SvcLoader {
    /// Where they are.
    pub(crate) database: Database,
    /// For whom.
    pub(crate) viewer: Viewer,
}

/// The loader as a request holds it.
pub(crate) type Svc = RequestLoader<SvcLoader>;

row_loader! {
    /// The setting of a situation.
    SettingOf(i64), SvcLoader, crsv_setting.situation_id = SituationId, store::settings
}
row_loader! {
    /// A listing, by its id in the graph.
    ListingId(String), SvcLoader, crsv_listing.public_id = PublicId, store::listings
}
list_loader! {
    /// The listings in a situation.
    ListingsOf, SvcLoader, crsv_listing.situation_id = SituationId, store::listings
}

/// The commitments of a listed party, which name the listing by its natural key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CommitmentsOf(pub(crate) String);

impl Loader<CommitmentsOf> for SvcLoader {
    type Value = Vec<commitment::Model>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[CommitmentsOf],
    ) -> Result<HashMap<CommitmentsOf, Self::Value>, StoreError> {
        let rows = all_of(keys, &self.database.read, |chunk| {
            let listings = chunk.iter().map(|key| &*key.0);
            store::commitments(self.viewer).filter(commitment::Column::ListingKey.is_in(listings))
        })
        .await?;
        let mut lists: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            lists
                .entry(CommitmentsOf(row.listing_key.clone()))
                .or_default()
                .push(row);
        }
        Ok(lists)
    }
}

impl Loader<ListOf<CrsvArguments>> for SvcLoader {
    type Value = Result<Vec<Figure>, Unreadable>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[ListOf<CrsvArguments>],
    ) -> Result<HashMap<ListOf<CrsvArguments>, Self::Value>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (arguments, situations) in by_arguments(keys) {
            let mut rows = store::counts_of(&self.database, &situations, arguments).await?;
            let lists = situations.into_iter().map(|situation| {
                (
                    situation,
                    figures(arguments, &rows.remove(&situation).unwrap_or_default()),
                )
            });
            found.extend(keyed(arguments, lists));
        }
        Ok(found)
    }
}

/// Which figures by division are asked for: those of these days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ByDivision(pub(crate) Span);

impl Loader<ListOf<ByDivision>> for SvcLoader {
    type Value = Vec<crsv_admin1_count::Model>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[ListOf<ByDivision>],
    ) -> Result<HashMap<ListOf<ByDivision>, Self::Value>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (arguments, situations) in by_arguments(keys) {
            let rows = store::division_counts_of(&self.database, &situations, arguments.0).await?;
            found.extend(keyed(arguments, rows));
        }
        Ok(found)
    }
}

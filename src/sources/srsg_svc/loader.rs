//! Batches of SRSG-SVC's records: one key type for each kind of question.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entities::{commitment, crsv_admin1_count, crsv_listing, crsv_setting};

use super::{
    service::{CrsvArguments, Figure, figures},
    store,
};
use crate::vocabulary::{
    ListOf, RowLoader, Span, StoreError, by_arguments, figure_loader, keyed, list_loader,
    row_loader,
};

row_loader! {
    /// The setting of a situation.
    SettingOf(i64), crsv_setting.situation_id = SituationId, store::settings
}
row_loader! {
    /// A listing, by its id in the graph.
    ListingId(String), crsv_listing.public_id = PublicId, store::listings
}
list_loader! {
    /// The listings in a situation.
    ListingsOf, crsv_listing.situation_id = SituationId, store::listings
}

list_loader! {
    /// The commitments of a listed party, which name the listing by its natural key.
    CommitmentsOf(String), commitment.listing_key = ListingKey, store::commitments
}

figure_loader!(
    CrsvArguments,
    Figure,
    store::counts_of,
    store::printed,
    figures
);

/// Which figures by division are asked for: those of these days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ByDivision(pub(crate) Span);

impl Loader<ListOf<ByDivision>> for RowLoader {
    type Value = Vec<crsv_admin1_count::Model>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[ListOf<ByDivision>],
    ) -> Result<HashMap<ListOf<ByDivision>, Self::Value>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (arguments, situations) in by_arguments(keys) {
            let rows =
                store::division_counts_of(&self.database, &self.viewer, &situations, arguments.0)
                    .await?;
            found.extend(keyed(arguments, rows));
        }
        Ok(found)
    }
}

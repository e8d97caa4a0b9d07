//! Batches of SRSG-SVC's records: one key type for each kind of question.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entities::{commitment, crsv_listing, crsv_setting};

use super::{
    service::{CrsvArguments, DivisionFigure, Figure, division_figure, figures},
    store,
};
use crate::vocabulary::{
    ListOf, RowLoader, Span, StoreError, Unreadable, by_arguments, figure_loader, keyed,
    list_loader, row_loader,
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
    store::decisions,
    store::printed,
    figures
);

/// Which figures by division are asked for: those of these days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ByDivision(pub(crate) Span);

impl Loader<ListOf<ByDivision>> for RowLoader {
    type Value = Result<Vec<DivisionFigure>, Unreadable>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[ListOf<ByDivision>],
    ) -> Result<HashMap<ListOf<ByDivision>, Self::Value>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (arguments, situations) in by_arguments(keys) {
            let (database, viewer, span) = (&self.database, &self.viewer, arguments.0);
            let decisions = store::division_decisions(database, viewer, &situations, span).await?;
            let rows = store::division_counts_of(database, viewer, &situations, span).await?;
            let rows = rows.into_iter().map(|(situation, rows)| {
                let of_rows = rows.iter().map(|row| (row.period.as_str(), row.id));
                let told = decisions.on(situation, of_rows);
                let figures = rows.iter().map(|row| division_figure(row, &told));
                (situation, figures.collect())
            });
            found.extend(keyed(arguments, rows));
        }
        Ok(found)
    }
}

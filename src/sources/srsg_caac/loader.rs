//! Batches of SRSG-CAAC's records: one key type for each kind of question.

use std::collections::{HashMap, HashSet};

use async_graphql::dataloader::Loader;
use entities::caac_listing;

use super::{
    figure::Figure,
    service::{ViolationArguments, violations},
    store,
};
use crate::vocabulary::{
    ListOf, RowLoader, StoreError, Unreadable, by_arguments, keyed, list_loader, row_loader,
};

row_loader! {
    /// A listing, by its id in the graph.
    ListingId(String), caac_listing.public_id = PublicId, store::listings
}
list_loader! {
    /// The listings in a situation.
    ListingsOf, caac_listing.situation_id = SituationId, store::listings
}

impl Loader<ListOf<ViolationArguments>> for RowLoader {
    type Value = Result<Vec<Figure>, Unreadable>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[ListOf<ViolationArguments>],
    ) -> Result<HashMap<ListOf<ViolationArguments>, Self::Value>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (arguments, situations) in by_arguments(keys) {
            let decisions =
                store::decisions(&self.database, &self.viewer, &situations, arguments).await?;
            let mut rows =
                store::violations_of(&self.database, &self.viewer, &situations, arguments).await?;
            self.note_held_back(rows.values().flatten().map(|row| row.known_from));
            let parties = if arguments.is_by_party {
                store::visible_parties_of(&self.database, &self.viewer, &rows).await?
            } else {
                HashSet::new()
            };
            let printed = store::printed(&self.database, &self.viewer, arguments).await?;
            let figures = situations.into_iter().map(|situation| {
                let rows = rows.remove(&situation).unwrap_or_default();
                let of_rows = rows.iter().map(|row| (row.period.as_str(), row.id));
                let told = decisions.on(situation, of_rows);
                (
                    situation,
                    violations(arguments, &rows, &parties, &printed, &told),
                )
            });
            found.extend(keyed(arguments, figures));
        }
        Ok(found)
    }
}

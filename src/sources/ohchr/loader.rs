//! Batches of OHCHR's records: one key type for each kind of question.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entities::terms::Classification;
use entities::{communication, field_presence, recommendation, signal};

use super::{
    service::{CasualtyArguments, Figure, casualties},
    store::{self, CommunicationArguments, RecommendationArguments, SignalArguments},
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::vocabulary::{RowLoader, StoreError, all_of, figure_loader, page_loader, row_loader};

row_loader! {
    /// A field presence, by its id in the graph.
    PresenceId(String), field_presence.public_id = PublicId, store::current_presences
}

row_loader! {
    /// A recommendation, by its id in the graph.
    RecommendationId(String), recommendation.public_id = PublicId, store::recommendations
}

row_loader! {
    /// A communication, by its id in the graph.
    CommunicationId(String), communication.public_id = PublicId, store::current_communications
}

row_loader! {
    /// A communication, by the reference of the letter.
    CommunicationReference(String), communication.reference = Reference, store::current_communications
}

row_loader! {
    /// A signal, by its id in the graph.
    SignalId(String), signal.public_id = PublicId, store::current_signals
}

page_loader!(
    leveled CommunicationArguments,
    communication,
    store::communications_of
);
page_loader!(
    leveled RecommendationArguments,
    recommendation,
    store::recommendations_of
);
figure_loader!(
    CasualtyArguments,
    Figure,
    store::casualties_of,
    store::decisions,
    store::printed,
    casualties
);
page_loader!(leveled SignalArguments, signal, store::signals_of);

/// A field presence that covers a situation which the viewer needs to know of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NeededPresence(pub(crate) String);

impl Loader<NeededPresence> for RowLoader {
    type Value = ();
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[NeededPresence],
    ) -> Result<HashMap<NeededPresence, ()>, StoreError> {
        let keys: Vec<_> = keys.iter().map(|key| key.0.as_str()).collect();
        let needed = store::needed_presences(&self.database, &self.viewer, &keys).await?;
        Ok(needed
            .into_iter()
            .map(|key| (NeededPresence(key), ()))
            .collect())
    }
}

/// A field presence that may exist for everybody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PublicPresence(pub(crate) String);

impl Loader<PublicPresence> for RowLoader {
    type Value = ();
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[PublicPresence],
    ) -> Result<HashMap<PublicPresence, ()>, StoreError> {
        let everybody = self.viewer.up_to(Classification::Unclassified);
        let rows = all_of(keys, &self.database.read, |chunk| {
            store::current_presences(&everybody).filter(
                field_presence::Column::RecordKey.is_in(chunk.iter().map(|key| key.0.as_str())),
            )
        })
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (PublicPresence(row.record_key), ()))
            .collect())
    }
}

/// The field presences that cover a situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PresencesOf(pub(crate) i64);

impl Loader<PresencesOf> for RowLoader {
    type Value = Vec<field_presence::Model>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[PresencesOf],
    ) -> Result<HashMap<PresencesOf, Self::Value>, StoreError> {
        let situations: Vec<_> = keys.iter().map(|key| key.0).collect();
        let lists = store::presences_of(&self.database, &self.viewer, &situations).await?;
        Ok(lists
            .into_iter()
            .map(|(situation, list)| (PresencesOf(situation), list))
            .collect())
    }
}

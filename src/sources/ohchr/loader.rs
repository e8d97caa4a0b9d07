//! Batches of OHCHR's records: one key type for each kind of question.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entities::{communication, field_presence, recommendation, signal};

use super::{
    service::{CasualtyArguments, Figure, casualties},
    store::{self, CommunicationArguments, RecommendationArguments, SignalArguments},
};
use crate::{
    database::Database,
    vocabulary::{
        ListOf, RequestLoader, StoreError, Unreadable, Viewer, by_arguments, keyed, page_loader,
        row_loader,
    },
};

/// Reads OHCHR's records for one request.
#[derive(Debug)]
pub(crate) struct OhchrLoader {
    /// Where they are.
    pub(crate) database: Database,
    /// For whom.
    pub(crate) viewer: Viewer,
}

/// The loader as a request holds it.
pub(crate) type Ohchr = RequestLoader<OhchrLoader>;

row_loader! {
    /// A field presence, by its id in the graph.
    PresenceId(String), OhchrLoader, field_presence.public_id = PublicId, store::open_presences
}

row_loader! {
    /// A recommendation, by its id in the graph.
    RecommendationId(String), OhchrLoader,
    recommendation.public_id = PublicId, store::open_recommendations
}

row_loader! {
    /// A communication, by its id in the graph.
    CommunicationId(String), OhchrLoader,
    communication.public_id = PublicId, store::current_communications
}

row_loader! {
    /// A communication, by the reference of the letter.
    CommunicationReference(String), OhchrLoader,
    communication.reference = Reference, store::current_communications
}

row_loader! {
    /// A signal, by its id in the graph.
    SignalId(String), OhchrLoader, signal.public_id = PublicId, store::current_signals
}

page_loader!(
    CommunicationArguments,
    OhchrLoader,
    communication,
    store::communications_of
);
page_loader!(
    RecommendationArguments,
    OhchrLoader,
    recommendation,
    store::recommendations_of
);
page_loader!(SignalArguments, OhchrLoader, signal, store::signals_of);

/// The field presences that cover a situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PresencesOf(pub(crate) i64);

impl Loader<PresencesOf> for OhchrLoader {
    type Value = Vec<field_presence::Model>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[PresencesOf],
    ) -> Result<HashMap<PresencesOf, Self::Value>, StoreError> {
        let situations: Vec<_> = keys.iter().map(|key| key.0).collect();
        let lists = store::presences_of(&self.database, self.viewer, &situations).await?;
        Ok(lists
            .into_iter()
            .map(|(situation, list)| (PresencesOf(situation), list))
            .collect())
    }
}

impl Loader<ListOf<CasualtyArguments>> for OhchrLoader {
    type Value = Result<Vec<Figure>, Unreadable>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[ListOf<CasualtyArguments>],
    ) -> Result<HashMap<ListOf<CasualtyArguments>, Self::Value>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (arguments, situations) in by_arguments(keys) {
            let mut rows = store::casualties_of(&self.database, &situations, arguments).await?;
            let figures = situations.into_iter().map(|situation| {
                (
                    situation,
                    casualties(arguments, &rows.remove(&situation).unwrap_or_default()),
                )
            });
            found.extend(keyed(arguments, figures));
        }
        Ok(found)
    }
}

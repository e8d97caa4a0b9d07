//! Batches of the registry's rows: one key type for each list of a source or a supergraph.

use std::{collections::HashMap, hash::Hash};

use async_graphql::dataloader::Loader;
use entities::{event, registry_check, registry_consent, registry_source_version};
use indexmap::IndexMap;

use crate::{
    registry::{
        service::RegistryError,
        store::{Store, SupergraphMember},
    },
    vocabulary::RequestLoader,
};

/// Reads the registry's rows for one request.
#[derive(Debug)]
pub(super) struct RegistryLoader(pub(super) Store);

/// The loader as a request holds it.
pub(super) type Lists = RequestLoader<RegistryLoader>;

/// Versions of a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct VersionsOf {
    /// Surrogate key of the source.
    pub(super) source: i64,
    /// How many.
    pub(super) first: u64,
}

/// What was done to a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct EventsOf {
    /// Name of the source.
    pub(super) source: String,
    /// How many.
    pub(super) first: u64,
}

/// Checks of a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ChecksOf {
    /// Name of the source.
    pub(super) source: String,
    /// How many.
    pub(super) first: u64,
}

/// Consents to a source, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ConsentsOf(pub(super) String);

/// The registered sources in a supergraph, by its surrogate key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct MembersOf(pub(super) i64);

impl Loader<VersionsOf> for RegistryLoader {
    type Value = Vec<registry_source_version::Model>;
    type Error = RegistryError;

    async fn load(
        &self,
        keys: &[VersionsOf],
    ) -> Result<HashMap<VersionsOf, Self::Value>, RegistryError> {
        let mut found = HashMap::new();
        for (first, sources) in by_first(keys.iter().map(|key| (key.first, key.source))) {
            let lists = self.0.versions_of(&sources, first).await?;
            found.extend(keyed(lists, |source| VersionsOf { source, first }));
        }
        Ok(found)
    }
}

impl Loader<EventsOf> for RegistryLoader {
    type Value = Vec<event::Model>;
    type Error = RegistryError;

    async fn load(
        &self,
        keys: &[EventsOf],
    ) -> Result<HashMap<EventsOf, Self::Value>, RegistryError> {
        let mut found = HashMap::new();
        for (first, sources) in by_first(keys.iter().map(|key| (key.first, key.source.clone()))) {
            let lists = self.0.events_of(&sources, first).await?;
            found.extend(keyed(lists, |source| EventsOf { source, first }));
        }
        Ok(found)
    }
}

impl Loader<ChecksOf> for RegistryLoader {
    type Value = Vec<registry_check::Model>;
    type Error = RegistryError;

    async fn load(
        &self,
        keys: &[ChecksOf],
    ) -> Result<HashMap<ChecksOf, Self::Value>, RegistryError> {
        let mut found = HashMap::new();
        for (first, sources) in by_first(keys.iter().map(|key| (key.first, key.source.clone()))) {
            let lists = self.0.checks_of(&sources, first).await?;
            found.extend(keyed(lists, |source| ChecksOf { source, first }));
        }
        Ok(found)
    }
}

impl Loader<ConsentsOf> for RegistryLoader {
    type Value = Vec<registry_consent::Model>;
    type Error = RegistryError;

    async fn load(
        &self,
        keys: &[ConsentsOf],
    ) -> Result<HashMap<ConsentsOf, Self::Value>, RegistryError> {
        let sources: Vec<_> = keys.iter().map(|key| key.0.clone()).collect();
        let lists = self.0.consents_of(&sources).await?;
        Ok(keyed(lists, ConsentsOf).collect())
    }
}

impl Loader<MembersOf> for RegistryLoader {
    type Value = Vec<SupergraphMember>;
    type Error = RegistryError;

    async fn load(
        &self,
        keys: &[MembersOf],
    ) -> Result<HashMap<MembersOf, Self::Value>, RegistryError> {
        let supergraphs: Vec<_> = keys.iter().map(|key| key.0).collect();
        let lists = self.0.members_of(&supergraphs).await?;
        Ok(keyed(lists, MembersOf).collect())
    }
}

/// Lists of equal length are read together.
fn by_first<K>(keys: impl Iterator<Item = (u64, K)>) -> IndexMap<u64, Vec<K>> {
    let mut found: IndexMap<u64, Vec<K>> = IndexMap::new();
    for (first, key) in keys {
        found.entry(first).or_default().push(key);
    }
    found
}

/// Gives each list back under the key it was asked for with.
fn keyed<P, K: Eq + Hash, T>(
    lists: HashMap<P, T>,
    key: impl Fn(P) -> K,
) -> impl Iterator<Item = (K, T)> {
    lists
        .into_iter()
        .map(move |(parent, list)| (key(parent), list))
}

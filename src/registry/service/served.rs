//! What is served: from the rows, and from the embedded sources of this version of the service.

use std::sync::Arc;

use entities::terms::SupergraphCause;
use federation::budget::Interrupt;

use super::{
    Loaded, Registry, RegistryError,
    scheduling::{Purpose, blocking},
};
use crate::{
    gateway::{Names, ServedSource},
    registry::{
        check::compose_members,
        state::{Act, Before, Rules, Source, State, settle},
    },
};

/// The code in rows that name an entity, where it was the service itself.
const ITSELF: &str = "UPFRONT";

/// What the gateway is to serve.
#[derive(Clone, Debug)]
pub struct Served {
    /// Number of the supergraph.
    pub number: i32,
    /// It.
    pub supergraph_sdl: String,
    /// The registered sources in it.
    pub registered: Vec<ServedSource>,
    /// Whether it was made to take sources out that read what they may not.
    pub is_urgent: bool,
    /// Why registered sources are left out, if they are.
    pub trouble: Option<String>,
}

impl Registry {
    /// The registry as it stands.
    pub(in crate::registry) async fn load(&self) -> Result<Loaded, RegistryError> {
        let stored = self.store.load().await?;
        let row = stored.supergraph.as_ref();
        let own = row.filter(|row| row.embedded_hash == self.embedded_hash);
        let mut state = State {
            embedded: self.embedded.clone(),
            sources: stored.sources.clone(),
            grants: stored.grants.clone(),
            supergraph_sdl: own.map(|row| row.sdl.clone()),
            number: stored.number(),
        };
        let is_own = own.is_some();
        if !is_own {
            // Another version of the service made the row: its sources are not ours.
            let members = state.members();
            state.supergraph_sdl = blocking(Purpose::Other, move || {
                compose_members(&members, &Interrupt::default()).0
            })
            .await?;
        }
        Ok(Loaded {
            stored,
            state: Arc::new(state),
            is_own,
        })
    }

    /// What to serve. Of a supergraph that another version of the service made, registered sources
    /// are left out that read what the embedded ones of this version do not let them read, or that
    /// do not compose with them.
    pub async fn served(&self) -> Result<Served, RegistryError> {
        let loaded = self.load().await?;
        let mut state = State::clone(&loaded.state);
        let mut expelled = Vec::new();
        if !loaded.is_own {
            let before = Before {
                composed: state.supergraph_sdl.clone(),
                ..Before::default()
            };
            let settled = blocking(Purpose::Other, move || {
                let settled = settle(&mut state, before, &Rules::default());
                settled.map(|expelled| (state, expelled))
            });
            (state, expelled) = settled.await?.map_err(|diagnostics| {
                tracing::error!(?diagnostics, "the embedded sources do not compose");
                RegistryError::Fault
            })?;
        }
        let supergraph_sdl = state.supergraph_sdl.clone().ok_or(RegistryError::Fault)?;
        let newest = loaded.stored.supergraph.as_ref();
        let cause = newest.map(|supergraph| supergraph.cause);
        Ok(Served {
            number: loaded.stored.number(),
            supergraph_sdl,
            registered: state
                .sources
                .iter()
                .filter_map(|source| served_source(&state, source))
                .collect(),
            is_urgent: cause == Some(SupergraphCause::Expel),
            trouble: (!expelled.is_empty()).then(|| {
                let names: Vec<_> = expelled
                    .iter()
                    .map(|expelled| format!("`{}`", expelled.source))
                    .collect();
                format!(
                    "Registered sources do not fit the embedded ones of this version and are not \
                     served: {}. Publish versions that do.",
                    names.join(", ")
                )
            }),
        })
    }

    /// Writes down the first supergraph, and one whenever the service starts with other embedded
    /// sources. A source that reads what the embedded ones no longer let it read is taken out
    /// before it is served.
    pub async fn record_start(self: &Arc<Self>) -> Result<(), RegistryError> {
        let tried = self.try_out(ITSELF, Act::Start, None).await?;
        let loaded = self.load().await?;
        let mut served = loaded.state.sources.iter();
        let has_histories = served.all(|each| each.served.is_none() || each.history.is_some());
        if tried.expelled.is_empty() && loaded.is_own && has_histories {
            return Ok(());
        }
        let outcome = self.make(ITSELF, Act::Start).await?;
        for refusal in &outcome.findings.refusals {
            tracing::warn!(message = refusal.message, "the start changed nothing");
        }
        Ok(())
    }
}

fn served_source(state: &State, source: &Source) -> Option<ServedSource> {
    let version = source.served.as_ref()?;
    let prefix = version.prefix.as_deref();
    let consents = state.consents_of(&source.name, &source.entity).into_iter();
    Some(ServedSource {
        name: source.name.clone(),
        entity: source.entity.clone(),
        version: version.number,
        url: version.url.clone(),
        consents: consents
            .map(|consent| (consent.granted_by, consent.coordinate))
            .collect(),
        names: prefix.map(|prefix| Arc::new(Names::under(prefix))),
    })
}

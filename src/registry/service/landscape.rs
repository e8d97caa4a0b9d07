//! What is served: from the rows, and from the embedded sources of this very version.

use entities::{
    registry_source_version,
    terms::{SourceKind, SupergraphCause},
};
use sea_orm::DbErr;

use super::{Registry, RegistryError};
use crate::registry::{
    judgement::{Landscape, Member, compose_members},
    store::{ActiveVersion, Current, NewSupergraph, StoreError},
};

/// Stands for the service itself where rows name an entity.
const ITSELF: &str = "UPFRONT";

/// The joint schema as rows have it, ready to be judged against.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Number of the newest supergraph.
    pub number: i32,
    /// Its registered members.
    pub members: Vec<ActiveVersion>,
    /// All members with what they compose to.
    pub landscape: Landscape,
}

/// What the gateway is to serve.
#[derive(Clone, Debug)]
pub struct Served {
    /// Number of the supergraph.
    pub number: i32,
    /// It.
    pub supergraph_sdl: String,
    /// The registered sources in it.
    pub registered: Vec<ServedSource>,
    /// Why registered sources are left out, if they are.
    pub trouble: Option<String>,
}

/// A registered source that is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedSource {
    /// Its name.
    pub name: String,
    /// Code of the entity that answers for it.
    pub entity: String,
    /// Number of its version.
    pub version: i32,
    /// Where it answers.
    pub url: String,
    /// What answers there.
    pub kind: SourceKind,
    /// Prefix of a plain server's names.
    pub prefix: Option<String>,
    /// Its SDL as composed.
    pub sdl: String,
}

impl Registry {
    /// The joint schema as it is now.
    pub async fn state(&self) -> Result<State, RegistryError> {
        let current = self.store.current().await?;
        Ok(self.state_of(current).await)
    }

    async fn state_of(&self, current: Current) -> State {
        let number = current.number();
        let members = self.all_members(&current.members);
        let row = current
            .supergraph
            .filter(|row| row.embedded_hash == self.embedded_hash);
        let supergraph_sdl = match row {
            Some(row) => Some(row.sdl),
            // Another version of the service made the row: its sources are not ours.
            None => {
                let members = members.clone();
                blocking(move || compose_members(&members).0)
                    .await
                    .flatten()
            }
        };
        State {
            number,
            members: current.members,
            landscape: Landscape {
                members,
                supergraph_sdl,
            },
        }
    }

    /// The embedded sources, then the registered ones.
    pub(super) fn all_members(&self, registered: &[ActiveVersion]) -> Vec<Member> {
        let mut members = self.embedded.clone();
        members.extend(registered.iter().map(|active| Member {
            name: active.source.record_key.clone(),
            entity: active.source.entity.clone(),
            url: active.version.url.clone(),
            sdl: active.version.sdl.clone(),
        }));
        members
    }

    /// What to serve. Registered sources that do not compose with the embedded ones of this version
    /// are left out, since a supergraph of another version may show what is now more sensitive.
    pub async fn served(&self) -> Result<Served, RegistryError> {
        let State {
            number,
            members,
            landscape,
        } = self.state().await?;
        if let Some(supergraph_sdl) = landscape.supergraph_sdl {
            return Ok(Served {
                number,
                supergraph_sdl,
                registered: members.iter().map(served_source).collect(),
                trouble: None,
            });
        }
        let embedded = self.embedded.clone();
        let alone = blocking(move || compose_members(&embedded).0)
            .await
            .flatten();
        let trouble = "The registered sources do not compose with the embedded ones of this \
                       version; only the embedded ones are served. Publish versions that do.";
        match alone {
            Some(supergraph_sdl) => Ok(Served {
                number,
                supergraph_sdl,
                registered: Vec::new(),
                trouble: Some(trouble.to_owned()),
            }),
            None => Err(RegistryError::BadInput(
                "The embedded sources do not compose.".to_owned(),
            )),
        }
    }

    /// Writes down the first supergraph, and one whenever the service starts with other embedded
    /// sources. A source that reads what the embedded ones no longer let it read is taken out
    /// before it is served.
    pub async fn record_start(&self) -> Result<(), RegistryError> {
        self.insert_start().await?;
        let by = (ITSELF, "a field it reads became classified");
        self.expel_ungranted(by).await.map(|_| ())
    }

    async fn insert_start(&self) -> Result<(), RegistryError> {
        let current = self.store.current().await?;
        let row = current.supergraph.as_ref();
        if row.is_some_and(|row| row.embedded_hash == self.embedded_hash) {
            return Ok(());
        }
        let state = self.state_of(current).await;
        let Some(sdl) = state.landscape.supergraph_sdl else {
            return Ok(());
        };
        let stored = self
            .store
            .publish(
                NewSupergraph {
                    after: state.number,
                    sdl,
                    embedded_hash: self.embedded_hash.clone(),
                    cause: SupergraphCause::Start,
                    source: None,
                    reason: None,
                    made_by: ITSELF.to_owned(),
                    made_at: self.now(),
                    kept_versions: state
                        .members
                        .iter()
                        .map(|member| member.version.id)
                        .collect(),
                },
                None,
            )
            .await;
        match stored {
            // Another replica was faster.
            Ok(_) | Err(StoreError::Outrun) => Ok(()),
            Err(StoreError::Database(error)) if is_conflict(&error) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn is_conflict(error: &DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}

fn served_source(active: &ActiveVersion) -> ServedSource {
    let registry_source_version::Model {
        number,
        url,
        kind,
        prefix,
        sdl,
        ..
    } = active.version.clone();
    ServedSource {
        name: active.source.record_key.clone(),
        entity: active.source.entity.clone(),
        version: number,
        url,
        kind,
        prefix,
        sdl,
    }
}

/// Runs what takes long off the threads that answer requests; `None` if it panicked.
pub(in crate::registry) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    tokio::task::spawn_blocking(work)
        .await
        .inspect_err(|error| tracing::error!(%error, "work on the joint schema broke off"))
        .ok()
}

//! Operations of the registry: which callers may do them, and the steps of each.

mod changes;
mod consent;
mod error;
mod lifecycle;
mod prepare;
mod publish;
mod request;
mod scheduling;
mod served;
mod suggestion;

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

pub use changes::Loaded;
pub use consent::{GrantRequest, ListedConsent, WithdrawRequest};
pub use error::RegistryError;
pub use lifecycle::Change;
pub use publish::{Checked, Publication};
pub use request::PublishRequest;
pub(super) use scheduling::{Purpose, blocking};
pub use served::Served;

use self::scheduling::EntityPermits;
use super::{check::Member, hash, store::Store};
use crate::{
    auth::{Clock, Principal},
    gateway::Outgoing,
};

/// Needed to change what is registered.
pub const PUBLISH_SCOPE: &str = "registry:publish";
/// Enough to look at it.
pub const READ_SCOPE: &str = "registry:read";

/// How long a publication waits until it is served.
const PATIENCE: Duration = Duration::from_secs(10);
/// For a registry without a gateway: every supergraph counts as served.
const NOBODY_FOLLOWS: (i32, i64) = (i32::MAX, i64::MAX);

/// The registry of one service.
#[derive(Debug)]
pub struct Registry {
    store: Store,
    embedded: Vec<Member>,
    embedded_hash: String,
    outgoing: Arc<Outgoing>,
    clock: Arc<dyn Clock>,
    changed: watch::Sender<i32>,
    served: watch::Sender<(i32, i64)>,
    days_of_usage: u64,
    entities: Vec<String>,
    running: Arc<watch::Sender<usize>>,
    /// Checks and publications of each entity, one at a time.
    checking: Arc<EntityPermits>,
    /// Its other changes, one at a time in the order in which they came.
    changing: EntityPermits,
}

/// What a registry is made of.
#[derive(Debug)]
pub struct RegistryParts {
    /// Where it keeps what it knows.
    pub store: Store,
    /// The embedded sources.
    pub embedded: Vec<Member>,
    /// The way to sources.
    pub outgoing: Arc<Outgoing>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How many days back operations count as used.
    pub days_of_usage: u64,
    /// Codes of entities that may publish though the directory of organisations lacks them.
    pub entities: Vec<String>,
}

impl Registry {
    /// A registry.
    pub fn new(parts: RegistryParts) -> Self {
        let RegistryParts {
            store,
            embedded,
            outgoing,
            clock,
            days_of_usage,
            entities,
        } = parts;
        let texts = embedded
            .iter()
            .flat_map(|member| [member.name.as_str(), member.sdl.as_str()]);
        Self {
            embedded_hash: hash::of(texts),
            store,
            embedded,
            outgoing,
            clock,
            changed: watch::channel(0).0,
            served: watch::channel(NOBODY_FOLLOWS).0,
            days_of_usage,
            entities,
            running: Arc::new(watch::channel(0).0),
            checking: Arc::default(),
            changing: EntityPermits::default(),
        }
    }

    /// Its rows.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The embedded sources.
    pub fn embedded(&self) -> &[Member] {
        &self.embedded
    }

    /// Gives the number of the newest supergraph whenever this process makes one.
    pub fn changes(&self) -> watch::Receiver<i32> {
        self.changed.subscribe()
    }

    /// The last change of who consents to what.
    pub async fn newest_consents(&self) -> Result<i64, RegistryError> {
        Ok(self.store.newest_consents().await?)
    }

    /// Notes that the gateway of this process serves a supergraph, with the consents of a change and those
    /// before it.
    pub fn set_served(&self, number: i32, consents: i64) {
        self.served.send_replace((number, consents));
    }

    /// Announces a new supergraph, or other consents, and waits until the gateway of this process serves with
    /// them, so that the next request of who made them is answered by them.
    async fn announce(&self, number: i32) -> Result<(), RegistryError> {
        let consents = self.newest_consents().await?;
        self.changed.send_replace(number);
        let mut served = self.served.subscribe();
        let is_served = served.wait_for(|served| served.0 >= number && served.1 >= consents);
        if tokio::time::timeout(PATIENCE, is_served).await.is_err() {
            tracing::warn!(supergraph = number, "stored, but not served yet");
        }
        Ok(())
    }

    /// The way to sources.
    pub(super) fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    pub(super) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        super::store::instant(self.clock.now())
    }

    /// The entity that a caller may change sources of. It must be a known one: an entity's code
    /// names the owner of data, so callers must not be able to invent codes.
    async fn may_change(&self, principal: &Principal) -> Result<String, RegistryError> {
        let entity = may_publish(principal)?;
        if !self.is_known(entity).await? {
            return Err(RegistryError::Forbidden(format!(
                "Entity `{}` may not register sources: the directory of organisations does not \
                 list it. The operator adds it there, or to `registry.entities` \
                 (`--allow-entity`).",
                shown(entity)
            )));
        }
        Ok(entity.to_owned())
    }

    /// Refuses a code that no known entity has.
    async fn check_entity(&self, code: &str) -> Result<(), RegistryError> {
        if self.is_known(code).await? {
            return Ok(());
        }
        Err(RegistryError::BadInput(format!(
            "Entity `{}` may not register sources: neither the directory of organisations nor \
             `registry.entities` lists it.",
            shown(code)
        )))
    }

    async fn is_known(&self, code: &str) -> Result<bool, RegistryError> {
        let is_embedded = self.embedded.iter().any(|member| member.entity == code);
        if is_embedded || self.entities.iter().any(|admitted| admitted == code) {
            return Ok(true);
        }
        Ok(self.store.is_organisation(code).await?)
    }
}

fn shown(code: &str) -> String {
    let code: String = code.chars().take(64).collect();
    code.escape_debug().to_string()
}

/// The entity of a caller who may look at the registry.
fn may_read(principal: &Principal) -> Result<&str, RegistryError> {
    let may = [PUBLISH_SCOPE, READ_SCOPE];
    match &principal.entity {
        Some(entity) if may.iter().any(|scope| principal.has_scope(scope)) => Ok(entity),
        _ => Err(RegistryError::Forbidden(format!(
            "This needs a token of an entity, with the scope `{READ_SCOPE}` or `{PUBLISH_SCOPE}`."
        ))),
    }
}

/// The entity in whose name a caller may change sources, as its token says.
fn may_publish(principal: &Principal) -> Result<&str, RegistryError> {
    match &principal.entity {
        Some(entity) if principal.has_scope(PUBLISH_SCOPE) => Ok(entity),
        Some(_) => Err(RegistryError::Forbidden(format!(
            "This needs a token with the scope `{PUBLISH_SCOPE}`."
        ))),
        None => Err(RegistryError::Forbidden(
            "This needs a token: it is done in the name of an entity.".to_owned(),
        )),
    }
}

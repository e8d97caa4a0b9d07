//! Checks at intervals whether sources still return the schema that was registered. The result is
//! shown in the registry and changes nothing else.

use std::{sync::Arc, time::Duration};

use entities::terms::{DriftState, SourceKind};
use federation::difference::{Change, ChangeKind, difference};

use super::{
    check::understood,
    fetch, hash, plain,
    service::{Registry, RegistryError},
    state::{Source, State, Version},
};

/// Differences named.
const MOST_NAMED: usize = 5;
/// How long a service may take to return its schema: the client that makes a change waits for it,
/// and has 30 seconds for the whole request unless the settings say otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// Checks all sources at intervals, forever.
pub async fn watch(registry: Arc<Registry>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        if let Err(error) = registry.look_for_drift().await {
            tracing::warn!(%error, "drift could not be looked for");
        }
    }
}

impl Registry {
    /// Looks at every source that is served. One that cannot be compared keeps no other from being
    /// looked at; the log has it.
    pub async fn look_for_drift(&self) -> Result<(), RegistryError> {
        let loaded = self.load().await?;
        for row in self.store().sources().await? {
            let name = &row.record_key;
            let Some(source) = loaded.state.find(name) else {
                continue;
            };
            let (found, detail) = match self.drift_of(&loaded.state, source).await {
                Ok(Some(found)) => found,
                Ok(None) => continue,
                Err(error) => {
                    tracing::warn!(source = name, %error, "its drift could not be looked for");
                    continue;
                }
            };
            if row.drift != Some(found) {
                tracing::info!(source = name, state = ?found, "drift");
            }
            if let Err(error) = self
                .store()
                .set_drift(row.id, found, detail, self.now())
                .await
            {
                tracing::warn!(source = name, %error, "its drift could not be recorded");
            }
        }
        Ok(())
    }

    /// A sentence where the service of a source does not fit the version that is served now.
    pub(in crate::registry) async fn find_misfit(&self, name: &str) -> Option<String> {
        let loaded = self.load().await.ok()?;
        let source = loaded.state.find(name)?;
        let number = source.served.as_ref()?.number;
        let (found, detail) = self.drift_of(&loaded.state, source).await.ok()??;
        let detail = detail.unwrap_or_default();
        match found {
            DriftState::InStep => None,
            DriftState::Drifted => Some(format!(
                "The service of `{name}` answers with another schema than version {number}, which \
                 is served now: {detail} Deploy the service of that version, or publish what runs."
            )),
            DriftState::Unreachable => Some(format!(
                "Whether the service of `{name}` fits version {number}, which is served now, could \
                 not be found out: {detail}."
            )),
        }
    }

    /// How what a source answers with differs from the version that is served; `None` where none is,
    /// or it cannot be read any more.
    async fn drift_of(
        &self,
        state: &State,
        source: &Source,
    ) -> Result<Option<(DriftState, Option<String>)>, RegistryError> {
        let Some((version, registered)) = source.served.as_ref().zip(state.candidate(source))
        else {
            return Ok(None);
        };
        let told = match self.live_sdl(&source.name, version).await {
            Ok(told) => told,
            Err(error) => return Ok(Some((DriftState::Unreachable, Some(error)))),
        };
        if hash::of([told.as_str()]) == version.given_hash {
            return Ok(Some((DriftState::InStep, None)));
        }
        let sdl = match in_joint_names(told, &source.name, version) {
            Ok(sdl) => sdl,
            Err(error) => return Ok(Some((DriftState::Unreachable, Some(error)))),
        };
        let mut answered = registered.clone();
        answered.member.sdl = sdl;
        answered.default_level = version.default_level.map(Into::into);
        let composed = state.composed();
        let compare = move || {
            let old = understood(&composed, &registered)?;
            let new = understood(&composed, &answered);
            Some(new.map(|new| difference(&old.schema, &new.schema)))
        };
        let changes =
            match super::service::blocking(super::service::Purpose::Other, compare).await? {
                None => return Ok(None),
                Some(None) => {
                    let detail = "It answers with an SDL that is no subgraph.".to_owned();
                    return Ok(Some((DriftState::Drifted, Some(detail))));
                }
                Some(Some(changes)) => changes,
            };
        if changes.is_empty() {
            return Ok(Some((DriftState::InStep, None)));
        }
        Ok(Some((DriftState::Drifted, Some(differing(&changes)))))
    }

    /// The SDL a source answers with now.
    async fn live_sdl(&self, name: &str, version: &Version) -> Result<String, String> {
        let outgoing = self.outgoing();
        let url = outgoing
            .egress()
            .parse(&version.url)
            .map_err(|refusal| refusal.to_string())?;
        let endpoint = fetch::Endpoint {
            name,
            url: &url,
            kind: version.kind,
            is_registered: true,
        };
        let asking = tokio::time::timeout(PATIENCE, fetch::sdl(outgoing, endpoint));
        asking.await.unwrap_or_else(|_| {
            let seconds = PATIENCE.as_secs();
            Err(format!(
                "`{url}` did not tell its schema within {seconds} seconds"
            ))
        })
    }
}

/// How what a service answers with differs from what is registered.
fn differing(changes: &[Change]) -> String {
    use ChangeKind as Kind;
    let (mut lacking, mut beside, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes.iter().take(MOST_NAMED) {
        let coordinate = format!("`{}`", change.coordinate);
        match change.kind {
            Kind::TypeRemoved
            | Kind::FieldRemoved
            | Kind::FieldArgumentRemoved
            | Kind::InputFieldRemoved
            | Kind::EnumValueRemoved
            | Kind::DirectiveRemoved => lacking.push(coordinate),
            Kind::TypeAdded
            | Kind::FieldAdded
            | Kind::FieldArgumentAdded
            | Kind::InputFieldAdded
            | Kind::EnumValueAdded
            | Kind::DirectiveAdded => beside.push(coordinate),
            _ => others.push(change.message.as_str()),
        }
    }
    let mut sentences = Vec::new();
    if !lacking.is_empty() {
        sentences.push(format!("It lacks {}.", lacking.join(", ")));
    }
    if !beside.is_empty() {
        sentences.push(format!("It has besides {}.", beside.join(", ")));
    }
    if !others.is_empty() {
        let others = others.join(" ");
        sentences.push(format!("From what is registered to what it has: {others}"));
    }
    match changes.len().saturating_sub(MOST_NAMED) {
        0 => {}
        rest => sentences.push(format!("And {rest} more.")),
    }
    sentences.join(" ")
}

/// The SDL that a source returned, under its names in the joint schema.
fn in_joint_names(told: String, name: &str, version: &Version) -> Result<String, String> {
    match version.kind {
        SourceKind::Federation => Ok(told),
        SourceKind::Plain => {
            let prefix = version.prefix.as_deref().unwrap_or(name);
            let mutations = plain::mutations_of(&version.sdl, prefix);
            plain::prefixed(&told, prefix, &mutations).map_err(|error| error.to_string())
        }
    }
}

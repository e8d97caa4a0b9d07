//! Whether sources still answer with what was registered: looked at now and then, shown in the
//! registry, never acted upon.

use std::{sync::Arc, time::Duration};

use entities::terms::{DriftState, SourceKind};
use federation::difference::difference;

use super::{
    fetch,
    judgement::understood,
    plain,
    service::{Registry, RegistryError, State},
    store::ActiveVersion,
};

/// Differences named.
const MOST_NAMED: usize = 5;

/// Looks at all sources again and again.
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
    /// looked at; it is told in the log.
    pub async fn look_for_drift(&self) -> Result<(), RegistryError> {
        let state = self.state().await?;
        for active in &state.members {
            if let Err(error) = self.look_at(&state, active).await {
                let source = &active.source.record_key;
                tracing::warn!(source, %error, "drift of a source could not be looked for");
            }
        }
        Ok(())
    }

    async fn look_at(&self, state: &State, active: &ActiveVersion) -> Result<(), RegistryError> {
        let (found, detail) = match self.live_sdl(active).await {
            Err(error) => (DriftState::Unreachable, Some(error)),
            Ok(sdl) => match self.compare(state, active, sdl).await? {
                Some(found) => found,
                None => return Ok(()),
            },
        };
        if active.source.drift != Some(found) {
            tracing::info!(source = active.source.record_key, state = ?found, "drift");
        }
        self.store()
            .set_drift(active.source.id, found, detail, self.now())
            .await?;
        Ok(())
    }

    /// How what a source answers with differs from what it registered; `None` where that cannot be
    /// told.
    async fn compare(
        &self,
        state: &State,
        active: &ActiveVersion,
        sdl: String,
    ) -> Result<Option<(DriftState, Option<String>)>, RegistryError> {
        let mut members = state.landscape.members.iter();
        let Some(member) = members.find(|member| member.name == active.source.record_key) else {
            return Ok(None);
        };
        let registered = self.candidate_of(member, Some(active)).await?;
        let mut answered = registered.clone();
        answered.member.sdl = sdl;
        answered.default_level = active.version.default_level.map(Into::into);
        let landscape = state.landscape.clone();
        let compare = move || {
            let old = understood(&landscape, &registered)?;
            let new = understood(&landscape, &answered);
            Some(new.map(|new| difference(&old.schema, &new.schema)))
        };
        Ok(match super::service::blocking(compare).await.flatten() {
            None => {
                let source = &active.source.record_key;
                tracing::warn!(source, "what it registered cannot be compared");
                None
            }
            Some(None) => Some((
                DriftState::Drifted,
                Some("It answers with an SDL that is no subgraph.".to_owned()),
            )),
            Some(Some(changes)) if changes.is_empty() => Some((DriftState::InStep, None)),
            Some(Some(changes)) => {
                let named = changes.iter().take(MOST_NAMED);
                let named: Vec<_> = named.map(|each| each.message.as_str()).collect();
                let more = match changes.len().saturating_sub(MOST_NAMED) {
                    0 => String::new(),
                    rest => format!(" And {rest} more."),
                };
                let detail = format!("{}{more}", named.join(" "));
                Some((DriftState::Drifted, Some(detail)))
            }
        })
    }

    /// The SDL a source answers with now, under its names in the joint schema.
    async fn live_sdl(&self, active: &ActiveVersion) -> Result<String, String> {
        let version = &active.version;
        let outgoing = self.outgoing();
        let url = outgoing
            .egress()
            .parse(&version.url)
            .map_err(|refusal| refusal.to_string())?;
        let asking = outgoing.post(&active.source.record_key, &url, true);
        match version.kind {
            SourceKind::Federation => fetch::subgraph_sdl(asking, &url).await,
            SourceKind::Plain => {
                let told = fetch::introspection(asking, &url).await?;
                let prefix = version
                    .prefix
                    .as_deref()
                    .unwrap_or(&active.source.record_key);
                let mutations = plain::mutations_of(&version.sdl, prefix);
                plain::prefixed(&plain::sdl_of(&told)?, prefix, &mutations)
            }
        }
    }
}

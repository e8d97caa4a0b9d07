//! Consents: an entity lets a source of another read one of its classified fields.

use federation::subgraph::{Subgraph, SubgraphInput};

use super::{Registry, RegistryError, State, may_publish};
use crate::{
    auth::Principal,
    registry::{
        holdings::Holdings,
        judgement::{Candidate, Member, check_alone},
        rules::{Consent, Refusal, RefusalCode},
        service::landscape::blocking,
        store::ActiveVersion,
    },
};

impl Registry {
    /// Records that a source may read a field of the caller's entity.
    pub async fn grant(
        &self,
        principal: &Principal,
        coordinate: &str,
        source: &str,
        reason: &str,
    ) -> Result<(), RegistryError> {
        let entity = may_publish(principal)?;
        if reason.trim().is_empty() || reason.len() > 2_000 {
            return Err(RegistryError::BadInput(
                "Say why in a sentence or two: the reason is kept.".to_owned(),
            ));
        }
        let state = self.state().await?;
        let members = state.landscape.members.clone();
        let (held, owner) = (coordinate.to_owned(), entity.to_owned());
        let holds = blocking(move || {
            let own = members.iter().filter(|member| member.entity == owner);
            let inputs: Vec<_> = own
                .map(|member| SubgraphInput {
                    name: member.name.clone(),
                    url: member.url.clone(),
                    sdl: member.sdl.clone(),
                })
                .collect();
            let (subgraphs, _) = Subgraph::read_all(&inputs);
            let mut subgraphs = subgraphs.into_iter().flatten();
            subgraphs.any(|subgraph| Holdings::of(&subgraph).holds(&held))
        })
        .await;
        if holds != Some(true) {
            return Err(RegistryError::NotFound(format!(
                "{entity} has no field `{}`: a consent is for a field of one's own, written \
                 `Type.field`.",
                coordinate
                    .chars()
                    .take(128)
                    .collect::<String>()
                    .escape_debug()
            )));
        }
        let consent = Consent {
            coordinate: coordinate.to_owned(),
            granted_by: entity.to_owned(),
        };
        self.store
            .grant(&consent, source, reason, self.now())
            .await?;
        Ok(())
    }

    /// Withdraws a consent. A source that needs it leaves the joint schema at once: whether it did.
    pub async fn withdraw(
        &self,
        principal: &Principal,
        coordinate: &str,
        source: &str,
    ) -> Result<bool, RegistryError> {
        let entity = may_publish(principal)?;
        let consent = Consent {
            coordinate: coordinate.to_owned(),
            granted_by: entity.to_owned(),
        };
        if !self.store.withdraw(&consent, source, self.now()).await? {
            return Err(RegistryError::NotFound(format!(
                "{entity} has given `{source}` no consent for `{coordinate}`."
            )));
        }
        let reason = format!("consent withdrawn for {coordinate}");
        let expelled = self.expel_ungranted((entity, &reason)).await?;
        Ok(expelled.iter().any(|name| name == source))
    }

    /// Takes out every source that needs a field it has no leave for, be it that the leave was
    /// withdrawn or that the field became classified: the names of those that left.
    pub(super) async fn expel_ungranted(
        &self,
        by: (&str, &str),
    ) -> Result<Vec<String>, RegistryError> {
        let state = self.state().await?;
        let mut expelled = Vec::new();
        for active in &state.members {
            let name = &active.source.record_key;
            if self.needs_more_than_granted(&state, name).await? && self.expel(name, by).await? {
                tracing::warn!(source = name, reason = by.1, "left the joint schema");
                expelled.push(name.clone());
            }
        }
        Ok(expelled)
    }

    async fn needs_more_than_granted(
        &self,
        state: &State,
        source: &str,
    ) -> Result<bool, RegistryError> {
        let member = state
            .landscape
            .members
            .iter()
            .find(|member| member.name == source);
        let Some(member) = member else {
            return Ok(false);
        };
        let active = state
            .members
            .iter()
            .find(|each| each.source.record_key == source);
        let candidate = self.candidate_of(member, active).await?;
        let landscape = state.landscape.clone();
        let refusals = blocking(move || check_alone(&landscape, &candidate)).await;
        let refusals = refusals.ok_or(RegistryError::Busy)?;
        let without = |refusal: &Refusal| refusal.code == RefusalCode::RequiresWithoutConsent;
        Ok(refusals.iter().any(without))
    }

    /// A stored version as it would have to be judged today.
    pub(in crate::registry) async fn candidate_of(
        &self,
        member: &Member,
        active: Option<&ActiveVersion>,
    ) -> Result<Candidate, RegistryError> {
        let consents = self.store.consents(&member.name).await?;
        let consents = consents.into_iter().map(|consent| Consent {
            coordinate: consent.coordinate,
            granted_by: consent.granted_by,
        });
        let version = active.map(|active| &active.version);
        Ok(Candidate {
            member: member.clone(),
            default_level: None,
            allow_non_null: version.and_then(|version| version.allow_non_null_reason.clone()),
            allow_breaking: version.and_then(|version| version.allow_breaking_reason.clone()),
            consents: consents.collect(),
        })
    }
}

//! What happens to a source after it was published: retired, handed over, rolled back.

use std::sync::Arc;

use super::{
    Registry, RegistryError,
    changes::Outcome,
    scheduling::{Purpose, blocking},
    suggestion::Named,
};
use crate::{
    auth::Principal,
    registry::{check::changes_of_sdl, report::Report, state::Act, store::Published},
};

/// The outcome of a change.
#[derive(Clone, Debug)]
pub struct Change {
    /// What was found.
    pub report: Report,
    /// Whether it was made, or is so already.
    pub is_done: bool,
    /// What was stored; nothing where something stood against it, the joint schema stays as it
    /// is, or the change was only tried.
    pub published: Option<Published>,
    /// What to look after now.
    pub warnings: Vec<String>,
}

impl Registry {
    /// Makes a change in a task that outlives the request.
    pub(super) async fn change(
        self: &Arc<Self>,
        entity: String,
        act: Act,
    ) -> Result<Change, RegistryError> {
        let registry = Arc::clone(self);
        let (named, by) = (Named::of(&act), entity.clone());
        let changed = self.run(async move {
            // A client that stopped waiting may have asked for the opposite since.
            let _permit = registry.changing.begin(&entity).await?;
            let name = match &act {
                Act::Retire { source, .. } => source.clone(),
                _ => String::new(),
            };
            let outcome = registry.make(&entity, act).await?;
            registry.report(outcome, &name).await
        });
        match changed.await {
            Err(error) => Err(self.with_suggestion(&by, named, error).await),
            changed => changed,
        }
    }

    /// What a change would do; nothing is stored. It waits for its entity as checks do: an entity's dry runs
    /// keep no change of another waiting for more than one of them.
    pub(super) async fn try_change(&self, entity: &str, act: Act) -> Result<Change, RegistryError> {
        let permit = self.checking.begin(entity).await?;
        let named = Named::of(&act);
        match self.try_out(entity, act, Some(Arc::clone(&permit))).await {
            Ok(outcome) => self.report(outcome, "").await,
            Err(error) => Err(self.with_suggestion(entity, named, error).await),
        }
    }

    async fn report(&self, mut outcome: Outcome, name: &str) -> Result<Change, RegistryError> {
        // A rollback or a withdrawal is not refused for what it breaks; the answer lists that.
        if let (Some(after), true) = (outcome.after, outcome.findings.changes.is_empty()) {
            let before = outcome.before.supergraph_sdl.clone();
            let noticed = blocking(Purpose::Other, move || {
                changes_of_sdl(before.as_deref(), &after)
            });
            outcome.findings.changes = noticed.await?;
        }
        let mut report = Report::new(&outcome.findings, &outcome.before, name);
        self.add_operations(&outcome.findings, &mut report).await?;
        report.add_expelled(&outcome.expelled);
        Ok(Change {
            report,
            is_done: outcome.is_done,
            published: outcome.published,
            warnings: Vec::new(),
        })
    }

    /// Takes a source out of the joint schema.
    pub async fn retire(
        self: &Arc<Self>,
        principal: &Principal,
        name: &str,
        allow_breaking: Option<&str>,
    ) -> Result<Change, RegistryError> {
        let entity = self.may_change(principal).await?;
        let act = Act::Retire {
            source: name.to_owned(),
            allow_breaking: allow_breaking.map(str::to_owned),
        };
        self.change(entity, act).await
    }

    /// Offers a source to another entity. It is the other's once that accepts.
    pub async fn transfer(
        self: &Arc<Self>,
        principal: &Principal,
        name: &str,
        to: &str,
    ) -> Result<(), RegistryError> {
        let entity = self.may_change(principal).await?;
        self.check_entity(to).await?;
        let act = Act::Offer {
            source: name.to_owned(),
            to: to.to_owned(),
        };
        self.change(entity, act).await.map(|_| ())
    }

    /// Takes over a source that is offered to the caller's entity.
    pub async fn accept_transfer(
        self: &Arc<Self>,
        principal: &Principal,
        name: &str,
    ) -> Result<Change, RegistryError> {
        let entity = self.may_change(principal).await?;
        let source = name.to_owned();
        self.change(entity, Act::Accept { source }).await
    }

    /// Takes an offer back, or declines one that was made to the caller's entity.
    pub async fn cancel_transfer(
        self: &Arc<Self>,
        principal: &Principal,
        name: &str,
    ) -> Result<(), RegistryError> {
        let entity = self.may_change(principal).await?;
        let source = name.to_owned();
        let change = self.change(entity, Act::CancelOffer { source });
        change.await.map(|_| ())
    }

    /// Makes the registered sources what they were in an earlier supergraph, composed with the
    /// embedded sources of today.
    pub async fn rollback(
        self: &Arc<Self>,
        principal: &Principal,
        number: i32,
        reason: Option<&str>,
    ) -> Result<Change, RegistryError> {
        let entity = self.may_change(principal).await?;
        let target = self.store.find_supergraph(number).await?;
        let target = target
            .ok_or_else(|| RegistryError::NotFound(format!("There is no supergraph {number}.")))?;
        let versions = self.store.versions_by_source(target.id).await?;
        let act = Act::Rollback {
            number,
            versions: versions.clone(),
            reason: reason.map(str::to_owned),
        };
        let before = self.store.load().await?.sources;
        let mut change = self.change(entity, act).await?;
        if change.published.is_some() {
            let was_served = |name: &str, number: i32| {
                let source = before.iter().find(|source| source.name == name);
                let served = source.and_then(|source| source.served.as_ref());
                served.is_some_and(|served| served.number == number)
            };
            for (name, version) in &versions {
                if !was_served(name, version.number) {
                    change.warnings.extend(self.find_misfit(name).await);
                }
            }
        }
        Ok(change)
    }
}

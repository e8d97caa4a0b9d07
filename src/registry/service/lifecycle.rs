//! What happens to a source after it was published: retired, handed over, rolled back.

use entities::terms::SupergraphCause;
use indexmap::IndexMap;

use super::{Registry, RegistryError, State, landscape::blocking, may_publish};
use crate::{
    auth::Principal,
    registry::{
        judgement::{Judgement, Landscape, check_alone, compose_members, judge_without},
        report::Report,
        rules::{Refusal, RefusalCode},
        store::{ActiveVersion, NewSupergraph, Published},
    },
};

const TRIES: usize = 8;

/// What came of asking for a change.
#[derive(Clone, Debug)]
pub struct Change {
    /// What was found.
    pub report: Report,
    /// What was stored; nothing where something stood against it.
    pub published: Option<Published>,
}

impl Registry {
    /// Takes a source out of the joint schema.
    pub async fn retire(
        &self,
        principal: &Principal,
        name: &str,
        allow_breaking: Option<&str>,
    ) -> Result<Change, RegistryError> {
        let entity = may_publish(principal)?;
        for _ in 0..TRIES {
            let state = self.state().await?;
            let active = find_active(&state, name)?;
            must_own(active, entity)?;
            let (landscape, gone) = (state.landscape.clone(), name.to_owned());
            let reason = allow_breaking.map(str::to_owned);
            let judged =
                blocking(move || judge_without(&landscape, &gone, reason.as_deref())).await;
            let judgement = judged.flatten().ok_or(RegistryError::Busy)?;
            let mut report = Report::new(&judgement, &state.landscape, name);
            self.add_operations(&judgement, &mut report).await?;
            let published = if judgement.is_clean() {
                let (cause, by) = (SupergraphCause::Retire, (entity, allow_breaking));
                let new = self.without(&state, name, &judgement, cause, by);
                match self.store_supergraph(new).await {
                    Ok(published) => published,
                    Err(RegistryError::Busy) => continue,
                    Err(error) => return Err(error),
                }
            } else {
                None
            };
            return Ok(Change { report, published });
        }
        Err(RegistryError::Busy)
    }

    #[expect(clippy::too_many_arguments, reason = "one call, and each is needed")]
    fn without(
        &self,
        state: &State,
        name: &str,
        judgement: &Judgement,
        cause: SupergraphCause,
        (entity, reason): (&str, Option<&str>),
    ) -> Option<NewSupergraph> {
        let others = state
            .members
            .iter()
            .filter(|member| member.source.record_key != name);
        Some(NewSupergraph {
            after: state.number,
            sdl: judgement.supergraph_sdl.clone()?,
            embedded_hash: self.embedded_hash.clone(),
            cause,
            source: Some(name.to_owned()),
            reason: reason.map(str::to_owned),
            made_by: entity.to_owned(),
            made_at: self.now(),
            kept_versions: others.map(|member| member.version.id).collect(),
        })
    }

    async fn store_supergraph(
        &self,
        new: Option<NewSupergraph>,
    ) -> Result<Option<Published>, RegistryError> {
        let Some(new) = new else {
            return Ok(None);
        };
        let published = self.store.publish(new, None).await?;
        self.announce(published.supergraph.number).await;
        Ok(Some(published))
    }

    /// Hands a source over to another entity.
    pub async fn transfer(
        &self,
        principal: &Principal,
        name: &str,
        to: &str,
    ) -> Result<(), RegistryError> {
        let entity = may_publish(principal)?;
        let is_code = to.len() <= 64
            && to.starts_with(|first: char| first.is_ascii_uppercase())
            && to
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_code {
            return Err(RegistryError::BadInput(format!(
                "`{}` is no entity code; write capitals, digits and underscores, such as OHCHR.",
                to.chars().take(64).collect::<String>().escape_debug()
            )));
        }
        let source = self.store.find_source(name).await?;
        let source = source.ok_or_else(|| unknown(name))?;
        if source.entity != entity {
            return Err(not_own(name, &source.entity));
        }
        if !self.store.transfer(name, entity, to, self.now()).await? {
            return Err(RegistryError::Busy);
        }
        Ok(())
    }

    /// Makes the registered sources what they were in an earlier supergraph, composed with the
    /// embedded sources of today.
    pub async fn rollback(
        &self,
        principal: &Principal,
        number: i32,
        reason: Option<&str>,
    ) -> Result<Change, RegistryError> {
        let entity = may_publish(principal)?;
        for _ in 0..TRIES {
            let state = self.state().await?;
            let target = self.store.find_supergraph(number).await?;
            let target = target.ok_or_else(|| {
                RegistryError::NotFound(format!("There is no supergraph {number}."))
            })?;
            let members = self.store.members(target.id).await?;
            let changed = must_concern_only(entity, &state.members, &members, number)?;
            let mut judgement = self.judge_return(&state, &members).await?;
            let sdl = judgement
                .supergraph_sdl
                .take()
                .filter(|_| judgement.is_clean());
            let report = Report::new(&judgement, &state.landscape, "");
            let new = sdl.map(|sdl| NewSupergraph {
                after: state.number,
                sdl,
                embedded_hash: self.embedded_hash.clone(),
                cause: SupergraphCause::Rollback,
                source: changed,
                reason: Some(reason.map_or_else(
                    || format!("to supergraph {number}"),
                    |reason| format!("to supergraph {number}: {reason}"),
                )),
                made_by: entity.to_owned(),
                made_at: self.now(),
                kept_versions: members.iter().map(|member| member.version.id).collect(),
            });
            match self.store_supergraph(new).await {
                Ok(published) => {
                    let reason = "a field it reads became classified";
                    self.expel_ungranted((entity, reason)).await?;
                    return Ok(Change { report, published });
                }
                Err(RegistryError::Busy) => {}
                Err(error) => return Err(error),
            }
        }
        Err(RegistryError::Busy)
    }

    /// Judges members of an earlier supergraph as they would be judged today: a consent may have
    /// ended since, a field may have become more sensitive.
    async fn judge_return(
        &self,
        state: &State,
        members: &[ActiveVersion],
    ) -> Result<Judgement, RegistryError> {
        let all = self.all_members(members);
        let mut returning = Vec::new();
        for active in members {
            let is_there = state
                .members
                .iter()
                .any(|each| each.version.id == active.version.id);
            let name = &active.source.record_key;
            let member = all.iter().find(|member| member.name == *name);
            if let Some(member) = member.filter(|_| !is_there) {
                returning.push(self.candidate_of(member, Some(active)).await?);
            }
        }
        let work = move || {
            let (supergraph_sdl, diagnostics) = compose_members(&all);
            let mut judgement = Judgement {
                diagnostics,
                supergraph_sdl,
                ..Judgement::default()
            };
            let landscape = Landscape {
                members: all,
                supergraph_sdl: None,
            };
            for candidate in &returning {
                judgement
                    .refusals
                    .extend(check_alone(&landscape, candidate));
            }
            if judgement.supergraph_sdl.is_none() {
                judgement.refusals.push(Refusal::new(
                    RefusalCode::DoesNotCompose,
                    "The sources of then do not compose with the others of today.",
                    "Publish a version that does.",
                ));
            }
            judgement
        };
        blocking(work).await.ok_or(RegistryError::Busy)
    }

    /// Takes a source out because what it needs is no longer granted.
    pub(super) async fn expel(&self, name: &str, by: (&str, &str)) -> Result<bool, RegistryError> {
        for _ in 0..TRIES {
            let state = self.state().await?;
            if find_active(&state, name).is_err() {
                return Ok(false);
            }
            let (landscape, gone) = (state.landscape.clone(), name.to_owned());
            let reason = by.1.to_owned();
            let judged = blocking(move || judge_without(&landscape, &gone, Some(&reason))).await;
            let judgement = judged.flatten().ok_or(RegistryError::Busy)?;
            let by = (by.0, Some(by.1));
            let new = self.without(&state, name, &judgement, SupergraphCause::Retire, by);
            match self.store_supergraph(new).await {
                Ok(published) => return Ok(published.is_some()),
                Err(RegistryError::Busy) => {}
                Err(error) => return Err(error),
            }
        }
        Err(RegistryError::Busy)
    }
}

fn find_active<'a>(state: &'a State, name: &str) -> Result<&'a ActiveVersion, RegistryError> {
    let active = state
        .members
        .iter()
        .find(|member| member.source.record_key == name);
    active.ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> RegistryError {
    RegistryError::NotFound(format!(
        "There is no registered source `{}`.",
        name.chars().take(64).collect::<String>().escape_debug()
    ))
}

fn not_own(name: &str, owner: &str) -> RegistryError {
    RegistryError::Forbidden(format!(
        "`{name}` is a source of {owner}: only {owner} may change it."
    ))
}

fn must_own(active: &ActiveVersion, entity: &str) -> Result<(), RegistryError> {
    if active.source.entity == entity {
        return Ok(());
    }
    Err(not_own(&active.source.record_key, &active.source.entity))
}

/// The sources that differ between two supergraphs must all be the entity's: the name of the only
/// one, or nothing where there are several.
fn must_concern_only(
    entity: &str,
    now: &[ActiveVersion],
    then: &[ActiveVersion],
    number: i32,
) -> Result<Option<String>, RegistryError> {
    let versions = |members: &[ActiveVersion]| -> IndexMap<i64, (String, String)> {
        let describe = |member: &ActiveVersion| {
            let source = &member.source;
            (
                member.version.id,
                (source.record_key.clone(), source.entity.clone()),
            )
        };
        members.iter().map(describe).collect()
    };
    let (now, then) = (versions(now), versions(then));
    let gone = now.iter().filter(|(id, _)| !then.contains_key(*id));
    let back = then.iter().filter(|(id, _)| !now.contains_key(*id));
    let mut names: Vec<&str> = Vec::new();
    for (_, (name, owner)) in gone.chain(back) {
        if owner != entity {
            return Err(RegistryError::Forbidden(format!(
                "Since supergraph {number} `{name}` of {owner} has changed as well: going back \
                 would change it. Publish your own earlier version again instead."
            )));
        }
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [] => Err(RegistryError::BadInput(format!(
            "Supergraph {number} has the same registered sources as the current one."
        ))),
        [name] => Ok(Some((*name).to_owned())),
        _ => Ok(None),
    }
}

//! Checks and publications.

use chrono::Days;
use entities::{
    registry_check,
    terms::{SourceKind, SupergraphCause},
};

use super::{Registry, RegistryError, State, landscape::blocking, may_publish, prepare::Prepared};
use crate::{
    auth::Principal,
    registry::{
        judgement::{Judgement, Landscape, judge},
        level::Level,
        plain::NamedMutation,
        report::{Report, ReportedOperation},
        rules::Refusal,
        store::{NewCheck, NewSupergraph, NewVersion, Published, StoreError},
    },
};

/// How often a publication is tried again when others were faster.
const TRIES: usize = 8;
/// Operations named with one change.
const MOST_OPERATIONS: usize = 20;
/// Changes whose operations are looked up.
const MOST_LOOKED_UP: usize = 100;

/// What an entity sends of a source.
#[derive(Clone, Debug)]
pub struct PublishRequest {
    /// Name of the source.
    pub name: String,
    /// Where it answers.
    pub url: String,
    /// Its SDL; where it is not given, the source is asked.
    pub sdl: Option<String>,
    /// What answers there.
    pub kind: SourceKind,
    /// Prefix of a plain server's names; the source's name unless given.
    pub prefix: Option<String>,
    /// Root mutations of a plain server that come into the joint schema.
    pub mutations: Vec<NamedMutation>,
    /// Level of fields that mark none.
    pub default_level: Option<Level>,
    /// Why it may add non-null fields to what others own.
    pub allow_non_null: Option<String>,
    /// Why it may break operations.
    pub allow_breaking: Option<String>,
}

/// A check, as stored.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The row.
    pub check: registry_check::Model,
    /// What was found.
    pub report: Report,
}

/// What came of asking for a publication.
#[derive(Clone, Debug)]
pub struct Publication {
    /// What was found.
    pub checked: Checked,
    /// What was stored; nothing where something stood against it, or nothing changed.
    pub published: Option<Published>,
    /// Whether what was sent is served already.
    pub is_unchanged: bool,
}

impl Registry {
    /// Says what stands against a version of a source and what it would change.
    pub async fn check(
        &self,
        principal: &Principal,
        request: &PublishRequest,
    ) -> Result<Checked, RegistryError> {
        let entity = may_publish(principal)?;
        let state = self.state().await?;
        let (judged, _) = self.judge(&state, entity, request).await?;
        self.store_check(&state.landscape, entity, request, judged)
            .await
    }

    /// Publishes a version of a source, if nothing stands against it.
    pub async fn publish(
        &self,
        principal: &Principal,
        request: &PublishRequest,
    ) -> Result<Publication, RegistryError> {
        let entity = may_publish(principal)?;
        for _ in 0..TRIES {
            let state = self.state().await?;
            let (judged, version) = self.judge(&state, entity, request).await?;
            let is_unchanged = is_unchanged(&state, &judged.judgement, version.as_ref());
            let new = (!is_unchanged && judged.judgement.is_clean())
                .then(|| self.new_supergraph(&state, entity, request, &judged.judgement))
                .flatten();
            let published = match (new, version) {
                (Some(supergraph), Some(mut version)) => {
                    version.sdl.clone_from(&judged.judgement.sdl);
                    match self.store.publish(supergraph, Some(version)).await {
                        Ok(published) => Some(published),
                        Err(StoreError::Outrun) => continue,
                        Err(error) => return Err(error.into()),
                    }
                }
                _ => None,
            };
            if let Some(published) = &published {
                self.expel_ungranted((entity, "a field it reads became classified"))
                    .await?;
                self.announce(published.supergraph.number).await;
            }
            let checked = self
                .store_check(&state.landscape, entity, request, judged)
                .await?;
            return Ok(Publication {
                checked,
                published,
                is_unchanged,
            });
        }
        Err(RegistryError::Busy)
    }

    async fn judge(
        &self,
        state: &State,
        entity: &str,
        request: &PublishRequest,
    ) -> Result<(Judged, Option<NewVersion>), RegistryError> {
        let refused = |refusal: Refusal, given_hash: String| Judged {
            judgement: Judgement {
                refusals: vec![refusal],
                ..Judgement::default()
            },
            given_hash,
        };
        if let Some(refusal) = self.find_name_refusal(entity, &request.name).await? {
            return Ok((refused(refusal, String::new()), None));
        }
        let given = match self.given_sdl(request).await? {
            Ok(given) => given,
            Err(refusal) => return Ok((refused(refusal, String::new()), None)),
        };
        match self.prepare(entity, request, &given).await? {
            Prepared::Refused(refusal, hash) => Ok((refused(refusal, hash), None)),
            Prepared::Candidate(candidate, version) => {
                let landscape = state.landscape.clone();
                let judgement = blocking(move || judge(&landscape, &candidate)).await;
                let judgement = judgement.ok_or(RegistryError::Busy)?;
                let judged = Judged {
                    judgement,
                    given_hash: version.given_hash.clone(),
                };
                Ok((judged, Some(*version)))
            }
        }
    }

    fn new_supergraph(
        &self,
        state: &State,
        entity: &str,
        request: &PublishRequest,
        judgement: &Judgement,
    ) -> Option<NewSupergraph> {
        let others = state
            .members
            .iter()
            .filter(|member| member.source.record_key != request.name);
        Some(NewSupergraph {
            after: state.number,
            sdl: judgement.supergraph_sdl.clone()?,
            embedded_hash: self.embedded_hash.clone(),
            cause: SupergraphCause::Publish,
            source: Some(request.name.clone()),
            reason: request.allow_breaking.clone(),
            made_by: entity.to_owned(),
            made_at: self.now(),
            kept_versions: others.map(|member| member.version.id).collect(),
        })
    }

    async fn store_check(
        &self,
        landscape: &Landscape,
        entity: &str,
        request: &PublishRequest,
        judged: Judged,
    ) -> Result<Checked, RegistryError> {
        let mut report = Report::new(&judged.judgement, landscape, &request.name);
        self.add_operations(&judged.judgement, &mut report).await?;
        let outcome = report.outcome();
        let check = self
            .store
            .insert_check(NewCheck {
                source: request.name.chars().take(64).collect(),
                entity: entity.to_owned(),
                outcome,
                given_hash: judged.given_hash,
                report: serde_json::to_string(&report).unwrap_or_default(),
                checked_at: self.now(),
            })
            .await?;
        tracing::info!(source = check.source_name, entity, outcome = ?check.outcome, "checked");
        Ok(Checked { check, report })
    }

    /// Names the recorded operations that feel each change which is not safe.
    pub(super) async fn add_operations(
        &self,
        judgement: &Judgement,
        report: &mut Report,
    ) -> Result<(), RegistryError> {
        let today = self.now().date_naive();
        let since = today
            .checked_sub_days(Days::new(self.days_of_usage))
            .unwrap_or(today);
        let changes = report.changes.iter_mut().zip(&judgement.changes);
        for (reported, change) in changes.take(MOST_LOOKED_UP) {
            if reported.class == "SAFE" || change.affects.is_empty() {
                continue;
            }
            let usages = self
                .store
                .usages(&change.affects, since, MOST_OPERATIONS)
                .await?;
            reported.operations = usages.into_iter().map(ReportedOperation::from).collect();
        }
        Ok(())
    }
}

struct Judged {
    judgement: Judgement,
    given_hash: String,
}

/// Whether the same version at the same place is served already.
fn is_unchanged(state: &State, judgement: &Judgement, version: Option<&NewVersion>) -> bool {
    let Some(version) = version else {
        return false;
    };
    state.members.iter().any(|member| {
        member.source.record_key == version.source
            && member.version.sdl == judgement.sdl
            && member.version.url == version.url
            && member.version.kind == version.kind
            && member.version.prefix == version.prefix
    })
}

//! The two requests that bring in a version of a source: a check, which stores only its report, and a
//! publication, which makes the change as well. Both read or fetch the SDL, make a version of it
//! (`prepare`), have it decided (`changes`), and store what was found.

use std::sync::Arc;

use chrono::Days;
use entities::registry_check;

use super::{
    PublishRequest, Registry, RegistryError,
    changes::Outcome,
    prepare::{Prepared, prepare},
};
use crate::{
    auth::Principal,
    registry::{
        check::Findings,
        name,
        report::{Report, ReportedOperation},
        rules::Refusal,
        state::{Version, check_name},
        store::{self, NewCheck},
    },
};

/// Operations named with one change.
const MOST_OPERATIONS: usize = 20;
/// Changes whose operations are looked up.
const MOST_LOOKED_UP: usize = 100;

/// A check, as stored.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The row.
    pub check: registry_check::Model,
    /// What was found.
    pub report: Report,
}

/// The outcome of a publication.
#[derive(Clone, Debug)]
pub struct Publication {
    /// What was found.
    pub checked: Checked,
    /// What was stored; nothing where something stood against it, or nothing changed.
    pub published: Option<store::Published>,
    /// Whether what was sent is served already.
    pub is_unchanged: bool,
    /// What to look after now.
    pub warnings: Vec<String>,
}

impl Registry {
    /// Says what stands against a version of a source and what it would change.
    pub async fn check(
        &self,
        principal: &Principal,
        request: &PublishRequest,
    ) -> Result<Checked, RegistryError> {
        let entity = self.may_change(principal).await?;
        let permit = self.checking.begin(&entity).await?;
        let found = match self.prepared(&entity, request).await? {
            Ok((version, left_out)) => {
                let given_hash = version.given_hash.clone();
                let outcome = self
                    .try_out(&entity, request.act(version), Some(permit))
                    .await?;
                Found {
                    outcome,
                    given_hash,
                    left_out,
                }
            }
            Err(refused) => *refused,
        };
        self.store_check(&entity, request, found).await
    }

    /// Publishes a version of a source, if nothing stands against it.
    pub async fn publish(
        self: &Arc<Self>,
        principal: &Principal,
        request: &PublishRequest,
    ) -> Result<Publication, RegistryError> {
        let entity = self.may_change(principal).await?;
        let permit = self.checking.begin(&entity).await?;
        let registry = Arc::clone(self);
        let wanted = request.clone();
        // The request holds it too, for the work after the change.
        let held = Arc::clone(&permit);
        let publishing = self.run(async move {
            let _permit = held;
            registry.publish_for(&entity, &wanted).await
        });
        let mut publication = publishing.await?;
        let is_served = publication.published.is_some() || publication.is_unchanged;
        // An SDL that is not given was read from the service just now.
        if request.sdl.is_some() && is_served {
            let misfit = self.find_misfit(&request.name).await;
            publication.warnings.extend(misfit);
        }
        drop(permit);
        Ok(publication)
    }

    async fn publish_for(
        &self,
        entity: &str,
        request: &PublishRequest,
    ) -> Result<Publication, RegistryError> {
        let found = match self.prepared(entity, request).await? {
            Ok((version, left_out)) => {
                let given_hash = version.given_hash.clone();
                let outcome = self.make(entity, request.act(version)).await?;
                Found {
                    outcome,
                    given_hash,
                    left_out,
                }
            }
            Err(refused) => *refused,
        };
        let (published, is_unchanged) =
            (found.outcome.published.clone(), found.outcome.is_unchanged);
        Ok(Publication {
            checked: self.store_check(entity, request, found).await?,
            published,
            is_unchanged,
            warnings: Vec::new(),
        })
    }

    /// The version to check, or the refusals that make a check needless. The name is checked first:
    /// only the source's own entity may use what the operator set for it, and have it asked.
    async fn prepared(
        &self,
        entity: &str,
        request: &PublishRequest,
    ) -> Result<Result<ToCheck, Box<Found>>, RegistryError> {
        let loaded = self.load().await?;
        let refused = |refusal: Refusal, given_hash: String| {
            let outcome = Outcome {
                before: loaded.state.composed(),
                findings: Findings {
                    refusals: vec![refusal],
                    ..Findings::default()
                },
                expelled: Vec::new(),
                is_done: false,
                is_unchanged: false,
                after: None,
                published: None,
            };
            Ok(Err(Box::new(Found {
                outcome,
                given_hash,
                left_out: Vec::new(),
            })))
        };
        if let Err(refusal) = check_name(&loaded.state, entity, &request.name) {
            return refused(refusal, String::new());
        }
        let given = match self.given_sdl(request).await? {
            Ok(given) => given,
            Err(refusal) => return refused(refusal, String::new()),
        };
        match prepare(request, &given) {
            Prepared::Refused(refusal, hash) => refused(refusal, hash),
            Prepared::Version(version, left_out) => Ok(Ok((version, left_out))),
        }
    }

    async fn store_check(
        &self,
        entity: &str,
        request: &PublishRequest,
        found: Found,
    ) -> Result<Checked, RegistryError> {
        let Found {
            outcome,
            given_hash,
            left_out,
        } = found;
        let mut report = Report::new(&outcome.findings, &outcome.before, &request.name);
        self.add_operations(&outcome.findings, &mut report).await?;
        report.add_expelled(&outcome.expelled);
        report.add_left_out(&left_out);
        let outcome = report.outcome();
        let check = self
            .store
            .insert_check(NewCheck {
                source: request.name.chars().take(64).collect(),
                entity: entity.to_owned(),
                outcome,
                given_hash,
                report: serde_json::to_string(&report).unwrap_or_default(),
                checked_at: self.now(),
            })
            .await?;
        // What is refused as a name may be any text.
        let source = Some(check.source_name.as_str()).filter(|text| name::is_name(text));
        tracing::info!(source, entity, outcome = ?check.outcome, "checked");
        Ok(Checked { check, report })
    }

    /// Adds to each change that is not safe the recorded operations that it affects.
    pub(super) async fn add_operations(
        &self,
        findings: &Findings,
        report: &mut Report,
    ) -> Result<(), RegistryError> {
        let today = self.now().date_naive();
        let since = today
            .checked_sub_days(Days::new(self.days_of_usage))
            .unwrap_or(today);
        let changes = report.changes.iter_mut().zip(&findings.changes);
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

/// A version to be checked, and what of a plain server stays out.
type ToCheck = (Box<Version>, Vec<String>);

/// The result of a check.
struct Found {
    outcome: Outcome,
    /// The hash of the SDL as it was given.
    given_hash: String,
    /// What of a plain server stays out.
    left_out: Vec<String>,
}

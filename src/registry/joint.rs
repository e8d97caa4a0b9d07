//! The registry with the gateway that follows it, as one process runs them.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use tokio::sync::watch;

use super::{
    RegistryCell, RunningRegistry,
    check::Member,
    drift,
    follow::{FollowError, Follower},
    joint_sources,
    recording::{self, Recorder},
    service::{Registry, RegistryParts},
    store::Store,
};
use crate::{
    audit_trail::TrailCell,
    auth::{CallerSigner, Clock, KeyRing},
    config::Config,
    database::Database,
    gateway::{
        GraphError, JointParts, Live, Outgoing, OutgoingError, SourceFault, WarmUp, probe_sources,
    },
    reviews::ReviewCell,
    sources::Source,
};

/// The registry with the gateway that follows it.
#[derive(Debug)]
pub struct Joint {
    registry: Arc<Registry>,
    follower: Follower,
    recorder: Option<Arc<Recorder>>,
    warm_up: Arc<WarmUp>,
    trail: TrailCell,
    review: ReviewCell,
    jwks: serde_json::Value,
    pauses: Pauses,
}

#[derive(Clone, Copy, Debug)]
struct Pauses {
    recording: Duration,
    drift: Option<Duration>,
}

/// Why there is nothing to serve.
#[derive(Debug, thiserror::Error)]
pub enum JointError {
    /// The rules of outgoing calls.
    #[error("settings: {0}")]
    Settings(String),
    /// The way to sources.
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    /// The supergraph.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The registry.
    #[error(transparent)]
    Follow(#[from] FollowError),
}

impl Joint {
    /// Starts with the newest supergraph there is; no source needs to be reached for that.
    pub fn start<'a>(
        config: &'a Config,
        database: &'a Database,
        keys: &'a KeyRing,
        clock: &'a Arc<dyn Clock>,
        faults: &'a [SourceFault],
    ) -> BoxFuture<'a, Result<Self, JointError>> {
        Box::pin(async move {
            let settings = &config.registry;
            let egress = Arc::new(settings.egress().map_err(JointError::Settings)?);
            let signer = Arc::new(CallerSigner::new(keys.signing.clone(), Arc::clone(clock)));
            let outgoing = Arc::new(Outgoing::new(egress, Some(signer), config)?);
            let cell = RegistryCell::default();
            let trail = TrailCell::default();
            let review = ReviewCell::default();
            let sources = joint_sources(cell.clone(), trail.clone(), review.clone());
            let registry = Arc::new(Registry::new(RegistryParts {
                store: Store::new(database.clone()),
                embedded: sources.iter().map(member).collect(),
                outgoing: Arc::clone(&outgoing),
                clock: Arc::clone(clock),
                days_of_usage: settings.usage_days,
                entities: settings.entities.clone(),
            }));
            cell.connect(Arc::clone(&registry));
            let parts = JointParts::new(sources, database.clone(), config.clone(), faults)?;
            let parts = parts.with_outgoing(outgoing).with_clock(Arc::clone(clock));
            let warm_up = Arc::new(WarmUp::default());
            let following = (Arc::clone(&registry), Arc::clone(&warm_up));
            let follower =
                Follower::start(following.0, parts, following.1, settings.poll()).await?;
            Ok(Self {
                registry,
                follower,
                trail,
                review,
                recorder: settings.record_operations.then(Arc::default),
                warm_up,
                jwks: keys.jwks(),
                pauses: Pauses {
                    recording: Duration::from_secs(settings.record_seconds.max(1)),
                    drift: Some(settings.drift_seconds)
                        .filter(|seconds| *seconds > 0)
                        .map(Duration::from_secs),
                },
            })
        })
    }

    /// The supergraph, kept up to date once it runs.
    pub fn live(&self) -> &Arc<Live> {
        self.follower.live()
    }

    /// The place of the audit trail in the graph.
    pub fn trail(&self) -> &TrailCell {
        &self.trail
    }

    /// The place of what acts on the review need.
    pub fn review(&self) -> &ReviewCell {
        &self.review
    }

    /// The number of the supergraph that serves.
    pub fn number(&self) -> watch::Receiver<i32> {
        self.follower.number()
    }

    /// The registry.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// Runs the background tasks, as long as the process runs.
    pub fn run(self) -> RunningRegistry {
        let number = self.follower.number();
        tokio::spawn(probe_sources(Arc::clone(self.follower.live())));
        tokio::spawn(self.follower.follow());
        if let Some(recorder) = &self.recorder {
            let (recorder, registry) = (Arc::clone(recorder), Arc::clone(&self.registry));
            tokio::spawn(recording::store_counts(
                recorder,
                registry,
                self.pauses.recording,
            ));
        }
        if let Some(pause) = self.pauses.drift {
            tokio::spawn(drift::watch(Arc::clone(&self.registry), pause));
        }
        RunningRegistry {
            registry: self.registry,
            recorder: self.recorder,
            warm_up: self.warm_up,
            number,
            jwks: self.jwks,
        }
    }
}

/// An embedded source belongs to the entity of its name: `srsg_svc` to `SRSG_SVC`.
fn member(source: &Arc<dyn Source>) -> Member {
    Member {
        name: source.name().to_owned(),
        entity: source.name().to_uppercase(),
        url: String::new(),
        sdl: source.sdl(),
        history: None,
    }
}

//! How a change is made: decided on the whole state, stored in one transaction, announced; all in a
//! task that outlives the request, so that a client that leaves stops nothing half-way.

use std::sync::Arc;

use federation::budget::Interrupt;
use futures::future::BoxFuture;
use tokio::sync::watch;

use super::{
    Registry, RegistryError,
    scheduling::{EntityPermit, Purpose, blocking},
};
use crate::registry::{
    check::{Composed, Findings},
    state::{Act, Decision, Expelled, Refused, Rules, State, decide},
    store::{Basis, Published, StoreError, Stored},
};

/// How often a change is decided again when another was stored first.
const TRIES: usize = 16;

/// The registry as it stands, read from its rows.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What the rows say.
    pub stored: Stored,
    /// The same as decisions know it.
    pub state: Arc<State>,
    /// Whether the newest supergraph was made with the embedded sources of this process.
    pub is_own: bool,
}

/// The outcome of a change.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// The joint schema before.
    pub(super) before: Composed,
    /// What was found.
    pub(super) findings: Findings,
    /// Who is no longer served because of the change.
    pub(super) expelled: Vec<Expelled>,
    /// Whether it was made, or is so already.
    pub(super) is_done: bool,
    /// Whether it was so already.
    pub(super) is_unchanged: bool,
    /// The supergraph that the change makes, or would make, where the joint schema changes.
    pub(super) after: Option<String>,
    /// What was stored, where the joint schema changed.
    pub(super) published: Option<Published>,
}

/// An act that an entity asks for, and how it is decided.
#[derive(Clone)]
struct RequestedAct {
    /// Code of the entity.
    by: String,
    act: Arc<Act>,
    rules: Rules,
    /// The permit of its entity, if it needs one; it is given back with the end of the work, not of the wait.
    permit: Option<Arc<EntityPermit>>,
}

impl RequestedAct {
    fn new(by: &str, act: Act) -> Self {
        Self {
            by: by.to_owned(),
            act: Arc::new(act),
            rules: Rules::default(),
            permit: None,
        }
    }
}

/// Marks a change as in progress, as long as it lives.
struct Running(Arc<watch::Sender<usize>>);

impl Running {
    fn begin(count: &Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|running| *running += 1);
        Self(Arc::clone(count))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

/// A request that waits for an outcome; the work is interrupted when it is dropped.
struct Waiting(Interrupt);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.set();
    }
}

impl Registry {
    /// Runs what must not stop half-way in a task that outlives the request; stopping the service
    /// waits for it.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, RegistryError>> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let running = Running::begin(&self.running);
        // Boxed, so that the task is compiled once for each type of result, not for each future.
        let work: BoxFuture<'static, Result<T, RegistryError>> = Box::pin(async move {
            let _running = running;
            work.await
        });
        match tokio::spawn(work).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(%error, "a change of the registry broke off");
                Err(RegistryError::Fault)
            }
        }
    }

    /// Waits until no change is under way.
    pub async fn finish(&self) {
        // The sender lives as long as the registry does.
        let _ = self
            .running
            .subscribe()
            .wait_for(|running| *running == 0)
            .await;
    }

    /// Decides on an act and, if nothing stands against it, stores and announces it.
    pub(super) async fn make(&self, by: &str, act: Act) -> Result<Outcome, RegistryError> {
        let requested = RequestedAct::new(by, act);
        for _ in 0..TRIES {
            let loaded = self.load().await?;
            let decision = match self.decide(&loaded, &requested).await? {
                Ok(decision) => decision,
                Err(outcome) => return Ok(*outcome),
            };
            let mut outcome = Outcome {
                before: loaded.state.composed(),
                findings: decision.findings.clone(),
                expelled: decision.expelled.clone(),
                is_done: true,
                is_unchanged: decision.is_unchanged(),
                after: decision.supergraph_made().map(str::to_owned),
                published: None,
            };
            if outcome.is_unchanged {
                return Ok(outcome);
            }
            let basis = Basis {
                revision: loaded.stored.revision,
                number: loaded.stored.number(),
                state: &loaded.state,
                embedded_hash: &self.embedded_hash,
            };
            match self.store.apply(basis, &decision, by, self.now()).await {
                Ok(published) => outcome.published = published,
                Err(StoreError::Outrun) => continue,
                Err(error) => return Err(error.into()),
            }
            for expelled in &outcome.expelled {
                tracing::warn!(
                    source = expelled.source,
                    reason = expelled.reason,
                    "is no longer served"
                );
            }
            let published = outcome.published.as_ref();
            let number = published.map_or(basis.number, |published| published.supergraph.number);
            // It is stored; the gateway looks again by itself.
            if let Err(error) = self.announce(number).await {
                tracing::warn!(%error, "stored, but not announced");
            }
            return Ok(outcome);
        }
        Err(RegistryError::Busy)
    }

    /// Decides on an act and stores nothing. It stops where no request waits for the outcome any longer.
    pub(super) async fn try_out(
        &self,
        by: &str,
        act: Act,
        permit: Option<Arc<EntityPermit>>,
    ) -> Result<Outcome, RegistryError> {
        let loaded = self.load().await?;
        let requested = RequestedAct {
            permit,
            ..RequestedAct::new(by, act)
        };
        let waiting = Waiting(requested.rules.interrupt.clone());
        let decided = self.decide(&loaded, &requested).await?;
        drop(waiting);
        Ok(match decided {
            Ok(decision) => Outcome {
                before: loaded.state.composed(),
                is_done: false,
                is_unchanged: decision.is_unchanged(),
                after: decision.supergraph_made().map(str::to_owned),
                findings: decision.findings,
                expelled: decision.expelled,
                published: None,
            },
            Err(outcome) => *outcome,
        })
    }

    async fn decide(
        &self,
        loaded: &Loaded,
        requested: &RequestedAct,
    ) -> Result<Result<Decision, Box<Outcome>>, RegistryError> {
        let decided = decided_on(&loaded.state, requested).await?;
        let (findings, expelled) = match decided {
            Ok(decision) => return Ok(Ok(decision)),
            Err(Refused::Denied(denial)) => return Err(denial.into()),
            Err(Refused::Found(findings)) => (findings, Vec::new()),
            Err(Refused::Expelling(findings, expelled)) => (findings, expelled),
        };
        Ok(Err(Box::new(Outcome {
            before: loaded.state.composed(),
            findings: *findings,
            expelled,
            is_done: false,
            is_unchanged: false,
            after: None,
            published: None,
        })))
    }
}

async fn decided_on(
    state: &Arc<State>,
    requested: &RequestedAct,
) -> Result<Result<Decision, Refused>, RegistryError> {
    let (state, requested) = (Arc::clone(state), requested.clone());
    let purpose = match &*requested.act {
        Act::Publish { .. } => Purpose::Version,
        _ => Purpose::Other,
    };
    let work = move || {
        let RequestedAct {
            by,
            act,
            rules,
            permit: _permit,
        } = requested;
        decide(&state, &by, &act, &rules)
    };
    blocking(purpose, work).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::{check::Member, state::Checks};

    #[test]
    fn composition_stops_once_nobody_waits() {
        let rules = Rules::default();
        let members = [Member {
            name: "tents".to_owned(),
            entity: "RELIEF".to_owned(),
            url: "https://tents.example.org".to_owned(),
            sdl: "type Query { beds: Int }".to_owned(),
            history: None,
        }];
        assert!(rules.compose(&members).0.is_some());
        drop(Waiting(rules.interrupt.clone()));
        let (composed, diagnostics) = rules.compose(&members);
        assert!(composed.is_none());
        let interrupted = |each: &federation::diagnostic::Diagnostic| {
            each.message == "Composition was interrupted."
        };
        assert!(diagnostics.iter().any(interrupted), "{diagnostics:?}");
    }
}

//! Which policies a caller satisfies. In: a caller, and the policies that can matter to its operation. Out:
//! those of them that hold. Invariant: what the hook does not say, in time and in form, does not hold; an
//! answer counts for the very caller that was asked about, and no longer than it says.

mod hook;
mod question;

use std::{
    collections::BTreeSet,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared, ready},
};
use indexmap::{IndexMap, IndexSet};
use moka::sync::Cache;

use self::{
    hook::{Hook, LONGEST_FRESH},
    question::Question,
};
use super::{Clock, Principal};
use crate::config::PolicySettings;

/// Answers kept. One whose question is longer than [`USUAL_BYTES`] counts as several.
const MOST_ANSWERS: u64 = 10_000;
/// Bytes of a question that count as one.
const USUAL_BYTES: usize = 1 << 10;

/// The policies of a question that hold.
pub(super) type Satisfied = Arc<IndexSet<String>>;

type Flight = Shared<BoxFuture<'static, Satisfied>>;

/// Asks the hook, and keeps its answers for as long as they say.
#[derive(Debug)]
pub(super) struct Policies {
    hook: Hook,
    kept: Cache<Arc<Question>, Kept>,
    /// The questions that the hook is being asked.
    under_way: Mutex<IndexMap<Arc<Question>, Flight>>,
    clock: Arc<dyn Clock>,
}

/// An answer, and the seconds since 1970 between which it counts.
#[derive(Clone, Debug)]
struct Kept {
    satisfied: Satisfied,
    from: u64,
    until: u64,
}

impl Policies {
    /// Nothing where the settings name no hook; the error says what is wrong with them.
    pub(super) fn new(
        settings: &PolicySettings,
        clock: &Arc<dyn Clock>,
    ) -> Result<Option<Arc<Self>>, String> {
        let Some(url) = &settings.url else {
            return Ok(None);
        };
        let weigh = |question: &Arc<Question>, _: &Kept| {
            u32::try_from(question.size().div_ceil(USUAL_BYTES)).unwrap_or(u32::MAX)
        };
        let kept = Cache::builder()
            .weigher(weigh)
            .max_capacity(MOST_ANSWERS)
            // Whatever becomes of the time of day.
            .time_to_live(Duration::from_secs(LONGEST_FRESH))
            .build();
        Ok(Some(Arc::new(Self {
            hook: Hook::new(url, settings)?,
            kept,
            under_way: Mutex::default(),
            clock: Arc::clone(clock),
        })))
    }

    /// Which of some policies a caller satisfies.
    pub(super) async fn satisfied(
        self: &Arc<Self>,
        principal: &Principal,
        policies: BTreeSet<String>,
    ) -> Satisfied {
        let question = Arc::new(Question::new(principal, policies));
        if let Some(known) = self.find(&question) {
            return known;
        }
        self.join(question).await
    }

    /// Whether the hook did not answer when it was asked last.
    pub(super) fn is_failing(&self) -> bool {
        self.hook.is_failing()
    }

    fn find(&self, question: &Arc<Question>) -> Option<Satisfied> {
        let kept = self.kept.get(question)?;
        let now = self.clock.now();
        (kept.from <= now && now < kept.until).then_some(kept.satisfied)
    }

    /// The request to the hook with this question that is under way, or a new one. It runs in a task of
    /// its own, so that it goes on when those who wait for it leave.
    fn join(self: &Arc<Self>, question: Arc<Question>) -> Flight {
        let mut under_way = self.lock();
        if let Some(flight) = under_way.get(&question) {
            return flight.clone();
        }
        // It may have ended since it was looked for.
        if let Some(known) = self.find(&question) {
            return ready(known).boxed().shared();
        }
        let (this, asked) = (Arc::clone(self), Arc::clone(&question));
        let task = tokio::spawn(async move {
            // A panic has been logged by the panic handler; nothing holds then.
            let asking = AssertUnwindSafe(this.ask(&asked)).catch_unwind();
            let satisfied = asking.await.unwrap_or_default();
            this.lock().swap_remove(&asked);
            satisfied
        });
        let flight = task.map(Result::unwrap_or_default).boxed().shared();
        under_way.insert(question, flight.clone());
        flight
    }

    async fn ask(&self, question: &Arc<Question>) -> Satisfied {
        let from = self.clock.now();
        let answer = self.hook.ask(question).await.unwrap_or_default();
        let satisfied = Arc::new(answer.satisfied);
        if answer.fresh > 0 {
            let kept = Kept {
                satisfied: Arc::clone(&satisfied),
                from,
                until: from.saturating_add(answer.fresh),
            };
            self.kept.insert(Arc::clone(question), kept);
        }
        satisfied
    }

    fn lock(&self) -> MutexGuard<'_, IndexMap<Arc<Question>, Flight>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

//! Which fetches of a plan are done, running, or waiting. In: that a fetch starts, or that one of
//! its requests has an outcome. Out: the fetches that may start now. Invariant: a fetch may start
//! once all those that it depends on are done, and each is done once.

use crate::query_plan::{Fetch, FetchId, Plan};

/// How far each fetch of a plan has come.
#[derive(Clone, Debug)]
pub(crate) struct Progress(Vec<OfFetch>);

#[derive(Clone, Debug)]
struct OfFetch {
    /// Fetches that this one still waits for.
    waits_for: usize,
    /// Requests without an outcome yet.
    in_flight: usize,
    is_done: bool,
}

impl OfFetch {
    fn is_ready(&self) -> bool {
        self.waits_for == 0 && !self.is_done
    }
}

impl Progress {
    /// Before the first fetch.
    pub(crate) fn new(plan: &Plan) -> Self {
        let of_fetch = |fetch: &Fetch| OfFetch {
            waits_for: fetch.depends_on.len(),
            in_flight: 0,
            is_done: false,
        };
        Self(plan.fetches.iter().map(of_fetch).collect())
    }

    /// The fetches that wait for no other and are not done.
    pub(crate) fn ready(&self) -> impl Iterator<Item = FetchId> {
        let fetches = (0..).map(FetchId).zip(&self.0);
        fetches.filter_map(|(id, progress)| progress.is_ready().then_some(id))
    }

    /// Starts a fetch with so many requests; with none it is done. Returns the fetches that may
    /// start now.
    pub(crate) fn start(&mut self, plan: &Plan, id: FetchId, requests: usize) -> Vec<FetchId> {
        self.0[id.0 as usize].in_flight = requests;
        if requests == 0 {
            return self.complete(plan, id);
        }
        Vec::new()
    }

    /// Notes the outcome of one request; with its last the fetch is done. Returns the fetches that
    /// may start now.
    pub(crate) fn receive(&mut self, plan: &Plan, id: FetchId) -> Vec<FetchId> {
        let progress = &mut self.0[id.0 as usize];
        progress.in_flight -= 1;
        if progress.in_flight == 0 {
            return self.complete(plan, id);
        }
        Vec::new()
    }

    /// Notes that a fetch is done; returns the fetches that may start now.
    pub(crate) fn complete(&mut self, plan: &Plan, id: FetchId) -> Vec<FetchId> {
        let Some(fetch) = plan.fetches.get(id.0 as usize) else {
            return Vec::new();
        };
        if std::mem::replace(&mut self.0[id.0 as usize].is_done, true) {
            return Vec::new();
        }
        let mut ready = Vec::new();
        for &dependant in &fetch.dependants {
            if let Some(progress) = self.0.get_mut(dependant.0 as usize) {
                progress.waits_for = progress.waits_for.saturating_sub(1);
                if progress.is_ready() {
                    ready.push(dependant);
                }
            }
        }
        ready
    }
}

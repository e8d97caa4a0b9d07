//! Translates the errors of an answer into the client's terms, and marks the nulls they explain.
//! In: a request and the errors of its answer. Out: errors with paths of the client's answer.
//! Invariant: each reported error is read once, and tracing takes a bounded number of steps: past
//! it all nulls of the request are explained, and errors are only counted.

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value as Json};

use crate::{
    error::{Origin, PathElement, ResponseError, SubgraphError},
    execute::{
        errors::{
            explain::{Traced, explain, explain_all, trace},
            invalid::misfit_origin,
            placed::Placed,
            reported::{Report, Reports},
        },
        execution::Execution,
        ingest::ingested::Misfit,
        merge::{
            commit::Committed,
            values::{Disagreement, LaterValue, explain_below},
        },
        pace::Pace,
        request::in_flight::InFlight,
        slots::{ObjectId, ValuePlace},
    },
    query_plan::{EntityList, Fetch, FetchInput, IngestId},
};

/// Steps that tracing the errors of an answer may take, beside some for each object.
const TRACING: u64 = 1 << 16;

/// Steps for each object.
const TRACING_OF_ONE: u64 = 16;

/// What is traced of one answer's errors.
#[derive(Debug)]
struct Tracing {
    /// Steps that may still be taken.
    left: u64,
    /// Null entities whose fields are explained.
    explained: IndexSet<(usize, usize)>,
    /// Errors without an index that were seen: entities that fail alike report the same.
    without_index: IndexSet<(String, String)>,
    /// Disagreements that an error may explain, by where they are.
    disagreements: IndexMap<ValuePlace, usize>,
    /// Errors that belong to objects.
    placed: Vec<Placed>,
    /// Errors that belong to none.
    unplaced: Vec<Report>,
    /// Whether there is an error that belongs to none.
    has_unplaced: bool,
}

/// An object that an error belongs to.
struct Found {
    object: ObjectId,
    /// What follows its path.
    rest: Vec<PathElement>,
    /// Whether the whole entity is null because of the error.
    nulls_entity: bool,
}

impl Execution {
    /// Marks as explained every null that a request (or one list of it) should have filled. Returns
    /// the objects with a null that was not explained before.
    pub(crate) fn explain_request(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        only: Option<usize>,
    ) -> Vec<(ObjectId, IngestId)> {
        let slots = &mut self.slots;
        let asked = request.asked(fetch, only);
        asked
            .filter(|(object, ingest)| explain_all(&self.plan, slots, *object, *ingest))
            .collect()
    }

    /// Reports that a request failed as a whole: an error at each object that lacks something.
    pub(crate) async fn fail(&mut self, fetch: &Fetch, request: &InFlight, error: SubgraphError) {
        let absent = self.explain_request(fetch, request, None);
        self.report_failure(fetch, request, &absent, error).await;
    }

    /// Reports why objects lack something.
    pub(crate) async fn report_failure(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        absent: &[(ObjectId, IngestId)],
        error: SubgraphError,
    ) {
        let error = ResponseError {
            message: error.message,
            locations: Vec::new(),
            path: None,
            origin: Origin::Fetch {
                subgraph: fetch.subgraph_name.to_string(),
                kind: error.kind,
                retryable: error.retryable,
            },
            extensions: Map::new(),
        };
        self.spread(fetch, request, absent, &error).await;
    }

    /// Translates the errors that the subgraph reported into the client's terms.
    pub(crate) async fn report(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        mut reports: Reports<'_>,
        committed: &mut Committed,
    ) {
        let origin = Origin::Subgraph {
            subgraph: fetch.subgraph_name.to_string(),
        };
        let objects = request.asked(fetch, None).count() as u64;
        let of_null = |(at, it): (usize, &Disagreement)| {
            (it.later == LaterValue::Null).then_some((it.place, at))
        };
        let mut tracing = Tracing {
            left: TRACING + TRACING_OF_ONE * objects,
            explained: IndexSet::new(),
            without_index: IndexSet::new(),
            disagreements: (committed.disagreements.iter().enumerate())
                .filter_map(of_null)
                .collect(),
            placed: Vec::new(),
            unplaced: Vec::new(),
            has_unplaced: false,
        };
        let mut pace = Pace::default();
        loop {
            let before = tracing.left;
            let steps = if self.are_only_counted(&origin, &tracing) {
                if !reports.skip_one() {
                    break;
                }
                self.errors.pass_over(&origin, 1);
                1
            } else {
                let Some(report) = reports.next() else { break };
                self.take_report(fetch, request, &origin, report, committed, &mut tracing);
                8 + before - tracing.left
            };
            if pace.step(steps) && pace.rest(&self.budget).await.is_err() {
                break;
            }
        }
        if tracing.has_unplaced {
            committed
                .absent
                .extend(self.explain_request(fetch, request, None));
        }
        let absent = std::mem::take(&mut committed.absent);
        let unplaced = tracing.unplaced.into_iter().map(|report| ResponseError {
            message: report.message,
            locations: Vec::new(),
            path: None,
            origin: origin.clone(),
            extensions: report.extensions,
        });
        self.spread_all(fetch, request, &absent, unplaced.collect())
            .await;
        self.push_placed(fetch, tracing.placed).await;
    }

    /// Whether further errors change nothing but their number: no more are listed, and all nulls of the
    /// request are explained.
    fn are_only_counted(&self, origin: &Origin, tracing: &Tracing) -> bool {
        let held = tracing.placed.len() + tracing.unplaced.len();
        tracing.has_unplaced
            && tracing.disagreements.is_empty()
            && self.errors.room(origin, &self.budget) <= held
    }

    fn take_report(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        origin: &Origin,
        report: Report,
        committed: &mut Committed,
        tracing: &mut Tracing,
    ) {
        let found = match &fetch.input {
            FetchInput::Root(_) | FetchInput::RootBelow(_) => {
                self.locate_in_root(request, &report, committed, tracing)
            }
            FetchInput::Entities(lists) => self.locate(lists, request, &report, committed, tracing),
        };
        let held = tracing.placed.len() + tracing.unplaced.len();
        let room = self.errors.room(origin, &self.budget).saturating_sub(held);
        let Some(found) = found else {
            tracing.has_unplaced = true;
            if room > 0 {
                tracing.unplaced.push(report);
            } else {
                self.errors.pass_over(origin, 1);
            }
            return;
        };
        // Several entities that fail alike report the same error without an index: each place gets
        // it once.
        let is_indexed = !matches!(&fetch.input, FetchInput::Entities(_));
        if !is_indexed && index_of(&report.path).is_none() && room > 0 {
            let path = Json::Array(report.path.clone()).to_string();
            if !tracing.without_index.insert((report.message.clone(), path)) {
                return;
            }
        }
        let unlisted = found.len().saturating_sub(room) as u64;
        for one in found.into_iter().take(room) {
            tracing.placed.push(Placed {
                object: one.object,
                rest: one.rest,
                nulls_entity: one.nulls_entity,
                message: report.message.clone(),
                origin: origin.clone(),
                extensions: report.extensions.clone(),
            });
        }
        self.errors.pass_over(origin, unlisted);
    }

    /// The objects that a reported error belongs to, and its path from there; explains nulls.
    fn locate(
        &mut self,
        lists: &[EntityList],
        request: &InFlight,
        report: &Report,
        committed: &mut Committed,
        tracing: &mut Tracing,
    ) -> Option<Vec<Found>> {
        let alias = report.path.first().and_then(Json::as_str);
        let list = lists.iter().position(|list| Some(&*list.alias) == alias)?;
        let (index, rest) = match index_of(&report.path) {
            Some(index) => (Some(index), &report.path[2..]),
            None => (None, &report.path[1..]),
        };
        if index.is_none() && rest.is_empty() {
            return None;
        }
        let all = &request.lists[list];
        let (first, holders) = match index {
            Some(index) => (index, all.get(index..=index)?),
            None => (0, &all[..]),
        };
        let mut found = Vec::new();
        for (at, holders) in (first..).zip(holders) {
            // An entity is null because of the error, wherever in it that was.
            let is_null = committed.null_entities.contains(&(list, at));
            let explains_all = (is_null || rest.is_empty()) && tracing.explained.insert((list, at));
            for &(target, object) in holders {
                tracing.left = tracing.left.checked_sub(1 + rest.len() as u64)?;
                let ingest = lists[list].targets[target].ingest;
                let traced = trace(&self.plan, &self.slots, (object, ingest), rest);
                if explains_all {
                    explain_all(&self.plan, &mut self.slots, object, ingest);
                }
                let is_about_null = traced.null_at.is_some() || traced.item.is_some();
                if index.is_some() || is_about_null {
                    self.explain_traced(&traced, committed, tracing);
                    found.push(Found {
                        object,
                        rest: traced.path,
                        nulls_entity: is_null,
                    });
                }
            }
        }
        (!found.is_empty()).then_some(found)
    }

    fn locate_in_root(
        &mut self,
        request: &InFlight,
        report: &Report,
        committed: &mut Committed,
        tracing: &mut Tracing,
    ) -> Option<Vec<Found>> {
        let mut found = Vec::new();
        for &(object, ingest) in &request.objects {
            let steps = 1 + report.path.len() as u64;
            tracing.left = tracing.left.checked_sub(steps)?;
            let traced = trace(&self.plan, &self.slots, (object, ingest), &report.path);
            self.explain_traced(&traced, committed, tracing);
            if !traced.path.is_empty() {
                found.push(Found {
                    object,
                    rest: traced.path,
                    nulls_entity: false,
                });
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// Marks what an error explains.
    fn explain_traced(
        &mut self,
        traced: &Traced,
        committed: &mut Committed,
        tracing: &mut Tracing,
    ) {
        if let Some(place) = traced.null_at {
            explain(&mut self.slots, place);
        }
        if let Some((leaf, indices)) = &traced.item {
            self.slots.explain_item(*leaf, indices.clone());
        }
        if tracing.disagreements.is_empty() {
            return;
        }
        for place in &traced.way {
            if let Some(at) = tracing.disagreements.swap_remove(place) {
                let disagreement = &mut committed.disagreements[at];
                disagreement.later = LaterValue::Misfit;
                explain_below(&self.plan, &mut self.slots, disagreement);
            }
        }
    }

    /// Reports values that do not fit what was asked for.
    pub(crate) async fn report_misfits(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        misfits: Vec<Misfit>,
        unlisted: u64,
    ) {
        let origin = misfit_origin(fetch);
        let room = self.errors.room(&origin, &self.budget);
        let mut placed = Vec::new();
        for misfit in misfits {
            let objects: Vec<ObjectId> = match misfit.entity {
                None => request.objects.iter().map(|(object, _)| *object).collect(),
                Some((list, item)) => (request.lists.get(list).and_then(|list| list.get(item)))
                    .map(|holders| holders.iter().map(|(_, object)| *object).collect())
                    .unwrap_or_default(),
            };
            let listed = objects.len().min(room.saturating_sub(placed.len()));
            self.errors
                .pass_over(&origin, (objects.len() - listed) as u64);
            placed.extend(objects.into_iter().take(listed).map(|object| Placed {
                object,
                rest: misfit.path.clone(),
                nulls_entity: false,
                message: format!(
                    "Subgraph `{}` answered something else where {} was expected.",
                    fetch.subgraph_name, misfit.expected
                ),
                origin: origin.clone(),
                extensions: Map::new(),
            }));
        }
        self.push_placed(fetch, placed).await;
        self.errors.pass_over(&origin, unlisted);
    }
}

/// The index of an entity in the path `[alias, index, …]`.
fn index_of(path: &[Json]) -> Option<usize> {
    path.get(1)?
        .as_u64()
        .and_then(|at| usize::try_from(at).ok())
}

//! Errors of an answer in the client's terms, and the nulls they explain.

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::{
    answer::Report,
    errors::{common_prefix, explain, explain_all, only_visible_field, paths_of, trace},
    ingested::Misfit,
    schedule::Execution,
    settle::{InFlight, misfit_origin},
    slots::ObjectId,
};
use crate::{
    error::{Origin, PathElement, ResponseError, SubgraphError},
    plan::model::{Fetch, FetchId, FetchInput, IngestId},
};

/// An error before its path is known: the path of an object, and what follows it.
pub(super) struct Placed {
    /// From which its path is known.
    pub(super) object: ObjectId,
    /// What follows.
    pub(super) rest: Vec<PathElement>,
    /// Its text.
    pub(super) message: String,
    /// Where it comes from.
    pub(super) origin: Origin,
    /// Its extensions.
    pub(super) extensions: Map<String, Json>,
}

impl Execution {
    /// Explains every null that a request (or one list of it) should have filled.
    pub(super) fn explain_request(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        only: Option<usize>,
    ) {
        for (object, ingest) in asked_objects(fetch, request, only) {
            explain_all(&self.plan, &mut self.slots, object, ingest);
        }
    }

    /// A request, or one list of it, failed as a whole: one error, at what its paths share.
    pub(super) fn fail(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        only: Option<usize>,
        error: SubgraphError,
    ) {
        self.explain_request(fetch, request, only);
        let path = self.position(fetch, request, only);
        self.errors.push(ResponseError {
            message: error.message,
            locations: Vec::new(),
            path,
            origin: Origin::Fetch {
                subgraph: fetch.subgraph_name.to_string(),
                kind: error.kind,
                retryable: error.retryable,
            },
            extensions: Map::new(),
        });
    }

    /// What the client's paths of all that was asked for have in common.
    fn position(
        &self,
        fetch: &Fetch,
        request: &InFlight,
        only: Option<usize>,
    ) -> Option<Vec<PathElement>> {
        let objects = asked_objects(fetch, request, only);
        let wanted: Vec<ObjectId> = objects.iter().map(|(object, _)| *object).collect();
        let paths = paths_of(&self.plan, &self.slots, &fetch.input, &wanted);
        let all: Vec<&[PathElement]> = paths.values().map(|(path, _)| &**path).collect();
        let is_one = paths.values().all(|(_, is_visible)| *is_visible) && paths.len() == 1;
        let mut prefix = common_prefix(&all);
        if let Some(name) = objects
            .first()
            .filter(|_| is_one)
            .and_then(|(_, ingest)| only_visible_field(&self.plan, *ingest))
        {
            prefix.push(PathElement::Key(name.into()));
        }
        (!prefix.is_empty()).then_some(prefix)
    }

    /// Errors that the subgraph reported, in the client's terms.
    pub(super) fn report(&mut self, fetch: &Fetch, request: &InFlight, reports: Vec<Report>) {
        let origin = Origin::Subgraph {
            subgraph: fetch.subgraph_name.to_string(),
        };
        let mut placed = Vec::new();
        let mut without_index: IndexMap<(String, String), ()> = IndexMap::new();
        for report in reports {
            let found = self.locate(fetch, request, &report);
            if found.is_empty() {
                self.explain_request(fetch, request, None);
                self.errors.push(ResponseError {
                    path: self.position(fetch, request, None),
                    message: report.message,
                    locations: Vec::new(),
                    origin: origin.clone(),
                    extensions: report.extensions,
                });
                continue;
            }
            // Several entities that fail alike report the same error without an index: each place
            // gets it once.
            if matches!(&fetch.input, FetchInput::Entities(_)) && index_of(&report.path).is_none() {
                let key = (
                    report.message.clone(),
                    Json::Array(report.path.clone()).to_string(),
                );
                if without_index.insert(key, ()).is_some() {
                    continue;
                }
            }
            for (object, rest) in found {
                placed.push(Placed {
                    object,
                    rest,
                    message: report.message.clone(),
                    origin: origin.clone(),
                    extensions: report.extensions.clone(),
                });
            }
        }
        self.push_placed(fetch, placed);
    }

    /// The objects a reported error belongs to, and its path from there; explains nulls.
    fn locate(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        report: &Report,
    ) -> Vec<(ObjectId, Vec<PathElement>)> {
        let lists = match &fetch.input {
            FetchInput::Root(_) | FetchInput::RootBelow(_) => {
                return self.locate_in_root(request, report);
            }
            FetchInput::Entities(lists) => lists,
        };
        let alias = report.path.first().and_then(Json::as_str);
        let Some(list) = lists.iter().position(|list| Some(&*list.alias) == alias) else {
            return Vec::new();
        };
        let (index, rest) = match index_of(&report.path) {
            Some(index) => (Some(index), &report.path[2..]),
            None => (None, &report.path[1..]),
        };
        if index.is_none() && rest.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (at, holders) in request.lists[list].iter().enumerate() {
            if index.is_some_and(|index| index != at) {
                continue;
            }
            for &(target, object) in holders {
                let ingest = lists[list].targets[target].ingest;
                let traced = trace(&self.plan, &self.slots, (object, ingest), rest);
                if let Some(place) = traced.null_at {
                    explain(&mut self.slots, place);
                }
                if rest.is_empty() {
                    explain_all(&self.plan, &mut self.slots, object, ingest);
                }
                if index.is_some() || traced.null_at.is_some() {
                    found.push((object, traced.path));
                }
            }
        }
        found
    }

    fn locate_in_root(
        &mut self,
        request: &InFlight,
        report: &Report,
    ) -> Vec<(ObjectId, Vec<PathElement>)> {
        let mut found = Vec::new();
        for &(object, ingest) in &request.objects {
            let traced = trace(&self.plan, &self.slots, (object, ingest), &report.path);
            if let Some(place) = traced.null_at {
                explain(&mut self.slots, place);
            }
            if !traced.path.is_empty() {
                found.push((object, traced.path));
            }
        }
        found
    }

    pub(super) fn report_misfits(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        misfits: Vec<Misfit>,
        untold: usize,
    ) {
        let mut placed = Vec::new();
        for misfit in misfits {
            let objects: Vec<ObjectId> = match misfit.entity {
                None => request.objects.iter().map(|(object, _)| *object).collect(),
                Some((list, item)) => (request.lists.get(list).and_then(|list| list.get(item)))
                    .map(|holders| holders.iter().map(|(_, object)| *object).collect())
                    .unwrap_or_default(),
            };
            for object in objects {
                placed.push(Placed {
                    object,
                    rest: misfit.path.clone(),
                    message: complaint(&fetch.subgraph_name, misfit.expected),
                    origin: misfit_origin(fetch),
                    extensions: Map::new(),
                });
            }
        }
        self.push_placed(fetch, placed);
        if untold > 0 {
            self.errors.push(ResponseError {
                message: format!(
                    "Subgraph `{}` answered {untold} more values that do not fit.",
                    fetch.subgraph_name
                ),
                locations: Vec::new(),
                path: self.position(fetch, request, None),
                origin: misfit_origin(fetch),
                extensions: Map::new(),
            });
        }
    }

    pub(super) fn push_placed(&mut self, fetch: &Fetch, placed: Vec<Placed>) {
        let objects: Vec<ObjectId> = placed.iter().map(|placed| placed.object).collect();
        let paths = paths_of(&self.plan, &self.slots, &fetch.input, &objects);
        for one in placed {
            let (mut path, is_visible) = match paths.get(&one.object) {
                Some((path, is_visible)) => (path.clone(), *is_visible),
                None => (Vec::new(), true),
            };
            if is_visible {
                path.extend(one.rest);
                self.pointed.insert(self.errors.len());
            }
            self.errors.push(ResponseError {
                message: one.message,
                locations: Vec::new(),
                path: (!path.is_empty()).then_some(path),
                origin: one.origin,
                extensions: one.extensions,
            });
        }
    }

    /// Objects whose representations do not fit what they are sent for: not sent.
    pub(super) fn leave_out(&mut self, fetch: &Fetch, objects: &[(ObjectId, Option<FetchId>)]) {
        let all = objects.iter().map(|(object, culprit)| {
            let culprit = culprit.and_then(|id| self.plan.fetches.get(id.0 as usize));
            let culprit = culprit.map_or(&fetch.subgraph_name, |fetch| &fetch.subgraph_name);
            Placed {
                object: *object,
                rest: Vec::new(),
                message: format!(
                    "Subgraph `{culprit}` answered a key that subgraph `{}` cannot be asked with.",
                    fetch.subgraph_name
                ),
                origin: Origin::Misfit {
                    subgraph: culprit.to_string(),
                },
                extensions: Map::new(),
            }
        });
        let all = all.collect();
        self.push_placed(fetch, all);
    }
}

/// The objects a request, or one list of it, should have filled.
fn asked_objects(
    fetch: &Fetch,
    request: &InFlight,
    only: Option<usize>,
) -> Vec<(ObjectId, IngestId)> {
    match &fetch.input {
        FetchInput::Root(_) | FetchInput::RootBelow(_) => request.objects.clone(),
        FetchInput::Entities(lists) => (request.lists.iter().enumerate())
            .filter(|(list, _)| only.is_none_or(|only| only == *list))
            .flat_map(|(list, representations)| {
                (representations.iter().flatten())
                    .map(move |(target, object)| (*object, lists[list].targets[*target].ingest))
            })
            .collect(),
    }
}

fn complaint(subgraph: &str, expected: Option<&str>) -> String {
    match expected {
        Some(expected) => {
            format!("Subgraph `{subgraph}` answered something else where {expected} was expected.")
        }
        None => format!("Subgraph `{subgraph}` left out a field that it was asked for."),
    }
}

/// The index of an entity in the path `[alias, index, …]`.
fn index_of(path: &[Json]) -> Option<usize> {
    path.get(1)?
        .as_u64()
        .and_then(|at| usize::try_from(at).ok())
}

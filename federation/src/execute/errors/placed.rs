//! Adds errors that belong to objects. In: errors, each with an object. Out: the same with the path
//! of the object in the client's answer. Invariant: all paths of one call are found in one walk of
//! the slots.

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value as Json};

use crate::{
    error::{Origin, PathElement, ResponseError},
    execute::{
        errors::{collected::About, explain::only_visible_field},
        execution::Execution,
        pace::Pace,
        request::{
            in_flight::InFlight,
            targets::{Walker, client_path},
        },
        slots::ObjectId,
    },
    query_plan::{Fetch, FetchInput, IngestId},
};

/// An error before its path is known: the path of an object, and what follows it.
#[derive(Debug)]
pub(crate) struct Placed {
    /// The object whose path it begins with.
    pub(crate) object: ObjectId,
    /// The path after the object's.
    pub(crate) rest: Vec<PathElement>,
    /// Whether the whole entity is null because of it.
    pub(crate) nulls_entity: bool,
    /// Its text.
    pub(crate) message: String,
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// Its extensions.
    pub(crate) extensions: Map<String, Json>,
}

/// The client's path of an object, and whether all of it is visible.
type ClientPath = (Vec<PathElement>, bool);

impl Execution {
    /// Adds errors of objects.
    pub(crate) async fn push_placed(&mut self, fetch: &Fetch, placed: Vec<Placed>) {
        let objects: IndexSet<ObjectId> = placed.iter().map(|placed| placed.object).collect();
        let paths = self.paths_of(&fetch.input, &objects).await;
        for one in placed {
            let (mut path, is_visible) = match paths.get(&one.object) {
                Some((path, is_visible)) => (path.clone(), *is_visible),
                None => (Vec::new(), true),
            };
            if is_visible {
                path.extend(one.rest);
            }
            let error = ResponseError {
                message: one.message,
                locations: Vec::new(),
                path: (!path.is_empty()).then_some(path),
                origin: one.origin,
                extensions: one.extensions,
            };
            let about = match (is_visible, one.nulls_entity) {
                (false, _) => About::Object,
                (true, false) => About::Field,
                (true, true) => About::Entity,
            };
            self.errors.push(error, about, &self.budget);
        }
    }

    /// Reports that a subgraph was not asked about objects, since the type of an object that it
    /// requires is not known.
    pub(crate) async fn report_untyped(&mut self, fetch: &Fetch, objects: Vec<ObjectId>) {
        let origin = Origin::Completion { subgraph: None };
        let room = self.errors.room(&origin, &self.budget);
        let left_out = objects.len().saturating_sub(room) as u64;
        let message = format!(
            "No subgraph returned the type of an object, which subgraph `{}` requires.",
            fetch.subgraph_name
        );
        let placed = objects.into_iter().take(room).map(|object| Placed {
            object,
            rest: Vec::new(),
            nulls_entity: false,
            message: message.clone(),
            origin: origin.clone(),
            extensions: Map::new(),
        });
        self.push_placed(fetch, placed.collect()).await;
        self.errors.pass_over(&origin, left_out);
    }

    /// Adds errors of a request as a whole: the first at each of the objects that lack something,
    /// all others at the common beginning of the paths of all objects that were asked for.
    pub(crate) async fn spread_all(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        absent: &[(ObjectId, IngestId)],
        mut errors: Vec<ResponseError>,
    ) {
        if !absent.is_empty() && !errors.is_empty() {
            let first = errors.remove(0);
            self.spread(fetch, request, absent, &first).await;
        }
        if errors.is_empty() {
            return;
        }
        let path = self.common_path(fetch, request).await;
        for error in errors {
            let path = path.clone();
            let error = ResponseError { path, ..error };
            self.errors.push(error, About::Object, &self.budget);
        }
    }

    /// Adds one error at each of the objects that lack something because of it, once where their
    /// paths are the same for the client; without such objects once, at the common beginning of the
    /// paths of all objects that were asked for. The error's own path is ignored.
    pub(crate) async fn spread(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        absent: &[(ObjectId, IngestId)],
        error: &ResponseError,
    ) {
        if absent.is_empty() {
            let path = self.common_path(fetch, request).await;
            let error = ResponseError {
                path,
                ..error.clone()
            };
            return self.errors.push(error, About::Object, &self.budget);
        }
        self.spread_over(fetch, absent, error).await;
    }

    /// Adds one error at each of some objects, once where their paths are the same for the client.
    pub(crate) async fn spread_over(
        &mut self,
        fetch: &Fetch,
        absent: &[(ObjectId, IngestId)],
        error: &ResponseError,
    ) {
        let room = self.errors.room(&error.origin, &self.budget);
        let listed = &absent[..absent.len().min(room)];
        let objects: IndexSet<ObjectId> = listed.iter().map(|(object, _)| *object).collect();
        let paths = self.paths_of(&fetch.input, &objects).await;
        let mut seen: IndexSet<Vec<PathElement>> = IndexSet::new();
        for (object, ingest) in listed {
            let (mut path, is_visible) = paths.get(object).cloned().unwrap_or_default();
            let only = only_visible_field(&self.plan, *ingest).filter(|_| is_visible);
            path.extend(only.map(|name| PathElement::Key(name.into())));
            if seen.insert(path.clone()) {
                let error = ResponseError {
                    path: (!path.is_empty()).then_some(path),
                    ..error.clone()
                };
                self.errors.push(error, About::Object, &self.budget);
            }
        }
        let unlisted = (absent.len() - listed.len()) as u64;
        self.errors.pass_over(&error.origin, unlisted);
    }

    /// The client's paths of objects, in one walk.
    async fn paths_of(
        &self,
        input: &FetchInput,
        wanted: &IndexSet<ObjectId>,
    ) -> IndexMap<ObjectId, ClientPath> {
        let mut paths = IndexMap::new();
        let mut pace = Pace::default();
        for (path, _) in input.targets() {
            let mut walker = Walker::new(path);
            while paths.len() < wanted.len()
                && let Some(object) = walker.next(&self.slots)
            {
                if wanted.contains(&object) {
                    let path = client_path(&self.plan, &self.slots, walker.trail());
                    paths.insert(object, path);
                }
                if pace.step(walker.passed()) && pace.rest(&self.budget).await.is_err() {
                    return paths;
                }
            }
        }
        paths
    }

    /// The common beginning of the client's paths of all objects that were asked for.
    async fn common_path(&self, fetch: &Fetch, request: &InFlight) -> Option<Vec<PathElement>> {
        let mut asked = request.asked(fetch, None);
        if let (Some((object, ingest)), None) = (asked.next(), asked.next()) {
            let paths = self.paths_of(&fetch.input, &[object].into()).await;
            let (mut path, is_visible) = paths.get(&object).cloned().unwrap_or_default();
            let only = only_visible_field(&self.plan, ingest).filter(|_| is_visible);
            path.extend(only.map(|name| PathElement::Key(name.into())));
            return (!path.is_empty()).then_some(path);
        }
        let asked: IndexSet<ObjectId> = request.asked(fetch, None).map(|it| it.0).collect();
        let mut common: Option<Vec<_>> = None;
        let mut pace = Pace::default();
        for (path, _) in fetch.input.targets() {
            let mut walker = Walker::new(path);
            while let Some(object) = walker.next(&self.slots) {
                if asked.contains(&object) {
                    let trail = walker.trail();
                    let common = common.get_or_insert_with(|| trail.to_vec());
                    let same = common
                        .iter()
                        .zip(trail)
                        .take_while(|(one, other)| one == other);
                    let same = same.count();
                    common.truncate(same);
                }
                if pace.step(walker.passed()) && pace.rest(&self.budget).await.is_err() {
                    return None;
                }
            }
        }
        let (path, _) = client_path(&self.plan, &self.slots, &common.unwrap_or_default());
        (!path.is_empty()).then_some(path)
    }
}

//! Collects the errors of an execution. In: errors, as they are found. Out: those that the client
//! gets. Invariant: up to a bound errors are listed one by one; past it they are counted.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::{
    budget::{Budget, Resource},
    error::{Origin, PathElement, ResponseError, SubgraphErrorKind},
};

/// How many errors of one kind of one subgraph are listed.
const LISTED_OF_ONE_ORIGIN: usize = 500;

/// How many bytes of errors are listed.
const LISTED_BYTES: usize = 4 << 20;

/// An error that is listed.
#[derive(Debug)]
pub(crate) struct CollectedError {
    /// The error.
    pub(crate) error: ResponseError,
    /// What it is about.
    pub(crate) about: About,
}

/// What an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// An object, or more.
    Object,
    /// A field that an answer names.
    Field,
    /// A field that an answer names, and that could not be null: the whole entity is null with it.
    Entity,
}

#[derive(Debug, Default)]
struct Count {
    listed: usize,
    unlisted: u64,
}

/// The errors of an execution.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    listed: Vec<CollectedError>,
    /// Errors of one kind and one subgraph go together.
    counts: IndexMap<Origin, Count>,
    bytes: usize,
}

impl Errors {
    /// Whether one more error of an origin would be listed. If not, none need be made: they are
    /// counted with [`Errors::pass_over`].
    pub(crate) fn has_room(&self, origin: &Origin, budget: &Budget) -> bool {
        self.room(origin, budget) > 0
    }

    /// How many more errors of an origin would be listed.
    pub(crate) fn room(&self, origin: &Origin, budget: &Budget) -> usize {
        if self.bytes >= LISTED_BYTES {
            return 0;
        }
        let listed = self.counts.get(origin).map_or(0, |it| it.listed);
        let left = usize::try_from(budget.left(Resource::Errors)).unwrap_or(usize::MAX);
        (LISTED_OF_ONE_ORIGIN - listed.min(LISTED_OF_ONE_ORIGIN)).min(left)
    }

    /// Lists an error, or counts it.
    pub(crate) fn push(&mut self, error: ResponseError, about: About, budget: &Budget) {
        let bytes = size(&error);
        if !self.has_room(&error.origin, budget) || self.bytes + bytes > LISTED_BYTES {
            return self.pass_over(&error.origin, 1);
        }
        // There is room, or the execution is interrupted and nothing is sent.
        let _ = budget.spend(Resource::Errors, 1);
        self.bytes += bytes;
        self.counts.entry(error.origin.clone()).or_default().listed += 1;
        self.listed.push(CollectedError { error, about });
    }

    /// Counts errors that are not listed.
    pub(crate) fn pass_over(&mut self, origin: &Origin, errors: u64) {
        if errors > 0 {
            self.counts.entry(origin.clone()).or_default().unlisted += errors;
        }
    }

    /// How many errors say that what a subgraph answered is not what was asked for.
    pub(crate) fn of_invalid(&self, name: &str) -> u64 {
        let is_of = |origin: &Origin| match origin {
            Origin::Misfit { subgraph } => subgraph == name,
            Origin::Fetch { subgraph, kind, .. } => {
                subgraph == name && *kind == SubgraphErrorKind::Invalid
            }
            _ => false,
        };
        let counts = self.counts.iter().filter(|(origin, _)| is_of(origin));
        counts.map(|(_, it)| it.listed as u64 + it.unlisted).sum()
    }

    /// Keeps those that concern the client.
    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(&mut CollectedError) -> bool) {
        self.listed.retain_mut(|error| is_kept(error));
    }

    /// The errors, and one for the rest of each kind. The number is left out where it would count
    /// errors that the caller may not know of.
    pub(crate) fn finish(self, may_count: bool) -> Vec<ResponseError> {
        let mut errors: Vec<ResponseError> = (self.listed.into_iter()).map(|it| it.error).collect();
        let rest = self.counts.into_iter().filter(|(_, it)| it.unlisted > 0);
        errors.extend(rest.map(|(origin, count)| rest_of(origin, count.unlisted, may_count)));
        errors
    }
}

fn rest_of(origin: Origin, unlisted: u64, may_count: bool) -> ResponseError {
    let more = if may_count {
        format!("{unlisted} more")
    } else {
        "more".into()
    };
    let message = match &origin {
        Origin::Fetch { subgraph, .. } => {
            format!("Subgraph `{subgraph}` failed for {more} objects.")
        }
        Origin::Subgraph { subgraph } => {
            format!("Subgraph `{subgraph}` reported {more} errors.")
        }
        Origin::Misfit { subgraph } => {
            format!("Subgraph `{subgraph}` answered {more} values that do not fit.")
        }
        _ => format!("There are {more} errors of this kind."),
    };
    ResponseError {
        message,
        locations: Vec::new(),
        path: None,
        origin,
        extensions: serde_json::Map::new(),
    }
}

/// About how many bytes an error takes.
fn size(error: &ResponseError) -> usize {
    let path = error.path.iter().flatten().map(|element| match element {
        PathElement::Key(key) => key.len() + 32,
        PathElement::Index(_) => 32,
    });
    let extensions = (error.extensions.iter()).map(|(key, value)| key.len() + size_of_json(value));
    100 + error.message.len() + path.sum::<usize>() + extensions.sum::<usize>()
}

fn size_of_json(value: &Json) -> usize {
    let inside = match value {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(size_of_json).sum(),
        Json::Object(fields) => {
            let field = |(key, value): (&String, &Json)| key.len() + size_of_json(value);
            fields.iter().map(field).sum()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => 0,
    };
    inside + size_of::<Json>()
}

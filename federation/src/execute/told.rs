//! The errors of an answer: so many are told one by one, the rest is counted.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::{
    budget::{Budget, Resource},
    error::{Origin, PathElement, ResponseError, SubgraphErrorKind},
};

/// How many errors of one kind of one subgraph are told.
const TOLD_OF_ONE: usize = 500;

/// How many bytes of errors are told.
const TOLD_BYTES: usize = 4 << 20;

/// An error that is told.
#[derive(Debug)]
pub(super) struct Told {
    /// The error.
    pub(super) error: ResponseError,
    /// Whether it is about a field that an answer names.
    pub(super) is_pointed: bool,
}

#[derive(Debug, Default)]
struct Count {
    told: usize,
    untold: u64,
}

/// The errors of an execution.
#[derive(Debug, Default)]
pub(super) struct Errors {
    told: Vec<Told>,
    /// Errors of one kind and one subgraph go together.
    counts: IndexMap<Origin, Count>,
    bytes: usize,
}

impl Errors {
    /// Whether one more error of an origin would be told. If not, none need be made: they are
    /// counted with [`Errors::pass_over`].
    pub(super) fn has_room(&self, origin: &Origin, budget: &Budget) -> bool {
        self.room(origin, budget) > 0
    }

    /// How many more errors of an origin would be told.
    pub(super) fn room(&self, origin: &Origin, budget: &Budget) -> usize {
        if self.bytes >= TOLD_BYTES {
            return 0;
        }
        let told = self.counts.get(origin).map_or(0, |it| it.told);
        let left = usize::try_from(budget.left(Resource::Errors)).unwrap_or(usize::MAX);
        (TOLD_OF_ONE - told.min(TOLD_OF_ONE)).min(left)
    }

    /// Tells an error, or counts it.
    pub(super) fn push(&mut self, error: ResponseError, is_pointed: bool, budget: &Budget) {
        let bytes = size(&error);
        if !self.has_room(&error.origin, budget) || self.bytes + bytes > TOLD_BYTES {
            return self.pass_over(&error.origin, 1);
        }
        // There is room: what was interrupted is told nobody.
        let _ = budget.spend(Resource::Errors, 1);
        self.bytes += bytes;
        self.counts.entry(error.origin.clone()).or_default().told += 1;
        self.told.push(Told { error, is_pointed });
    }

    /// Counts errors that are not told.
    pub(super) fn pass_over(&mut self, origin: &Origin, errors: u64) {
        if errors > 0 {
            self.counts.entry(origin.clone()).or_default().untold += errors;
        }
    }

    /// How many errors say that what a subgraph answered is not what was asked for.
    pub(super) fn of_invalid(&self, name: &str) -> u64 {
        let is_of = |origin: &Origin| match origin {
            Origin::Misfit { subgraph } => subgraph == name,
            Origin::Fetch { subgraph, kind, .. } => {
                subgraph == name && *kind == SubgraphErrorKind::Invalid
            }
            _ => false,
        };
        let counts = self.counts.iter().filter(|(origin, _)| is_of(origin));
        counts.map(|(_, it)| it.told as u64 + it.untold).sum()
    }

    /// Keeps those that the client is told of.
    pub(super) fn retain(&mut self, mut is_told: impl FnMut(&mut Told) -> bool) {
        self.told.retain_mut(|told| is_told(told));
    }

    /// The errors, and one for the rest of each kind. The number is left out where it would
    /// count what the caller may not know of.
    pub(super) fn finish(self, may_count: bool) -> Vec<ResponseError> {
        let mut errors: Vec<ResponseError> = (self.told.into_iter()).map(|it| it.error).collect();
        let rest = self.counts.into_iter().filter(|(_, it)| it.untold > 0);
        errors.extend(rest.map(|(origin, count)| rest_of(origin, count.untold, may_count)));
        errors
    }
}

fn rest_of(origin: Origin, untold: u64, may_count: bool) -> ResponseError {
    let more = if may_count {
        format!("{untold} more")
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

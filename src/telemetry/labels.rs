//! The labels of metrics. Each has few values, none of which a client can choose.

use std::sync::Arc;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};

/// The status of an HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfStatus {
    pub(super) status: u16,
}

/// The class of an HTTP status, and what kind of operation was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfRequest {
    pub(super) status: &'static str,
    pub(super) operation: &'static str,
}

/// A source, and how a fetch from it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfFetch {
    pub(super) source: Arc<str>,
    pub(super) status: &'static str,
}

/// The code of an error.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfCode {
    pub(super) code: &'static str,
}

/// A step before an operation is run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfStep {
    pub(super) step: Step,
}

/// A cache, and the result of a look-up in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfLookup {
    pub(super) cache: Cache,
    pub(super) outcome: Lookup,
}

/// A step before an operation is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Its document is parsed and validated.
    Parse,
    /// It is normalised, authorised and planned.
    Plan,
    /// Its introspection is answered.
    Introspect,
}

/// What is kept from one request to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cache {
    /// Parsed documents.
    Document,
    /// Plans.
    Plan,
}

/// The result of a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lookup {
    /// It was there.
    Hit,
    /// It was not, and was made.
    Miss,
    /// It was being made for another request.
    Shared,
}

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Plan => "plan",
            Self::Introspect => "introspect",
        }
    }
}

impl Cache {
    /// Every cache.
    pub const ALL: [Self; 2] = [Self::Document, Self::Plan];

    /// As the label has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Plan => "plan",
        }
    }
}

impl Lookup {
    const fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Shared => "shared",
        }
    }
}

impl EncodeLabelValue for Step {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> std::fmt::Result {
        self.name().encode(encoder)
    }
}

impl EncodeLabelValue for Cache {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> std::fmt::Result {
        self.name().encode(encoder)
    }
}

impl EncodeLabelValue for Lookup {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> std::fmt::Result {
        self.name().encode(encoder)
    }
}

//! One change between two schemas: its class, what it is, where, and in a sentence.

use serde::Serialize;

use super::change_kind::ChangeKind;

/// What a change does to a client that was written for the old schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Class {
    /// An operation that was valid may no longer be, or may get values that its client cannot read.
    Breaking,
    /// Operations stay valid, but a client may get values that it does not expect.
    Dangerous,
    /// No client can notice.
    Safe,
}

impl Class {
    /// The class as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "BREAKING",
            Self::Dangerous => "DANGEROUS",
            Self::Safe => "SAFE",
        }
    }
}

impl std::fmt::Display for Class {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One change between two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its class.
    pub class: Class,
    /// Its kind.
    pub kind: ChangeKind,
    /// The [schema coordinate](https://spec.graphql.org/draft/#sec-Schema-Coordinates) of what
    /// changed; `schema` for the schema itself, which has none.
    pub coordinate: String,
    /// What happened, in a sentence.
    pub message: String,
    /// Coordinates in the old schema: an operation that uses one of them may be affected. A new
    /// required argument, for example, affects its field.
    pub affects: Vec<String>,
}

impl Change {
    /// A change that affects operations with the coordinate itself.
    pub(super) fn new(
        class: Class,
        kind: ChangeKind,
        coordinate: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let coordinate = coordinate.into();
        Self {
            class,
            kind,
            affects: vec![coordinate.clone()],
            coordinate,
            message: message.into(),
        }
    }

    /// Says which operations it affects, where these are not the ones with the coordinate.
    pub(super) fn affecting<C: Into<String>>(
        mut self,
        coordinates: impl IntoIterator<Item = C>,
    ) -> Self {
        self.affects = coordinates.into_iter().map(Into::into).collect();
        self
    }
}

//! Levels of sensitivity as they are marked in SDL: `@tag(name: "unclassified")`, a clearance
//! among the scopes of `@requiresScopes`, or `@tag(name: "confidential")`.

use entities::terms::Classification;
use federation::subgraph::directives::{Applied, requires_scopes, tags};

use crate::auth::Clearance;

/// The tag that marks fields which every caller may see.
pub const UNCLASSIFIED_TAG: &str = "unclassified";

/// The tag of an embedded source on the id of a record that exists for cleared callers alone. The
/// rows hold the level, not a scope: composition would copy a scope on an id to `Node.id`, and so
/// close `node` to everyone.
pub const CONFIDENTIAL_TAG: &str = "confidential";

/// The tag on the id of a type of records of which each exists for everyone, such as areas. Records
/// of other types may be hidden from some callers.
pub const PUBLIC_TAG: &str = "public";

/// A level of ST/SGB/2007/6, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Every caller may see it.
    Unclassified,
    /// Needs `clearance:confidential`.
    Confidential,
    /// Needs `clearance:strictly-confidential`.
    StrictlyConfidential,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Self; 3] = [
        Self::Unclassified,
        Self::Confidential,
        Self::StrictlyConfidential,
    ];

    /// The level as it is written in the graph.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unclassified => "UNCLASSIFIED",
            Self::Confidential => "CONFIDENTIAL",
            Self::StrictlyConfidential => "STRICTLY_CONFIDENTIAL",
        }
    }

    /// The scope it needs; none for the lowest.
    pub fn scope(self) -> Option<&'static str> {
        match self {
            Self::Unclassified => None,
            Self::Confidential => Some(Clearance::Confidential.scope()),
            Self::StrictlyConfidential => Some(Clearance::StrictlyConfidential.scope()),
        }
    }

    fn of_scope(scope: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|level| level.scope() == Some(scope))
    }

    /// The level of a list of scopes: the lowest of its alternatives. An alternative without a
    /// clearance has none.
    pub fn of_scopes(alternatives: &[Vec<&str>]) -> Option<Self> {
        let of_all = |all: &Vec<&str>| all.iter().filter_map(|scope| Self::of_scope(scope)).max();
        let levels: Option<Vec<_>> = alternatives.iter().map(of_all).collect();
        levels?.into_iter().min()
    }

    /// The level that an element's own directives mark.
    pub fn marked(directives: &impl Applied) -> Option<Self> {
        let by_scopes = requires_scopes(directives)
            .as_deref()
            .and_then(Self::of_scopes);
        let by_tag = tags(directives).filter_map(|tag| match tag {
            UNCLASSIFIED_TAG => Some(Self::Unclassified),
            CONFIDENTIAL_TAG => Some(Self::Confidential),
            _ => None,
        });
        by_scopes.or(by_tag.max())
    }
}

/// Whether a scope is a clearance.
pub fn is_clearance(scope: &str) -> bool {
    Level::of_scope(scope).is_some()
}

impl std::fmt::Display for Level {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl From<Level> for Classification {
    fn from(level: Level) -> Self {
        match level {
            Level::Unclassified => Self::Unclassified,
            Level::Confidential => Self::Confidential,
            Level::StrictlyConfidential => Self::StrictlyConfidential,
        }
    }
}

impl From<Classification> for Level {
    fn from(classification: Classification) -> Self {
        match classification {
            Classification::Unclassified => Self::Unclassified,
            Classification::Confidential => Self::Confidential,
            Classification::StrictlyConfidential => Self::StrictlyConfidential,
        }
    }
}

impl std::str::FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let written = text.to_ascii_uppercase().replace('-', "_");
        Self::ALL
            .into_iter()
            .find(|level| level.as_str() == written)
            .ok_or_else(|| {
                format!(
                    "`{text}` is no level; write unclassified, confidential or \
                     strictly-confidential"
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn the_easiest_way_in_counts() {
        let of = Level::of_scopes;
        let (c, s) = ("clearance:confidential", "clearance:strictly-confidential");
        assert_eq!(of(&[vec![c]]), Some(Level::Confidential));
        assert_eq!(of(&[vec![c, s]]), Some(Level::StrictlyConfidential));
        assert_eq!(of(&[vec![s], vec![c, "x"]]), Some(Level::Confidential));
        assert_eq!(of(&[vec![s], vec!["x"]]), None);
        assert_eq!(of(&[]), None);
    }
}

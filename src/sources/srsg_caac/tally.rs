//! Children by sex.

use crate::vocabulary::{Count, CountUnit};

/// Children by sex, and all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Boys.
    pub(crate) boys: Count,
    /// Girls.
    pub(crate) girls: Count,
    /// Sex unknown.
    pub(crate) unknown: Count,
    /// All; kept on its own, not summed from the others.
    pub(crate) total: Count,
}

impl Tally {
    /// Incidents have no sex: only their total is given.
    pub(super) fn of([boys, girls, unknown, total]: [Option<i32>; 4], unit: CountUnit) -> Self {
        let by_sex = |value| match unit {
            CountUnit::Incidents => Count::not_collected(unit),
            _ => Count::from_collected(value, unit),
        };
        Self {
            boys: by_sex(boys),
            girls: by_sex(girls),
            unknown: by_sex(unknown),
            total: Count::from_collected(total, unit),
        }
    }

    /// The same, as far as a document prints it that prints the total and perhaps its parts.
    pub(super) fn printed(self, has_parts: bool) -> Self {
        Self {
            boys: self.boys.unless_printed(has_parts),
            girls: self.girls.unless_printed(has_parts),
            unknown: self.unknown.unless_printed(has_parts),
            total: self.total,
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            boys: self.boys.plus(other.boys),
            girls: self.girls.plus(other.girls),
            unknown: self.unknown.plus(other.unknown),
            total: self.total.plus(other.total),
        }
    }
}

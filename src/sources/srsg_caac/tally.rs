//! Children by sex.

use super::suppressed::SEXES;
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

    /// The same as far as it is told, by the name of each column. The total of all parties is always told.
    pub(super) fn told(self, is_total_told: bool, told: impl Fn(&str, Count) -> Count) -> Self {
        let [boys, girls, unknown] = SEXES;
        Self {
            boys: told(boys, self.boys),
            girls: told(girls, self.girls),
            unknown: told(unknown, self.unknown),
            total: if is_total_told {
                self.total
            } else {
                told("total", self.total)
            },
        }
    }

    /// The counts of the sexes.
    pub(super) fn parts(self) -> [Count; 3] {
        [self.boys, self.girls, self.unknown]
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

//! A figure and what its absence means.

use async_graphql::{Enum, SimpleObject};

/// Why a count has a value or has none.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountState {
    /// The value stands; zero means that none was verified.
    Exact,
    /// Not told: it is small, or a small count could be computed from it. It may be zero.
    Suppressed,
    /// No figure is recorded; that is not zero.
    NotCollected,
    /// The document that the figure is cited from does not print it.
    NotPublished,
}

/// What is counted.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountUnit {
    /// Persons harmed.
    Victims,
    /// Events, whatever the number of persons.
    Incidents,
    /// Deaths.
    PersonsKilled,
    /// Persons, whatever they are counted for.
    Persons,
    /// Entries of a register.
    Records,
}

/// value is null exactly when state is not EXACT; 0 is EXACT and means: none verified, never: none happened.
#[derive(SimpleObject, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(shareable, tag = "unclassified")]
pub struct Count {
    value: Option<i32>,
    state: CountState,
    unit: CountUnit,
}

impl Count {
    /// A figure that stands.
    pub const fn exact(value: i32, unit: CountUnit) -> Self {
        Self {
            value: Some(value),
            state: CountState::Exact,
            unit,
        }
    }

    /// A figure that may not be told.
    pub const fn suppressed(unit: CountUnit) -> Self {
        Self {
            value: None,
            state: CountState::Suppressed,
            unit,
        }
    }

    /// Whether the figure may not be told.
    pub fn is_suppressed(self) -> bool {
        self.state == CountState::Suppressed
    }

    /// The same figure, not told.
    #[must_use]
    pub const fn hidden(self) -> Self {
        Self::suppressed(self.unit)
    }

    /// A figure that nobody has.
    pub const fn not_collected(unit: CountUnit) -> Self {
        Self {
            value: None,
            state: CountState::NotCollected,
            unit,
        }
    }

    /// A figure that the document which is cited does not print.
    #[must_use]
    pub const fn unless_printed(self, is_printed: bool) -> Self {
        if is_printed {
            self
        } else {
            Self {
                value: None,
                state: CountState::NotPublished,
                unit: self.unit,
            }
        }
    }

    /// A figure as it is kept: null says that nobody counted, zero that none was verified.
    pub const fn from_collected(value: Option<i32>, unit: CountUnit) -> Self {
        match value {
            Some(value) => Self::exact(value, unit),
            None => Self::not_collected(unit),
        }
    }

    /// The sum of two counts of one unit. A part that is suppressed hides the whole, since the
    /// rest could be subtracted; a part that nobody collected leaves the whole unknown.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let unit = self.unit;
        match (self.value, other.value) {
            (Some(left), Some(right)) => Self::exact(left.saturating_add(right), unit),
            _ if [self.state, other.state].contains(&CountState::Suppressed) => {
                Self::suppressed(unit)
            }
            _ if self.state == other.state => self,
            _ => Self::not_collected(unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_exact_and_a_gap_is_not_zero() {
        let zero = Count::from_collected(Some(0), CountUnit::Victims);
        assert_eq!((zero.value, zero.state), (Some(0), CountState::Exact));
        let gap = Count::from_collected(None, CountUnit::Victims);
        assert_eq!((gap.value, gap.state), (None, CountState::NotCollected));
    }

    #[test]
    fn a_suppressed_part_hides_the_sum_and_an_uncollected_one_leaves_it_unknown() {
        let unit = CountUnit::PersonsKilled;
        let exact = Count::exact(7, unit);
        assert_eq!(exact.plus(Count::exact(0, unit)).value, Some(7));
        assert_eq!(
            exact.plus(Count::suppressed(unit)).state,
            CountState::Suppressed
        );
        assert_eq!(
            exact.plus(Count::not_collected(unit)).state,
            CountState::NotCollected
        );
    }
}

//! Weights and sums of them, in thousandths. A sum has the same digits on every machine, whatever the
//! order in which it was added up; past the end of the range it stays there.

/// A weight, or a sum of weights, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i128);

/// Thousandths of one.
const SCALE: i128 = 1_000;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(SCALE);
    /// Ten.
    pub const TEN: Self = Self(10 * SCALE);

    /// Reads a number: `5`, `"2.5"` or `-3e2`, to the nearest thousandth. Nothing for a text that is none.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(whole) = text.parse::<i64>() {
            return Some(Self(i128::from(whole).saturating_mul(SCALE)));
        }
        let number: f64 = text
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "past the end of the range it stays there"
        )]
        let thousandths = (number * 1_000.0).round() as i64;
        Some(Self(i128::from(thousandths)))
    }

    /// The sum of two.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// So many of it.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(i128::from(count)))
    }

    /// The same, or nothing where it is less.
    #[must_use]
    pub fn at_least_zero(self) -> Self {
        self.max(Self::ZERO)
    }

    /// The next whole number that is no less; 0 for less than nothing. It exceeds a whole bound exactly
    /// where the amount does.
    pub fn rounded_up(self) -> u64 {
        let whole = self.0.div_euclid(SCALE);
        let whole = whole + i128::from(self.0.rem_euclid(SCALE) > 0);
        u64::try_from(whole.max(0)).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;

    fn rounded(text: &str) -> Option<u64> {
        Amount::read(text).map(Amount::rounded_up)
    }

    #[test]
    fn numbers_are_read_to_the_thousandth() {
        for (text, expected) in [
            ("5", Some(5)),
            ("2.5", Some(3)),
            (" 3.0 ", Some(3)),
            ("0.001", Some(1)),
            ("0.0001", Some(0)),
            ("-3.0", Some(0)),
            ("1e3", Some(1_000)),
            ("1e300", Some(9_223_372_036_854_776)),
            ("NaN", None),
            ("inf", None),
            ("", None),
            ("2 * first", None),
        ] {
            assert_eq!(rounded(text), expected, "{text}");
        }
        let half = Amount::read("0.5").unwrap();
        assert_eq!(half.plus(half), Amount::ONE);
        let less = Amount::read("-2.25").unwrap();
        assert_eq!(less.plus(Amount::TEN).rounded_up(), 8);
        assert_eq!(less.at_least_zero(), Amount::ZERO);
    }

    #[test]
    fn sums_stay_at_the_end_of_the_range() {
        let most = (0..5).fold(Amount::ONE, |sum, _| sum.times(u64::MAX));
        assert_eq!(most.rounded_up(), u64::MAX);
        assert_eq!(most.plus(most), most);
        let least = Amount::read("-1").unwrap();
        let least = (0..5).fold(least, |sum, _| sum.times(u64::MAX));
        assert_eq!(least.rounded_up(), 0);
    }
}

//! Months, quarters and years: the only periods that figures are given for.

use std::{fmt, str::FromStr};

use async_graphql::{
    Description, Enum, InputObject, InputValueResult, Object, Scalar, ScalarType, Value,
};
use chrono::{Datelike, Months, NaiveDate};
use entities::terms::PERIOD_YEARS as YEARS;

use super::{
    error::{RowPlace, Unreadable, bad_value},
    id::excerpt,
    scalars::Date,
};

/// The granularity of a period.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodKind {
    /// A calendar month.
    Month,
    /// A quarter of a calendar year.
    Quarter,
    /// A calendar year.
    Year,
}

impl PeriodKind {
    /// How many months a period of this kind lasts.
    pub const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    const fn per_year(self) -> i32 {
        match self {
            Self::Month => 12,
            Self::Quarter => 4,
            Self::Year => 1,
        }
    }
}

/// One month, quarter or year. Ordered by start, the shorter first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Description)]
pub struct Period {
    kind: PeriodKind,
    year: i32,
    /// Counted from 1 within the year.
    number: u32,
}

impl Period {
    /// The period of a kind that holds a date.
    pub fn containing(date: NaiveDate, kind: PeriodKind) -> Self {
        Self {
            kind,
            year: date.year(),
            number: date.month0() / kind.months() + 1,
        }
    }

    /// The period that a row is of.
    pub fn of_row(place: RowPlace, code: &str) -> Result<Self, Unreadable> {
        code.parse().map_err(|_| {
            let kept = excerpt(code);
            Unreadable::new(place, "period", format!("its period `{kept}` is none"))
        })
    }

    /// Its granularity.
    pub const fn kind(self) -> PeriodKind {
        self.kind
    }

    /// Its first day.
    pub fn start(self) -> NaiveDate {
        let month = (self.number - 1) * self.kind.months() + 1;
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or_default()
    }

    /// Its last day.
    pub fn end(self) -> NaiveDate {
        (self.start() + Months::new(self.kind.months()))
            .pred_opt()
            .unwrap_or_default()
    }

    /// The period of the same kind that follows.
    #[must_use]
    pub fn next(self) -> Self {
        let count = self.kind.per_year().unsigned_abs();
        if self.number < count {
            Self {
                number: self.number + 1,
                ..self
            }
        } else {
            Self {
                year: self.year + 1,
                number: 1,
                ..self
            }
        }
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.start(), self.end()).cmp(&(other.start(), other.end()))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            PeriodKind::Month => write!(f, "{}-{:02}", self.year, self.number),
            PeriodKind::Quarter => write!(f, "{}-Q{}", self.year, self.number),
            PeriodKind::Year => write!(f, "{}", self.year),
        }
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse(text).ok_or_else(|| {
            format!(
                "`{text}` is not a period: write a month as 2026-11, a quarter as 2026-Q4 or a \
                 year as 2026 (from {} to {})",
                YEARS.start(),
                YEARS.end(),
            )
        })
    }
}

fn parse(text: &str) -> Option<Period> {
    let (year, rest) = match text.split_once('-') {
        Some((year, rest)) => (year, Some(rest)),
        None => (text, None),
    };
    let (kind, number) = match rest {
        None => (PeriodKind::Year, 1),
        Some(rest) => match rest.strip_prefix('Q') {
            Some(quarter) => (PeriodKind::Quarter, digits(quarter, 1)?),
            None => (PeriodKind::Month, digits(rest, 2)?),
        },
    };
    let year = i32::try_from(digits(year, 4)?).ok()?;
    let count = kind.per_year().unsigned_abs();
    (YEARS.contains(&year) && (1..=count).contains(&number)).then_some(Period {
        kind,
        year,
        number,
    })
}

/// A number of exactly so many ASCII digits: `parse` alone would take `+1`.
fn digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// 2026-11 (month), 2026-Q4 (quarter) or 2026 (year). The form is the granularity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PeriodCode(pub Period);

/// 2026-11 (month), 2026-Q4 (quarter) or 2026 (year). The form is the granularity.
#[Scalar]
impl ScalarType for PeriodCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(bad_value(
                "a period is a string: \"2026-11\", \"2026-Q4\" or \"2026\"",
            ));
        };
        text.parse().map(Self).map_err(bad_value)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

#[Object(use_type_description, shareable, tag = "unclassified")]
impl Period {
    /// 2026-11, 2026-Q4 or 2026.
    async fn code(&self) -> PeriodCode {
        PeriodCode(*self)
    }

    /// The granularity.
    #[graphql(name = "kind")]
    async fn graphql_kind(&self) -> PeriodKind {
        self.kind
    }

    /// The first day.
    #[graphql(name = "start")]
    async fn graphql_start(&self) -> Date {
        Date(self.start())
    }

    /// The last day.
    #[graphql(name = "end")]
    async fn graphql_end(&self) -> Date {
        Date(self.end())
    }
}

/// All figures whose own period lies within both, these included: at most ten years. Figures by quarter or by year take whole quarters or years.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct PeriodRange {
    /// The first period.
    pub from: PeriodCode,
    /// The last period, in the form of the first.
    pub to: PeriodCode,
}

/// A checked span of days from the start of one period to the end of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first day.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
}

const LONGEST_IN_YEARS: u32 = 10;

impl PeriodRange {
    /// The days it covers, or what is wrong with it.
    pub fn span(self) -> Result<Span, String> {
        let (PeriodCode(from), PeriodCode(to)) = (self.from, self.to);
        if from.kind != to.kind {
            return Err(format!(
                "the range from {from} to {to} mixes granularities: write both ends as months, as \
                 quarters or as years"
            ));
        }
        let span = Span {
            start: from.start(),
            end: to.end(),
        };
        if span.end < span.start {
            return Err(format!(
                "the range from {from} to {to} runs backwards: swap its ends"
            ));
        }
        if span.end >= span.start + Months::new(12 * LONGEST_IN_YEARS) {
            return Err(format!(
                "the range from {from} to {to} is longer than {LONGEST_IN_YEARS} years: ask for it \
                 in parts"
            ));
        }
        Ok(span)
    }

    /// The same for figures that are kept by periods of one kind: a bound within such a period would
    /// leave its figure out, and the list would not show it.
    pub fn span_by(self, kind: PeriodKind) -> Result<Span, String> {
        let span = self.span()?;
        let first = Period::containing(span.start, kind);
        let last = Period::containing(span.end, kind);
        let (PeriodCode(bound), does) = if first.start() < span.start {
            (self.from, "begins")
        } else if last.end() > span.end {
            (self.to, "ends")
        } else {
            return Ok(span);
        };
        let meant = if first == last {
            format!("`{first}` at both ends")
        } else {
            format!("`{first}` to `{last}`")
        };
        let kind = kind.name();
        Err(format!(
            "`{bound}` {does} within a {kind}, and these figures are by {kind}: write {meant}"
        ))
    }
}

impl Span {
    /// The whole periods of a kind within it, the first first.
    pub fn periods(self, kind: PeriodKind) -> impl Iterator<Item = Period> {
        let first = Period::containing(self.start, kind);
        let first = if first.start() < self.start {
            first.next()
        } else {
            first
        };
        std::iter::successors(Some(first), |period| Some(period.next()))
            .take_while(move |period| period.end() <= self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn bounds_of_each_granularity() {
        for (code, start, end) in [
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2026-Q4", "2026-10-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
        ] {
            let period = period(code);
            assert_eq!(period.to_string(), code);
            assert_eq!(period.start().to_string(), start);
            assert_eq!(period.end().to_string(), end);
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "", "2026-", "2026-13", "2026-00", "2026-1", "2026-Q5", "2026-q1", "26", "+026",
            "1944", "2026-Q+",
        ] {
            assert!(
                text.parse::<Period>()
                    .unwrap_err()
                    .contains("is not a period"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_range_is_of_one_granularity_forward_and_short() {
        let range = |from: &str, to: &str| {
            PeriodRange {
                from: PeriodCode(period(from)),
                to: PeriodCode(period(to)),
            }
            .span()
        };
        assert!(
            range("2026-01", "2026-Q4")
                .unwrap_err()
                .contains("mixes granularities")
        );
        assert!(
            range("2026-02", "2026-01")
                .unwrap_err()
                .contains("backwards")
        );
        assert!(
            range("2015", "2025")
                .unwrap_err()
                .contains("longer than 10 years")
        );
        assert!(range("2016", "2025").is_ok());
    }

    #[test]
    fn a_range_for_figures_of_one_kind_covers_whole_periods_of_it() {
        let by = |from: &str, to: &str, kind| {
            PeriodRange {
                from: PeriodCode(period(from)),
                to: PeriodCode(period(to)),
            }
            .span_by(kind)
        };
        for (from, to, kind, sentence) in [
            (
                "2026-01",
                "2026-02",
                PeriodKind::Quarter,
                "`2026-02` ends within a quarter, and these figures are by quarter: write `2026-Q1` \
                 at both ends",
            ),
            (
                "2026-01",
                "2026-05",
                PeriodKind::Quarter,
                "`2026-05` ends within a quarter, and these figures are by quarter: write `2026-Q1` \
                 to `2026-Q2`",
            ),
            (
                "2025-12",
                "2026-03",
                PeriodKind::Quarter,
                "`2025-12` begins within a quarter, and these figures are by quarter: write \
                 `2025-Q4` to `2026-Q1`",
            ),
            (
                "2025-Q1",
                "2025-Q3",
                PeriodKind::Year,
                "`2025-Q3` ends within a year, and these figures are by year: write `2025` at both \
                 ends",
            ),
        ] {
            assert_eq!(by(from, to, kind).unwrap_err(), sentence);
        }
        for (from, to, kind) in [
            ("2026-01", "2026-03", PeriodKind::Quarter),
            ("2025", "2026", PeriodKind::Quarter),
            ("2025-Q1", "2026-Q4", PeriodKind::Year),
            ("2025-01", "2025-12", PeriodKind::Year),
            ("2026-02", "2026-02", PeriodKind::Month),
        ] {
            assert!(by(from, to, kind).is_ok(), "{from} to {to}");
        }
        let mixed = by("2026-02", "2026-Q4", PeriodKind::Quarter).unwrap_err();
        assert!(mixed.contains("mixes granularities"), "{mixed}");
    }

    #[test]
    fn only_whole_periods_lie_in_a_span() {
        let span = PeriodRange {
            from: PeriodCode(period("2026-02")),
            to: PeriodCode(period("2026-09")),
        };
        let quarters: Vec<_> = span
            .span()
            .unwrap()
            .periods(PeriodKind::Quarter)
            .map(|q| q.to_string())
            .collect();
        assert_eq!(quarters, ["2026-Q2", "2026-Q3"]);
    }
}

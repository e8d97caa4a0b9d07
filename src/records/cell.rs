//! One cell: from text to a value, or the reason why not.

use chrono::{DateTime, Datelike, Months, NaiveDate, SubsecRound, Utc};
use entities::{
    list::TextList,
    terms::{PERIOD_YEARS, PeriodKind},
};
use sea_orm::{ActiveEnum, Value};

use super::{
    field::{Field, Kind},
    never,
};
use crate::suggestion::did_you_mean;

const CODE_CHARACTERS: usize = 80;
/// More than that are refused as a long number.
const COUNT_DIGITS: usize = 8;
const INSTANT_YEARS: std::ops::RangeInclusive<i32> = 1..=9_999;
const EMPTY: &str = "is empty; a value is needed";
const TEXT_CHARACTERS: usize = 20_000;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    List(Vec<String>),
    Number(i32),
    Flag(bool),
    Date(NaiveDate),
    Instant(DateTime<Utc>),
    Period(Period),
}

/// A month, a quarter or a year.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Period {
    pub(crate) code: String,
    pub(crate) kind: PeriodKind,
    pub(crate) start: NaiveDate,
    pub(crate) end: NaiveDate,
}

/// Reads one cell. What identifies a person or a place is refused in all that is text, and is no
/// part of any message: a text that stands in the wrong column is not repeated either.
pub(crate) fn read(field: &Field, text: &str) -> Result<Cell, String> {
    bounded(text)?;
    let cell = match read_any(field, text) {
        Ok(Cell::List(list)) if list.is_empty() && field.is_required => Err(EMPTY.to_owned()),
        cell => cell,
    };
    let found = match (&cell, field.kind) {
        (Ok(Cell::Empty), _) => Vec::new(),
        _ if field.names_officer => Vec::new(),
        (Err(_), _) | (Ok(_), Kind::Text | Kind::List) => never::in_text(text),
        (Ok(_), Kind::Code | Kind::Link(..) | Kind::Links(_)) => never::in_code(text),
        // Digits alone can be a telephone number; so many are no count.
        (Ok(_), Kind::Whole(_) | Kind::Count) if text.len() > COUNT_DIGITS => never::in_text(text),
        (Ok(_), _) => Vec::new(),
    };
    let Some(looks) = never::looks_like(&found) else {
        return cell;
    };
    let mend = match field.kind {
        Kind::Whole(_) | Kind::Count => {
            format!("a count is written in digits alone, {COUNT_DIGITS} at most")
        }
        _ => never::mends(&found),
    };
    Err(format!("{looks}; {mend}"))
}

fn read_any(field: &Field, text: &str) -> Result<Cell, String> {
    let text = text.trim();
    if text.is_empty() {
        return if field.is_required {
            Err(EMPTY.to_owned())
        } else {
            Ok(Cell::Empty)
        };
    }
    if text
        .chars()
        .any(|character| character.is_control() && !"\n\r\t".contains(character))
    {
        return Err("holds a control character; remove it".to_owned());
    }
    match field.kind {
        Kind::Code => code(text),
        Kind::Text | Kind::Link(..) => Ok(Cell::Text(text.to_owned())),
        Kind::List | Kind::Links(_) => Ok(Cell::List(split(text))),
        Kind::Date => date(text),
        Kind::Instant => instant(text),
        Kind::Flag => flag(text),
        Kind::Whole(least) => whole(text, least),
        Kind::Count => count(text),
        Kind::Term(values) => term(text, &values()).map(Cell::Text),
        Kind::Terms(values) => {
            let values = values();
            let terms = split(text).into_iter().map(|text| term(&text, &values));
            terms.collect::<Result<_, _>>().map(Cell::List)
        }
        Kind::Period(kinds) => period(text, kinds),
    }
}

fn split(text: &str) -> Vec<String> {
    std::iter::once(text.to_owned())
        .collect::<TextList>()
        .into_vec()
}

fn bounded(text: &str) -> Result<(), String> {
    match text.trim().chars().count() {
        0..=TEXT_CHARACTERS => Ok(()),
        length => Err(format!(
            "has {length} characters; {TEXT_CHARACTERS} are allowed"
        )),
    }
}

fn code(text: &str) -> Result<Cell, String> {
    let is_code = text.len() <= CODE_CHARACTERS
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if is_code {
        Ok(Cell::Text(text.to_owned()))
    } else {
        Err(format!(
            "`{text}` is no code; use at most {CODE_CHARACTERS} letters, digits, `-`, `_` and `.`"
        ))
    }
}

fn date(text: &str) -> Result<Cell, String> {
    // chrono would also take `2026-1-5`, which sorts elsewhere.
    let date = (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
    date.flatten()
        .map(Cell::Date)
        .ok_or_else(|| format!("`{text}` is no date; write it as 2026-10-31"))
}

fn instant(text: &str) -> Result<Cell, String> {
    let instant = DateTime::parse_from_rfc3339(text);
    let instant = instant.map(|instant| instant.with_timezone(&Utc).trunc_subsecs(0));
    // SQLite compares instants as texts, which years of five digits would not fit.
    let instant = instant
        .ok()
        .filter(|instant| INSTANT_YEARS.contains(&instant.year()));
    let instant = instant.map(Cell::Instant);
    instant.ok_or_else(|| format!("`{text}` is no instant; write it as 2026-10-31T09:00:00Z"))
}

fn flag(text: &str) -> Result<Cell, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Ok(Cell::Flag(true)),
        "false" | "no" => Ok(Cell::Flag(false)),
        _ => Err(format!("`{text}` is neither true nor false")),
    }
}

fn whole(text: &str, least: i32) -> Result<Cell, String> {
    match text.parse::<i32>() {
        Ok(number) if number >= least => Ok(Cell::Number(number)),
        Ok(number) => Err(format!("{number} is too small; {least} is the least")),
        Err(_) => Err(not_whole(text)),
    }
}

fn count(text: &str) -> Result<Cell, String> {
    match text.parse::<i32>() {
        Ok(number) if number >= 0 => Ok(Cell::Number(number)),
        Ok(number) => Err(format!(
            "{number} is negative; a count is 0 or more, and empty where nothing was collected"
        )),
        Err(_) => Err(not_whole(text)),
    }
}

fn not_whole(text: &str) -> String {
    format!("`{text}` is no whole number; write digits alone, such as 1204")
}

fn term(text: &str, values: &[String]) -> Result<String, String> {
    if values.iter().any(|value| value == text) {
        return Ok(text.to_owned());
    }
    let hint = did_you_mean(text, values.iter().map(String::as_str));
    Err(format!("`{text}` is none of {}{hint}", values.join(", ")))
}

fn period(text: &str, kinds: &[PeriodKind]) -> Result<Cell, String> {
    let period = Period::parse(text).ok_or_else(|| {
        format!(
            "`{text}` is no period; write 2026-10 (month), 2026-Q4 (quarter) or 2026 (year), from {} \
             to {}",
            PERIOD_YEARS.start(),
            PERIOD_YEARS.end(),
        )
    })?;
    if kinds.contains(&period.kind) {
        Ok(Cell::Period(period))
    } else {
        Err(wrong_length(&period, kinds))
    }
}

/// Says that a period is longer or shorter than what the record is kept by.
pub(crate) fn wrong_length(period: &Period, kinds: &[PeriodKind]) -> String {
    let names: Vec<_> = kinds
        .iter()
        .map(|kind| kind.to_value().to_lowercase())
        .collect();
    let year = &period.code[..4];
    let example = match kinds.first() {
        Some(PeriodKind::Quarter) if period.kind == PeriodKind::Month => {
            let month: u32 = period.code[5..].parse().unwrap_or(1);
            format!("{year}-Q{}", month.div_ceil(3))
        }
        Some(PeriodKind::Quarter) => format!("{year}-Q1"),
        Some(PeriodKind::Year) => year.to_owned(),
        _ => format!("{year}-01"),
    };
    format!(
        "`{}` is a {}, but these records are kept by {}: write it as {example}",
        period.code,
        period.kind.to_value().to_lowercase(),
        names.join(" or "),
    )
}

impl Period {
    /// Reads `2026-10`, `2026-Q4` or `2026`.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        let (year, rest) = code.split_at_checked(4)?;
        if !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        if !PERIOD_YEARS.contains(&year) {
            return None;
        }
        let (kind, month, months) = match rest.as_bytes() {
            [] => (PeriodKind::Year, 1, 12),
            [b'-', b'Q', quarter @ b'1'..=b'4'] => {
                (PeriodKind::Quarter, u32::from(quarter - b'1') * 3 + 1, 3)
            }
            [b'-', tens @ b'0'..=b'1', ones @ b'0'..=b'9'] => {
                let month = u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
                (PeriodKind::Month, month, 1)
            }
            _ => return None,
        };
        let start = NaiveDate::from_ymd_opt(year, month, 1)?;
        let end = start.checked_add_months(Months::new(months))?.pred_opt()?;
        Some(Self {
            code: code.to_owned(),
            kind,
            start,
            end,
        })
    }
}

impl Cell {
    /// As it stands in a natural key.
    pub(crate) fn key_part(&self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Text(text) => Some(text.clone()),
            Self::List(list) => Some(list.join("|")),
            Self::Number(number) => Some(number.to_string()),
            Self::Flag(flag) => Some(flag.to_string()),
            Self::Date(date) => Some(date.to_string()),
            Self::Instant(instant) => Some(instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
            Self::Period(period) => Some(period.code.clone()),
        }
    }

    /// The values of its columns in the table.
    pub(crate) fn values(self, kind: &Kind) -> Vec<Value> {
        match self {
            Self::Empty => match kind {
                // A list is never null: none and unknown are the same for it.
                Kind::List | Kind::Terms(_) | Kind::Links(_) => vec![String::new().into()],
                Kind::Whole(_) | Kind::Count => vec![Value::Int(None)],
                Kind::Flag => vec![Value::Bool(None)],
                Kind::Date => vec![Value::ChronoDate(None)],
                Kind::Instant => vec![Value::ChronoDateTimeUtc(None)],
                _ => vec![Value::String(None)],
            },
            Self::Text(text) => vec![text.into()],
            Self::List(list) => vec![list.into_iter().collect::<TextList>().to_string().into()],
            Self::Number(number) => vec![number.into()],
            Self::Flag(flag) => vec![flag.into()],
            Self::Date(date) => vec![date.into()],
            Self::Instant(instant) => vec![instant.into()],
            Self::Period(period) => vec![
                period.code.into(),
                period.kind.to_value().into(),
                period.start.into(),
                period.end.into(),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_periods() {
        let days = |code| Period::parse(code).map(|p| (p.start.to_string(), p.end.to_string()));
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(days("2024-02"), pair("2024-02-01", "2024-02-29"));
        assert_eq!(days("2026-Q4"), pair("2026-10-01", "2026-12-31"));
        assert_eq!(days("2026"), pair("2026-01-01", "2026-12-31"));
        for wrong in [
            "2026-13", "2026-00", "2026-Q5", "26-01", "2026-1", "2026-", "é026", "", "1944-12",
            "2101",
        ] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_the_quarter_of_a_month() {
        let month = Period::parse("2026-08").unwrap();
        let reason = wrong_length(&month, &[PeriodKind::Quarter]);
        assert!(
            reason.ends_with("kept by quarter: write it as 2026-Q3"),
            "{reason}"
        );
    }
}

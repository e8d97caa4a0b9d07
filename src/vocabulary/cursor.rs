//! Cursors: where a page ended, in the order it was read in.

use async_graphql::Error;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::sea_query::Expr;

use super::{error::bad_input, id::excerpt};

const SEPARATOR: char = '\u{1f}';

/// A value that a list is ordered by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SortValue {
    /// A day.
    Date(NaiveDate),
    /// An instant.
    Instant(DateTime<Utc>),
    /// A whole number.
    Number(i32),
    /// A text, compared byte by byte.
    Text(String),
}

/// The kinds of values that a list is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKind {
    /// [`SortValue::Date`].
    Date,
    /// [`SortValue::Instant`].
    Instant,
    /// [`SortValue::Number`].
    Number,
    /// [`SortValue::Text`].
    Text,
}

/// The row that a page comes after: its value in the list's order, and what breaks ties.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct After {
    /// What the list is ordered by.
    pub value: SortValue,
    /// A value unique among the rows.
    pub tie: String,
}

impl SortValue {
    /// The value as a statement binds it.
    pub fn to_expr(&self) -> Expr {
        match self {
            Self::Date(date) => Expr::val(*date),
            Self::Instant(instant) => Expr::val(*instant),
            Self::Number(number) => Expr::val(*number),
            Self::Text(text) => Expr::val(text.as_str()),
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::Date(date) => date.to_string(),
            Self::Instant(instant) => instant.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl From<NaiveDate> for SortValue {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<DateTime<Utc>> for SortValue {
    fn from(instant: DateTime<Utc>) -> Self {
        Self::Instant(instant)
    }
}

impl From<i32> for SortValue {
    fn from(number: i32) -> Self {
        Self::Number(number)
    }
}

impl From<String> for SortValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl SortKind {
    fn parse(self, text: &str) -> Option<SortValue> {
        match self {
            Self::Date => text.parse().ok().map(SortValue::Date),
            Self::Instant => text.parse().ok().map(SortValue::Instant),
            Self::Number => text.parse().ok().map(SortValue::Number),
            Self::Text => Some(SortValue::Text(text.to_owned())),
        }
    }
}

/// The cursor of a row in a list. Other lists, and other orders of the same, refuse it.
pub(super) fn encode_cursor(list: &str, value: &SortValue, tie: &str) -> String {
    let text = format!("{list}{SEPARATOR}{}{SEPARATOR}{tie}", value.to_text());
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// A list in one of its orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortedList {
    /// What its cursors call it.
    pub name: &'static str,
    /// Of which kind the values are that it is sorted by.
    pub kind: SortKind,
}

impl SortedList {
    /// A list by its name and the kind of the values that it is sorted by.
    pub const fn new(name: &'static str, kind: SortKind) -> Self {
        Self { name, kind }
    }
}

/// The row a cursor stands for, or what is wrong with it.
pub(super) fn decode_cursor(list: SortedList, cursor: &str) -> Result<After, Error> {
    find_row(list, cursor).ok_or_else(|| {
        bad_input(format!(
            "`after: \"{}\"` is not a cursor of {}: pass the `endCursor` of the page before, in \
             the same order",
            excerpt(cursor),
            list.name
        ))
    })
}

fn find_row(list: SortedList, cursor: &str) -> Option<After> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let rest = text.strip_prefix(list.name)?.strip_prefix(SEPARATOR)?;
    // No text here holds this character, and PostgreSQL refuses to be asked for one that does.
    let (value, tie) = rest
        .rsplit_once(SEPARATOR)
        .filter(|_| !rest.contains('\0'))?;
    Some(After {
        value: list.kind.parse(value)?,
        tie: tie.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_fits_its_list_and_order_alone() {
        let value = SortValue::Date("2026-11-24".parse().unwrap());
        let cursor = encode_cursor("letters by date", &value, "comm_7");
        let after =
            decode_cursor(SortedList::new("letters by date", SortKind::Date), &cursor).unwrap();
        assert_eq!(
            after,
            After {
                value,
                tie: "comm_7".to_owned()
            }
        );
        let titled = encode_cursor("letters by date", &SortValue::Text("x".into()), "comm_7");
        for (list, cursor) in [
            ("letters by title", cursor.as_str()),
            ("letters by date", &titled),
            ("letters by date", "%%"),
            ("letters by date", ""),
        ] {
            let error = decode_cursor(SortedList::new(list, SortKind::Date), cursor).unwrap_err();
            assert!(
                error.message.contains("is not a cursor of"),
                "{}",
                error.message
            );
        }
    }
}

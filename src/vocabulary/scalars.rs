//! Scalars that all subgraphs share.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};

use super::error::bad_value;

/// A calendar date, no time zone: 2026-11-24.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

/// A calendar date, no time zone: 2026-11-24.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(bad_value("a date is a string: \"2026-11-24\""));
        };
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Self)
            .map_err(|_| {
                bad_value(format!(
                    "`{text}` is not a date: write year, month and day, as in 2026-11-24"
                ))
            })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// An instant in UTC, RFC 3339: 2026-11-24T09:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub chrono::DateTime<Utc>);

/// An instant in UTC, RFC 3339: 2026-11-24T09:00:00Z.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(bad_value(
                "an instant is a string: \"2026-11-24T09:00:00Z\"",
            ));
        };
        chrono::DateTime::parse_from_rfc3339(text)
            .map(|instant| Self(instant.with_timezone(&Utc)))
            .map_err(|_| {
                bad_value(format!(
                    "`{text}` is not an instant: write it as in 2026-11-24T09:00:00Z"
                ))
            })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// OHCHR, OSAPG, `SRSG_CAAC`, `SRSG_SVC`, or the code of a registered entity: data (Organisation), not
/// an enum.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityCode(pub String);

/// OHCHR, OSAPG, `SRSG_CAAC`, `SRSG_SVC`, or the code of a registered entity: data (Organisation), not an enum.
#[Scalar]
impl ScalarType for EntityCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(code) => Ok(Self(code)),
            _ => Err(bad_value("an entity's code is a string: \"OHCHR\"")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl From<&str> for EntityCode {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

impl From<String> for EntityCode {
    fn from(code: String) -> Self {
        Self(code)
    }
}

//! Reads the `errors` of an answer. In: its text, or values. Out: a [`Report`] for each. Invariant:
//! those of a text are decoded one at a time, and a member that is too long is passed over.

use serde_json::{Map, Value as Json};

use crate::json::{Invalid, Reader};

/// How long the text of an error's message, path or extensions may be, each.
const MOST_BYTES: usize = 64 << 10;

/// An error as a subgraph reported it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Report {
    /// Its text.
    pub(crate) message: String,
    /// Its path in the subgraph's own names.
    pub(crate) path: Vec<Json>,
    /// Its extensions.
    pub(crate) extensions: Map<String, Json>,
}

/// Where the errors of an answer are.
#[derive(Debug)]
pub(crate) enum Reported {
    /// In its text, from one byte to another: a list that is not empty.
    Text(usize, usize),
    /// Here.
    Values(Vec<Json>),
}

impl Default for Reported {
    fn default() -> Self {
        Self::Values(Vec::new())
    }
}

impl Reported {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Values(values) if values.is_empty())
    }

    /// The errors, in an answer's text.
    pub(crate) fn read(self, text: &[u8]) -> Reports<'_> {
        match self {
            Self::Values(values) => Reports::Values(values.into_iter()),
            Self::Text(start, end) => {
                // Reading checked that it is UTF-8 and a list.
                let text = text.get(start..end).map(std::str::from_utf8);
                let text = text.and_then(Result::ok).unwrap_or("[]");
                let mut reader = Reader::new(text);
                let has_more = reader.open(b'[', b']').unwrap_or(false);
                Reports::Text {
                    reader,
                    text,
                    has_more,
                }
            }
        }
    }
}

/// Errors, one after the other.
#[derive(Debug)]
pub(crate) enum Reports<'a> {
    /// Read from a text.
    Text {
        /// Before an error.
        reader: Reader<'a>,
        /// The list of errors.
        text: &'a str,
        /// Whether there is another.
        has_more: bool,
    },
    /// Already read.
    Values(std::vec::IntoIter<Json>),
}

impl Reports<'_> {
    /// Passes over one without reading it; returns whether there was one.
    pub(crate) fn skip_one(&mut self) -> bool {
        match self {
            Self::Values(values) => values.next().is_some(),
            Self::Text {
                reader, has_more, ..
            } => {
                let is_there = *has_more && reader.value().is_ok();
                *has_more = is_there && reader.take_separator(b']').unwrap_or(false);
                is_there
            }
        }
    }
}

impl Iterator for Reports<'_> {
    type Item = Report;

    fn next(&mut self) -> Option<Report> {
        match self {
            Self::Values(values) => values.next().map(of_value),
            Self::Text { has_more, .. } if !*has_more => None,
            Self::Text {
                reader,
                text,
                has_more,
            } => {
                let span = reader.value().ok()?;
                *has_more = reader.take_separator(b']').unwrap_or(false);
                Some(of_text(&text[span.start..span.end]))
            }
        }
    }
}

/// Reads an entry of `errors`, whatever it is. A member that is too long is passed over.
fn of_text(text: &str) -> Report {
    let mut members = [None, None, None];
    // A list is no entry, though it would decode as one.
    if text.starts_with('{') && find_members(text, &mut members).is_err() {
        members = [None, None, None];
    }
    let is_long = |text: &str| text.len() > MOST_BYTES;
    let is_message_long = members[0].is_some_and(is_long);
    let [message, path, extensions] = members.map(|member| {
        let text = member.filter(|text| !is_long(text))?;
        serde_json::from_str(text).ok()
    });
    let message = if is_message_long {
        let message = format!("The subgraph's message is longer than {MOST_BYTES} bytes.");
        Some(Json::String(message))
    } else {
        message
    };
    report(message, path, extensions)
}

/// Finds the texts of `message`, `path` and `extensions` in an object.
fn find_members<'t>(text: &'t str, found: &mut [Option<&'t str>; 3]) -> Result<(), Invalid> {
    let mut reader = Reader::new(text);
    let mut has_more = reader.open(b'{', b'}')?;
    while has_more {
        let key = reader.key()?;
        let value = reader.value()?;
        let known = ["message", "path", "extensions"];
        let at = known.iter().position(|name| *name == key);
        if let Some(at) = at {
            found[at] = Some(&text[value.start..value.end]);
        }
        has_more = reader.take_separator(b'}')?;
    }
    Ok(())
}

fn of_value(error: Json) -> Report {
    let Json::Object(mut entry) = error else {
        return report(None, None, None);
    };
    report(
        entry.remove("message"),
        entry.remove("path"),
        entry.remove("extensions"),
    )
}

fn report(message: Option<Json>, path: Option<Json>, extensions: Option<Json>) -> Report {
    let message = match message {
        Some(Json::String(message)) if !message.is_empty() => message,
        _ => "The subgraph reported an error without a message.".into(),
    };
    let path = match path {
        Some(Json::Array(path)) => path,
        _ => Vec::new(),
    };
    let extensions = match extensions {
        Some(Json::Object(extensions)) => extensions,
        _ => Map::new(),
    };
    Report {
        message,
        path,
        extensions,
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, of_text};

    #[test]
    fn a_long_member_takes_no_other_along() {
        let long = "x".repeat(MOST_BYTES);
        let text = format!(r#"{{"path":["{long}"],"message":"m","extensions":{{"code":"C"}}}}"#);
        let report = of_text(&text);
        assert_eq!(report.message, "m");
        assert!(report.path.is_empty());
        assert_eq!(report.extensions["code"], "C");
        let report = of_text(&format!(r#"{{"message":"{long}","path":["a"]}}"#));
        assert_eq!(report.path, ["a"]);
        assert!(report.message.contains("longer than 65536 bytes"));
    }
}

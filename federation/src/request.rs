//! A request of a client: its document, the operation to run, and the values of variables. Their
//! numbers keep the text in which the client wrote them.

use apollo_compiler::response::{JsonMap, JsonValue};
use indexmap::IndexSet;

use crate::json::{Invalid, Reader, decode};

/// How deep values of variables may nest.
const MAX_DEPTH: usize = 128;

/// The key of an object that represents a number; no object that is read has this key.
const NUMBER: &str = "\0number";

/// A GraphQL request as decoded by the host.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document's text.
    pub query: String,
    /// Which operation of the document to run; needed where it holds several.
    pub operation_name: Option<String>,
    /// Raw variable values, not yet coerced: of [`read_variables`] where they come as text.
    pub variables: JsonMap,
    /// Whether a mutation may run: false for a GET.
    pub may_mutate: bool,
    /// Labels of progressive override that the host has switched on for this request.
    pub labels: IndexSet<String>,
    /// A number from 0 to 100, drawn by the host for each request: labels `percent(x)` with a
    /// greater x are on.
    pub percentile: f64,
    /// Whether the answer is to say what the operation is estimated to cost.
    pub wants_cost: bool,
}

/// Reads the JSON text of `variables`: an object, or null for none.
///
/// A number that a double would change (`10.50`, or one of thirty digits) is sent to the subgraphs
/// as it was written.
pub fn read_variables(text: &str) -> Result<JsonMap, String> {
    let mut reader = Reader::new(text);
    let value = read_value(&mut reader, text, 0).map_err(describe)?;
    if reader.peek().is_some() {
        return Err(describe(reader.invalid("the end")));
    }
    match value {
        JsonValue::Null => Ok(JsonMap::new()),
        JsonValue::Object(map) if exact_number(&map).is_none() => Ok(map),
        _ => Err("it is no object".into()),
    }
}

fn describe(invalid: Invalid) -> String {
    format!("{} was expected at byte {}", invalid.expected, invalid.at)
}

fn read_value(reader: &mut Reader<'_>, text: &str, depth: usize) -> Result<JsonValue, Invalid> {
    match reader.peek() {
        Some(b'{' | b'[') if depth >= MAX_DEPTH => Err(reader.invalid("less depth")),
        Some(b'{') => {
            let mut map = JsonMap::new();
            let mut has_more = reader.open(b'{', b'}')?;
            while has_more {
                let unusable = reader.invalid("a key that does not begin with U+0000");
                let key = reader.key()?.into_owned();
                if key.starts_with('\0') {
                    return Err(unusable);
                }
                map.insert(key, read_value(reader, text, depth + 1)?);
                has_more = reader.take_separator(b'}')?;
            }
            Ok(map.into())
        }
        Some(b'[') => {
            let mut items = Vec::new();
            let mut has_more = reader.open(b'[', b']')?;
            while has_more {
                items.push(read_value(reader, text, depth + 1)?);
                has_more = reader.take_separator(b']')?;
            }
            Ok(items.into())
        }
        first => {
            let span = reader.value()?;
            let leaf = &text[span.start..span.end];
            Ok(match first {
                Some(b'"') => match decode(leaf.as_bytes()) {
                    Some(string) => string.into_owned().into(),
                    None => {
                        return Err(Invalid {
                            expected: "text in Unicode",
                            at: span.start,
                        });
                    }
                },
                Some(b't') => true.into(),
                Some(b'f') => false.into(),
                Some(b'n') => JsonValue::Null,
                _ => number(leaf),
            })
        }
    }
}

/// A number by its JSON text.
pub(crate) fn number(text: &str) -> JsonValue {
    let read: Option<serde_json::Number> = serde_json::from_str(text).ok();
    match read {
        Some(read) if read.to_string() == text => JsonValue::Number(read),
        _ => {
            let mut exact = JsonMap::new();
            exact.insert(NUMBER, text.into());
            exact.into()
        }
    }
}

/// The text of a number, if a value is one.
pub(crate) fn number_text(value: &JsonValue) -> Option<String> {
    match value {
        JsonValue::Number(number) => Some(number.to_string()),
        JsonValue::Object(map) => exact_number(map).map(str::to_owned),
        _ => None,
    }
}

fn exact_number(map: &JsonMap) -> Option<&str> {
    map.get(NUMBER)?.as_str()
}

/// Writes a value as JSON text.
pub(crate) fn write_value(out: &mut Vec<u8>, value: &JsonValue) {
    match value {
        JsonValue::Object(map) => {
            if let Some(number) = exact_number(map) {
                return out.extend_from_slice(number.as_bytes());
            }
            out.push(b'{');
            for (at, (key, value)) in map.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                // Writing to memory cannot fail.
                let _ = serde_json::to_writer(&mut *out, key.as_str());
                out.push(b':');
                write_value(out, value);
            }
            out.push(b'}');
        }
        JsonValue::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_value(out, item);
            }
            out.push(b']');
        }
        leaf => {
            // Writing to memory cannot fail.
            let _ = serde_json::to_writer(out, leaf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{read_variables, write_value};

    fn through(text: &str) -> Result<String, String> {
        let mut out = Vec::new();
        write_value(&mut out, &read_variables(text)?.into());
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn numbers_keep_their_text() {
        for text in [
            r#"{"a":123456789012345678901234567890}"#,
            r#"{"a":[10.50,1.0,-0,0.1,1e2,1E+2,1e999,18446744073709551615]}"#,
            r#"{"a":{"b":0.10000000000000000001},"c":null,"d":"\u0000","e":[],"f":true}"#,
            "{}",
        ] {
            assert_eq!(through(text).as_deref(), Ok(text));
        }
        assert_eq!(through("null").as_deref(), Ok("{}"));
        assert_eq!(through(" { \"a\" : 1 } ").as_deref(), Ok(r#"{"a":1}"#));
    }

    #[test]
    fn what_is_no_object_of_values_is_refused() {
        for text in [
            "",
            "7",
            "[]",
            "10.50",
            r#"{"a":01}"#,
            r#"{"a"}"#,
            "{} {}",
            r#"{"\u0000number":"1"}"#,
            r#"{"a":{"\u0000number":"1"}}"#,
            r#"{"a":"\ud800"}"#,
        ] {
            assert!(through(text).is_err(), "{text}");
        }
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200));
        assert!(through(&deep).is_err());
    }
}

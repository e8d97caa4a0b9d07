//! Which JSON values a leaf type accepts. Spans are known to be JSON, so their first byte tells
//! their kind.

use crate::{
    json::{Reader, decode_name},
    query_plan::{InputType, LeafKind},
};

/// Numbers of so many digits fit a double.
const MAX_DIGITS: usize = 300;

/// Whether a scalar fits its kind; lists and objects fit only custom scalars.
pub(crate) fn fits(kind: LeafKind, text: &[u8]) -> bool {
    let first = text.first().copied().unwrap_or(b' ');
    let is_number = first == b'-' || first.is_ascii_digit();
    let is_integer = || is_number && !text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
    match kind {
        LeafKind::Int => is_integer() && parse_int(text).is_some(),
        LeafKind::Float => is_number && is_finite(text),
        LeafKind::String | LeafKind::Enum => first == b'"',
        LeafKind::Boolean => matches!(first, b't' | b'f'),
        LeafKind::Id => first == b'"' || is_integer(),
        LeafKind::Any => true,
    }
}

/// Whether a number fits a double (GraphQL, section 3.5.2).
fn is_finite(number: &[u8]) -> bool {
    let is_short =
        number.len() <= MAX_DIGITS && !number.iter().any(|byte| matches!(byte, b'e' | b'E'));
    let double = || std::str::from_utf8(number).ok()?.parse::<f64>().ok();
    is_short || double().is_some_and(f64::is_finite)
}

fn parse_int(text: &[u8]) -> Option<i32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Whether a leaf, or each item of a list of leaves of any depth, fits a kind or is null.
pub(crate) fn all_fit(kind: LeafKind, text: &str) -> bool {
    kind == LeafKind::Any
        || items_fit(
            text,
            |_| true,
            |_, item| item == b"null" || fits(kind, item),
        )
}

/// Whether a leaf or a list of leaves that stands so many lists deep in a value fits the value's
/// type: lists as deep as it says, and null only where it allows null.
pub(crate) fn fits_input(input: &InputType, above: u32, text: &str) -> bool {
    let is_fit = |depth: u32, item: &[u8]| match item {
        b"null" => input.may_be_null(above + depth),
        _ => above + depth == input.lists && fits(input.kind, item) && is_known(input, item),
    };
    items_fit(text, |depth| above + depth < input.lists, is_fit)
}

/// Whether an enum has a value.
fn is_known(input: &InputType, item: &[u8]) -> bool {
    (input.values.as_ref())
        .is_none_or(|values| decode_name(item).is_some_and(|value| values.contains(&*value)))
}

/// Whether all items of a list of leaves fit, or a leaf alone, each given with how many lists are around
/// it; of lists only those that are opened, others are items.
fn items_fit(
    text: &str,
    is_opened: impl Fn(u32) -> bool,
    is_fit: impl Fn(u32, &[u8]) -> bool,
) -> bool {
    let mut reader = Reader::new(text);
    let mut depth = 0_u32;
    loop {
        match reader.peek() {
            Some(b'[') if is_opened(depth) => match reader.open(b'[', b']') {
                Ok(true) => {
                    depth += 1;
                    continue;
                }
                Ok(false) => {}
                Err(_) => return false,
            },
            _ => match reader.value() {
                Ok(span) => {
                    if !is_fit(depth, &text.as_bytes()[span.start..span.end]) {
                        return false;
                    }
                }
                Err(_) => return false,
            },
        }
        loop {
            if depth == 0 {
                return true;
            }
            match reader.take_separator(b']') {
                Ok(true) => break,
                Ok(false) => depth -= 1,
                Err(_) => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn kinds_are_told_apart() {
        let cases = [
            (LeafKind::Int, "2147483647", true),
            (LeafKind::Int, "2147483648", false),
            (LeafKind::Int, "1.0", false),
            (LeafKind::Int, "1e3", false),
            (LeafKind::Float, "1e3", true),
            (LeafKind::Float, "\"1\"", false),
            (LeafKind::Float, "1e308", true),
            (LeafKind::Float, "-1e400", false),
            (LeafKind::Float, "1e-400", true),
            (LeafKind::Any, "1e400", true),
            (LeafKind::Id, "12345678901234567890", true),
            (LeafKind::Id, "1.5", false),
            (LeafKind::Id, "\"a\"", true),
            (LeafKind::Boolean, "1", false),
            (LeafKind::String, "{}", false),
            (LeafKind::Any, "{}", true),
        ];
        for (kind, text, expected) in cases {
            assert_eq!(fits(kind, text.as_bytes()), expected, "{kind:?} {text}");
        }
    }

    #[test]
    fn lists_are_checked_item_by_item() {
        assert!(all_fit(LeafKind::Int, "[1, [2, []], null]"));
        assert!(!all_fit(LeafKind::Int, "[1, [2, [\"3\"]]]"));
        assert!(!all_fit(LeafKind::String, "[{}]"));
        assert!(all_fit(LeafKind::Any, "{\"a\":1}"));
    }

    #[test]
    fn inputs_are_as_deep_as_their_type_and_null_where_it_says() {
        let fits = |lists, nullable, above, text| {
            let kind = LeafKind::Int;
            let input = InputType {
                kind,
                lists,
                nullable,
                values: None,
            };
            fits_input(&input, above, text)
        };
        // `Int`, `Int!`
        assert!(fits(0, 0b1, 0, "7") && fits(0, 0b1, 0, "null"));
        assert!(!fits(0, 0b1, 0, "[7]") && !fits(0, 0b1, 0, "\"7\""));
        assert!(!fits(0, 0b0, 0, "null"));
        // `[Int!]`, `[Int]!`
        assert!(fits(1, 0b01, 0, "[1,2]") && fits(1, 0b01, 0, "[]"));
        assert!(!fits(1, 0b01, 0, "[1,null]") && !fits(1, 0b01, 0, "1"));
        assert!(fits(1, 0b10, 0, "[1,null]") && !fits(1, 0b10, 0, "null"));
        // An item of `[[Int!]]`.
        assert!(fits(2, 0b011, 1, "[1]") && fits(2, 0b011, 1, "null"));
        assert!(!fits(2, 0b011, 1, "[null]") && !fits(2, 0b011, 1, "[[1]]"));
        let any = InputType {
            kind: LeafKind::Any,
            lists: 1,
            nullable: 0,
            values: None,
        };
        assert!(fits_input(&any, 0, "[[null], {}]") && !fits_input(&any, 0, "{}"));
        let values = [Box::from("RED")].into_iter().collect();
        let one = InputType {
            kind: LeafKind::Enum,
            lists: 0,
            nullable: 0,
            values: Some(Arc::new(values)),
        };
        assert!(fits_input(&one, 0, "\"RED\"") && !fits_input(&one, 0, "\"BLUE\""));
    }
}

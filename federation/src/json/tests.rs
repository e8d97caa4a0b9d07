//! Tests: the reader against `serde_json`, and reading in pieces against reading at once.

use proptest::prelude::*;

use super::{scan::MAX_DEPTH, *};

fn whole(text: &str) -> Option<Span> {
    let mut reader = Reader::new(text);
    let span = reader.value().ok()?;
    reader.peek().is_none().then_some(span)
}

#[test]
fn lone_surrogates_are_seen_and_pairs_are_not() {
    let is_unicode = |text: &str| whole(text).unwrap().is_unicode;
    assert!(is_unicode(r#""\ud83d\ude00""#));
    assert!(!is_unicode(r#""\ud83d""#));
    assert!(!is_unicode(r#""\ud83d\ud83dx""#));
    assert!(!is_unicode(r#"{"a":["\ude00"]}"#));
}

#[test]
fn numbers_may_have_any_size() {
    let long = "9".repeat(400);
    for text in [
        "1e308",
        "-1.5E-400",
        "0e99999",
        "1e309",
        "{\"a\":[1e999]}",
        long.as_str(),
    ] {
        assert!(whole(text).is_some(), "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(whole(&nested(MAX_DEPTH + 1)).is_some());
    assert!(whole(&nested(MAX_DEPTH + 2)).is_none());
}

fn json_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\\",
        "\\u12",
        "null",
        "true",
        "1",
        "-",
        "0",
        ".5",
        "e9",
        " ",
        "\n",
        "\u{1}",
        "é",
        "\"b\":",
        "{\"c\":[1,",
        "]}",
        "abcdefgh",
    ]);
    prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn agrees_with_serde_json(text in json_like()) {
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(whole(&text).is_some(), theirs, "{}", text);
    }

    #[test]
    fn a_value_is_the_same_read_in_pieces(text in json_like()) {
        let text = format!("[{text}");
        let mut reader = Reader::new(&text);
        let mut scan = reader.begin_scan();
        let in_pieces = loop {
            match reader.scan(&mut scan, 1) {
                Ok(None) => {}
                Ok(Some(span)) => break Ok(span),
                Err(invalid) => break Err(invalid),
            }
        };
        prop_assert_eq!(in_pieces, Reader::new(&text).value());
    }
}

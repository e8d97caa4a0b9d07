//! Words what the parser expected as it is written in a document: the parser names tokens as in its
//! code.

/// The tokens that have such names.
const TOKENS: [(&str, char); 4] = [
    ("AT", '@'),
    ("R_BRACK", ']'),
    ("R_CURLY", '}'),
    ("R_PAREN", ')'),
];

/// A parser message with the token as it is written, in the given quotation marks.
pub(crate) fn spell_expected(message: &str, quote: char) -> String {
    let spelled = TOKENS.iter().find_map(|(token, sign)| {
        let (before, after) = message.split_once(&format!("expected {token}, got "))?;
        Some(format!(
            "{before}expected {quote}{sign}{quote}, got {after}"
        ))
    });
    spelled.unwrap_or_else(|| message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::spell_expected;

    #[test]
    fn the_expected_token_alone_is_spelled() {
        for (message, spelled) in [
            (
                "syntax error: expected R_PAREN, got {",
                "syntax error: expected `)`, got {",
            ),
            ("expected R_CURLY, got R_PAREN", "expected `}`, got R_PAREN"),
            ("expected a Name", "expected a Name"),
        ] {
            assert_eq!(spell_expected(message, '`'), spelled);
        }
    }
}

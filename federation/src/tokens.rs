//! What the parser expected, as a document has it: it names tokens by what they are called in its code.

/// The tokens that are expected by such names.
const TOKENS: [(&str, char); 4] = [
    ("AT", '@'),
    ("R_BRACK", ']'),
    ("R_CURLY", '}'),
    ("R_PAREN", ')'),
];

/// A message of the parser with the sign of the token, in quotation marks of a kind.
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

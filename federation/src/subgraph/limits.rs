//! Checks bounds on SDL, so that hostile text takes bounded time and stack.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Label};

/// Longest SDL of one subgraph, in bytes.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Most tokens of one subgraph: each costs the parser some hundred bytes.
pub(super) const MAX_TOKENS: usize = 2_000_000;
/// Steps that reading subgraphs may take unless the host says otherwise.
pub(super) const MAX_WORK: u64 = 200_000_000;
/// Deepest nesting of brackets. Parsing and all that walks the result recurse this deep.
const MAX_DEPTH: usize = 64;

/// A bound that is exceeded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Limit {
    Bytes(usize),
    Tokens,
    Depth(Range<usize>),
}

/// Checks the text itself, before it is parsed.
pub(super) fn check(sdl: &str) -> Result<(), Limit> {
    if sdl.len() > MAX_BYTES {
        return Err(Limit::Bytes(sdl.len()));
    }
    let bytes = sdl.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'#' => at = end_of_line(bytes, at),
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' | b'(' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Limit::Depth(at..at + 1));
                }
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from..];
    from + rest
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .unwrap_or(rest.len())
}

// The place of the last quote, or of the line's end where the string is not closed.
fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let is_block = bytes[from..].starts_with(b"\"\"\"");
    let mut at = from + if is_block { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        match (is_block, byte) {
            (true, b'\\') if rest.starts_with(b"\\\"\"\"") => at += 3,
            (true, b'"') if rest.starts_with(b"\"\"\"") => return at + 2,
            (false, b'\\') if !matches!(rest.get(1), Some(b'\n' | b'\r')) => at += 1,
            (false, b'"' | b'\n' | b'\r') => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

impl Limit {
    /// The help for the author of the SDL.
    pub(super) fn into_diagnostic(self, subgraph: &str) -> Diagnostic {
        let (message, span) = match self {
            Self::Bytes(bytes) => (
                format!("The SDL of `{subgraph}` is {bytes} bytes long; the limit is {MAX_BYTES}."),
                None,
            ),
            Self::Tokens => (
                format!(
                    "The SDL of `{subgraph}` has more than {MAX_TOKENS} tokens, white space and \
                     commas counted."
                ),
                None,
            ),
            Self::Depth(span) => (
                format!("The SDL of `{subgraph}` nests brackets deeper than {MAX_DEPTH} levels."),
                Some(span),
            ),
        };
        Diagnostic::new(Code::InvalidGraphql, message).with_label(Label {
            subgraph: subgraph.to_owned(),
            span,
            text: "here".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_brackets_outside_strings_and_comments() {
        let deep = "[".repeat(MAX_DEPTH + 1);
        assert_eq!(
            check(&format!("type Query {{ a: {deep}")),
            Err(Limit::Depth(79..80))
        );
        for quoted in [
            format!("# {deep}"),
            format!("\"{deep}\\\"{deep}\""),
            format!("\"\"\"{deep}\n\" {deep}\"\"\""),
        ] {
            assert_eq!(check(&quoted), Ok(()), "{quoted}");
        }
        for open in ["\"", "\"\\", "#"] {
            assert!(check(&format!("{open}\n{deep}")).is_err(), "{open}");
        }
    }
}

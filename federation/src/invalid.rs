//! Prints the errors that apollo-compiler found in a text.
//!
//! The library's rendering quotes the source, and panics where a location ends inside a character,
//! as those of syntax errors in non-ASCII text can.

use std::fmt::Write;

use apollo_compiler::validation::DiagnosticList;

use crate::tokens::spell_expected;

/// Errors that are reported one by one.
const MOST_TOLD: usize = 20;

/// One line for each of the first errors: where, as `line:column`, and what.
pub fn describe(errors: &DiagnosticList) -> String {
    let mut text = String::new();
    for (number, error) in errors.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        if number == MOST_TOLD {
            let _ = write!(text, "{} more errors", errors.len() - MOST_TOLD);
            break;
        }
        let error = error.unstable_to_json_compat();
        if let Some(place) = error.locations.first() {
            let _ = write!(text, "{}:{} ", place.line, place.column);
        }
        text.push_str(&spell_expected(&error.message, '`'));
    }
    text
}

#[cfg(test)]
mod tests {
    use apollo_compiler::Schema;

    use super::describe;

    #[test]
    fn a_place_that_ends_within_a_character_is_described() {
        let text = [
            "directive @d(graph: A, contextArguments: [{context: \"a__reader\", name: \"language\"}])",
            "enum link__Purpose {",
            "  \"\"\"",
            "  \"\"\"With \"quotes\" and \\ and é\"\"\"",
            "  \"\"\"With \"quotes\" and \\ and é\"\"\"",
        ];
        let text = text.join("\n");
        let invalid = Schema::parse_and_validate(text, "schema.graphql").unwrap_err();
        let described = describe(&invalid.errors);
        assert!(described.contains(':'), "{described}");
    }

    #[test]
    fn many_errors_are_counted() {
        let text = "type Query { a: Nothing } ".repeat(40);
        let invalid = Schema::parse_and_validate(text, "schema.graphql").unwrap_err();
        let described = describe(&invalid.errors);
        assert_eq!(described.lines().count(), 21, "{described}");
        assert!(described.ends_with(" more errors"));
    }
}
